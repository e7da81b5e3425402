"""The agent's one door: batches and ticks of a partition, folded in the order they come, each durable before the next.

Partitions do not wait for each other: while what followed from one message is on its way, another partition's is folded.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, cast

from faust.types.tuples import Message
from structlog import get_logger

from sla_rules.engine.partition import Changes
from sla_rules.figures.windows import WindowKey, read_record, record, record_key
from sla_rules.instants import SECOND, Instant, iso
from sla_rules.names import BREACHES_TOPIC, PERIODS_TOPIC
from streams.batches import Batch, Record, Tick
from streams.clock import Clock
from streams.decode import Decoded, decode, partition_of
from streams.delivery import Delivery, Parcel
from streams.health import Vitals
from streams.in_flight import InFlight
from streams.ledger import read_gap
from streams.lookback import records_before
from streams.measures import Measures
from streams.ownership import Owned, Ownership
from streams.quarantine_limit import of_partition, say
from streams.refusals import put_away_known, put_away_refused
from streams.rejection_limit import Limits, RejectionLimitError, Rejections
from streams.settings import Settings
from streams.topics import changelog_of

log = get_logger("leadsla")

LEADS_PER_TICK: Final = 2_000
"""Verdicts that one tick lets time decide; the rest follow with the next, after the events between."""

Ack = Callable[[], Awaitable[object]]
"""Lets go of a message."""


@dataclass(slots=True)
class Folding:
    """Folds what comes into the books of the owned partitions and delivers what follows."""

    settings: Settings
    clock: Clock
    ownership: Ownership
    measures: Measures
    vitals: Vitals
    partitions: int
    delivery: Delivery
    in_flight: InFlight
    admit: Callable[[Message], Awaitable[bool]]
    done: Callable[[Message], None]
    settle: Callable[[int, Iterable[bytes], int | None], None]
    _tolerated: int = field(init=False)
    _limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        self._tolerated = round(self.settings.future_tolerated_seconds * SECOND)
        self._limits = Limits.of(self.settings)

    async def take(self, message: Message, ack: Ack) -> None:
        """Fold one message once the delivery before it has ended, and begin to deliver what follows from it.

        When that is durable, `ack` is called; at once where the partition went away meanwhile, or the message is of
        what is read again.

        Raises:
            UnaccountedError: something before it never came to be folded.
            UndeliveredError: something of the partition could not be delivered.
            RejectionLimitError: more of the partition would have to be put away than is allowed.
            QuarantineLimitError: too many leads of the partition cannot be judged.

        """
        value = cast("Batch | Tick", message.value)
        await self.in_flight.ended(value.partition)
        admitted = await self.admit(message)
        owned = self.ownership.partitions.get(value.partition)
        if owned is None or not admitted:
            if owned is not None and isinstance(value, Tick):
                owned.tick_pending = False
            await ack()
            return
        self.vitals.took(value.partition, monotonic())
        with of_partition(value.partition, self.settings):
            if isinstance(value, Tick):
                parcel = await self._tick(owned, value)
            else:
                parcel = await self._batch(owned, value)
        self.in_flight.begin(value.partition, self._see_through(owned, message, parcel, ack))

    async def _see_through(self, owned: Owned, message: Message, parcel: Parcel, ack: Ack) -> None:
        """Make durable what follows from a message, and only then let go of it."""
        await self._deliver(parcel)
        value = cast("Batch | Tick", message.value)
        if isinstance(value, Tick):
            owned.tick_pending = False
            owned.delivered()
            self.measures.count_rejected(parcel.decoded)
        else:
            self.measures.count(value, parcel.decoded, parcel.changes, self.clock())
            self.done(message)
        got_on = isinstance(value, Batch) or value.now is not None or value.scan_budget > 0
        self.vitals.laid_down(value.partition, monotonic(), got_on=got_on)
        await ack()

    async def set_back(self, owned: Owned, partition: int, now: Instant) -> None:
        """Set back a partition that was just taken over, where its former owner was ahead of the broker's clock.

        Raises:
            UndeliveredError: something could not be delivered.

        """
        await self._deliver(self._parcel(owned, partition, self._set_back(owned, partition, now), Decoded()))

    def _set_back(self, owned: Owned, partition: int, now: Instant) -> Changes:
        changes = owned.state.set_back(now)
        log.warning(
            "time was ahead of the broker's clock: it is set back, and what was told too early is taken back",
            partition=partition,
            now=iso(now),
            taken_back=len(changes.notices),
        )
        return changes

    async def watch(self, owned: Owned, partition: int) -> None:
        """Begin to watch the deliverables of a partition that was just taken over.

        Raises:
            UndeliveredError: something could not be delivered.

        """
        keys = [key.encode() for key in owned.state.rules.deliverables]
        own = [key for key in keys if partition_of(key, self.partitions) == partition]
        await self._deliver(self._parcel(owned, partition, owned.state.watch(own, self.clock()), Decoded()))

    async def _batch(self, owned: Owned, batch: Batch) -> Parcel:
        decoded = self._decoded(owned, batch.records)
        changes = owned.state.fold(decoded.facts)
        put_away_refused(changes, decoded, batch.records, batch.partition)
        if self._limits.lookback:
            await self._hold_to_limits(owned, batch, decoded)
        return self._parcel(owned, batch.partition, changes, decoded)

    async def _hold_to_limits(self, owned: Owned, batch: Batch, decoded: Decoded) -> None:
        """Stop before anything of a batch is written or put away that crosses a limit.

        A partition is watched from its first rejection on. What came before is read again, so that a worker that is
        restarted over and over does not put away a limit's worth each time.
        """
        first = batch.records[0]
        rejections = owned.rejections.get(first.topic)
        if rejections is None:
            if not decoded.rejected:
                return
            rejections = owned.rejections[first.topic] = Rejections(self._limits)
            before = records_before(
                self.settings, first.topic, batch.partition, first.offset, rejections.limits.lookback
            )
            async for records in before:
                again = self._decoded(owned, records).reason_by_offset()
                for record in records:
                    rejections.take(record.offset, again.get(record.offset))
        reasons = decoded.reason_by_offset()
        for record in batch.records:
            crossed = rejections.take(record.offset, reasons.get(record.offset))
            if crossed:
                raise RejectionLimitError(_stopped(batch, crossed))

    async def _make_good(self, owned: Owned, partition: int) -> None:
        """Take in what a former owner wrote late, so that it is written over with what is right."""
        states: list[tuple[bytes, bytes | None]] = []
        told: list[tuple[str, bytes | None]] = []
        figures: list[WindowKey] = []
        for gap in self.ownership.ledger.take_gaps(partition):
            log.warning(
                "a former owner wrote late; taking it in",
                topic=gap.topic,
                partition=partition,
                records=gap.end - gap.first,
            )
            for key, value in await read_gap(self.settings, gap, partition):
                if gap.topic == BREACHES_TOPIC:
                    told.append((key.decode(), value))
                elif gap.topic == PERIODS_TOPIC:
                    figures += [] if value is None else [read_record(value)[0]]
                else:
                    states.append((key, value))
        changes = owned.state.take_in(states, told, figures)
        decoded = put_away_known(changes, partition)
        await self._deliver(self._parcel(owned, partition, changes, decoded))
        self.measures.count_rejected(decoded)

    def _decoded(self, owned: Owned, records: Sequence[Record]) -> Decoded:
        state = owned.state
        return decode(records, self.partitions, state.leads, self._tolerated, state.rules.vocabulary, state.rules.keep)

    async def _tick(self, owned: Owned, tick: Tick) -> Parcel:
        if lost := self.ownership.ledger.take_lost(tick.partition):
            owned.restore(lost, changelog_of(self.settings))
        if tick.partition in self.ownership.ledger.gaps:
            await self._make_good(owned, tick.partition)
        changes = Changes()
        if tick.back_to is not None:
            changes = self._set_back(owned, tick.partition, tick.back_to)
        elif tick.now is not None or tick.scan_budget:
            now = owned.state.now if tick.now is None else tick.now
            changes = owned.state.advance_to(now, LEADS_PER_TICK, tick.scan_budget)
        return self._parcel(owned, tick.partition, changes, put_away_known(changes, tick.partition))

    def _parcel(self, owned: Owned, partition: int, changes: Changes, decoded: Decoded) -> Parcel:
        say(changes, partition)
        now = self.clock()
        figures = {}
        if owned.has_figures_to_tell(now):
            owned.figures_told_at = now
            changed = owned.state.windows.take_changed()
            figures = {record_key(key, partition): self._figures(owned, key, partition) for key in changed}
        return Parcel(partition, now, changes, decoded, figures)

    async def _deliver(self, parcel: Parcel) -> None:
        await self.delivery.deliver(parcel)
        partition = parcel.partition
        mark = self.ownership.ledger.end(changelog_of(self.settings), partition)
        self.settle(partition, (*parcel.changes.states, *parcel.changes.left), mark)

    def _figures(self, owned: Owned, key: WindowKey, partition: int) -> bytes:
        state = owned.state
        return record(key, state.windows.figures(key), partition, state.rules)


def _stopped(batch: Batch, crossed: str) -> str:
    first = batch.records[0]
    return (
        f"{first.topic}, partition {batch.partition}: {crossed}. Nothing from offset {first.offset} on has been put away "
        "or acknowledged; a restart reads it again. Mend the sender or the release, or raise or unset the limit to put "
        f"the records away; `leadsla deadletter list --topic {first.topic} --partition {batch.partition}` shows those "
        "put away before"
    )
