"""What a heap of facts comes to at an instant: figures known and published, and every notice that stands.

The same that partitions come to when they fold the same facts in any order and let time pass to that instant, worked
out lead by lead and with nothing kept: a lead's facts are merged, forwarded where leads were merged, and judged as of
the instant, and as of the end of every period on what had arrived when its grace was over.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.publications import Publications
from sla_rules.engine.quarantine import Guard
from sla_rules.evaluation.assessment import Assessment
from sla_rules.evaluation.contributions import UNFIGURED, RemedyContribution, UncoveredContribution
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.remedies import ConfirmedRemedy, confirmed_of
from sla_rules.evaluation.tallies import Tally, add
from sla_rules.evaluation.verdicts import assess, tallies_of
from sla_rules.figures.windows import ObligationPeriod, Publication, WindowKey, length_of, parts_of, window_of_remedy
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact, Watched
from sla_rules.lead.history import history
from sla_rules.notation import Granularity
from sla_rules.reports.facts_by_key import Facts, propagate_merges
from sla_rules.reports.goal_ends import learned_by_goal_ends
from sla_rules.reports.result import Unfoldable
from sla_rules.time.periods import day_of


@dataclass(slots=True)
class Outcome:
    """What the facts come to. Of the volume published, `published_by_day` says what fell on which day.

    `quarantined` are leads that cannot be judged, with why: what was published on facts that could be is all they are in.
    `unpublished` are those that could not be as of the end of some period, which was published without them.
    """

    current: dict[WindowKey, Tally] = field(default_factory=dict)
    published: dict[WindowKey, Tally] = field(default_factory=dict)
    published_by_day: dict[WindowKey, dict[date, Tally]] = field(default_factory=dict)
    confirmed: defaultdict[ObligationPeriod, set[ConfirmedRemedy]] = field(default_factory=lambda: defaultdict(set))
    """The remedies that were carried out."""
    learned: dict[Instant, dict[WindowKey, Tally]] = field(default_factory=dict)
    """By the end of a goal's period, what windows of that goal had come to since the end before."""
    notices: list[Notice] = field(default_factory=list)
    uncovered: int = 0
    """Cycles that no agreement applies to."""
    quarantined: dict[str, str] = field(default_factory=dict)
    unpublished: dict[str, str] = field(default_factory=dict)
    unfoldable: list[Unfoldable] = field(default_factory=list)

    def absorb(self, other: "Outcome") -> None:
        """Add what other leads come to."""
        for mine, theirs in ((self.current, other.current), (self.published, other.published)):
            for key, tally in theirs.items():
                add(mine.setdefault(key, {}), tally)
        for key, days in other.published_by_day.items():
            own = self.published_by_day.setdefault(key, {})
            for day, tally in days.items():
                add(own.setdefault(day, {}), tally)
        for end, windows in other.learned.items():
            learned = self.learned.setdefault(end, {})
            for key, tally in windows.items():
                add(learned.setdefault(key, {}), tally)
        for period, confirmed in other.confirmed.items():
            self.confirmed[period] |= confirmed
        self.notices.extend(other.notices)
        self.uncovered += other.uncovered
        self.quarantined.update(other.quarantined)
        self.unpublished.update(other.unpublished)
        self.unfoldable.extend(other.unfoldable)


def watched(rules: RuleBook, facts: Facts, since: Instant) -> dict[str, Sequence[Fact]]:
    """The facts with those of every deliverable, as if watched from an instant on: no event may ever come for one."""
    watching = Watched(since, since, "/leadsla", "watched")
    return {**facts, **{key: [*facts.get(key, ()), watching] for key in rules.deliverables}}


def replay(rules: RuleBook, facts: Facts, until: Instant, seen: Callable[[], None] = lambda: None) -> Outcome:
    """What the facts come to at `until`; `seen` is called after each lead."""
    outcome = Outcome()
    publications, goals = Publications(rules, until), _goals_of(rules)
    for key, known in propagate_merges(facts, outcome.unfoldable).items():
        _Lead(rules, key, known, publications, goals).judge(until, outcome)
        seen()
    outcome.learned = learned_by_goal_ends(rules, facts, until)
    return outcome


