"""The clocks that are running: worked out here from the events published, by the same rules the worker runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crm_simulator import Item
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.deadlines import owing
from sla_rules.evaluation.verdicts import assess
from sla_rules.events.decode import facts_of, read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.instants import Duration, Instant
from sla_rules.lead.cycles import life
from sla_rules.lead.facts import Fact, merge


class RunningClock(NamedTuple):
    """What is owed to one lead and not done yet."""

    deadline: Instant
    lead: str
    obligation: str
    rep: str
    within: Duration
    """By the clock agreed, and at least a moment."""
    term: int


@dataclass(slots=True)
class Clocks:
    """Running clocks by lead, brought up to date by what is published."""

    rules: RuleBook
    facts: dict[str, tuple[Fact, ...]]
    running: dict[str, list[RunningClock]]

    @classmethod
    def under(cls, agreements: Sequence[Agreement]) -> "Clocks":
        """No clock yet, under these agreements."""
        return cls(RuleBook(agreements), {}, {})

    def take(self, item: Item, arrival: Instant) -> None:
        """Take what was published at `arrival`; what the worker will reject changes nothing."""
        try:
            facts, _ = facts_of(read_event(item.value, dict(item.headers)), arrival)
        except RejectionError:
            return
        lead = item.key.decode()
        self.facts[lead], _ = merge(self.facts.get(lead, ()), facts)
        self.running[lead] = self._clocks(lead, arrival)

    def ahead(self, now: Instant) -> list[RunningClock]:
        """The clocks that have not run out, the next first."""
        return sorted(clock for clocks in self.running.values() for clock in clocks if clock.deadline >= now)

    def left(self, clock: RunningClock, now: Instant) -> Duration:
        """Time left, by the clock agreed."""
        term = self.rules.terms[clock.term]
        deadline = term.obligation.timed_by
        if deadline is not None and deadline.clock == "working":
            return term.calendar.between(now, clock.deadline)
        return clock.deadline - now

    def _clocks(self, lead: str, now: Instant) -> list[RunningClock]:
        facts = self.facts[lead]
        clocks = []
        for contribution in (assessment.contribution for assessment in assess(self.rules, lead, facts, now)):
            owed = owing(contribution)
            if owed is None or owed.status != "open" or owed.deadline is None:
                continue
            term = self.rules.terms[owed.term]
            if term.obligation.timed_by is not None:
                within = term.obligation.timed_by.within
                if not isinstance(within, int):
                    within = max(term.calendar.between(owed.start, owed.deadline), 1)
                owner = life(facts).cycles[-1].owner.rep or "nobody"
                clocks.append(RunningClock(owed.deadline, lead, term.obligation.id, owner, within, owed.term))
        return clocks
