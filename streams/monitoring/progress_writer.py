"""Says every few seconds in `leadsla-progress` how far each owned partition is. Nothing waits for it.

What cannot be written is not written again: the next record says more. Whatever goes wrong here, leads are folded as ever.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from structlog import get_logger

from sla_rules.engine.partition import BEFORE_ALL
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import SECOND, Duration
from sla_rules.names import AGREEMENTS_TOPIC, CLOCKS_TOPIC, PROGRESS_TOPIC
from sla_rules.reports.encode import encode
from sla_rules.reports.progress_records import ProgressRecord, ProgressRecords
from streams.clock import FastClock
from streams.kafka.connection import new_probe
from streams.kafka.topics import TopicsError
from streams.partitions.kept_progress import read_progress_topic
from streams.partitions.ownership import Owned
from streams.pipeline.timekeeper import Timekeeper
from streams.settings import Settings

log = get_logger("leadsla")

WRITE_EVERY: Final = 5.0
"""Seconds between two records of a partition."""
_WRITTEN_WITHIN: Final = 5.0
"""Seconds that a record may take: one that takes longer says little."""


class ProgressWriter:
    """Writes of the partitions that are owned at the moment, by a producer of its own.

    `generation` is that of the group which they are of; `undecided` are the partitions of agreements that nothing is decided of now.
    """

    def __init__(
        self,
        settings: Settings,
        timekeeper: Timekeeper,
        generation: Callable[[], int],
        undecided: Callable[[], Collection[int]] = frozenset,
    ) -> None:
        self._settings = settings
        self._undecided = undecided
        self._timekeeper = timekeeper
        self._generation = generation
        self._producer: AIOKafkaProducer | None = None
        self._recalled: dict[int, Owned] = {}
        """The partitions of which it was looked up what former owners knew."""
        self._unwritten: Final = () if settings.clocks else (CLOCKS_TOPIC,)
        clock = timekeeper.clock
        speed = clock.speed if isinstance(clock, FastClock) else 1
        self._every: Final[Duration] = round(WRITE_EVERY * SECOND * speed)

    async def keep_writing(self) -> None:
        """Write until cancelled."""
        try:
            while True:
                await asyncio.sleep(WRITE_EVERY)
                try:
                    await self.write()
                except (KafkaError, TopicsError, TimeoutError) as unwritten:
                    log.debug("nobody takes how far the partitions are", why=repr(unwritten))
                    await self.stop()
                except Exception:
                    log.exception("cannot say how far the partitions are")
                    await self.stop()
        finally:
            await self.stop()

    async def write(self) -> None:
        """Write a record of each owned partition, once it is known what its former owners knew.

        Raises:
            TopicsError: there is no topic of progress.
            TimeoutError: nobody takes it.
            aiokafka.errors.KafkaError: no broker answers, or it was refused.

        """
        owned = self._owned
        await self._recall(owned)
        still = self._owned
        records = [self._record(number, one) for number, one in owned.items() if still.get(number) is one]
        if records:
            async with asyncio.timeout(_WRITTEN_WITHIN):
                producer = await self._connected()
                values = [(str(one.partition).encode(), encode(one).encode()) for one in records]
                sent = [await producer.send(PROGRESS_TOPIC, value, key=key) for key, value in values]
                await asyncio.gather(*sent)

    async def stop(self) -> None:
        """Disconnect; again, nothing happens."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(KafkaError):
                await producer.stop()

    @property
    def _owned(self) -> dict[int, Owned]:
        """None while partitions change hands."""
        ownership = self._timekeeper.ownership
        return {} if ownership.recovering else dict(ownership.partitions)

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = new_probe(self._settings)
            await producer.start()
            self._producer = producer
        return self._producer

    async def _recall(self, owned: Mapping[int, Owned]) -> None:
        """Go on from what former owners knew of arrivals."""
        new = {number: one for number, one in owned.items() if self._recalled.get(number) is not one}
        if not new:
            return
        known = ProgressRecords()

        def take(value: bytes) -> None:
            with suppress(UnknownFormatError):  # whoever wrote it, it is written over
                known.take(value)

        await read_progress_topic(self._settings, take)
        for number, one in new.items():
            if (former := known.of(number)) is not None:
                one.arrivals.take(former.topics, former.sources, former.others)
        self._recalled = dict(owned)

    def _record(self, number: int, owned: Owned) -> ProgressRecord:
        state, arrivals = owned.state, owned.arrivals
        undecided = (AGREEMENTS_TOPIC,) if number in self._undecided() else ()
        return ProgressRecord(
            partition=number,
            generation=self._generation(),
            at=self._timekeeper.clock(),
            every=self._every,
            as_of=owned.come_to if owned.come_to > BEFORE_ALL else None,
            digest=state.rules.digest,
            is_loading=state.backfill.until is not None,
            quarantined=state.quarantined,
            incomplete=tuple(sorted({*owned.restoring, *self._unwritten, *undecided})),
            topics=arrivals.topics,
            sources=arrivals.sources,
            others=arrivals.others,
        )
