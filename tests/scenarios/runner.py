"""Plays a scenario through the core: records are decoded as a worker would, and time passes between them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.changes import Changes
from sla_rules.engine.codec import decode as decode_state
from sla_rules.engine.codec import encode_fact
from sla_rules.engine.partition import PartitionState
from sla_rules.engine.published_notices import RETRACTED
from sla_rules.evaluation.contributions import Contribution
from sla_rules.evaluation.tallies import total
from sla_rules.figures import period_records
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.instants import MINUTE, Instant
from sla_rules.lead.cycles import lives
from sla_rules.lead.facts import Asked, Fact
from sla_rules.lead.history import history
from sla_rules.names import FORWARDED_TOPIC
from sla_rules.whole_agreement.agreement_state import AgreementState
from sla_rules.whole_agreement.whole import WholeAgreement
from streams.clock import MILLISECOND
from streams.kafka.partitioning import partition_of
from streams.pipeline.decode import decode
from tests.scenarios.notation import read_scenario
from tests.scenarios.staging import Arrived, Stage

TOLERATED = 5 * MINUTE


@dataclass(slots=True)
class Appended:
    """A record of a topic with one partition."""

    topic: str
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()
    partition: int = 0
    offset: int = 0


@dataclass
class Play:
    """What has come of a scenario so far, in one partition or in several."""

    stage: Stage
    partitions: int = 1
    told: list[dict[str, Any]] = field(default_factory=list)
    notices: list[bytes] = field(default_factory=list)
    """Every record of breaches, as published."""
    clocks: list[bytes] = field(default_factory=list)
    """Every record of open clocks, as written."""
    rejected: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    facts: dict[bytes, list[Fact]] = field(default_factory=dict)
    """All that was told, as decoded."""

    def __post_init__(self) -> None:
        self.rules = RuleBook(self.stage.agreements)
        self.states = [PartitionState(self.rules, {}) for _ in range(self.partitions)]
        self._records: dict[str, dict[str, Any]] = {}

    def in_order(self, until: Instant | None = None) -> "Play":
        """Each record at its arrival, time passing before it, to the scenario's end or a later one."""
        records = self.stage.records()
        self._watch(records)
        for record in records:
            self._advance_to(record.arrival)
            self._take(record)
        return self._end(until)

    def shuffled(self, seed: int, *, ticking: bool) -> "Play":
        """The same records with the same stamps in an order that only the seed explains; time passes or comes last."""
        records = self.stage.records()
        self._watch(records)
        Random(seed).shuffle(records)  # noqa: S311 - a test's dice, not a secret's
        for record in records:
            self._take(record)
            if ticking:
                self._advance_to(record.arrival)
        return self._end(None)

    def standing(self) -> list[dict[str, Any]]:
        """The data of the last record of each key, with its type, where it is no retraction."""
        return [record for record in self._records.values() if record["type"] != RETRACTED]

    def figures(self) -> Mapping[WindowKey, Figures]:
        """Every window that has figures, of all partitions together."""
        found: dict[WindowKey, Figures] = {}
        for state in self.states:
            for key, figures in _figures_of(state).items():
                found[key] = figures if key not in found else _together(found[key], figures)
        return dict(sorted(found.items()))

    def whole(self, agreement: str, now: Instant) -> WholeAgreement:
        """What the owner of an agreement makes of the figures that the partitions publish."""
        owner = AgreementState(self.rules, agreement, self.partitions)
        for partition, state in enumerate(self.states):
            for key, figures in _figures_of(state).items():
                value = period_records.record(key, figures, partition, self.rules)
                owner.take(partition, period_records.record_key(key, partition), value)
        owner.changes(now)
        return owner.whole

    @property
    def uncovered(self) -> int:
        """How many cycles no agreement applies to."""
        return sum(state.open_work.uncovered for state in self.states)

    def contributions(self, lead: str) -> tuple[Contribution, ...]:
        """A lead's part in the figures."""
        data = self._state_of(lead.encode()).leads.get(lead.encode())
        return () if data is None else decode_state(data).contributions

    def all_shares(self) -> dict[str, tuple[Contribution, ...]]:
        """The parts of all leads."""
        leads = sorted(lead.decode() for state in self.states for lead in state.leads)
        return {lead: self.contributions(lead) for lead in leads}

    def starts(self, lead: str) -> dict[tuple[str | None, int], Instant]:
        """When each cycle began, by what it is about and its number; 0 is the lead's own."""
        data = self._state_of(lead.encode()).leads.get(lead.encode())
        if data is None:
            return {}
        lived = lives(history(lead, decode_state(data).facts))
        cycles = [cycle for one in lived for cycle in (*one.cycles, one.creation) if cycle is not None]
        return {(cycle.subject, cycle.number): cycle.start for cycle in cycles}

    def _watch(self, records: Iterable[Arrived]) -> None:
        begins = self.stage.scenario.watched_from or self.stage.scenario.until
        since = min((self.stage.instant(begins), *(record.arrival for record in records)))
        for key in map(str.encode, self.rules.deliverables):
            self._note(self._state_of(key).watch([key], since))

    def _take(self, record: Arrived) -> None:
        sent = record.sent
        place = 0 if sent.key is None else self._place_of(sent.key)
        appended = Appended(
            sent.topic, record.arrival // MILLISECOND, sent.key, sent.value, sent.headers, partition=place
        )
        decoded = decode([appended], self.partitions, (), TOLERATED, self.rules.vocabulary, rules=self.rules)
        self.rejected += decoded.reasons()
        for lead, told in decoded.facts.items():
            self.facts.setdefault(lead, []).extend(fact for fact in told if not isinstance(fact, Asked))
        changes = self.states[place].fold(decoded.facts)
        self.fates.update(changes.fates)
        self._note(changes)
        forwards = [*changes.forwards.items()]
        while forwards:
            lead, forwarded = forwards.pop(0)
            place = self._place_of(lead)
            sent_on = [Appended(FORWARDED_TOPIC, 0, lead, encode_fact(fact), partition=place) for fact in forwarded]
            changes = self.states[place].fold(decode(sent_on, self.partitions, (), TOLERATED).facts)
            self._note(changes)
            forwards += changes.forwards.items()

    def _end(self, until: Instant | None) -> "Play":
        end = self.stage.instant(self.stage.scenario.until)
        self._advance_to(end if until is None else max(until, end))
        return self

    def _advance_to(self, now: Instant) -> None:
        for state in self.states:
            self._note(state.advance_to(now))

    def _place_of(self, key: bytes) -> int:
        return partition_of(key, self.partitions)

    def _state_of(self, key: bytes) -> PartitionState:
        return self.states[self._place_of(key)]

    def _note(self, changes: Changes) -> None:
        self.clocks += (record for record in changes.clocks.values() if record is not None)
        for key, value in changes.notices.items():
            self.notices.append(value)
            event = msgspec.json.decode(value)
            self._records[key] = {**event["data"], "type": event["type"]}
            self.told.append(self._records[key])


@cache
def played(file: Path) -> Play:
    """The story of a file as it arrives: one for all who only look at what has come of it."""
    return Play(Stage(read_scenario(file))).in_order()


def _figures_of(state: PartitionState) -> dict[WindowKey, Figures]:
    windows = state.windows
    return {key: windows.figures(key) for key in {*windows.tallies, *windows.published}}


def _together(one: Figures, other: Figures) -> Figures:
    published = None
    if one.published is not None or other.published is not None:
        published = total((one.published or {}, other.published or {}))
    confirmed = one.confirmed or other.confirmed  # all of a period lie in one partition
    return one._replace(current=total((one.current, other.current)), published=published, confirmed=confirmed)
