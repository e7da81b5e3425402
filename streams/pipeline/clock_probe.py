"""Asks the broker what time it is: by records of a topic of our own, which the broker stamps as it takes them in."""

import asyncio
from dataclasses import dataclass, field
from typing import Final, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from structlog import get_logger

from sla_rules.instants import HOUR, MINUTE, SECOND, Duration, format_duration
from streams.clock import MILLISECOND, Clock
from streams.kafka.connection import new_probe
from streams.kafka.topic_settings import are_stamped_by_broker
from streams.kafka.topics import TopicsError, clock_of
from streams.pipeline.broker_clock import Answer, BrokerClock, ticks
from streams.settings import Settings, SettingsError, refusal

log = get_logger("leadsla")

ASK_EVERY: Final = 2.0
"""Seconds between two questions."""
AT_FIRST: Final = 8
"""Questions before anything is done: the first one connects, and the quickest answer counts."""
_FAR_AHEAD: Final = HOUR
_NO_APPEND_TIME: Final = 0
"""How the client says that a stamp is the sender's."""


@dataclass(slots=True)
class Probe:
    """Asks by a producer of its own, so that nothing else waits before it."""

    settings: Settings
    _producer: AIOKafkaProducer = field(init=False)

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            aiokafka.errors.KafkaError: no broker answers.

        """
        self._producer = new_probe(self.settings)
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()

    async def ask(self) -> Answer:
        """One answer.

        Raises:
            TopicsError: the topic keeps the stamps of senders.
            aiokafka.errors.KafkaError: there is no answer.

        """
        topic = clock_of(self.settings)
        asked = ticks()
        written = await self._producer.send_and_wait(topic, b"", partition=0)
        if written.timestamp_type == _NO_APPEND_TIME:
            message = f"{topic}: message.timestamp.type should be LogAppendTime, found CreateTime"
            raise TopicsError(message)
        return Answer(asked, written.timestamp * MILLISECOND, ticks())


async def keep_right(settings: Settings, clock: BrokerClock) -> None:
    """Keep a clock right until cancelled; without answers it goes on by itself.

    Raises:
        TopicsError: the topic keeps the stamps of senders from now on.
        aiokafka.errors.KafkaError: no broker answers when it is first asked.

    """
    async with Probe(settings) as probe:
        while True:
            await asyncio.sleep(ASK_EVERY)
            try:
                clock.hear(await probe.ask())
            except KafkaError as unanswered:
                log.debug("the broker does not say what time it is", why=repr(unanswered))


async def find_clock(settings: Settings) -> Clock:
    """The clock to live by: the broker's where it says when it took events in, else the one of the settings.

    Raises:
        TopicsError: the topic that the broker is asked by cannot be written, or keeps the stamps of senders.
        SettingsError: the clock of the settings is far ahead of it.
        aiokafka.errors.KafkaError: no broker answers.

    """
    if not await are_stamped_by_broker(settings):
        log.info("events bear the stamps of their senders: this machine's clock counts")
        return settings.new_clock()
    async with Probe(settings) as probe:
        try:
            clock = BrokerClock(await probe.ask())
            for _ in range(1, AT_FIRST):
                clock.hear(await probe.ask())
        except KafkaError as refused:
            message = f"{clock_of(settings)} cannot be written: {refused!r}"
            raise TopicsError(message) from refused
    if settings.clock is not None:
        _check_given(settings.new_clock()() - clock())
    log.info("the broker's clock counts", ahead_of_it_seconds=round(clock.skew / SECOND, 3))
    return clock


def _check_given(ahead: Duration) -> None:
    """Refuse a clock that whoever set it cannot have meant for these topics: what bears its stamps lies in their future."""
    if ahead > _FAR_AHEAD:
        why = (
            f"it is {format_duration(ahead // MINUTE * MINUTE)} ahead of the broker's clock, by which event topics are stamped"
            " (message.timestamp.type=LogAppendTime), so that events of its time would be rejected as of the future;"
            " unset it, or let the event topics keep their senders' stamps (CreateTime)"
        )
        raise SettingsError(refusal("clock", why))
    log.warning("events bear the broker's stamps: its clock counts, not that of LEADSLA_CLOCK")
