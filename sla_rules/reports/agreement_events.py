"""The agreement events that figures call for: goals reached, met and missed, and what follows from that.

Published figures call for them, and they are not taken back. That a goal is reached in a period that still runs, what is known
of it says. Nothing of history calls for any: nobody was held to it. Each happens at an instant that follows from what it
says, whenever somebody looks.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final, get_args

from sla_rules.agreement.consequences import Cancellation
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import Version
from sla_rules.instants import Instant
from sla_rules.reports.agreement_event import (
    AgreementEvent,
    BestWeek,
    CancellationNears,
    CreditFallsDue,
    EventData,
    EventType,
    GoalReached,
    ObligationInPeriod,
    PeriodJudged,
    RemedyFallsDue,
)
from sla_rules.reports.best_weeks import best_weeks
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.cancellation import CountedPeriod, rows_of_misses
from sla_rules.reports.consequences import Credit, RemedyDue, SettledGoal
from sla_rules.reports.settlement import Settled, counted, is_judged, settled_goal
from sla_rules.time.period_names import period_name
from sla_rules.time.periods import Period, start_of

_SORTS: Final = get_args(EventType)


def agreement_events(version: Version, settled: Sequence[Settled], now: Instant) -> tuple[AgreementEvent, ...]:
    """All that the periods of an agreement call for at `now`, by their instants; `version` is its latest."""
    weeks: dict[str, list[Settled]] = {}
    for one in settled:
        if one.period.interval == "week":
            weeks.setdefault(one.term.obligation.id, []).append(one)
    found = [event for one in settled if is_judged(one) for event in events_of_period(one, settled_goal(one, now), now)]
    for some in weeks.values():
        found += events_of_weeks(some)
    cancellation = version.agreement.cancellation
    if cancellation is not None:
        found += events_of_cancellation(version, cancellation, counted(cancellation, settled))
    return in_order(found)


def in_order(events: Iterable[AgreementEvent]) -> tuple[AgreementEvent, ...]:
    """Agreement events by their instants; of one instant each before what follows from it."""
    return tuple(sorted(events, key=_place))


def _place(event: AgreementEvent) -> tuple[Instant, bool, str, int, str]:
    path = event.id.split("/")
    return event.at, isinstance(event.data, CancellationNears), "/".join(path[:4]), _SORTS.index(event.type), event.id


def events_of_period(one: Settled, goal: SettledGoal, now: Instant) -> Iterator[AgreementEvent]:
    """What one period that a goal is judged by calls for by itself."""
    if one.history:
        return
    yield from _goal_reached(one)
    judged, at = goal.published, one.published_at
    if judged is None or judged.result is None:
        return
    verdict = PeriodJudged(of=_of(one), attainment=judged.attainment, targets=judged.targets)
    yield _event(one, "sla.period_met.v1" if judged.result == "met" else "sla.period_missed.v1", at, verdict)
    due = (data for credit in goal.credits if (data := _credit(one, goal, credit)) is not None)
    for number, data in enumerate(due, start=1):
        yield _event(one, "sla.credit_due.v1", at, data, number)
    for number, remedy in enumerate(goal.remedies, start=1):
        task = RemedyFallsDue(of=_of(one), owner=remedy.owner, action=remedy.action, by=remedy.by)
        yield _event(one, "sla.remedy_due.v1", at, task, number)
        if _is_overdue(remedy, now):
            yield _event(one, "sla.remedy_overdue.v1", remedy.by, task, number)


def events_of_weeks(weeks: Sequence[Settled]) -> Iterator[AgreementEvent]:
    """What the weeks of one obligation, in order, call for together."""
    for best in best_weeks(weeks):
        if best.week.history:
            continue
        terms = best.week.term.obligation
        data = BestWeek(
            of=_of(best.week),
            measure=terms.measure if isinstance(terms, Volume) else "share",
            found=best.found,
            best_before=best.best_before,
            weeks_before=best.weeks_before,
        )
        yield _event(best.week, "sla.best_week.v1", best.week.published_at, data)


def events_of_cancellation(
    version: Version, terms: Cancellation, periods: Sequence[CountedPeriod]
) -> Iterator[AgreementEvent]:
    """That the right to end an agreement is one miss away, which is news only where it takes several, and that it stands."""
    agreement, year_begins = version.agreement, version.terms[0].year_begins
    news: list[tuple[int, EventType]] = [
        (terms.missed_in_a_row - 1, "sla.cancellation_near.v1"),
        (terms.missed_in_a_row, "sla.cancellation_reached.v1"),
    ]
    for row in rows_of_misses(periods):
        for count, what in news:
            if not 0 < count <= len(row) or row[count - 1].history:
                continue
            last = row[count - 1]
            missed = (period_name(terms.interval, one.period.first, year_begins) for one in row[:count])
            data = CancellationNears(
                agreement=agreement.agreement,
                version=agreement.version,
                interval=terms.interval,
                missed_in_a_row=terms.missed_in_a_row,
                obligations=terms.obligations,
                periods=tuple(missed),
            )
            key = _key(agreement.agreement, "cancellation", last.period, what)
            yield AgreementEvent(id=key, type=what, at=last.published_at, data=data)


def _goal_reached(one: Settled) -> Iterator[AgreementEvent]:
    terms = one.term.obligation
    if isinstance(terms, Volume) and one.reached_on is not None:
        data = GoalReached(of=_of(one), measure=terms.measure, agreed=Fraction(terms.agreed), day=one.reached_on)
        yield _event(one, "sla.goal_reached.v1", start_of(one.reached_on, one.term.zone), data)


def _credit(one: Settled, goal: SettledGoal, credit: Credit) -> CreditFallsDue | None:
    due, judged = credit.published, goal.published
    if due is None or due.tier is None or judged is None or judged.attainment is None:
        return None
    return CreditFallsDue(
        of=_of(one),
        attainment=judged.attainment,
        tier=due.tier,
        credit=due.credit,
        is_capped=due.is_capped,
        amount=due.amount,
        currency=credit.currency,
        claim_until=credit.claim_until,
        exclusions=credit.exclusions,
    )


def _is_overdue(remedy: RemedyDue, now: Instant) -> bool:
    """Whether it has been; who did it late, was."""
    return remedy.by < now and (remedy.confirmed_at is None or remedy.late_by is not None)


def _of(one: Settled) -> ObligationInPeriod:
    term, period = one.term, one.period
    terms, parties = term.obligation, term.agreement.parties
    return ObligationInPeriod(
        agreement=term.name[0],
        version=term.agreement.version,
        obligation=terms.id,
        title=terms.title,
        kind=terms.kind,
        provider=terms.provider,
        provider_name=parties[terms.provider].name,
        recipient=terms.recipient,
        recipient_name=parties[terms.recipient].name,
        period=CalendarPeriod.of(period),
        name=period_name(period.interval, period.first, term.year_begins),
    )


def _event(one: Settled, what: EventType, at: Instant, data: EventData, number: int = 1) -> AgreementEvent:
    """Of several of the same sort in a period, `number` says which."""
    key = _key(*one.term.name, one.period, what)
    return AgreementEvent(id=key if number == 1 else f"{key}/{number}", type=what, at=at, data=data)


def _key(agreement: str, obligation: str, period: Period, what: EventType) -> str:
    first = period.first.isoformat()
    return "/".join((agreement, obligation, period.interval, first, what.removeprefix("sla.").removesuffix(".v1")))