_Goal = tuple[str, str, Granularity]
"""An obligation by its agreement and id, and the interval that it has a goal for."""


def _goals_of(rules: RuleBook) -> set[_Goal]:
    """Those of any version: their deliveries are kept by day."""
    return {(*term.name, term.obligation.interval) for term in rules.terms if isinstance(term.obligation, Volume)}


_Part = tuple[WindowKey, date, Tally]
"""What a lead adds to a window that is published, and on which day."""


class _Verdicts(NamedTuple):
    """The assessments of what was known, as of an instant, that time alone does not change before `next_due`."""

    known: Sequence[Fact]
    at: Instant
    next_due: Instant | None
    assessments: list[Assessment]


class _Lead:
    """One lead, judged again and again, from the earliest instant on; what time has not changed is not worked out again."""

    def __init__(
        self,
        rules: RuleBook,
        key: str,
        facts: Sequence[Fact],
        publications: Publications,
        goals: Container[_Goal],
    ) -> None:
        self._rules, self._key, self._facts = rules, key, facts
        self._publications, self._goals = publications, goals
        self._last: _Verdicts | None = None

    def judge(self, until: Instant, outcome: Outcome) -> None:
        """Put the lead's part into the outcome; where it cannot be judged, what was published before."""
        failures: list[str] = []
        failures_then: list[str] = []
        publications: Sequence[Publication] = ()
        with Guard(failures_then):
            publications = sorted(self._publications.of(self._key, self._facts))
        for publication in publications:
            with Guard(failures_then):
                for part in list(self._parts_published(publication)):
                    self._publish(part, outcome)
        with Guard(failures):
            found = self._assessments(self._facts, until)
            notices = [notice for assessment in found for notice in assessment.notices]
            parts = [part for assessment in found for part in parts_of(assessment.contribution, self._rules)]
            outcome.notices.extend(notices)
            outcome.uncovered += sum(isinstance(assessment.contribution, UncoveredContribution) for assessment in found)
            for key, tally in parts:
                add(outcome.current.setdefault(key, {}), tally)
            for assessment in found:
                if isinstance(contribution := assessment.contribution, RemedyContribution):
                    period = ObligationPeriod.of(window_of_remedy(contribution, self._rules))
                    outcome.confirmed[period].add(confirmed_of(contribution))
        if failures:
            outcome.quarantined[self._key] = failures[0]
        elif failures_then:
            outcome.unpublished[self._key] = failures_then[0]

    def _assessments(self, known: Sequence[Fact], at: Instant) -> list[Assessment]:
        last = self._last
        if last is not None and last.known == known and last.at <= at and (last.next_due is None or at < last.next_due):
            return last.assessments
        found = assess(self._rules, self._key, history(self._key, known), at) if known else []
        timers = [assessment.next_due for assessment in found if assessment.next_due is not None]
        self._last = _Verdicts(known, at, min(timers, default=None), found)
        return found

    def _parts_published(self, publication: Publication) -> Iterator[_Part]:
        """The windows of a publication that the lead contributes to, by what was known then."""
        known = publication.known(self._facts)
        for assessment in self._assessments(known, publication.end):
            contribution = assessment.contribution
            if isinstance(contribution, UNFIGURED):
                continue
            term = self._rules.terms[contribution.term]
            for at, tally in tallies_of(contribution, self._rules):
                day = day_of(at, term.zone)
                length = length_of(contribution)
                for interval, first, published in self._publications.periods(term, day):
                    if published == publication and length in {None, interval}:
                        yield WindowKey(*term.name, contribution.segment, interval, first), day, tally

    def _publish(self, part: _Part, outcome: Outcome) -> None:
        key, day, tally = part
        add(outcome.published.setdefault(key, {}), tally)
        if (key.agreement, key.obligation, key.interval) in self._goals:
            add(outcome.published_by_day.setdefault(key, {}).setdefault(day, {}), tally)
