"""Logging: one line an event on standard error, our own and the libraries', and none a thousand times."""

import logging
import sys
from asyncio import CancelledError
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final

import structlog
from aiokafka.errors import ConsumerStoppedError, KafkaError
from faust.exceptions import ConsumerNotStarted

from sla_rules.engine.quarantine import QuarantineLimitError
from sla_rules.visible import one_line
from streams.partitions.disk_store import DataDirError
from streams.pipeline.delivery import UndeliveredError
from streams.settings import Settings

SAY_AGAIN_AFTER: Final = 30.0
"""Seconds for which the same complaint is not repeated: a client without its broker complains thousands of times."""


class Calm(logging.Filter):
    """Lets the same message of the same logger through once in a while, and says how often it was held back."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged now."""
        name = (record.name, str(record.msg))
        said, held_back = self._seen.get(name, (-SAY_AGAIN_AFTER, 0))
        now = monotonic()
        if now - said < SAY_AGAIN_AFTER:
            self._seen[name] = said, held_back + 1
            return False
        self._seen[name] = now, 0
        if held_back:
            record.msg = f"{record.msg} ({held_back} more like this)"
        return True


_SAID_IN_FULL: Final = (
    KafkaError,
    OSError,
    UndeliveredError,
    DataDirError,
    QuarantineLimitError,
    # What is still going on meets these when the worker ends under it; why it ends is said apart.
    CancelledError,
    ConsumerStoppedError,
    ConsumerNotStarted,
)


class WithoutTrace(logging.Filter):
    """Takes the stack trace off errors of broker and disk, limits and the end: where they surfaced helps nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through."""
        if record.exc_info and isinstance(record.exc_info[1], _SAID_IN_FULL):
            record.exc_info = None
        return True


def _with_all_seen(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The values of a line as they can be read, each within the line; a trace stays on its own."""
    return {
        name: one_line(value) if isinstance(value, str) and name not in _TRACES else value
        for name, value in event.items()
    }


_TRACES: Final = frozenset(("exception", "stack"))
_RENDERERS: Final[Mapping[str, Callable[[], list[structlog.typing.Processor]]]] = {
    "console": lambda: [_with_all_seen, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)],
    "json": lambda: [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
}


def configure_logging(settings: Settings) -> None:
    """Log from a severity on; the libraries below only where something is wrong."""
    number = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Calm())
    handler.addFilter(WithoutTrace())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_RENDERERS[settings.log_format](),
            ],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    logging.getLogger("leadsla").setLevel(number)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
