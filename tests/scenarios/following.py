"""Holds what is expected to follow from published figures against what does, whoever works it out."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.instants import Instant, iso, moment, parse_duration, seconds
from sla_rules.reports.agreement_event import AgreementEvent
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.consequences import CancellationStatus, SettledGoal
from sla_rules.reports.encode import document
from sla_rules.time.period_names import period_name
from sla_rules.time.periods import day_of
from tests.scenarios.notation import Goal, Remedy
from tests.scenarios.staging import Stage


class Following(NamedTuple):
    """What follows: periods that are decided, how near the right to end the agreement is, applause and trouble."""

    periods: Sequence[SettledGoal]
    cancellation: CancellationStatus | None
    events: Sequence[AgreementEvent]


def follows(stage: Stage, agreement: str, found: Following) -> Iterator[str]:
    """Every expectation about an agreement that does not hold, as `file:line: what: expected ..., found ...`."""
    expect, file = stage.scenario.expect, stage.scenario.file
    only = stage.only_agreement()
    for goal in expect.goals:
        if (goal.agreement or only) == agreement:
            wanted = _wanted(stage, goal)
            has = _found(goal, stage, found.periods)
            if has != wanted:
                yield f"{file}:{goal.line}: {goal.obligation} {goal.first}: expected {wanted}, found {has}"
    if agreement != only:
        return
    if expect.remedies is not None:
        yield from _remedies(stage, expect.remedies, found.periods)
    if expect.cancellation is not None:
        row = found.cancellation
        missed = None if row is None else (tuple(_day(stage, at) for at in row.in_a_row), row.is_reached)
        if missed != (expect.cancellation.in_a_row, expect.cancellation.is_reached):
            yield f"{file}:1: cancellation: expected {expect.cancellation}, found {missed}"
    if expect.events is not None:
        told, events = sorted(_line_of(stage, event) for event in found.events), sorted(expect.events)
        if told != events:
            yield f"{file}:1: events: expected {events}, found {told}"


def _wanted(stage: Stage, goal: Goal) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "published": goal.published,
        "restated": goal.restated if "restated" in goal.model_fields_set else goal.published,
        "credit": goal.credit,
    }
    if goal.attainment is not None:
        wanted["attainment"] = Fraction(goal.attainment)
    if goal.claim_until is not None:
        wanted["claim_until"] = stage.instant(goal.claim_until)
    return wanted


def _found(goal: Goal, stage: Stage, periods: Sequence[SettledGoal]) -> dict[str, Any] | None:
    start = stage.instant(f"{goal.first} 00:00")
    name = goal.obligation, goal.interval, start
    settled = next((one for one in periods if (one.obligation, one.period.interval, one.period.start) == name), None)
    if settled is None or settled.published is None:
        return None
    credit = next(iter(settled.credits), None)
    said: Any = None if credit is None else document(credit)
    due = None if said is None else said["published"]
    found: dict[str, Any] = {
        "published": settled.published.result,
        "restated": settled.known.result,
        "credit": None if due is None else due["amount"],
    }
    if goal.attainment is not None:
        found["attainment"] = settled.published.attainment
    if goal.claim_until is not None:
        found["claim_until"] = None if credit is None else credit.claim_until
    return found


def _remedies(stage: Stage, expected: Sequence[Remedy], periods: Sequence[SettledGoal]) -> Iterator[str]:
    term = RuleBook(stage.agreements).terms[-1]
    found = {
        (goal.obligation, _name_of(term, goal.period), remedy.owner): remedy
        for goal in periods
        for remedy in goal.remedies
    }
    for one in expected:
        remedy = found.pop((one.obligation, one.period, one.owner), None)
        said: Any = None if remedy is None else document(remedy)
        wanted: dict[str, Any] = {"status": one.status, "confirmed_by": one.confirmed_by}
        wanted["by"] = iso(stage.instant(one.by))
        wanted["confirmed_at"] = None if one.confirmed_at is None else iso(stage.instant(one.confirmed_at))
        wanted["late_by_seconds"] = None if one.late_by is None else seconds(parse_duration(one.late_by))
        same = None if said is None else {name: said[name] for name in wanted}
        if same != wanted:
            yield f"{stage.scenario.file}:{one.line}: remedy of {one.period}: expected {wanted}, found {same}"
    for name in found:
        yield f"{stage.scenario.file}:1: remedy: expected none, found {name}"


def _name_of(term: Term, period: CalendarPeriod) -> str:
    return period_name(period.interval, day_of(period.start, term.zone), term.year_begins)


def _day(stage: Stage, at: Instant) -> str:
    return f"{_local(stage, at):%Y-%m-%d}"


def _line_of(stage: Stage, event: AgreementEvent) -> str:
    said: Any = document(event)
    about = said["data"].get("obligation")
    line = f"{_local(stage, event.at):%Y-%m-%d %H:%M} {event.type.split('.')[1]}"
    return line if about is None else f"{line} {about}"


def _local(stage: Stage, at: Instant) -> Any:
    return moment(at).astimezone(ZoneInfo(stage.scenario.zone or stage.agreements[0].calendar.time_zone))
