"""Why this deadline and this verdict: each number of one lead with the events, hours and terms that it comes from.

A document like the report's: instants in UTC, durations in seconds, events by source and id.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sla_rules.agreement.obligations import Depth, Speed
from sla_rules.agreement.rulebook import RuleBook, matches
from sla_rules.engine.judging import failure_of
from sla_rules.evaluation import speed
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation, qualifies
from sla_rules.evaluation.contributions import (
    Contribution,
    DealContribution,
    DeliverableContribution,
    DepthContribution,
    SpeedContribution,
    UncoveredContribution,
    UnreadyContribution,
    VolumeContribution,
)
from sla_rules.evaluation.deals import Deal, contributions_of, deals_of
from sla_rules.evaluation.verdicts import assess, verdicts_of
from sla_rules.events.vocabulary import LEAD
from sla_rules.figures.summary import Document, money
from sla_rules.instants import Instant, iso, seconds
from sla_rules.lead.cycles import CREATION, Cycle, lives
from sla_rules.lead.erasure import is_mark
from sla_rules.lead.facts import Attempted, Corrected, Fact, Merged
from sla_rules.lead.history import corrected, history
from sla_rules.names import ALL_SEGMENTS, UNMATCHED
from sla_rules.reports.encode import document
from sla_rules.reports.particulars import (
    attempts_of,
    clock_document,
    deliveries_of,
    event_of,
    follow_up_among,
    name_of,
    spans,
)
from sla_rules.reports.report import breach
from sla_rules.reports.sentences import local, said_of_condition, said_of_depth, said_of_speed, unmatched_part


def explain(rules: RuleBook, lead: str, facts: Sequence[Fact], until: Instant) -> Document:
    """All verdicts on a lead as of `until`, from all facts that it holds, those that mergers brought it among them.

    Of a lead that cannot be judged, why, and what is known of it.
    """
    failure = failure_of(rules, lead, tuple(facts), until)
    told = [fact for fact in facts if not is_mark(fact)]
    found = _explained(rules, lead, told, until) if failure is None else _in_quarantine(lead, told, until)
    return {**found, "quarantined": failure}


def _in_quarantine(lead: str, facts: Sequence[Any], until: Instant) -> Document:
    why_not = "the lead is in quarantine: it cannot be judged"
    return {
        "lead": lead,
        "until": iso(until),
        "merged_into": None,
        "events": [{**event_of(fact), "counts": False, "why_not": why_not} for fact in facts],
        "verdicts": [],
        "deals": [],
    }


def _explained(rules: RuleBook, lead: str, facts: Sequence[Fact], until: Instant) -> Document:
    counted = history(lead, facts)
    if lead in rules.deliverables:
        verdicts = [_delivery(rules, lead, counted, found) for found in assess(rules, lead, counted, until)]
        return {"lead": lead, "until": iso(until), **_told(lead, facts, counted), "verdicts": verdicts, "deals": []}
    told = lives(counted)
    owned = [cycle for one in told for cycle in one.cycles]
    judged = [verdict for one in told for verdict in verdicts_of(rules, lead, one, until)]
    return {
        "lead": lead,
        "until": iso(until),
        **_told(lead, facts, counted),
        "verdicts": [_verdict(evaluation, found, counted) for _, evaluation, found in judged if evaluation is not None],
        "attempts_in_no_cycle": [
            {
                **event_of(fact),
                "why_not": _why_in_none(fact, [cycle for cycle in owned if cycle.subject == fact.subject]),
            }
            for fact in counted
            if isinstance(fact, Attempted) and all(fact not in cycle.attempts for cycle in owned)
        ],
        "deals": _deals(rules, counted, [found.contribution for _, _, found in judged if found is not None]),
        "uncovered": [_uncovered(cycle) for cycle, evaluation, _ in judged if evaluation is None],
        "not_applying": [reason for cycle in owned for reason in _not_applying(rules, cycle)],
    }


def _told(lead: str, facts: Sequence[Any], counted: Sequence[Any]) -> Document:
    """What was told, and what of it counts."""
    merger = next((fact for fact in corrected(facts) if isinstance(fact, Merged) and fact.loser(lead) == lead), None)
    is_merged = merger is not None and bool(facts) and not counted
    events = [{**event_of(fact), "counts": fact in counted, "why_not": None} for fact in facts]
    for fact, event in zip(facts, events, strict=True):
        if isinstance(fact, Corrected):
            event["why_not"] = f"it corrects {fact.replaces}" + (
                "" if fact.instead is None else ": see what it puts in"
            )
        elif not event["counts"] and is_merged:
            event["why_not"] = "the lead was merged into another, for which it counts"
        elif not event["counts"] and fact.origin:
            event["why_not"] = f"it was told of {fact.origin}, which is not merged into this lead"
        elif not event["counts"]:
            event["why_not"] = "a later event corrects it"
    events += [{**event_of(fact), "counts": True, "why_not": None} for fact in counted if fact not in facts]
    into = None if merger is None or not is_merged else {"lead": merger.into, "event": name_of(merger)}
    return {"merged_into": into, "events": events}


def _verdict(evaluation: CycleEvaluation, found: Assessment | None, counted: Sequence[Any]) -> Document:
    terms = evaluation.term.obligation
    if found is None:
        said = {
            "status": "counted_before",
            "value": None,
            "verdict": "Counted at an earlier hand-off; a lead counts once.",
        }
    elif isinstance(found.contribution, UnreadyContribution):
        least = unmatched_part(evaluation.term.agreement.minimum_quality, evaluation.cycle.fields)
        said = {"status": "unready", "verdict": f"Not ready for sales, so it counts for no one: {least}."}
    elif isinstance(terms, Speed) and isinstance(found.contribution, SpeedContribution):
        said = _speed(evaluation, terms, found, found.contribution, counted)
    elif isinstance(terms, Depth) and isinstance(found.contribution, DepthContribution):
        said = _depth(evaluation, terms, found, found.contribution)
    elif isinstance(found.contribution, VolumeContribution):
        said = _volume(found.contribution)
    else:
        message = f"a cycle has no share {type(found.contribution).__name__} under an obligation of {terms.kind}"
        raise TypeError(message)
    return {**_head(evaluation), **said}


def _head(evaluation: CycleEvaluation) -> Document:
    """Which promise, and why it is this one."""
    cycle, agreement = evaluation.cycle, evaluation.term.agreement
    condition = next((segment.when for segment in agreement.segments if segment.id == evaluation.segment), None)
    if condition is not None:
        because = f"the first segment that matches: {said_of_condition(condition)}"
    elif evaluation.segment == UNMATCHED:
        because = "no segment matches: " + " / ".join(unmatched_part(s.when, cycle.fields) for s in agreement.segments)
    else:
        because = "the agreement has no segments"
    began = "created" if cycle.number == CREATION else "handed off"
    return {
        "agreement": agreement.agreement,
        "version": agreement.version,
        "version_because": f"in force since {agreement.effective_from} when the lead was {began}",
        "obligation": evaluation.term.obligation.id,
        "kind": evaluation.term.obligation.kind,
        "cycle": cycle.number,
        "segment": None if evaluation.segment == ALL_SEGMENTS else evaluation.segment,
        "segment_because": because,
        "fields": dict(cycle.fields),
        "owners": [{"since": iso(owner.since), "rep": owner.rep, "team": owner.team} for owner in cycle.owners],
        "started": {"at": iso(cycle.start), "event": name_of(cycle.marks[0])},
        "ended": None if cycle.end is None else {"at": iso(cycle.end), "by": cycle.ended_by},
        "moved_by": [event_of(mark) for mark in cycle.marks],
    }


def _speed(
    evaluation: CycleEvaluation,
    terms: Speed,
    found: Assessment,
    contribution: SpeedContribution,
    counted: Sequence[Any],
) -> Document:
    watch = evaluation.stopwatch(terms.deadline.clock, pauses=terms.pauses)
    followed_up = speed.first_follow_up(evaluation.cycle, terms)
    start, due = speed.promise(evaluation.cycle, terms, watch, followed_up)
    follow_up: Document | None = None
    if followed_up is not None and contribution.wall is not None and contribution.working is not None:
        follow_up = {
            "at": iso(followed_up),
            "event": name_of(follow_up_among(counted, followed_up, terms.follow_up)),
            "working_seconds": seconds(contribution.working),
            "wall_clock_seconds": seconds(contribution.wall),
            "spans": spans(watch.calendar, watch.pauses, start, followed_up),
        }
    return {
        **clock_document(evaluation, terms.deadline, start, due, pauses=terms.pauses),
        "follow_up": follow_up,
        "attempts": attempts_of(evaluation.cycle, terms.follow_up),
        "status": contribution.status,
        "verdict": said_of_speed(contribution, terms, evaluation.cycle, followed_up, evaluation.term.zone),
        "notices": _notices(found),
    }


def _depth(evaluation: CycleEvaluation, terms: Depth, found: Assessment, contribution: DepthContribution) -> Document:
    counting = [attempt for attempt in evaluation.cycle.attempts if qualifies(attempt, terms.follow_up)]
    reached = counting[terms.attempts - 1] if len(counting) >= terms.attempts else None
    reached_at = None if reached is None else reached.time
    return {
        **clock_document(
            evaluation, terms.deadline, evaluation.cycle.start, contribution.deadline, pauses=terms.pauses
        ),
        "attempts_wanted": terms.attempts,
        "attempts_made": contribution.attempts,
        "reached": None if reached is None else {"at": iso(reached.time), "event": name_of(reached)},
        "attempts": attempts_of(evaluation.cycle, terms.follow_up),
        "status": contribution.status,
        "verdict": said_of_depth(contribution, terms, evaluation.cycle, reached_at, evaluation.term.zone),
        "notices": _notices(found),
    }


def _volume(contribution: VolumeContribution) -> Document:
    said = f", worth {money(contribution.value)}" if contribution.value else ""
    return {
        "status": "delivered",
        "value": money(contribution.value),
        "verdict": f"Counts as one lead delivered, at its first qualifying hand-off{said}.",
    }


def _delivery(rules: RuleBook, key: str, counted: Sequence[Any], found: Assessment) -> Document:
    contribution = found.contribution
    if isinstance(contribution, UncoveredContribution):
        message = "deliveries are of an agreement"
        raise TypeError(message)
    term = rules.terms[contribution.term]
    versions = rules.deliverables[key]
    before = versions.index(term) - 1
    due = local(contribution.start, term.zone)
    said = (
        {
            "met": f"In time: confirmed by {due}.",
            "breached": f"Missed: not confirmed by {due}."
            if contribution.owed
            else f"Late: confirmed only after {due}.",
            "open": f"Due on {due}.",
        }
        if isinstance(contribution, DeliverableContribution)
        else {}
    )
    status = contribution.status if isinstance(contribution, DeliverableContribution) else "unready"
    return {
        "agreement": term.name[0],
        "version": term.agreement.version,
        "obligation": term.obligation.id,
        "kind": term.obligation.kind,
        "deadline": iso(contribution.start),
        "status": status,
        "verdict": said.get(status, ""),
        **deliveries_of(term, counted, contribution.start, versions[before] if before >= 0 else None),
        "notices": _notices(found),
    }


def _notices(found: Assessment) -> list[Document]:
    return [document(breach(notice)) for notice in found.notices]


def _deals(rules: RuleBook, counted: Sequence[Any], contributions: Sequence[Contribution]) -> list[Document]:
    """Each deal as it stands, and which obligations of volume it counts for."""
    delivered = {
        rules.terms[contribution.term].name: contribution
        for contribution in contributions
        if isinstance(contribution, VolumeContribution)
    }
    counts_for: dict[Deal, list[DealContribution]] = {deal: [] for deal in deals_of(counted)}
    for deal, contribution in contributions_of(rules, counted, delivered):
        counts_for[deal].append(contribution)
    return [
        {
            **event_of(deal.fact),
            "deal": deal.fact.deal,
            "outcome": deal.fact.outcome,
            "closed_at": iso(deal.closed_at),
            "amount": money(deal.amount),
            "currency": deal.fact.currency,
            "counts_for": [
                {
                    "agreement": rules.terms[contribution.term].name[0],
                    "obligation": rules.terms[contribution.term].name[1],
                    "segment": None if contribution.segment == ALL_SEGMENTS else contribution.segment,
                    "marketings": contribution.ours,
                    "delivered_at": None if contribution.delivered_at is None else iso(contribution.delivered_at),
                    "converts_the_lead": contribution.converts,
                }
                for contribution in found
            ],
        }
        for deal, found in counts_for.items()
    ]


def _why_in_none(attempt: Attempted, cycles: Sequence[Cycle]) -> str:
    ended = next((cycle for cycle in cycles if attempt in cycle.marks), None)
    if ended is not None:
        return f"it connected the lead, and so ended cycle {ended.number}"
    before = [cycle for cycle in cycles if cycle.start <= attempt.time]
    if not cycles:
        return "the lead has not been handed off"
    if not before:
        return "it came before the first hand-off"
    return f"cycle {before[-1].number} had ended, and no other had begun"


def _uncovered(cycle: Cycle) -> Document:
    """That nobody owes a cycle anything."""
    return {
        "cycle": cycle.number,
        "started": {"at": iso(cycle.start), "event": name_of(cycle.marks[0])},
        "verdict": "No agreement applies to it: nobody owes it anything, and it is counted as uncovered, never as met.",
    }


def _not_applying(rules: RuleBook, cycle: Cycle) -> Iterator[Document]:
    """Agreements that a hand-off does not fall under, each with the reason."""
    in_force = {version.agreement.agreement: version for version in rules.in_force(cycle.start)}
    for name, versions in rules.versions.items():
        version = in_force.get(name)
        why = f"it is in force from {versions[0].agreement.effective_from} on"
        if version is not None and version.subject != cycle.subject:
            why = f"it is about a {version.subject or LEAD}, and this is a {cycle.subject or LEAD}"
        elif version is not None:
            if matches(version.agreement.applies_to, cycle.fields):
                continue
            why = f"it applies to other leads: {unmatched_part(version.agreement.applies_to, cycle.fields)}"
        yield {"agreement": name, "cycle": cycle.number, "why": why}
