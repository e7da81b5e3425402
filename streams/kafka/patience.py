"""Asking brokers again while there may yet be an answer."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Final, TypeVar

from aiokafka.errors import KafkaError, KafkaTimeoutError
from structlog import get_logger

log = get_logger("leadsla")

ASK_AGAIN_AFTER: Final = 1.0
"""Seconds between two attempts."""
_SAY_EVERY: Final = 30
"""Attempts after which it is said again that there is no answer."""

Answer = TypeVar("Answer")


def may_pass(error: KafkaError) -> bool:
    """Whether it may be otherwise when a broker is asked again: it was away, or did not know yet."""
    return bool(error.retriable) or isinstance(error, KafkaTimeoutError)


async def answered(ask: Callable[[], Awaitable[Answer]], waiting: str) -> Answer:
    """What a broker answers, however long none does; `waiting` says in the log what has to wait for it.

    Raises:
        aiokafka.errors.KafkaError: it was refused.

    """
    attempts = count()
    while True:
        try:
            return await ask()
        except KafkaError as error:
            if not may_pass(error):
                raise
            if not next(attempts) % _SAY_EVERY:
                log.warning("no broker answers; asking again", waiting=waiting, why=str(error))
            await asyncio.sleep(ASK_AGAIN_AFTER)
