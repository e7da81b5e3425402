"""The service of a worker that owns agreements: `sla-periods` of all partitions in, `sla-agreements` out.

Whoever owns the partition of an agreement's id owns the agreement, and writes all of it to that partition of `sla-agreements`. It reads
back what it writes: what a former owner writes late is seen like that, and written over. Nobody waits for it, neither leads
nor time.
"""

import asyncio
import math
from collections.abc import Callable, Mapping
from time import monotonic, perf_counter
from typing import Final, NamedTuple

from aiokafka.errors import KafkaError
from structlog import get_logger

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.names import AGREEMENTS_TOPIC, PERIODS_TOPIC
from sla_rules.whole_agreement.agreement_state import AgreementState
from sla_rules.whole_agreement.whole import NOTHING_KNOWN
from streams.agreement_owner.agreement_writer import AgreementWriter
from streams.agreement_owner.owned_agreement import OwnedAgreement
from streams.agreement_owner.owned_agreements import NewState, OwnedAgreements, ShownAgreement
from streams.agreement_owner.read_logs import ReadLogs
from streams.agreement_owner.tail import Tail
from streams.clock import Clock
from streams.health.conditions import Conditions, Kind
from streams.kafka.end_offsets import EndOffsets
from streams.kafka.patience import may_pass
from streams.partitions.ownership import Ownership
from streams.settings import Settings

