"""Every verdict on one lead: a pure function of its facts, the agreements in force, and now."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from sla_rules.agreement.conditions import matches
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation import deals
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import (
    UNFIGURED,
    Contribution,
    SumAt,
    UnreadyContribution,
    VolumeContribution,
)
from sla_rules.evaluation.cycle_verdicts import CycleJudge, Verdict
from sla_rules.evaluation.kinds import KINDS, kind_of
from sla_rules.evaluation.remedies import confirmed_remedies
from sla_rules.evaluation.tallies import Counting, Tally, without_zeros
from sla_rules.instants import EARLIEST, LATEST, Instant, moment
from sla_rules.lead.cycles import Life, lives
from sla_rules.lead.facts import DealClosed, Fact
from sla_rules.names import ALL_SEGMENTS


def assess(rules: RuleBook, lead: str, facts: Sequence[Fact], now: Instant) -> list[Assessment]:
    """What every obligation says of every cycle of a lead, and of its deals; under the key of an obligation, of its remedies too.

    Raises:
        ValueError: a fact lies outside the years that calendars can reckon with; none does that was held to them.

    """
    if facts and (facts[0].time < EARLIEST or facts[-1].time > LATEST):
        message = f"a fact lies outside the years {moment(EARLIEST).year} to {moment(LATEST).year - 1}"
        raise ValueError(message)
    dated = rules.deliverables.get(lead)
    found = list(_on_dates(rules, dated, lead, facts, now)) if dated is not None else _of_lead(rules, lead, facts, now)
    if lead in rules.obligations:
        found += map(Assessment, confirmed_remedies(rules, lead, facts))
    return found


def _of_lead(rules: RuleBook, lead: str, facts: Sequence[Fact], now: Instant) -> list[Assessment]:
    """What is said of cycles, of what is watched, and of deals."""
    found = [
        assessment
        for life in lives(facts)
        for _, _, assessment in verdicts_of(rules, lead, life, now)
        if assessment is not None
    ]
    if rules.counts_deals and DealClosed in map(type, facts):
        found += _deals(rules, facts, [assessment.contribution for assessment in found])
    return found


def verdicts_of(rules: RuleBook, lead: str, life: Life, now: Instant) -> Iterator[Verdict]:
    """What obligations of leads say of a life: of its cycles, and of what is watched in it."""
    found = CycleJudge(rules, lead, life, now).verdicts()
    return chain(found, _watched(rules, lead, life, now)) if rules.judging_watches else found


def _deals(rules: RuleBook, facts: Sequence[Fact], contributions: Sequence[Contribution]) -> Iterator[Assessment]:
    """What the deals of a lead come to; time alone changes nothing of it."""
    delivered = {
        rules.terms[contribution.term].name: contribution
        for contribution in contributions
        if isinstance(contribution, VolumeContribution)
    }
    return (Assessment(contribution) for _, contribution in deals.contributions_of(rules, facts, delivered))


def _watched(rules: RuleBook, lead: str, life: Life, now: Instant) -> Iterator[Verdict]:
    """What is said of a service or a customer for as long as it is watched, under each version in its time."""
    now = max(now, EARLIEST)  # before any time has come there is no day yet
    for kind in rules.watching:
        watching = KINDS[kind].watched
        if watching is None:
            message = f"obligations of {kind} judge watches, and their kind knows of none"
            raise TypeError(message)
        for watch, whole in watching.watches(life):
            for version, segment, span in rules.over(watch.fields, whole, life.subject):
                ready = matches(version.minimum_quality, watch.fields)
                for term in version.of_watches.get(segment, ()):
                    if term.obligation.kind != kind:
                        continue
                    evaluation = CycleEvaluation(term, segment, lead, watch, rules.historic_after)
                    if not ready:
                        yield watch, evaluation, Assessment(UnreadyContribution(term.index, segment, span.start))
                        continue
                    for about, assessment in watching.judge(evaluation, term.obligation, life, span, now):
                        yield about.cycle, about, assessment


def _on_dates(
    rules: RuleBook, terms: Sequence[Term], key: str, facts: Sequence[Fact], now: Instant
) -> Iterator[Assessment]:
    """What was due on dates, under each version in its time."""
    for previous, term in zip((None, *terms), terms, strict=False):
        obligation = term.obligation
        kind = kind_of(obligation)
        if kind.dates is None:
            message = f"obligations of {obligation.kind} judge {obligation.judges}, and their kind knows of none"
            raise TypeError(message)
        for cycle in kind.dates.cycles(term, obligation, facts, now, previous):
            evaluation = CycleEvaluation(term, ALL_SEGMENTS, key, cycle, rules.historic_after)
            yield kind.assess(evaluation, obligation, now)


def count(contribution: Contribution, rules: RuleBook, by: int, sum_at: SumAt) -> None:
    """Count what a contribution adds to figures `by` times, each part at the instant whose periods it belongs to."""
    if isinstance(contribution, UNFIGURED):
        return
    if type(contribution) is UnreadyContribution:
        sum_at(contribution, contribution.start)["unready"] += by
        return
    terms = rules.terms[contribution.term].obligation
    KINDS[terms.kind].count(contribution, terms, by, sum_at)


def tallies_of(contribution: Contribution, rules: RuleBook) -> list[tuple[Instant, Tally]]:
    """What a contribution adds to figures, each part with the instant whose periods it belongs to."""
    found: defaultdict[Instant, Counting] = defaultdict(lambda: defaultdict(int))
    count(contribution, rules, 1, lambda _, at: found[at])
    return [(at, without_zeros(counting)) for at, counting in found.items()]
