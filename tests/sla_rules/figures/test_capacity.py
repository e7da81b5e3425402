"""Can the reps serve what was agreed? By hand: an hour a lead, in an office that is open 40 hours a week."""

from datetime import date
from typing import Any

import pytest

from sla_rules.agreement.file import AgreementErrors
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.reps import Capacity
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.figures.capacity import capacity_for, feasibility, leads_served, own_leads_served
from sla_rules.reports.encode import document
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement
from tests.sla_rules.story import handed_off

OFFICE = '[["09:00", "17:00"]]'
TERMS = f"""
calendar: {{time_zone: Europe/Berlin, weekly_hours: {{mon: {OFFICE}, tue: {OFFICE}, wed: {OFFICE}, thu: {OFFICE}, fri: {OFFICE}}},
  holidays: {{dates: [2026-12-24, 2026-12-25, 2026-12-31]}}}}
calendars: {{mornings: {{time_zone: Europe/Berlin, weekly_hours: {{mon: [["09:00", "13:00"]]}}}}}}
segments: [{{id: ceo, when: {{role: ceo}}, value: 100}}]
obligations:
  - {{id: leads, kind: volume, provider: marketing, recipient: sales, goal: 160, intervals: [day, month]}}
  - {{id: worth, kind: volume, provider: marketing, recipient: sales, goal: 160, measure: value}}
capacity: {{obligation: leads, reps: 2, time_per_attempt: 10m, attempts_per_lead: 6, share_for_marketing: 50%, share_for_own: 25%}}
"""


def served(text: str = TERMS) -> tuple[Term, Volume, Capacity]:
    term = RuleBook([agreement(text)]).terms[0]
    capacity = capacity_for(term.agreement, "leads")
    assert capacity is not None
    assert isinstance(term.obligation, Volume)
    return term, term.obligation, capacity


def changed(old: str, new: str) -> str:
    assert old in TERMS
    return TERMS.replace(old, new)


@pytest.mark.parametrize(
    ("interval", "day", "leads", "own"),
    [
        ("day", "2026-03-02", 8, 4),
        ("day", "2026-03-01", 0, 0),
        ("week", "2026-03-02", 40, 20),
        ("month", "2026-02-01", 160, 80),
        ("month", "2026-12-01", 160, 80),
    ],
)
def test_so_many_leads_are_served_as_the_working_time_of_all_reps_holds(
    interval: Any, day: str, leads: int, own: int
) -> None:
    term, _, capacity = served()
    period = term.period(interval, at(f"{day} 12:00"))

    assert (leads_served(term, capacity, period), own_leads_served(term, capacity, period)) == (leads, own)


def test_a_lead_that_fits_in_only_in_part_is_not_served() -> None:
    term, _, capacity = served(changed("time_per_attempt: 10m", "time_per_attempt: 10m1s"))

    assert leads_served(term, capacity, term.period("month", at("2026-02-10 12:00"))) == 159


def test_reps_may_keep_other_hours() -> None:
    term, _, capacity = served(changed("reps: 2,", "reps: 2, calendar: mornings,"))

    assert leads_served(term, capacity, term.period("week", at("2026-03-02 12:00"))) == 4


def test_a_goal_is_feasible_if_the_tightest_period_of_the_year_holds_it() -> None:
    found = feasibility(*served())

    assert (found.is_feasible, found.capacity, found.agreed, found.own, found.reps) == (True, 160, 160, 80, 2)
    assert found.period.first == date(2026, 2, 1)


def test_one_lead_more_takes_another_rep() -> None:
    found = feasibility(*served(changed("goal: 160, intervals", "goal: 161, intervals")))

    assert (found.is_feasible, found.capacity, found.reps) == (False, 160, 3)


def test_in_a_period_in_which_nobody_works_no_number_of_reps_is_enough() -> None:
    found = feasibility(*served(changed("intervals: [day, month]", "interval: day, intervals: [day]")))

    assert (found.is_feasible, found.capacity, found.reps) == (False, 0, None)


