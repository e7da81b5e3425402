"""Company X, internal: marketing delivers 100 leads a month, sales follows them up, and Ana reports every Friday."""

from sla_rules.agreement.obligations import Volume
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.instants import MINUTE
from sla_rules.time.periods import period_of
from tests.agreements.examples import confirmed, example, told
from tests.sla_rules.clocks import at
from tests.sla_rules.story import attempted, handed_off

REPORT = "company-x:status-report"


def test_the_quota_asks_for_a_hundred_leads_a_month() -> None:
    term = example("company-x").terms[2]
    assert isinstance(term.obligation, Volume)
    april = period_of("month", at("2026-04-10 12:00"), term.zone)

    line = goal_line(term, term.obligation, april)

    assert term.obligation.agreed == 100
    assert [goal_to_date(line, at(now)) for now in ("2026-04-01 12:00", "2026-04-16 00:00", "2026-05-01 00:00")] == [
        0,
        50,
        100,
    ]


def test_sales_is_held_to_an_hour_of_working_time_and_to_six_attempts() -> None:
    week_later = [f"2026-03-{day:02} 10:00" for day in (3, 4, 5, 9, 10, 11)]
    story = told(
        "company-x",
        {
            "in time": [handed_off("2026-03-02 12:15"), attempted("2026-03-02 14:15")],
            "too late": [handed_off("2026-03-02 12:15"), attempted("2026-03-02 14:16")],
            "by a robot": [handed_off("2026-03-02 12:15"), attempted("2026-03-02 12:16", automated=True)],
            "persistently": [handed_off("2026-03-02 17:30"), *map(attempted, week_later)],
        },
        until="2026-03-20 12:00",
    )

    touched = story.figures("first-touch", "2026-03-01")
    tried = story.figures("persistence", "2026-03-01")
    assert (touched["leads"], touched["met"], touched["breached"], touched["untouched"]) == (4, 1, 3, 1)
    assert {notice.lead for notice in story.notices("first-touch")} == {"too late", "by a robot", "persistently"}
    assert (tried["met"], tried["breached"], tried["attempts"], tried["unconnected"]) == (1, 3, 8, 4)
    assert story.figures("leads-delivered", "2026-03-01") == {"delivered": 4}


def test_a_report_that_does_not_come_by_friday_four_is_missed_and_late_if_it_names_its_friday() -> None:
    reports = [confirmed("2026-03-06 15:59"), confirmed("2026-03-13 16:00")]
    reports += [confirmed("2026-03-20 16:01", due="2026-03-20")]

    story = told("company-x", {REPORT: reports}, until="2026-03-20 18:00")

    assert story.figures("status-report", "2026-03-01") == {
        "leads": 4,
        "met": 2,
        "breached": 1,
        "open": 1,
        "quantity": 3_000_000,
        "wanted": 4_000_000,
    }
    assert [(notice.deadline, notice.late_by) for notice in story.notices("status-report")] == [
        (at("2026-03-20 16:00"), MINUTE)
    ]


def test_a_late_report_that_names_no_friday_counts_for_the_next() -> None:
    reports = [confirmed(f"2026-03-{day}") for day in ("06 15:59", "13 16:00", "20 16:01")]

    story = told("company-x", {REPORT: reports}, until="2026-03-27 18:00")

    assert story.figures("status-report", "2026-03-01") == {
        "leads": 4,
        "met": 3,
        "breached": 1,
        "quantity": 3_000_000,
        "wanted": 4_000_000,
    }
    assert [notice.status for notice in story.notices("status-report")] == ["breached"]


def test_the_agreement_may_be_cancelled_when_the_goal_is_missed_three_months_in_a_row() -> None:
    cancellation = told("company-x", {}, until="2026-03-01 00:00").agreement.cancellation
    assert cancellation is not None
    delivered = {"january": 100, "february": 99, "march": 80, "april": 99}

    missed = [count < 100 for count in delivered.values()]

    assert not cancellation.is_reached(missed[:3])
    assert cancellation.is_reached(missed)
