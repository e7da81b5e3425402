"""What is due on days that are closed: on which day instead, and which confirmations are whose."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.obligations import Deliverable
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.contributions import DeliverableContribution
from sla_rules.evaluation.deliverable import confirmations
from sla_rules.evaluation.occurrences import day_numbered, occurrences
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import DAY, Instant, instant
from sla_rules.lead.facts import Confirmed, in_order
from sla_rules.notation import WEEKDAYS
from tests.laws import examples
from tests.sla_rules.clocks import at
from tests.sla_rules.minutes import spans_of
from tests.sla_rules.rules import agreement

OFFICE = """
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]], wed: [["09:00", "17:00"]], thu: [["09:00", "17:00"]], fri: [["09:00", "17:00"]]}
  holidays: {country: DE, region: BE, dates: [%s]}
obligations:
  - {id: list, kind: deliverable, provider: sales, recipient: marketing, due: {%s}, %s}
"""
KEY = "leads:list"


def rules_of(due: str, closed: str = "", more: str = "intervals: [month]", **version: str) -> RuleBook:
    return RuleBook([agreement(OFFICE % (closed, due, more), **version)])


def term_of(due: str, closed: str = "", **version: str) -> Term:
    return rules_of(due, closed, **version).terms[0]


def dues(term: Term, until: str) -> list[tuple[str, Instant]]:
    assert isinstance(term.obligation, Deliverable)
    found = takewhile(lambda one: one.due <= at(until), occurrences(term, term.obligation.due))
    return [(one.day.isoformat(), one.due) for one in found]


@pytest.mark.parametrize(
    ("closed_day", "due"),
    [("next", "2026-04-07 16:00"), ("previous", "2026-04-02 16:00"), ("same", "2026-04-03 16:00")],
)
def test_what_is_due_on_a_holiday_is_due_on_the_open_day_agreed_and_keeps_its_name(closed_day: str, due: str) -> None:
    """3 April 2026 is Good Friday, and Easter Monday a holiday too."""
    term = term_of(f'weekdays: [fri], at: "16:00", on_closed_day: {closed_day}')

    assert [at_ for day, at_ in dues(term, "2026-04-09 00:00") if day == "2026-04-03"] == [at(due)]
    assert dues(term, "2026-03-27 16:00")[-1] == ("2026-03-27", at("2026-03-27 16:00"))


def test_unless_something_else_is_agreed_it_is_the_next_open_day() -> None:
    assert dues(term_of('weekdays: [fri], at: "16:00"'), "2026-04-09 00:00")[-1] == (
        "2026-04-03",
        at("2026-04-07 16:00"),
    )


def test_the_last_day_of_the_schedule_bounds_the_schedule_and_not_the_day_instead() -> None:
    later = term_of('weekdays: [fri], at: "16:00", until: 2026-04-03')
    sooner = term_of('days_of_month: [6], at: "16:00", until: 2026-04-05, on_closed_day: previous')

    assert dues(later, "2026-12-31 00:00")[-1] == ("2026-04-03", at("2026-04-07 16:00"))
    assert dues(sooner, "2026-12-31 00:00")[-1][0] == "2026-03-06"


def test_24_00_of_a_closed_day_is_24_00_of_the_open_one() -> None:
    assert dues(term_of('weekdays: [fri], at: "24:00"'), "2026-04-09 00:00")[-1] == (
        "2026-04-03",
        at("2026-04-08 00:00"),
    )


def test_a_calendar_that_does_not_open_any_more_moves_nothing() -> None:
    closed = ", ".join(f"{month:02}-{day:02}" for month, days in MONTHS for day in range(1, days + 1))
    term = term_of('weekdays: [fri], at: "16:00"', closed)

    assert dues(term, "2026-03-07 00:00")[-1] == ("2026-03-06", at("2026-03-06 16:00"))


MONTHS = [(1, 31), (2, 29), (3, 31), (4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31)]


def test_it_is_owed_under_the_version_in_force_on_its_day_by_the_schedule() -> None:
    """The 3rd of April is due on the 7th; on the 4th another version takes effect."""
    due = 'weekdays: [fri], at: "16:00"'
    old, new = (
        agreement(OFFICE % ("", due, "intervals: [month]")),
        agreement(OFFICE % ("", due, "intervals: [month]"), version="2", since="2026-04-04"),
    )
    first, second = RuleBook([old, new]).terms

    assert dues(first, "2027-01-01 00:00")[-1] == ("2026-04-03", at("2026-04-07 16:00"))
    assert dues(second, "2026-04-11 00:00") == [("2026-04-10", at("2026-04-10 16:00"))]
    assert [one.contribution.deadline for one in came(RuleBook([old, new]), [], "2026-04-12 00:00")][-3:-1] == [
        at("2026-04-07 16:00"),
        at("2026-04-10 16:00"),
    ]


def test_nothing_is_owed_before_a_version_takes_effect() -> None:
    """The 5th of April is due on the 2nd, before the version of the 3rd."""
    term = term_of('days_of_month: [5], at: "16:00", on_closed_day: previous', since="2026-04-03")

    assert dues(term, "2026-05-31 00:00")[0] == ("2026-05-05", at("2026-05-05 16:00"))


def came(rules: RuleBook, told: Sequence[Confirmed], now: str) -> list[Any]:
    return assess(rules, KEY, sorted(told, key=in_order), at(now))


def confirmed(time: str, number: int, due: str | None = None, quantity: float = 1) -> Confirmed:
    return Confirmed(at(time), at(time), "/crm", f"c-{number}", due=due, quantity=quantity)


def of_days(rules: RuleBook, told: Sequence[Confirmed], now: str = "2026-04-08 00:00") -> dict[str, list[str]]:
    """By day of the schedule, which confirmations are about it."""
    return {
        day_numbered(one.evaluation.cycle.number).isoformat(): [fact.id for fact in confirmations(one.evaluation.cycle)]
        for one in came(rules, told, now)
        if at("2026-04-02 16:00") < one.contribution.start <= at("2026-04-07 16:00")
    }


DAILY = rules_of('weekdays: [mon, tue, wed, thu, fri], at: "16:00"')
"""Friday the 3rd and Monday the 6th are holidays: both, and Tuesday's, are due on Tuesday."""


