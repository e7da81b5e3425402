"""Plays a scenario through the core: records are decoded as a worker would, and time passes between them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.instants import MINUTE, Instant
from sla_rules.lead.cycles import lives
from sla_rules.lead.facts import Asked, Fact
from sla_rules.lead.history import history
from sla_rules.names import FORWARDED_TOPIC
from streams.clock import MILLISECOND
from streams.pipeline.decode import decode
from tests.scenarios.staging import Arrived, Stage

TOLERATED = 5 * MINUTE


@dataclass(slots=True)
class _Appended:
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
    """What has come of a scenario so far."""

    stage: Stage
    told: list[dict[str, Any]] = field(default_factory=list)
    notices: list[bytes] = field(default_factory=list)
    """Every record of breaches, as published."""
    rejected: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    facts: dict[bytes, list[Fact]] = field(default_factory=dict)
    """All that was told, as decoded."""

    def __post_init__(self) -> None:
        self.rules = RuleBook(self.stage.agreements)
        self.partition = PartitionState(self.rules, {})
        self._records: dict[str, dict[str, Any]] = {}

    def in_order(self, until: Instant | None = None) -> "Play":
        """Each record at its arrival, time passing before it, to the scenario's end or a later one."""
        records = self.stage.records()
        self._watch(records)
        for record in records:
            self._note(self.partition.advance_to(record.arrival))
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
                self._note(self.partition.advance_to(record.arrival))
        return self._end(None)

    def standing(self) -> list[dict[str, Any]]:
        """The data of the last record of each key, with its type, where it is no retraction."""
        return [record for record in self._records.values() if record["type"] != RETRACTED]

    def figures(self) -> Mapping[WindowKey, Figures]:
        """Every window that has figures."""
        windows = self.partition.windows
        return {key: windows.figures(key) for key in sorted({*windows.tallies, *windows.published})}

    def contributions(self, lead: str) -> tuple[Contribution, ...]:
        """A lead's part in the figures."""
        data = self.partition.leads.get(lead.encode())
        return () if data is None else decode_state(data).contributions

    def all_shares(self) -> dict[str, tuple[Contribution, ...]]:
        """The parts of all leads."""
        return {lead.decode(): self.contributions(lead.decode()) for lead in sorted(self.partition.leads)}

    def starts(self, lead: str) -> dict[tuple[str | None, int], Instant]:
        """When each cycle began, by what it is about and its number; 0 is the lead's own."""
        data = self.partition.leads.get(lead.encode())
        if data is None:
            return {}
        lived = lives(history(lead, decode_state(data).facts))
        cycles = [cycle for one in lived for cycle in (*one.cycles, one.creation) if cycle is not None]
        return {(cycle.subject, cycle.number): cycle.start for cycle in cycles}

    def _watch(self, records: Iterable[Arrived]) -> None:
        begins = self.stage.scenario.watched_from or self.stage.scenario.until
        since = min((self.stage.instant(begins), *(record.arrival for record in records)))
        self._note(self.partition.watch((key.encode() for key in self.rules.deliverables), since))

    def _take(self, record: Arrived) -> None:
        decoded = decode([_appended(record)], 1, (), TOLERATED, self.rules.vocabulary, rules=self.rules)
        self.rejected += decoded.reasons()
        for lead, told in decoded.facts.items():
            self.facts.setdefault(lead, []).extend(fact for fact in told if not isinstance(fact, Asked))
        changes = self.partition.fold(decoded.facts)
        self.fates.update(changes.fates)
        self._note(changes)
        while changes.forwards:
            sent_on = [
                _Appended(FORWARDED_TOPIC, 0, lead, encode_fact(fact))
                for lead, forwarded in changes.forwards.items()
                for fact in forwarded
            ]
            changes = self.partition.fold(decode(sent_on, 1, (), TOLERATED).facts)
            self._note(changes)

    def _end(self, until: Instant | None) -> "Play":
        end = self.stage.instant(self.stage.scenario.until)
        self._note(self.partition.advance_to(end if until is None else max(until, end)))
        return self

    def _note(self, changes: Changes) -> None:
        for key, value in changes.notices.items():
            self.notices.append(value)
            event = msgspec.json.decode(value)
            self._records[key] = {**event["data"], "type": event["type"]}
            self.told.append(self._records[key])


def _appended(record: Arrived) -> _Appended:
    sent = record.sent
    return _Appended(sent.topic, record.arrival // MILLISECOND, sent.key, sent.value, sent.headers)
