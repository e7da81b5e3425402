"""What a period entails: was the goal met, what credit is due, who does what by when, may the agreement be ended?

Published figures decide and nothing else: they are the same whoever asks, and kept for good. What is known now is judged
beside them, so that a late event can be seen to have changed the answer; a period not yet published has no consequence
yet. Shares are compared exactly.
"""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple, assert_never

from sla_rules.agreement.consequences import Cancellation, Remedy, ServiceCredits
from sla_rules.agreement.judged_intervals import judged_intervals
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Availability, Deliverable, Depth, Obligation, Retention, Speed, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.availability import uptime
from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally, ratio
from sla_rules.instants import SECOND, Duration, Instant
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.cancellation import CountedPeriod, cancellation_status
from sla_rules.reports.consequences import (
    Consequences,
    Credit,
    CreditDue,
    Judgement,
    RemedyDue,
    Result,
    SettledGoal,
    Target,
    Tier,
)
from sla_rules.time.periods import Period


class Settled(NamedTuple):
    """The figures of one period under the terms in force at its end, all segments together.

    `published` is None until `published_at`.
    """

    term: Term
    period: Period
    published_at: Instant
    published: Tally | None
    known: Tally
    history: bool = False
    """Whether the period was over when the service began to listen."""
    reached_on: date | None = None
    """Of a goal's period, the day on which as much had come as is agreed, by what is known; None while it has not."""
    confirmed: Collection[ConfirmedRemedy] = ()
    """The remedies for the period that were carried out."""


def attainment(terms: Obligation, tally: Tally) -> Fraction | None:
    """What was met of what was decided; None where nothing was due.

    Of a volume, what was delivered of the goal; of availability, the time that services were up; of retention, the customers kept.
    """
    match terms:
        case Availability():
            return uptime(tally)
        case Volume():
            return delivered(terms, tally) / Fraction(terms.agreed)
        case Speed() | Depth() | Deliverable() | Retention():
            decided = tally.get("met", 0) + tally.get("breached", 0)
            return Fraction(tally.get("met", 0), decided) if decided else None
        case _:
            assert_never(terms)


def targets(terms: Obligation, tally: Tally) -> list[Target]:
    """Every part of what was agreed; a promise without a target is one about each lead or delivery."""
    share = attainment(terms, tally)
    match terms:
        case Volume():
            goal, came = Fraction(terms.agreed), delivered(terms, tally)
            return [Target("value" if terms.measure == "value" else "delivered", goal, came, _result(came >= goal))]
        case Deliverable():
            return [_share(Decimal(1), share)]
        case Availability() | Retention():
            return [_share(terms.target.share, share)]
        case Speed():
            most = terms.target.average
            parts = [] if most is None else [_average_time(terms, most, tally)]
        case Depth():
            least = terms.target.average
            parts = [] if least is None else [_average_attempts(terms, Fraction(least), tally)]
        case _:
            assert_never(terms)
    agreed = terms.target.share
    return [_share(agreed or Decimal(1), share), *parts] if agreed is not None or not parts else parts


def result(parts: Sequence[Target]) -> Result | None:
    """Missed if any part is, met if every part that could be judged is."""
    results = {part.result for part in parts}
    return "missed" if "missed" in results else "met" if "met" in results else None


def settlement(agreement: Agreement, settled: Sequence[Settled], until: Instant) -> Consequences:
    """All consequences of an agreement as of `until`, periods of the same obligation together; `agreement` is its latest version."""
    cancellation = agreement.cancellation
    return Consequences(
        periods=tuple(settled_goal(one, until) for one in settled if is_judged(one)),
        cancellation=None
        if cancellation is None
        else cancellation_status(cancellation, counted(cancellation, settled)),
    )


def is_judged(one: Settled) -> bool:
    """Whether a period is one that the goal is judged by."""
    return one.period.interval in judged_intervals(one.term.agreement, one.term.obligation)


def counted(terms: Cancellation, settled: Sequence[Settled]) -> list[CountedPeriod]:
    """The published periods that the right to end an agreement goes by, in order; missed if any of the goals named was."""
    periods: dict[Period, CountedPeriod] = {}
    for one in settled:
        obligation = one.term.obligation
        if one.published is None or one.period.interval != terms.interval or obligation.id not in terms.obligations:
            continue
        if isinstance(obligation, Volume) and obligation.interval != terms.interval:
            continue
        is_missed = result(targets(obligation, one.published)) == "missed"
        before = periods.get(one.period)
        is_missed = is_missed or (before is not None and before.is_missed)
        periods[one.period] = CountedPeriod(one.period, is_missed, one.published_at, one.history)
    return [periods[period] for period in sorted(periods, key=lambda period: period.start)]