def test_two_that_are_due_together_stay_two_and_are_confirmed_apart_by_their_days() -> None:
    told = [confirmed("2026-04-07 10:00", 1, "2026-04-06"), confirmed("2026-04-07 11:00", 2, "2026-04-07")]

    assert of_days(DAILY, told) == {"2026-04-03": [], "2026-04-06": ["c-1"], "2026-04-07": ["c-2"]}
    statuses = [one.contribution.status for one in came(DAILY, told, "2026-04-08 00:00")][-4:]
    assert statuses == ["breached", "met", "met", "open"]


def test_confirmations_that_name_no_day_are_for_the_first_that_lacks_something() -> None:
    told = [confirmed(f"2026-04-07 {hour}:00", hour) for hour in (10, 11, 12, 13)]

    assert of_days(DAILY, told[:2]) == {"2026-04-03": ["c-10"], "2026-04-06": ["c-11"], "2026-04-07": []}
    assert of_days(DAILY, told) == {"2026-04-03": ["c-10"], "2026-04-06": ["c-11"], "2026-04-07": ["c-12", "c-13"]}
    named = [*told[:2], confirmed("2026-04-07 15:00", 15, "2026-04-03")]
    assert of_days(DAILY, named) == {"2026-04-03": ["c-15"], "2026-04-06": ["c-10"], "2026-04-07": ["c-11"]}


def test_parts_that_name_no_day_add_up_to_the_first_before_the_next_gets_any() -> None:
    rules = rules_of('weekdays: [mon, tue, wed, thu, fri], at: "16:00"', more="quantity: 2, intervals: [month]")
    told = [confirmed(f"2026-04-07 {hour}:00", hour) for hour in (10, 11, 12)]

    assert of_days(rules, told) == {"2026-04-03": ["c-10", "c-11"], "2026-04-06": ["c-12"], "2026-04-07": []}


def test_the_day_instead_is_a_name_too_where_nothing_else_bears_it() -> None:
    weekly = rules_of('weekdays: [fri], at: "16:00"')
    weekend = rules_of('weekdays: [sat, sun], at: "16:00"')
    told = [confirmed("2026-04-09 10:00", 1, "2026-04-07")]

    assert of_days(weekly, told) == {"2026-04-03": ["c-1"]}
    assert of_days(weekend, told) == {"2026-04-04": ["c-1"], "2026-04-05": []}, "of several the first is meant"


def test_it_counts_in_the_period_that_it_is_due_in() -> None:
    """31 January 2026 is a Saturday."""
    rules = rules_of('days_of_month: [31], at: "16:00"')
    found = [one.contribution for one in came(rules, [], "2026-02-03 00:00")]

    (january,) = [one for one in found if isinstance(one, DeliverableContribution) and one.status == "breached"]
    assert january.start == at("2026-02-02 16:00")


SCHEDULES = st.one_of(
    st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True).map(
        lambda days: f"weekdays: [{', '.join(days)}]"
    ),
    st.lists(st.integers(1, 31), min_size=1, max_size=3, unique=True).map(lambda days: f"days_of_month: {days}"),
)
CLOSED = st.sets(st.integers(0, 40), max_size=12).map(
    lambda numbers: ", ".join(str(date(2026, 3, 20) + timedelta(days=number)) for number in sorted(numbers))
)


@examples(60)
@given(SCHEDULES, CLOSED, st.sampled_from(("next", "previous", "same")), st.integers(0, 40))
def test_the_open_day_is_the_one_that_a_search_day_by_day_finds(
    schedule: str, closed: str, rule: str, asked: int
) -> None:
    term = term_of(f'{schedule}, at: "16:00", on_closed_day: {rule}', closed)
    assert isinstance(term.obligation, Deliverable)
    due = term.obligation.due
    until = at("2026-05-01 00:00")
    step = timedelta(days=-1 if rule == "previous" else 1)
    wanted = []
    for number in range(150):
        day = on = date(2026, 1, 1) + timedelta(days=number)
        if due.falls_on(day):
            while rule != "same" and not spans_of(term.calendar.hours, on):
                on += step
            at_ = at(f"{on} 16:00")
            if term.since < at(f"{day} 16:00") and term.since < at_ <= until:
                wanted.append((day, at_))

    found = [(one.day, one.due) for one in takewhile(lambda one: one.due <= until, occurrences(term, due))]

    assert found == wanted
    assert [one[1] for one in found] == sorted(one[1] for one in found), "they fall due in the order of their days"
    after = instant(datetime(2026, 3, 20, 16, tzinfo=UTC)) + asked * DAY
    assert next(occurrences(term, due, after)).due == min(
        one.due for one in takewhile(lambda one: one.due <= after + 60 * DAY, occurrences(term, due)) if one.due > after
    )