log = get_logger("leadsla")

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at who owns what, while nothing comes."""
AGAIN_AFTER: Final = 1.0
"""Seconds between two attempts, where one has failed."""
SAY_EVERY: Final = 30.0
"""Seconds after which it is said again that attempts fail."""
HELD_AT_MOST: Final = 0.005
"""Seconds after which whatever else the worker does gets a turn."""
PAUSE: Final = 0.2
"""Seconds between two turns once all is read: what comes meanwhile is taken in together, and its consequences worked out once."""


class Claim(NamedTuple):
    """The partitions that are owned, and the generation of the group that says so."""

    generation: int
    places: frozenset[int]


class AgreementOwner:
    """Runs beside all else of a worker; `agreements` are those that it owns."""

    def __init__(
        self,
        settings: Settings,
        rules: RuleBook,
        partitions: int,
        ownership: Ownership,
        generation: Callable[[], int],
        clock: Clock,
        end_offsets: EndOffsets,
        conditions: Conditions,
        new_state: NewState = AgreementState,
    ) -> None:
        self.agreements: Final = OwnedAgreements(rules, partitions, new_state)
        self._settings = settings
        self._ownership = ownership
        self._generation = generation
        self._clock = clock
        self._end_offsets = end_offsets
        self._logs = ReadLogs(end_offsets)
        self._conditions = conditions
        self._writer = AgreementWriter(settings)
        self._tail: Tail | None = None
        self._claimed: Claim | None = None
        self._succeeded: set[int] = set()
        """Partitions that somebody has written to as of a later generation than ours."""
        self._said_at = -math.inf
        self._refused: str | None = None

    def is_ready(self, owned: OwnedAgreement) -> bool:
        """Whether an agreement is owned now, and what is known of it is all that there is to know."""
        claimed, tail = self._claimed, self._tail
        return (
            claimed is not None
            and claimed == self._claim()
            and owned.place in claimed.places - self._succeeded
            and tail is not None
            and tail.is_caught_up
            and not self.agreements.is_stopped(owned.name)
        )

    def undecided(self) -> frozenset[int]:
        """The partitions of agreements that belong here, of which nothing is decided at the moment."""
        return frozenset(one.place for one in self.agreements.by_name.values() if not self.is_ready(one))

    def shown(self) -> list[ShownAgreement]:
        """The agreements of the files that are owned now, each with what it comes to where all is known of it.

        Nothing while partitions change hands.
        """
        if self._claimed is None or self._claimed != self._claim():
            return []
        owned = [(one, self.is_ready(one)) for one in self.agreements.of_the_files]
        return [ShownAgreement(one.name, ready, one.state.whole if ready else NOTHING_KNOWN) for one, ready in owned]

    async def keep_going(self) -> None:
        """Own what is to be owned until cancelled, whatever happens meanwhile."""
        try:
            while True:
                try:
                    await self._turn()
                except Exception as wrong:  # noqa: BLE001 - whatever it is, leads are folded
                    self._fail(wrong)
                    await self._disconnect()
                    await asyncio.sleep(AGAIN_AFTER)
                self._say()
        finally:
            await self._disconnect()

    async def _turn(self) -> None:
        claim = self._claim()
        if claim is None or not claim.places:
            if claim is not None:
                await self._own_nothing(claim)
            await asyncio.sleep(LOOK_EVERY)
            return
        if claim != self._claimed or self._tail is None:
            await self._take_over(claim)
        await self._look_at_logs()
        await self._read()
        await self._write()
        if self._tail is not None and self._tail.is_caught_up:
            self._refused = None
            await asyncio.sleep(PAUSE)

    def _claim(self) -> Claim | None:
        """What this worker owns; None while partitions change hands."""
        if self._ownership.recovering:
            return None
        return Claim(self._generation(), frozenset(self._ownership.partitions))

    async def _own_nothing(self, claim: Claim) -> None:
        self._claimed = claim
        self.agreements.take_over(())
        self.agreements.damaged.keep_only(set())
        await self._disconnect()

    async def _take_over(self, claim: Claim) -> None:
        """Go on with what is owned now; nothing is written before all is read that others have left."""
        self._claimed, self._succeeded = None, set()
        came = self.agreements.take_over(claim.places)
        spots = self.agreements.spots
        if self._tail is None:
            self._tail, self._logs = Tail(self._settings, self.agreements.wants), ReadLogs(self._end_offsets)
            self.agreements.begin_again()
            await self._tail.start()
        await self._logs.begin(spots)
        await self._tail.follow(spots, [spot for spot in spots if came and spot.topic == PERIODS_TOPIC])
        self.agreements.damaged.keep_only(set(spots))
        self._claimed = claim
        owned = sorted(self.agreements.by_name)
        log.debug("agreements owned", agreements=owned, partitions=sorted(claim.places), generation=claim.generation)

    async def _look_at_logs(self) -> None:
        """Read what has become another log from its beginning; of our own records, none stands that is not in there."""
        tail, spots = self._tail, self.agreements.spots
        lost = set() if tail is None else await self._logs.lost(spots, tail.read_to)
        if tail is None or not lost:
            return
        log.warning(
            "topics do not hold what was read of them; reading them again",
            topics=sorted({spot.topic for spot in lost}),
        )
        for spot in lost:
            if spot.topic == AGREEMENTS_TOPIC:
                self.agreements.lose_standing(spot.partition)
        self.agreements.damaged.keep_only(set(spots) - lost)
        await tail.follow(spots, lost)

    async def _read(self) -> None:
        """Take in what has come, as long as it takes, with turns for whatever else there is to do."""
        tail, claimed = self._tail, self._claimed
        if tail is None or claimed is None:
            return
        await tail.read(self._again_in())
        since = perf_counter()
        for record in tail.take():
            is_of_ours = record.spot.topic == AGREEMENTS_TOPIC
            if is_of_ours and record.generation > claimed.generation and record.offset >= tail.ends[record.spot]:
                self._succeeded.add(record.spot.partition)
            self.agreements.take(record)
            if perf_counter() - since > HELD_AT_MOST:
                await asyncio.sleep(0)
                since = perf_counter()

    def _again_in(self) -> float:
        """Seconds after which there is something to do though nothing comes."""
        now, ticks = self._clock(), monotonic()
        waits = [one.again_in(now, ticks) for one in self.agreements.by_name.values() if self.is_ready(one)]
        return min([LOOK_EVERY, *waits])

    async def _write(self) -> None:
        """Write what is due of every agreement that is owned; of one that cannot be written, again in the next turn."""
        due: list[tuple[OwnedAgreement, Mapping[bytes, bytes]]] = []
        for name, one in list(self.agreements.by_name.items()):
            if not self.is_ready(one):
                continue
            with self.agreements.on_its_own(name):
                if values := one.to_write(self._clock(), monotonic()):
                    due.append((one, values))
            await asyncio.sleep(0)
        if not due:
            return
        await self._writer.start()
        results = await asyncio.gather(*(self._deliver(*one) for one in due), return_exceptions=True)
        for failure in results:
            if failure is not None:
                raise failure

    async def _deliver(self, one: OwnedAgreement, values: Mapping[bytes, bytes]) -> None:
        """Write values, unless the agreement has gone to somebody else by now."""
        if self._claimed is not None and self.is_ready(one):
            offsets = await self._writer.write(one.place, values, self._claimed.generation, self._clock())
            one.wrote(offsets, monotonic())

    def _fail(self, wrong: Exception) -> None:
        """Say that nothing can be read or written; what will not pass by itself is a condition."""
        passes = may_pass(wrong) if isinstance(wrong, KafkaError) else isinstance(wrong, OSError)
        if not passes:
            self._refused = f"nothing is decided of the agreements that this worker owns: {wrong}"
        if monotonic() - self._said_at >= SAY_EVERY:
            self._said_at = monotonic()
            is_ours = not isinstance(wrong, KafkaError | OSError)
            log.warning("what follows for agreements waits; trying again", why=repr(wrong), exc_info=is_ours)

    def _say(self) -> None:
        refused = {} if self._refused is None else {"": self._refused}
        sentences = {**self.agreements.damaged.sentences, **self.agreements.faults, **refused}
        self._conditions.hold(Kind.AGREEMENT_STOPPED, sentences, monotonic())

    async def _disconnect(self) -> None:
        await self._writer.stop()
        if self._tail is not None:
            tail, self._tail = self._tail, None
            await tail.stop()
