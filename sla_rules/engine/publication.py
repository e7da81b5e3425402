"""When a period's figures are published, and from what: at its end plus the grace of its agreement, empty ones too.

All leads are looked at, a few at a time, so that a long list of them holds up no event and no deadline; facts that
arrive between are too late for what is being published, and left out by their arrival.

A lead may have had a part in other windows by what was known then than by what is known now: a hand-off that a late one before
it made a part of its own cycle. So leads that learned something late are asked wherever they may have had one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.engine.codec import SET_ASIDE, LeadState, decode
from sla_rules.engine.expiry import horizon_at
from sla_rules.engine.publications import Publications, publication_by
from sla_rules.engine.quarantine import NEVER_CAUGHT, last_line
from sla_rules.engine.walk import one_by_one
from sla_rules.evaluation.contributions import Contribution
from sla_rules.evaluation.deadlines import deadline_of, goes_on, grows, instants_of
from sla_rules.evaluation.tallies import Tally, add
from sla_rules.figures.windows import (
    Publication,
    WindowKey,
    Windows,
    intervals_of,
    parts_of,
    period_of_window,
    published_part,
    windows_of,
)
from sla_rules.instants import Instant
from sla_rules.time.intervals import BEGINNING, FOREVER, Interval
from sla_rules.time.periods import Period

DuePublications = dict[Publication, set[WindowKey]]


_ANEW: Final = 10
"""To judge a lead as of a period's end takes as long as so many looks; to count a contribution, as long as one."""
_PLACES: Final = 5
"""To see where a lead may have a part in figures, likewise."""


class Publishing:
    """The figures of the periods to publish at `now`; `sums` hold once every lead has had its say.

    What was to be published up to `decided` is. Windows of history that are `behind` are published again.
    """

    def __init__(
        self,
        now: Instant,
        windows: Windows,
        rules: RuleBook,
        leads: Iterable[bytes],
        decided: Instant,
        behind: Collection[WindowKey] = (),
    ) -> None:
        self._due = due_by(now, windows, rules, decided, behind)
        self._publication_of = {key: publication for publication, keys in self._due.items() for key in keys}
        self.sums: dict[WindowKey, Tally] = {key: {} for key in self._publication_of}
        self._rules = rules
        self._span = _span_of(self._due, rules)
        self._left = one_by_one(leads if self._due else ())
        self._publications = Publications(rules, now)
        self._settled = min(
            min((publication.end for publication in self._due if publication.is_history), default=FOREVER),
            decided - max(versions[-1].agreement.grace for versions in rules.versions.values()),
        )
        """What leads learned by then had come in time for all that is to be published."""
        self._failed: dict[bytes, str] = {}

    @property
    def history(self) -> set[WindowKey]:
        """The windows that go on following the facts."""
        return {key for publication, keys in self._due.items() if publication.is_history for key in keys}

    def take_failed(self) -> Mapping[bytes, str]:
        """Leads that could not be judged as of a period's end, and why; each is said once."""
        found, self._failed = self._failed, {}
        return found

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
        placed = any(_places_in(contribution, self._span) for contribution in state.contributions)
        grown = state.as_of < self._span.end and any(map(grows, state.contributions))
        learned = max(state.last_time, state.last_arrival) > self._settled or state.digest in SET_ASIDE
        if not (placed or learned or grown):
            return 1
        facts = state.facts if learned else ()
        name = lead.decode()
        anew = {publication for publication in self._due if state.as_of < publication.end} if grown else set()
        if facts and (state.revised or facts[0].time < self._span.end or name in self._rules.deliverables):
            places = self._publications.of(name, facts) & self._due.keys()
            anew |= {publication for publication in places if _knows_more_than(state, publication)}
        if placed:
            self._add(lead, self._standing(state, anew))
        for publication in anew:
            known = facts or state.facts
            self._add(lead, published_part(self._rules, name, known, publication, self._due[publication]))
        return 1 + _PLACES * learned + len(state.contributions) * placed + _ANEW * len(anew)

    def _standing(self, state: LeadState, anew: set[Publication]) -> Iterator[tuple[WindowKey, Tally]]:
        """What a lead has by the verdicts as they are kept; publications that it has to be judged anew for join `anew`."""
        standing: set[Publication] = set()
        for contribution in state.contributions:
            for key, tally in parts_of(contribution, self._rules):
                publication = self._publication_of.get(key)
                if publication is None or publication in anew:
                    continue
                if publication not in standing:
                    if not _stands(state, publication):
                        anew.add(publication)
                        continue
                    standing.add(publication)
                yield key, tally

    def _add(self, lead: bytes, parts: Iterable[tuple[WindowKey, Tally]]) -> None:
        for key, tally in self._all_or_none(lead, parts):
            add(self.sums[key], tally)

    def _all_or_none(self, lead: bytes, parts: Iterable[tuple[WindowKey, Tally]]) -> Iterable[tuple[WindowKey, Tally]]:
        """A lead's parts in one publication, none where they cannot be worked out by what was known then."""
        try:
            return list(parts)
        except NEVER_CAUGHT:
            raise
        except Exception as error:  # noqa: BLE001 - the lead is left out, and it is said what was raised
            self._failed[lead] = last_line(error)
            return ()


