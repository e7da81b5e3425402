"""Every verdict on one lead: a pure function of its facts, the agreements in force, and now."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sla_rules.agreement.conditions import matches
from sla_rules.agreement.obligations import Judges
from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.evaluation import deals
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import (
    Contribution,
    SumAt,
    UncoveredContribution,
    UnreadyContribution,
    VolumeContribution,
)
from sla_rules.evaluation.cycle_by_terms import by_terms
from sla_rules.evaluation.deals import Deal
from sla_rules.evaluation.kinds import KINDS, kind_of
from sla_rules.evaluation.messages import by_message
from sla_rules.evaluation.reopened import Reopenings
from sla_rules.evaluation.stays import Stay, deciding, stays_of
from sla_rules.evaluation.tallies import Counting, Tally, without_zeros
from sla_rules.instants import EARLIEST, LATEST, Duration, Instant, moment
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.cycles import Life, lives
from sla_rules.lead.facts import DealClosed, Fact
from sla_rules.names import ALL_SEGMENTS
from sla_rules.time.intervals import BEGINNING

Verdict = tuple[Cycle, CycleEvaluation | None, Assessment | None]
"""A cycle, under which term it was judged, and what came out: no term where no agreement applies to it, nothing where the
lead was delivered at an earlier hand-off, or where the cycle continues one before. A plain tuple: one is made for each term of each cycle."""


def assess(rules: RuleBook, lead: str, facts: Sequence[Fact], now: Instant) -> list[Assessment]:
    """What every obligation says of every cycle of a lead, and of its deals.

    Raises:
        ValueError: a fact lies outside the years that calendars can reckon with; none does that was held to them.

    """
    if facts and (facts[0].time < EARLIEST or facts[-1].time > LATEST):
        message = f"a fact lies outside the years {moment(EARLIEST).year} to {moment(LATEST).year - 1}"
        raise ValueError(message)
    terms = rules.deliverables.get(lead)
    if terms is not None:
        return list(_on_dates(rules, terms, lead, facts, now))
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
    """What obligations of leads say of every cycle of a life, each under every term that judges it."""
    lost = deals.lost(life.deals) if life.deals else ()
    if rules.judges_creation and life.creation is not None:
        yield from _creation(rules, lead, life.creation, now, lost)
    judged: set[tuple[str, str]] = set()
    reopenings = Reopenings(life) if rules.cuts_cycles else None
    for cycle in life.cycles:
        if reopenings is not None:
            yield from _cut(rules, lead, cycle, now, lost, reopenings)
        if cycle.changes:
            yield from _changing(rules, lead, cycle, now, judged, lost, reopenings)
            continue
        applying = rules.applying(cycle.fields, cycle.start, cycle.subject)
        for version, segment in applying:
            terms = version.of_hand_offs.get(segment, ())
            yield from _cycle(version, segment, terms, lead, cycle, now, judged, lost, rules.historic_after, reopenings)
        if not applying and (reopenings is None or not reopenings.continues_any(cycle)):
            yield cycle, None, Assessment(UncoveredContribution(cycle.start))
    if rules.judging_watches:
        yield from _watched(rules, lead, life, now)


def _changing(
    rules: RuleBook,
    lead: str,
    cycle: Cycle,
    now: Instant,
    judged: set[tuple[str, str]],
    lost: Sequence[Deal],
    reopenings: Reopenings | None,
) -> Iterator[Verdict]:
    """The same of a cycle in which fields of its lead changed. What the hand-off was like says whether it was ready, and counts for volume."""
    stays = stays_of(rules, cycle)
    for version, of_version in stays.items():
        first = of_version[0]
        ready = matches(version.minimum_quality, cycle.fields)
        terms = [
            term
            for term in version.of_hand_offs.get(first.segment, ())
            if (not ready if term.obligation.follows_fields else first.since == BEGINNING)
        ]
        yield from _cycle(
            version, first.segment, terms, lead, cycle, now, judged, lost, rules.historic_after, reopenings
        )
        if ready:
            yield from _following(rules, version.terms, "hand_offs", of_version, lead, cycle, now, lost, reopenings)
    if not stays and (reopenings is None or not reopenings.continues_any(cycle)):
        yield cycle, None, Assessment(UncoveredContribution(cycle.start))


def _following(
    rules: RuleBook,
    terms: Sequence[Term],
    judges: Judges,
    stays: Sequence[Stay],
    lead: str,
    cycle: Cycle,
    now: Instant,
    lost: Sequence[Deal],
    reopenings: Reopenings | None = None,
) -> Iterator[Verdict]:
    """What obligations that follow fields say of a cycle, each in the stay that decides."""
    for term in terms:
        obligation = term.obligation
        if obligation.judges == judges and obligation.follows_fields and not obligation.continues_when_reopened:
            seen = by_terms(cycle, obligation, lost)
            evaluation = deciding(term, stays, lead, seen, rules.historic_after)
            if evaluation is not None and reopenings is not None and reopenings.has_continued(term, cycle):
                yield cycle, evaluation, None
            elif evaluation is not None:
                yield cycle, evaluation, kind_of(obligation).assess(evaluation, obligation, now)


def _cut(
    rules: RuleBook, lead: str, cycle: Cycle, now: Instant, lost: Sequence[Deal], reopenings: Reopenings
) -> Iterator[Verdict]:
    """What obligations say that cut time otherwise than cycles: of each message, or of all cycles that reopenings continue."""
    for ran, continues in ((cycle, False), (reopenings.run(cycle), True)):
        for version, stays in stays_of(rules, ran).items():
            is_ready = matches(version.minimum_quality, cycle.fields)
            for term in version.cutting:
                of_term = [stay for stay in stays if stay.segment in term.segments]
                if not term.obligation.follows_fields:
                    of_term = [stay for stay in of_term if stay.since == BEGINNING]
                if not of_term or term.obligation.continues_when_reopened != continues:
                    continue
                evaluation = CycleEvaluation(term, of_term[0].segment, lead, cycle, rules.historic_after)
                if reopenings.has_continued(term, cycle):
                    yield cycle, evaluation, None
                elif is_ready:
                    yield from _parts(evaluation, of_term, now, lost, reopenings)
                elif of_term[0].since == BEGINNING:
                    yield (
                        cycle,
                        evaluation,
                        Assessment(UnreadyContribution(term.index, evaluation.segment, cycle.start)),
                    )


def _parts(
    of_cycle: CycleEvaluation, stays: Sequence[Stay], now: Instant, lost: Sequence[Deal], reopenings: Reopenings
) -> Iterator[Verdict]:
    """Of each part of a cycle that a promise is about, or of the whole that the cycle is the first part of."""
    term, _, lead, cycle, historic_after = of_cycle
    terms = term.obligation
    whole, connections = reopenings.whole(term, cycle, lost)
    answered_by = terms.attempts_counted if terms.judges == "messages" else None
    if answered_by is not None:
        reopenings.note(term, cycle, is_promised=False)
    for part in (whole,) if answered_by is None else by_message(whole, answered_by, connections):
        evaluation: CycleEvaluation | None = of_cycle._replace(cycle=part)
        if terms.follows_fields and whole.changes:
            evaluation = deciding(term, stays, lead, part, historic_after)
        if evaluation is not None:
            if answered_by is None:
                reopenings.note(term, cycle, is_promised=True)
            yield cycle, evaluation, KINDS[terms.kind].assess(evaluation, terms, now)


def _deals(rules: RuleBook, facts: Sequence[Fact], contributions: Sequence[Contribution]) -> Iterator[Assessment]:
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
    terms_of_segment: Sequence[Term],
    lead: str,
    cycle: Cycle,
    now: Instant,
    judged: set[tuple[str, str]],
    lost: Sequence[Deal],
    historic_after: Duration,
    reopenings: Reopenings | None = None,
) -> Iterator[Verdict]:
    ready = matches(version.minimum_quality, cycle.fields)
    is_seen_alike = not (lost or cycle.just_before)
    for term in terms_of_segment:
        terms = term.obligation
        seen = cycle if is_seen_alike else by_terms(cycle, terms, lost)
        evaluation = CycleEvaluation(term, segment, lead, seen, historic_after)
        if reopenings is not None and reopenings.has_continued(term, cycle):
            yield cycle, evaluation, None
            continue
        if not ready:
            yield cycle, evaluation, Assessment(UnreadyContribution(term.index, segment, cycle.start))
            continue
        kind = KINDS[terms.kind]
        if kind.once:
            if term.name in judged:
                yield cycle, evaluation, None
                continue
            judged.add(term.name)
        yield cycle, evaluation, kind.assess(evaluation, terms, now)


def _creation(rules: RuleBook, lead: str, cycle: Cycle, now: Instant, lost: Sequence[Deal]) -> Iterator[Verdict]:
    """The lead's own clock, under the version in force when it came into being."""
    changing = bool(cycle.changes)
    for version, stays in stays_of(rules, cycle).items() if changing else ():
        yield from _following(rules, version.terms, "creations", stays, lead, cycle, now, lost)
    for version, segment in rules.applying(cycle.fields, cycle.start, cycle.subject):
        for term in version.of_creations.get(segment, ()):
            if changing and term.obligation.follows_fields:
                continue
            seen = by_terms(cycle, term.obligation, lost)
            evaluation = CycleEvaluation(term, segment, lead, seen, rules.historic_after)
            yield cycle, evaluation, kind_of(term.obligation).assess(evaluation, term.obligation, now)


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
    if isinstance(contribution, UncoveredContribution):
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
