"""When a period's figures are published, and from what: at its end plus the grace of its agreement, empty ones too.

All leads are looked at, a few at a time, so that a long list of them holds up no event and no deadline; facts that
arrive between are too late for what is being published, and left out by their arrival.

A window that no lead has a part in by what is known now may hold one by what was known then: a hand-off that a late one
before it made a part of its own cycle. Whether it was ever seen here so depends on batches and restarts, so leads that learned
something late are asked for such windows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.engine.codec import SET_ASIDE, LeadState, decode
from sla_rules.engine.publications import Publications
from sla_rules.engine.quarantine import NEVER_CAUGHT, last_line
from sla_rules.engine.walk import one_by_one
from sla_rules.evaluation.contributions import Contribution
from sla_rules.evaluation.deadlines import deadline_of, instants_of
from sla_rules.evaluation.tallies import Tally, add
from sla_rules.figures.windows import Publication, WindowKey, Windows, parts_of, published_part, windows_of
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact
from sla_rules.time.intervals import Interval
from sla_rules.time.periods import Period, day_of, period_from

DuePublications = dict[Publication, set[WindowKey]]


_ANEW: Final = 10
"""To judge a lead as of a period's end takes as long as so many looks; to count a contribution, as long as one."""


class Publishing:
    """The figures of the periods to publish at `now`; `sums` hold once every lead has had its say.

    What was to be published up to `decided` is.
    """

    def __init__(
        self, now: Instant, windows: Windows, rules: RuleBook, leads: Iterable[bytes], decided: Instant
    ) -> None:
        self._due = due_by(now, windows, rules)
        self._known = frozenset(key for keys in self._due.values() for key in keys)
        self.sums: dict[WindowKey, Tally] = {key: {} for key in self._known}
        self._published = windows.published
        self._rules = rules
        self._span = _span_of(self._due, rules)
        self._left = one_by_one(leads if self._due else ())
        self._publications = Publications(rules, now)
        self._settled = decided - max(versions[-1].agreement.grace for versions in rules.versions.values())
        """What leads learned by then had come in time for all that was not published then."""
        self.failed: dict[bytes, str] = {}
        """Leads that could not be judged as of a period's end, and why; whoever says so takes them out."""

    def go_on(self, leads: Mapping[bytes, bytes], scan_budget: int | None = None) -> bool:
        """Hear more leads, at the cost of about so many looks; whether that were all."""
        while scan_budget is None or scan_budget > 0:
            lead = next(self._left, None)
            if lead is None:
                return True
            cost = self._hear(lead, leads.get(lead))
            if scan_budget is not None:
                scan_budget -= cost
        return False

    def _hear(self, lead: bytes, data: bytes | None) -> int:
        """Add a lead's part; what it cost, in looks."""
        if data is None:
            return 1
        state = decode(data)
        cost = 1
        if state.revised or any(_places_in(contribution, self._span) for contribution in state.contributions):
            cost += self._add_known(lead, state)
        if max(state.last_time, state.last_arrival) > self._settled:
            cost += self._add_former(lead, state)
        return cost

    def _add_known(self, lead: bytes, state: LeadState) -> int:
        """Add what a lead has in windows that have figures."""
        facts: Sequence[Fact] | None = None
        parts: Iterable[tuple[WindowKey, Tally]]
        anew = 0
        for publication, keys in self._due.items():
            if _stands(state, publication):
                parts = (
                    part
                    for contribution in state.contributions
                    for part in parts_of(contribution, self._rules)
                    if part[0] in keys
                )
            else:
                anew += 1
                facts = state.facts if facts is None else facts
                parts = published_part(self._rules, lead.decode(), facts, publication, keys)
            self._add(lead, parts)
        return len(state.contributions) + _ANEW * anew

    def _add_former(self, lead: bytes, state: LeadState) -> int:
        """Add what a lead had, by what was known then, in windows that nobody has a part in now."""
        facts = state.facts
        former = self._former(lead, state, facts)
        for publication, keys in former.items():
            self._add(lead, published_part(self._rules, lead.decode(), facts, publication, keys))
        return _ANEW * (1 + len(former))

    def _former(self, lead: bytes, state: LeadState, facts: Sequence[Fact]) -> DuePublications:
        """The windows that a lead may have had such a part in."""
        found: DuePublications = defaultdict(set)
        for at, term in product(self._publications.instants(lead.decode(), facts), self._rules.terms):
            for interval, first, publication in self._publications.periods(term, day_of(at, term.zone)):
                if publication is not None and _knows_more_than(state, publication):
                    around = (WindowKey(*term.name, segment, interval, first) for segment in term.segments)
                    found[publication].update(key for key in around if self._is_unheard_of(key))
        return {publication: keys for publication, keys in found.items() if keys}

    def _is_unheard_of(self, key: WindowKey) -> bool:
        """Whether a window neither is published nor has figures to be."""
        return key not in self._known and key not in self._published

    def _add(self, lead: bytes, parts: Iterable[tuple[WindowKey, Tally]]) -> None:
        for key, tally in self._all_or_none(lead, parts):
            add(self.sums.setdefault(key, {}), tally)

    def _all_or_none(self, lead: bytes, parts: Iterable[tuple[WindowKey, Tally]]) -> Iterable[tuple[WindowKey, Tally]]:
        """A lead's parts in one publication, none where they cannot be worked out by what was known then."""
        try:
            return list(parts)
        except NEVER_CAUGHT:
            raise
        except Exception as error:  # noqa: BLE001 - the lead is left out, and it is said what was raised
            self.failed[lead] = last_line(error)
            return ()