def _knows_more_than(state: LeadState, publication: Publication) -> bool:
    """Whether a lead's figures as they are kept may rest on other facts than those of a publication, or there are none."""
    return state.last_time > publication.end or state.last_arrival > publication.cutoff or state.digest in SET_ASIDE


def _stands(state: LeadState, publication: Publication) -> bool:
    """Whether the verdicts as they are kept are those of the publication: nothing came since, and no deadline passed."""
    if _knows_more_than(state, publication):
        return False
    first, last = min(state.as_of, publication.end), max(state.as_of, publication.end)
    if any(map(grows if state.as_of < publication.end else goes_on, state.contributions)) and first < last:
        return False
    return not any(first <= at < last for at in map(deadline_of, state.contributions) if at is not None)


def due_by(
    now: Instant, windows: Windows, rules: RuleBook, decided: Instant = BEGINNING, behind: Collection[WindowKey] = ()
) -> DuePublications:
    """The windows to publish at `now`: those with figures, and of every term all that ended since `decided`."""
    due: DuePublications = {}

    def is_wanted(key: WindowKey) -> bool:
        return key not in windows.published or (key in behind and key not in windows.frozen)

    known = ((period_of_window(key, rules), key) for key in windows.tallies if is_wanted(key))
    ended = (found for term in rules.terms for found in _ended(term, now, rules, decided) if is_wanted(found[1]))
    for period, key in chain(known, ended):
        publication = publication_by(now, rules, key.agreement, period.end)
        if publication is not None:
            due.setdefault(publication, set()).add(key)
    return due


def _span_of(due: DuePublications, rules: RuleBook) -> Interval:
    """From the first start to the last end of the periods to publish."""
    periods = [period_of_window(key, rules) for keys in due.values() for key in keys]
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


def _ended(term: Term, now: Instant, rules: RuleBook, decided: Instant) -> Iterator[tuple[Period, WindowKey]]:
    """The windows of a term in force whose grace ended after `decided` and by `now`, as far back as facts are taken in."""
    latest = rules.versions[term.name[0]][-1].agreement
    horizon = BEGINNING if rules.keep is None else horizon_at(now, rules.keep)
    ended, since = latest.ended_by(now), max(term.since, latest.ended_by(decided), horizon)
    for interval in intervals_of(term):
        period = term.period(interval, min(ended, term.until - 1))
        while period.end > since:
            if period.end <= ended:
                for segment in term.segments:
                    yield period, WindowKey(*term.name, segment, interval, period.first)
            period = term.period(interval, period.start - 1)


def published_never_before(key: WindowKey, rules: RuleBook) -> Instant:
    """When a window is published by the shortest grace of any version: it may have been by that of a former one."""
    end = period_of_window(key, rules).end
    return min(version.agreement.publication_of(end) for version in rules.versions[key.agreement])
