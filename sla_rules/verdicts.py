"""Every verdict on one lead: a pure function of its facts, the agreements in force, and now."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sla_rules import figures
from sla_rules.cycles import Cycle, lives
from sla_rules.facts import DealClosed
from sla_rules.figures import Counting, Tally, settled
from sla_rules.instants import EARLIEST, LATEST, Duration, Instant, moment
from sla_rules.obligations import deals, deliverable, depth, speed, volume
from sla_rules.obligations.assessment import Assessment, Case
from sla_rules.obligations.shares import (
    DealShare,
    DepthShare,
    DueShare,
    Share,
    SpeedShare,
    SumAt,
    UnagreedShare,
    UnreadyShare,
    VolumeShare,
)
from sla_rules.rulebook import RuleBook, Version, matches
from sla_rules.terms import Deliverable, Depth, Speed


def assess(rules: RuleBook, lead: str, facts: Sequence[Any], now: Instant) -> list[Assessment]:
    """What every obligation says of every cycle of a lead. Speed and depth judge cycles; volume counts a lead once.

    Raises:
        ValueError: a fact lies outside the years that calendars can reckon with; none does that was held to them.

    """
    if facts and (facts[0].time < EARLIEST or facts[-1].time > LATEST):
        message = f"a fact lies outside the years {moment(EARLIEST).year} to {moment(LATEST).year - 1}"
        raise ValueError(message)
    terms = rules.deliverables.get(lead)
    if terms is not None:
        return list(_deliverable(rules, terms, lead, facts, now))
    found: list[Assessment] = []
    for told in lives(facts):
        if rules.judges_creation and told.creation is not None:
            found += _creation(rules, lead, told.creation, now)
        delivered: set[tuple[str, str]] = set()
        for cycle in told.cycles:
            applying = rules.applying(cycle.fields, cycle.start, cycle.subject)
            for version, segment in applying:
                found += _cycle(version, segment, lead, cycle, now, delivered, rules.historic_after)
            if not applying:
                found.append(Assessment(UnagreedShare(cycle.start)))
    if rules.counts_deals and DealClosed in map(type, facts):
        found += _deals(rules, facts, [assessment.share for assessment in found])
    return found


def _deals(rules: RuleBook, facts: Sequence[Any], shares: Sequence[Share]) -> Iterator[Assessment]:
    """What the deals of a lead come to; time alone changes nothing of it."""
    delivered = {rules.terms[share.term].name: share for share in shares if isinstance(share, VolumeShare)}
    return (Assessment(share) for _, share in deals.shares_of(rules, facts, delivered))


def _cycle(
    version: Version,
    segment: str,
    lead: str,
    cycle: Cycle,
    now: Instant,
    delivered: set[tuple[str, str]],
    historic_after: Duration,
) -> Iterator[Assessment]:
    ready = matches(version.agreement.minimum_quality, cycle.fields)
    for term in version.of_hand_offs.get(segment, ()):
        case = Case(term, segment, lead, cycle, historic_after)
        terms = term.obligation
        if not ready:
            yield volume.unready(case)
        elif isinstance(terms, Speed):
            yield speed.assess(case, terms, now)
        elif isinstance(terms, Depth):
            yield depth.assess(case, terms, now)
        elif term.name not in delivered:
            delivered.add(term.name)
            yield volume.assess(case)


def _creation(rules: RuleBook, lead: str, cycle: Cycle, now: Instant) -> Iterator[Assessment]:
    """The lead's own clock, under the version in force when it came into being."""
    for version, segment in rules.applying(cycle.fields, cycle.start, cycle.subject):
        for term in version.of_creations.get(segment, ()):
            terms = term.obligation
            if isinstance(terms, Speed):
                yield speed.assess(Case(term, segment, lead, cycle, rules.historic_after), terms, now)


def _deliverable(
    rules: RuleBook, terms: Sequence[Any], key: str, facts: Sequence[Any], now: Instant
) -> Iterator[Assessment]:
    for previous, term in zip((None, *terms), terms, strict=False):
        obligation = term.obligation
        if isinstance(obligation, Deliverable):
            yield from deliverable.assess(term, obligation, key, facts, now, rules.historic_after, previous)


def count(share: Share, rules: RuleBook, by: int, sum_at: SumAt) -> None:
    """Count what a share adds to figures `by` times, each part at the instant whose periods it belongs to."""
    if not isinstance(share, UnagreedShare):
        _COUNTS[type(share)](share, rules.terms[share.term].obligation, by, sum_at)


def tallies_of(share: Share, rules: RuleBook) -> list[tuple[Instant, Tally]]:
    """What a share adds to figures, each part with the instant whose periods it belongs to."""
    found: defaultdict[Instant, Counting] = defaultdict(lambda: defaultdict(int))
    count(share, rules, 1, lambda _, at: found[at])
    return [(at, settled(counting)) for at, counting in found.items()]


def _count_deal(share: DealShare, _: object, by: int, sum_at: SumAt) -> None:
    for at, tally in deals.tallies(share):
        figures.count(sum_at(share, at), tally, by)


_COUNTS: Final[Mapping[type[Any], Callable[[Any, Any, int, SumAt], None]]] = {
    SpeedShare: speed.count,
    DepthShare: lambda share, _, by, sum_at: depth.count(share, by, sum_at),
    VolumeShare: lambda share, _, by, sum_at: figures.count(sum_at(share, share.start), volume.tally(share), by),
    UnreadyShare: lambda share, _, by, sum_at: figures.count(sum_at(share, share.start), {"unready": 1}, by),
    DealShare: _count_deal,
    DueShare: lambda share, terms, by, sum_at: figures.count(
        sum_at(share, share.start), deliverable.tally(share, terms), by
    ),
}
"""Speed and depth count as they go: every event of a lead moves them."""
