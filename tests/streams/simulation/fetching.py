"""The thread that fetches, without a thread and without aiokafka: what Faust's consumer asks of it, over a broker in memory.

Like the real one it fetches while it seeks, gives the position a new run with each seek and each assignment, and hands
over nothing while the group is divided again.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from aiokafka.errors import IllegalStateError
from faust.assignor.client_assignment import ClientAssignment
from faust.types import TP
from mode import Service

from streams.reading.records import Record, Span
from streams.reading.spans import Fetched, Place
from tests.streams.simulation.broker import Broker

if TYPE_CHECKING:
    from streams.faust_host.app import LeadApp
    from streams.faust_host.transport import BatchConsumer

MOST = 5
"""Records of one fetch: few, so that there are many."""

_LOOKS_EVERY = 0.02

_runs = iter(range(1, 2**62))


class SimulatedThread(Service):
    """Fetches for one worker; `dead` ones have been killed: whatever they ask for never comes."""

    abstract = False
    asks_at_once = True
    """Whether one question is for all partitions; Faust's own thread asks for one after the other."""

    def __init__(self, consumer: "BatchConsumer", broker: Broker, topics: Iterable[str], **options: Any) -> None:
        self.consumer = consumer
        self.app = cast("LeadApp", consumer.app)
        self.broker = broker
        self.dead = False
        self._topics = list(topics)
        self._places: dict[TP, Place] = {}
        self._fetched_at: dict[int, float] = {}
        self._divided = asyncio.Event()
        super().__init__(**options)

    async def on_stop(self) -> None:
        """Leave the group."""
        self.broker.leave(self)

    async def answer(self) -> None:
        """The time that the broker takes; for ever once killed."""
        await self.broker.answer()
        if self.dead:
            await asyncio.get_running_loop().create_future()

    # The group

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Join the group."""
        del topics
        self.broker.join(self)

    async def revoke(self) -> None:
        """Give back what is assigned."""
        if not self.dead:
            self.app.on_rebalance_start()
            self._divided.clear()
            await self.consumer.on_partitions_revoked(self.assignment())

    async def assign(self, partitions: set[int], generation: int) -> None:
        """Take what is assigned, read from where it is committed."""
        if self.dead:
            return
        tps = {TP(topic, partition) for topic in self._topics for partition in partitions}
        actives: dict[str, list[int]] = {topic: sorted(partitions) for topic in self._topics}
        assignor = cast("Any", self.app.assignor)
        assignor._assignment = ClientAssignment(actives=actives, standbys={})  # noqa: SLF001 - as on_assignment
        assignor._active_tps = tps  # noqa: SLF001 - as above
        self._places = {tp: Place(next(_runs), self._begin(tp)) for tp in tps}
        self.app.consumer_generation_id = generation
        self._divided.set()
        await self.consumer.on_partitions_assigned(tps, generation)

    def forget_assignment(self) -> None:
        """Nothing is assigned any more."""
        self._places = {}

    def _begin(self, tp: TP) -> int:
        return max(self.broker.committed.get(tp, 0), self.broker.logs[tp].start)

    # What is asked of it

    async def getmany(self, active_partitions: set[TP] | None, timeout: float) -> dict[TP, Fetched]:  # noqa: ASYNC109 - Faust's signature
        """What has come of the active partitions, after a while if nothing has."""
        if not self.consumer.flow_active:
            return {}
        if self.dead:
            await asyncio.get_running_loop().create_future()
        until = asyncio.get_running_loop().time() + timeout
        await self._divided.wait()
        while not (found := self._take(active_partitions)) and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(_LOOKS_EVERY)
            await self._divided.wait()
        # The way back, while the loop goes on.
        await asyncio.sleep(self.broker.chance.uniform(0, _LOOKS_EVERY))
        return found

    def _take(self, active_partitions: set[TP] | None) -> dict[TP, Fetched]:
        """What has been fetched ahead of some partition; after a seek that takes an answer of the broker."""
        now = asyncio.get_running_loop().time()
        wanted = [tp for tp in self._places if active_partitions is None or tp in active_partitions]
        self.broker.chance.shuffle(wanted)
        for tp in wanted:
            run, position = self._places[tp]
            log = self.broker.logs[tp]
            if position < log.start:
                run, position = self._places[tp] = Place(next(_runs), log.start)
            records, following = log.below(position, MOST)
            if records and not self.dead and self._fetched_at.setdefault(run, now + self.broker.seconds()) <= now:
                self._places[tp] = Place(run, following)
                return {tp: Fetched(cast("list[Record]", records), Span(run, position, following))}
        return {}

    async def seek_to_committed(self) -> Mapping[TP, int | None]:
        """Go back to what is committed, and leave a partition where it is if nothing is."""
        found: dict[TP, int | None] = {}
        questions = [list(self._places)] if self.asks_at_once else [[tp] for tp in self._places]
        for question in questions:
            await self.answer()
            found |= {tp: self.broker.committed.get(tp) for tp in question}
            await asyncio.sleep(self.broker.chance.uniform(0, _LOOKS_EVERY))
            for tp in question:
                if offset := found[tp]:
                    self.seek(tp, offset)
        return found

    def seek(self, partition: TP, offset: int) -> None:
        """Read from an offset on."""
        if partition not in self._places:
            raise IllegalStateError(partition)
        self._places[partition] = Place(next(_runs), offset)

    async def seek_there(self, tp: TP, offset: int) -> None:
        """The same."""
        await asyncio.sleep(0)
        self.seek(tp, offset)

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Read from offsets on."""
        for tp, offset in partitions.items():
            self.seek(tp, offset)

    def place(self, tp: TP) -> Place | None:
        """Where a partition is read."""
        return self._places.get(tp)

    async def position(self, tp: TP) -> int | None:
        """Where a partition is read."""
        place = self._places.get(tp)
        return None if place is None else place.position

    async def commit(self, offsets: Mapping[TP, int]) -> bool:
        """Commit offsets of what is assigned."""
        generation = self.app.consumer_generation_id
        await self.answer()
        if generation != self.broker.generation or self not in self.broker.members:
            return False
        self.broker.committed.update({tp: offset for tp, offset in offsets.items() if tp in self._places})
        return True

    def assignment(self) -> set[TP]:
        """What is assigned."""
        return set(self._places)

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        """Where logs begin."""
        await self.answer()
        return {tp: self.broker.logs[tp].start for tp in partitions}

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Where logs end."""
        await self.answer()
        return {tp: self.broker.logs[tp].end for tp in partitions}

    def highwater(self, tp: TP) -> int:
        """Where a log ends."""
        return self.broker.logs[tp].end

    def topic_partitions(self, topic: str) -> int:
        """How many partitions a topic has."""
        del topic
        return self.broker.partitions

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing to verify."""

    def close(self) -> None:
        """Nothing to close."""