def _knows_more_than(state: LeadState, publication: Publication) -> bool:
    """Whether a lead's figures as they are kept may rest on other facts than those of a publication, or there are none."""
    return state.last_time > publication.end or state.last_arrival > publication.cutoff or state.digest in SET_ASIDE


def _stands(state: LeadState, publication: Publication) -> bool:
    """Whether the verdicts as they are kept are those of the publication: nothing came since, and no deadline passed."""
    if _knows_more_than(state, publication):
        return False
    first, last = min(state.as_of, publication.end), max(state.as_of, publication.end)
    return not any(first <= at < last for at in map(deadline_of, state.contributions) if at is not None)


def due_by(now: Instant, windows: Windows, rules: RuleBook) -> DuePublications:
    """The windows to publish at `now`: those with figures, and the last period of every term."""
    due: DuePublications = {}
    latest = (
        found
        for term in rules.terms
        for found in _ended(term, now)
        if found[0].end > term.since and term.until > found[0].start
    )
    known = ((_period(key, rules), key) for key in windows.tallies)
    for period, key in (*known, *latest):
        cutoff = rules.publication_of(key.agreement, period.end)
        if cutoff <= now and key not in windows.published:
            due.setdefault(Publication(period.end, cutoff), set()).add(key)
    return due


def _span_of(due: DuePublications, rules: RuleBook) -> Interval:
    """From the first start to the last end of the periods to publish."""
    periods = [_period(key, rules) for keys in due.values() for key in keys]
    return Interval(min((p.start for p in periods), default=0), max((p.end for p in periods), default=0))


def _places_in(contribution: Contribution, span: Interval) -> bool:
    """Whether a contribution may have a part in a period of the span."""
    for at in instants_of(contribution):  # noqa: SIM110 - asked for every contribution of every lead: a generator takes twice as long
        if span.start <= at < span.end:
            return True
    return False


def next_after(now: Instant, rules: RuleBook) -> Instant | None:
    """The first instant after `now` at which something is to be published."""
    ends = (
        term.agreement.publication_of(period.end)
        for term in rules.terms
        for period, _ in windows_of(term, term.agreement.ended_by(now))
    )
    return min(ends, default=None)


def _ended(term: Term, now: Instant) -> Iterator[tuple[Period, WindowKey]]:
    """The windows of the last period of each interval whose grace is over at `now`."""
    for period, _ in windows_of(term, term.agreement.ended_by(now)):
        yield from ((last, key) for last, key in windows_of(term, period.start - 1) if last.interval == period.interval)


def _period(key: WindowKey, rules: RuleBook) -> Period:
    return period_from(key.interval, key.first, rules.zone_of(key.agreement))


def published_never_before(key: WindowKey, rules: RuleBook) -> Instant:
    """When a window is published by the shortest grace of any version: it may have been by that of a former one."""
    end = _period(key, rules).end
    return min(version.agreement.publication_of(end) for version in rules.versions[key.agreement])
