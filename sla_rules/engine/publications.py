"""Which windows a day lies in, and when each is published."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.engine.places import Places
from sla_rules.figures.windows import Publication, intervals_of
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact
from sla_rules.notation import Granularity
from sla_rules.time.intervals import FOREVER
from sla_rules.time.periods import day_of


class PublishedPeriod(NamedTuple):
    """A period that a term is counted by, and when its windows are published; None if not by the instant asked for."""

    interval: Granularity
    first: date
    publication: Publication | None


class Publications:
    """Those by an instant, under one rule book."""

    def __init__(self, rules: RuleBook, until: Instant) -> None:
        self._rules = rules
        self._until = until
        self._places = Places(rules)
        self._periods: dict[tuple[int, date], tuple[PublishedPeriod, ...]] = {}
        self._by_zone: dict[ZoneInfo, list[Term]] = defaultdict(list)
        seen = set[tuple[object, ...]]()
        for term in rules.terms:
            schedule = (term.name[0], term.zone, *intervals_of(term))
            if schedule not in seen:
                self._by_zone[term.zone].append(term)
                seen.add(schedule)

    def periods(self, term: Term, day: date) -> tuple[PublishedPeriod, ...]:
        """Those of a term that a day lies in."""
        found = self._periods.get((term.index, day))
        if found is None:
            firsts = [(interval, term.first_day(interval, day)) for interval in intervals_of(term)]
            found = tuple(
                PublishedPeriod(interval, first, self._of(term, interval, first)) for interval, first in firsts
            )
            self._periods[term.index, day] = found
        return found

    def instants(self, lead: str, facts: Iterable[Fact]) -> set[Instant]:
        """Where a lead can have a part in figures, whatever of its facts is known."""
        return set(self._places.of(lead, facts, self._until))

    def of(self, lead: str, facts: Iterable[Fact]) -> set[Publication]:
        """Those of every window that a lead can have a part in."""
        instants = self.instants(lead, facts)
        found = set[Publication]()
        for zone, terms in self._by_zone.items():
            for day in {day_of(at, zone) for at in instants}:
                for term in terms:
                    found.update(period.publication for period in self.periods(term, day) if period.publication)
        return found

    def _of(self, term: Term, interval: Granularity, first: date) -> Publication | None:
        agreement = term.name[0]
        end = self._rules.period_from(agreement, interval, first).end
        return publication_by(self._until, self._rules, agreement, end)


def publication_by(now: Instant, rules: RuleBook, agreement: str, end: Instant) -> Publication | None:
    """How the windows of an agreement are published whose period ends at an instant; None if not by `now`."""
    cutoff = rules.publication_of(agreement, end)
    if cutoff > now:
        return None
    return Publication(end, FOREVER if rules.is_history(agreement, end) else cutoff)