def settled_goal(one: Settled, until: Instant) -> SettledGoal:
    """What follows from one period by itself, as of `until`."""
    terms, agreement = one.term.obligation, one.term.agreement
    published = None if one.published is None else _judged(terms, one.published)
    is_missed = published is not None and published.result == "missed"
    return SettledGoal(
        obligation=terms.id,
        kind=terms.kind,
        version=agreement.version,
        provider=terms.provider,
        recipient=terms.recipient,
        period=CalendarPeriod.of(one.period),
        status="open" if published is None else "published" if one.published == one.known else "restated",
        published_at=one.published_at,
        published=published,
        known=_judged(terms, one.known),
        credits=tuple(
            _credit(credit, one)
            for credit in agreement.credits
            if (credit.obligation, credit.interval) == (terms.id, one.period.interval)
        ),
        remedies=tuple(
            _remedy(remedy, one, until) for remedy in agreement.remedies if remedy.obligation == terms.id and is_missed
        ),
        history=one.history,
    )


def _remedy(terms: Remedy, one: Settled, until: Instant) -> RemedyDue:
    """What was first done of it counts, whenever that was; it is overdue after its instant, and not at it."""
    by = one.published_at + terms.within
    done = [confirmed for confirmed in one.confirmed if confirmed.owner in {None, terms.owner}]
    first = min(done, key=attrgetter("at", "by"), default=None)
    return RemedyDue(
        owner=terms.owner,
        action=terms.action,
        by=by,
        status="confirmed" if first is not None else "overdue" if until > by else "due",
        confirmed_at=None if first is None else first.at,
        confirmed_by=None if first is None else first.by,
        late_by=first.at - by if first is not None and first.at > by else None,
    )


def _judged(terms: Obligation, tally: Tally) -> Judgement:
    parts = targets(terms, tally)
    return Judgement(result=result(parts), attainment=attainment(terms, tally), targets=tuple(parts))


def _credit(terms: ServiceCredits, one: Settled) -> Credit:
    claim, obligation = terms.claim_within, one.term.obligation
    return Credit(
        fee=terms.fee,
        currency=one.term.agreement.currency,
        cap=terms.cap,
        claim_until=None if claim is None else one.period.end + claim,
        exclusions=terms.exclusions,
        published=None if one.published is None else _due(terms, attainment(obligation, one.published)),
        known=_due(terms, attainment(obligation, one.known)),
    )


def _due(terms: ServiceCredits, share: Fraction | None) -> CreditDue:
    tier = next((tier for tier in reversed(terms.tiers) if share is not None and share < Fraction(tier.below)), None)
    credit = terms.credit(share)
    return CreditDue(
        tier=None if tier is None else Tier(below=tier.below, credit=tier.credit),
        credit=credit,
        is_capped=tier is not None and tier.credit > terms.cap,
        amount=None if terms.fee is None else round(Fraction(terms.fee) * Fraction(credit) * VALUE_UNIT),
    )


def _share(agreed: Decimal, found: Fraction | None) -> Target:
    least = Fraction(agreed)
    return Target("share", least, found, None if found is None else _result(found >= least))


def _average_time(terms: Speed, most: Duration, tally: Tally) -> Target:
    """Where leads were breached and none was followed up there is no average, and nothing to be proud of."""
    clock = "working" if terms.deadline.clock == "working" else "wall"
    found = ratio(tally, f"{clock}_sum", "followed_up")
    agreed = Fraction(most, SECOND)
    if found is None:
        return Target("average_seconds", agreed, None, "missed" if tally.get("breached", 0) else None)
    return Target("average_seconds", agreed, found / SECOND, _result(found <= most))


def _average_attempts(terms: Depth, least: Fraction, tally: Tally) -> Target:
    which = "" if terms.closed_leads == "counted" else "_open"
    found = ratio(tally, f"attempts{which}", f"unconnected{which}")
    return Target("average_attempts", least, found, None if found is None else _result(found >= least))


def delivered(terms: Volume, tally: Tally) -> Fraction:
    """What came of a volume, in leads or in value."""
    if terms.measure == "value":
        return Fraction(tally.get("value", 0), VALUE_UNIT)
    return Fraction(tally.get("delivered", 0))


def _result(is_met: bool) -> Result:  # noqa: FBT001 - a verdict in a word
    return "met" if is_met else "missed"