def test_a_report_shows_the_load_of_each_period_for_all_segments_together() -> None:
    rules = RuleBook([agreement(TERMS)])
    told = {f"lead-{n}": [handed_off("2026-03-02 09:00", role="ceo")] for n in range(10)}
    until = at("2026-03-02 18:00")

    found: Any = document(report(rules, "leads", replay(rules, told, until), Scope(at("2026-03-02 09:00"), until)))
    leads, worth = found["obligations"]

    load = {one["interval"]: (one["restated"]["capacity"], one["restated"]["load"]) for one in leads["totals"]}
    assert load == {"day": (8, 1.25), "month": (176, 10 / 176)}
    assert {(one["restated"]["capacity"], one["restated"]["load"]) for one in leads["periods"]} == {(None, None)}
    assert {one["restated"]["capacity"] for one in worth["totals"]} == {None}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("obligation: leads,", "obligation: lead,", "no obligation of volume 'lead'; did you mean 'leads'?"),
        ("obligation: leads,", "obligation: worth,", "'worth' counts value; reps serve leads"),
        ("reps: 2,", "reps: 2, calendar: nights,", "no calendar 'nights'; known: mornings"),
        (
            "share_for_own: 25%",
            "share_for_own: 51%",
            "share_for_marketing and share_for_own are more than all of the time",
        ),
    ],
)
def test_a_capacity_that_does_not_fit_is_an_error(old: str, new: str, message: str) -> None:
    with pytest.raises(AgreementErrors) as wrong:
        agreement(changed(old, new))

    assert message in str(wrong.value)


@pytest.mark.parametrize(
    ("interval", "limits", "reps", "leads"),
    [
        ("month", "{leads_a_month: 60}", "", 120),
        ("month", "{leads_a_month: 90}", "", 160),
        ("month", "{}", "{leads_a_month: 30}", 30 + 80),
        ("month", "{leads_a_month: 60}", "{leads_a_month: 30}", 30 + 60),
        ("month", "{leads_a_month: 60}", "{open_leads: 100}", 120),
        ("month", "{open_leads: 10}", "", 2 * 28),
        ("month", "{open_leads: 10, leads_a_month: 20}", "{open_leads: 5}", 14 + 20),
        ("day", "{leads_a_month: 3}", "", 6),
        ("day", "{leads_a_month: 60}", "", 8),
    ],
)
def test_a_rep_serves_no_more_leads_than_the_rep_may_have(interval: Any, limits: str, reps: str, leads: int) -> None:
    text = changed("share_for_own: 25%}", f"share_for_own: 25%, open_for: 10d, limits: {limits}}}")
    if reps:
        text += f"reps: [{{id: rita, name: Rita, limits: {reps}}}]\n"
    term, _, capacity = served(text)

    assert leads_served(term, capacity, term.period(interval, at("2026-02-02 12:00"))) == leads


_PERIODS: tuple[tuple[Any, str], ...] = (
    ("week", "2026-02-04"),
    ("week", "2026-04-01"),
    ("quarter", "2026-02-04"),
    ("year", "2026-02-04"),
)


def test_a_limit_is_one_for_every_month_that_a_period_touches() -> None:
    term, _, capacity = served(changed("share_for_own: 25%}", "share_for_own: 25%, limits: {leads_a_month: 7}}"))

    found = [leads_served(term, capacity, term.period(interval, at(f"{day} 12:00"))) for interval, day in _PERIODS]

    assert found == [2 * 7, 2 * 2 * 7, 2 * 3 * 7, 2 * 12 * 7]


def test_how_many_may_be_open_limits_nothing_as_long_as_nobody_says_for_how_long() -> None:
    term, _, capacity = served(changed("share_for_own: 25%}", "share_for_own: 25%, limits: {open_leads: 1}}"))

    assert leads_served(term, capacity, term.period("month", at("2026-02-02 12:00"))) == 160


def test_limits_say_how_many_reps_it_takes() -> None:
    found = [
        feasibility(*served(changed("share_for_own: 25%}", f"share_for_own: 25%, limits: {{leads_a_month: {most}}}}}")))
        for most in (40, 80, 200)
    ]

    assert [(one.capacity, one.reps, one.is_limited) for one in found] == [
        (80, 4, True),
        (160, 2, True),
        (160, 2, False),
    ]
