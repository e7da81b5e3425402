"""Every verdict on one lead: a pure function of its facts, the agreements in force, and now."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sla_rules.agreement.obligations import Deliverable, Depth, Speed
from sla_rules.agreement.rulebook import RuleBook, Version, matches
from sla_rules.evaluation import deals, deliverable, depth, speed, tallies, volume
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import (
    Contribution,
    DealContribution,
    DeliverableContribution,
    DepthContribution,
    SpeedContribution,
    SumAt,
    UncoveredContribution,
    UnreadyContribution,
    VolumeContribution,
)
from sla_rules.evaluation.tallies import Counting, Tally, without_zeros
from sla_rules.instants import EARLIEST, LATEST, Duration, Instant, moment
from sla_rules.lead.cycles import Cycle, Life, lives
from sla_rules.lead.facts import DealClosed

Verdict = tuple[Cycle, CycleEvaluation | None, Assessment | None]
"""A cycle, under which term it was judged, and what came out: no term where no agreement applies to it, nothing where the
lead was delivered at an earlier hand-off. A plain tuple: one is made for each term of each cycle."""


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
    found = [
        assessment
        for told in lives(facts)
        for _, _, assessment in verdicts_of(rules, lead, told, now)
        if assessment is not None
    ]
    if rules.counts_deals and DealClosed in map(type, facts):
        found += _deals(rules, facts, [assessment.contribution for assessment in found])
    return found


def verdicts_of(rules: RuleBook, lead: str, life: Life, now: Instant) -> Iterator[Verdict]:
    """What speed, depth and volume say of every cycle of a life, each under every term that judges it."""
    if rules.judges_creation and life.creation is not None:
        yield from _creation(rules, lead, life.creation, now)
    delivered: set[tuple[str, str]] = set()
    for cycle in life.cycles:
        applying = rules.applying(cycle.fields, cycle.start, cycle.subject)
        for version, segment in applying:
            yield from _cycle(version, segment, lead, cycle, now, delivered, rules.historic_after)
        if not applying:
            yield cycle, None, Assessment(UncoveredContribution(cycle.start))


def _deals(rules: RuleBook, facts: Sequence[Any], contributions: Sequence[Contribution]) -> Iterator[Assessment]:
    """What the deals of a lead come to; time alone changes nothing of it."""
    delivered = {
        rules.terms[contribution.term].name: contribution
        for contribution in contributions
        if isinstance(contribution, VolumeContribution)
    }
    return (Assessment(contribution) for _, contribution in deals.contributions_of(rules, facts, delivered))


def _cycle(
    version: Version,
    segment: str,
    lead: str,
    cycle: Cycle,
    now: Instant,
    delivered: set[tuple[str, str]],
    historic_after: Duration,
) -> Iterator[Verdict]:
    ready = matches(version.agreement.minimum_quality, cycle.fields)
    for term in version.of_hand_offs.get(segment, ()):
        evaluation = CycleEvaluation(term, segment, lead, cycle, historic_after)
        terms = term.obligation
        if not ready:
            yield cycle, evaluation, volume.unready(evaluation)
        elif isinstance(terms, Speed):
            yield cycle, evaluation, speed.assess(evaluation, terms, now)
        elif isinstance(terms, Depth):
            yield cycle, evaluation, depth.assess(evaluation, terms, now)
        elif term.name in delivered:
            yield cycle, evaluation, None
        else:
            delivered.add(term.name)
            yield cycle, evaluation, volume.assess(evaluation)


def _creation(rules: RuleBook, lead: str, cycle: Cycle, now: Instant) -> Iterator[Verdict]:
    """The lead's own clock, under the version in force when it came into being."""
    for version, segment in rules.applying(cycle.fields, cycle.start, cycle.subject):
        for term in version.of_creations.get(segment, ()):
            terms = term.obligation
            if isinstance(terms, Speed):
                evaluation = CycleEvaluation(term, segment, lead, cycle, rules.historic_after)
                yield cycle, evaluation, speed.assess(evaluation, terms, now)


def _deliverable(
    rules: RuleBook, terms: Sequence[Any], key: str, facts: Sequence[Any], now: Instant
) -> Iterator[Assessment]:
    for previous, term in zip((None, *terms), terms, strict=False):
        obligation = term.obligation
        if isinstance(obligation, Deliverable):
            yield from deliverable.assess(term, obligation, key, facts, now, rules.historic_after, previous)


def count(contribution: Contribution, rules: RuleBook, by: int, sum_at: SumAt) -> None:
    """Count what a share adds to figures `by` times, each part at the instant whose periods it belongs to."""
    if not isinstance(contribution, UncoveredContribution):
        _COUNTS[type(contribution)](contribution, rules.terms[contribution.term].obligation, by, sum_at)


def tallies_of(contribution: Contribution, rules: RuleBook) -> list[tuple[Instant, Tally]]:
    """What a share adds to figures, each part with the instant whose periods it belongs to."""
    found: defaultdict[Instant, Counting] = defaultdict(lambda: defaultdict(int))
    count(contribution, rules, 1, lambda _, at: found[at])
    return [(at, without_zeros(counting)) for at, counting in found.items()]


def _count_deal(contribution: DealContribution, _: object, by: int, sum_at: SumAt) -> None:
    for at, tally in deals.tallies(contribution):
        tallies.count(sum_at(contribution, at), tally, by)


_COUNTS: Final[Mapping[type[Any], Callable[[Any, Any, int, SumAt], None]]] = {
    SpeedContribution: speed.count,
    DepthContribution: lambda contribution, _, by, sum_at: depth.count(contribution, by, sum_at),
    VolumeContribution: lambda contribution, _, by, sum_at: tallies.count(
        sum_at(contribution, contribution.start), volume.tally(contribution), by
    ),
    UnreadyContribution: lambda contribution, _, by, sum_at: tallies.count(
        sum_at(contribution, contribution.start), {"unready": 1}, by
    ),
    DealContribution: _count_deal,
    DeliverableContribution: lambda contribution, terms, by, sum_at: tallies.count(
        sum_at(contribution, contribution.start), deliverable.tally(contribution, terms), by
    ),
}
"""Speed and depth count as they go: every event of a lead moves them."""
