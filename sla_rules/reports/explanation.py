"""Why this deadline and this verdict: each number of one lead with the events, hours and terms that it comes from.

Nothing is judged here: what is explained are the verdicts that were given (`sla_rules.evaluation.verdicts`).
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sla_rules.agreement.conditions import matches
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.judging import failure_of
from sla_rules.evaluation.assessment import CycleEvaluation
from sla_rules.evaluation.contributions import Contribution
from sla_rules.evaluation.cycle_verdicts import Verdict
from sla_rules.evaluation.remedies import confirmed_remedies
from sla_rules.evaluation.stays import Stay, stays_of
from sla_rules.evaluation.verdicts import assess, verdicts_of
from sla_rules.events.vocabulary import LEAD
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.cycles import lives
from sla_rules.lead.erasure import is_mark
from sla_rules.lead.facts import Attempted, Corrected, Fact, Merged
from sla_rules.lead.history import corrected, history
from sla_rules.reports.conditions import unmet
from sla_rules.reports.deal_explanation import explained_deals
from sla_rules.reports.explained import Explanation, NotApplying, RemedyExplained, UncoveredCycle
from sla_rules.reports.explained_events import MergedInto, SeenEvent, StrayAttempt
from sla_rules.reports.explained_head import Started
from sla_rules.reports.explained_verdicts import Verdict as ExplainedVerdict
from sla_rules.reports.nearest_deadline import nearest_deadline
from sla_rules.reports.particulars import event_of, name_of
from sla_rules.reports.reasons import (
    AfterLostDeal,
    BeforeFirstHandOff,
    BetweenCycles,
    CorrectedLater,
    Corrects,
    EventReason,
    InQuarantine,
    MergedAway,
    NeverHandedOff,
    NotApplyingReason,
    NotYetInForce,
    OfUnmergedLead,
    OtherLeads,
    OtherSubject,
    StrayReason,
    Uncovered,
)
from sla_rules.reports.verdict_explanation import explained_delivery, explained_verdict, explained_watched
from sla_rules.time.period_names import period_name


def explain(rules: RuleBook, lead: str, facts: Sequence[Fact], until: Instant) -> Explanation:
    """All verdicts on a lead as of `until`, from all facts that it holds, those that mergers brought it among them.

    Of a lead that cannot be judged, why, and what is known of it.
    """
    failure = failure_of(rules, lead, tuple(facts), until)
    received = [fact for fact in facts if not is_mark(fact)]
    if failure is not None:
        seen = (SeenEvent(event=event_of(fact), counts=False, why_not=InQuarantine()) for fact in received)
        return Explanation(lead=lead, until=until, events=tuple(seen), quarantined=failure)
    return _explained(rules, lead, received, until)


def _explained(rules: RuleBook, lead: str, facts: Sequence[Fact], until: Instant) -> Explanation:
    counted = history(lead, facts)
    merger = _merger(lead, facts, counted)
    into = None if merger is None else MergedInto(merger.into, name_of(merger))
    events = tuple(_seen(facts, counted, is_merged=merger is not None))
    if lead in rules.deliverables:
        judged_dates = (one for one in assess(rules, lead, counted, until) if one.evaluation is not None)
        deliveries = tuple(map(explained_delivery, judged_dates))
        return Explanation(
            lead=lead,
            until=until,
            merged_into=into,
            nearest_deadline=nearest_deadline(deliveries, until),
            events=events,
            verdicts=deliveries,
            remedies=tuple(_remedies(rules, lead, counted)),
        )
    told = lives(counted)
    cycles = [cycle for one in told for cycle in one.cycles]
    judged = [verdict for one in told for verdict in verdicts_of(rules, lead, one, until)]
    contributions: list[Contribution] = [one.contribution for _, _, one in judged if one is not None]
    verdicts = tuple(_verdicts(rules, judged, counted, until))
    return Explanation(
        lead=lead,
        until=until,
        merged_into=into,
        nearest_deadline=nearest_deadline(verdicts, until),
        events=events,
        verdicts=verdicts,
        attempts_in_no_cycle=tuple(_strays(counted, cycles, judged)),
        deals=tuple(explained_deals(rules, counted, contributions)),
        remedies=tuple(_remedies(rules, lead, counted)),
        uncovered=tuple(
            UncoveredCycle(cycle.number, Started(cycle.start, name_of(cycle.marks[0])), Uncovered())
            for cycle, evaluation, _ in judged
            if evaluation is None
        ),
        not_applying=tuple(reason for cycle in cycles for reason in _not_applying(rules, cycle, judged)),
    )


def _remedies(rules: RuleBook, key: str, counted: Sequence[Fact]) -> Iterator[RemedyExplained]:
    for remedy in confirmed_remedies(rules, key, counted):
        name = period_name(remedy.interval, remedy.first, rules.terms[remedy.term].year_begins)
        yield RemedyExplained(period=name, owner=remedy.owner, confirmed_at=remedy.at, confirmed_by=remedy.by)


def _verdicts(
    rules: RuleBook, judged: Sequence[Verdict], counted: Sequence[Fact], until: Instant
) -> Iterator[ExplainedVerdict]:
    """Each verdict; of what is watched, all that is said of it as one."""
    under_terms = ((cycle, evaluation, one) for cycle, evaluation, one in judged if evaluation is not None)
    for _, same in groupby(under_terms, lambda verdict: id(verdict[1])):
        verdicts = list(same)
        cycle, evaluation, _ = verdicts[0]
        found = [one for _, _, one in verdicts]
        if evaluation.term.obligation.judges == "watches":
            yield explained_watched(evaluation, [one for one in found if one is not None], counted, until)
        else:
            stays = _stays(rules, evaluation, cycle)
            yield from (explained_verdict(evaluation, one, counted, stays, until) for one in found)


def _merger(lead: str, facts: Sequence[Fact], counted: Sequence[Fact]) -> Merged | None:
    """What took the lead away: then nothing of it counts here."""
    found = (fact for fact in corrected(facts) if isinstance(fact, Merged) and fact.loser(lead) == lead)
    return next(found, None) if facts and not counted else None


def _seen(facts: Sequence[Fact], counted: Sequence[Fact], *, is_merged: bool) -> Iterator[SeenEvent]:
    """What was received, whether it counts, and what corrections put in its place."""
    for fact in facts:
        reason = _why_not(fact, counted, is_merged=is_merged)
        yield SeenEvent(event=event_of(fact), counts=fact in counted, why_not=reason)
    for fact in counted:
        if fact not in facts:
            yield SeenEvent(event=event_of(fact), counts=True, why_not=None)


def _why_not(fact: Fact, counted: Sequence[Fact], *, is_merged: bool) -> EventReason | None:
    if isinstance(fact, Corrected):
        return Corrects(fact.replaces, fact.instead is not None)
    if fact in counted:
        return None
    if is_merged:
        return MergedAway()
    return OfUnmergedLead(fact.origin) if fact.origin else CorrectedLater()


def _strays(counted: Sequence[Fact], cycles: Sequence[Cycle], judged: Sequence[Verdict]) -> Iterator[StrayAttempt]:
    """Attempts that belong to no cycle of a hand-off by any terms that look at attempts."""
    seen = {
        (cycle.subject, cycle.number): [
            evaluation.cycle
            for of, evaluation, _ in judged
            if of is cycle and evaluation is not None and _looks_at_all_attempts(evaluation)
        ]
        for cycle in cycles
    }
    answered = [view.cycle for _, view, _ in judged if view is not None and view.cycle.message is not None]
    held = {
        (name_of(attempt), attempt.origin)
        for cycle in cycles
        for view in seen[cycle.subject, cycle.number] or [cycle]
        for attempt in view.attempts
    }
    held |= {
        (name_of(attempt), attempt.origin)
        for chain in answered
        for attempt in (chain.message, *chain.attempts)
        if attempt is not None
    }
    for fact in counted:
        if isinstance(fact, Attempted) and (name_of(fact), fact.origin) not in held:
            of_subject = [cycle for cycle in cycles if cycle.subject == fact.subject]
            yield StrayAttempt(event=event_of(fact), why_not=_why_in_none(fact, of_subject))


def _looks_at_all_attempts(evaluation: CycleEvaluation) -> bool:
    """And not at what answers a message alone, or at none."""
    terms = evaluation.term.obligation
    return terms.attempts_counted is not None and terms.judges != "messages"


def _why_in_none(attempt: Attempted, cycles: Sequence[Cycle]) -> StrayReason:
    if not cycles:
        return NeverHandedOff()
    lost = next((cycle for cycle in cycles if attempt in cycle.attempts), None)
    if lost is not None:
        return AfterLostDeal(lost.number)
    before = [cycle for cycle in cycles if cycle.start <= attempt.time]
    return BetweenCycles(before[-1].number) if before else BeforeFirstHandOff()


def _stays(rules: RuleBook, evaluation: CycleEvaluation, cycle: Cycle) -> Sequence[Stay]:
    """Those of a cycle in the agreement that it was judged by."""
    if not cycle.changes:
        return ()
    found = stays_of(rules, cycle).items()
    return next((stays for version, stays in found if version.agreement is evaluation.term.agreement), ())


def _not_applying(rules: RuleBook, cycle: Cycle, judged: Sequence[Verdict]) -> Iterator[NotApplying]:
    """Agreements that a cycle does not fall under, by the last fields that its lead had in it, each with the reason."""
    fields = cycle.last_fields
    judged_by = {evaluation.term.name[0] for of, evaluation, _ in judged if of is cycle and evaluation is not None}
    in_force = {version.agreement.agreement: version for version in rules.in_force(cycle.start)}
    for name, versions in rules.versions.items():
        version = in_force.get(name)
        why: NotApplyingReason
        if version is None:
            why = NotYetInForce(versions[0].agreement.effective_from)
        elif version.subject != cycle.subject:
            why = OtherSubject(version.subject or LEAD, cycle.subject or LEAD)
        elif name in judged_by or matches(version.applies_to, fields):
            continue
        else:
            why = OtherLeads(unmet(version.agreement.applies_to, fields))
        yield NotApplying(name, cycle.number, why)
