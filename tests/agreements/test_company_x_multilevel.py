"""Company X, three departments: sales closes 50 customers a month, customer service keeps them, Ana tells Joanna."""

import msgspec

from sla_rules.agreement.obligations import Volume
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.lead.facts import Fact
from sla_rules.time.periods import period_of
from tests.agreements.examples import confirmed, example, told
from tests.sla_rules.clocks import at
from tests.sla_rules.story import attempted, handed_off, turned

MARCH = "2026-03-01"


def _customer(*told: Fact) -> list[Fact]:
    return [msgspec.structs.replace(fact, subject="customer") for fact in told]


def test_fifty_customers_a_month_are_five_by_the_third_day_of_april() -> None:
    term = example("company-x-multilevel").terms[0]
    assert isinstance(term.obligation, Volume)

    line = goal_line(term, term.obligation, period_of("month", at("2026-04-10 12:00"), term.zone))

    assert goal_to_date(line, at("2026-04-04 00:00")) == 5
    assert term.obligation.agreed == 50


def test_a_customer_is_won_in_march_and_greeted_within_a_working_day() -> None:
    story = told(
        "company-x-multilevel",
        {
            "in time": _customer(handed_off("2026-03-02 12:00"), attempted("2026-03-03 12:00")),
            "late": _customer(handed_off("2026-03-02 12:00"), attempted("2026-03-03 12:01")),
            "a lead": [handed_off("2026-03-02 12:00")],
        },
        until="2026-04-10 12:00",
    )

    greeted = story.figures("welcome", MARCH)
    assert (greeted["leads"], greeted["met"], greeted["breached"]) == (2, 1, 1)
    assert story.figures("customers-closed", MARCH) == {"delivered": 2}


def test_of_ten_customers_nine_may_stay_and_the_eleventh_counts_from_the_next_month_on() -> None:
    """Two of ten leave in March, one of whom comes back: 90 %. In April one of the ten, with the new one, leaves: again."""
    there = {f"stays {number}": _customer(handed_off("2026-02-02 12:00")) for number in range(8)}
    story = told(
        "company-x-multilevel",
        {
            **there,
            "leaves": _customer(handed_off("2026-02-02 12:00"), turned("2026-03-10 12:00", "converted")),
            "comes back": _customer(
                handed_off("2026-02-02 12:00"),
                turned("2026-03-10 12:00", "converted"),
                turned("2026-03-20 12:00", "reopened"),
            ),
            "new": _customer(handed_off("2026-03-02 12:00"), turned("2026-04-08 12:00", "converted")),
        },
        until="2026-05-02 12:00",
    )

    assert story.figures("kept", MARCH) == {"leads": 10, "met": 9, "breached": 1, "won": 1, "losses": 2}
    assert story.figures("kept", "2026-04-01") == {"leads": 10, "met": 9, "breached": 1, "losses": 1}
    assert story.figures("kept", "2026-02-01") == {"won": 10}
    assert story.figures("kept", "2026-01-01", "quarter") == {"won": 11, "losses": 2}
    assert story.figures("kept", "2026-04-01", "quarter") == {"leads": 10, "met": 9, "breached": 1, "losses": 1}
    lost = {(notice.lead, notice.resolved_at) for notice in story.notices("kept")}
    assert lost == {("leaves", None), ("comes back", at("2026-03-20 12:00")), ("new", None)}


def test_the_friction_report_is_due_on_the_last_working_day_of_each_month() -> None:
    """28 February 2026 is a Saturday."""
    reports = {"company-x-multilevel:friction-report": [confirmed("2026-02-27 17:00"), confirmed("2026-04-01 09:00")]}

    story = told("company-x-multilevel", reports, until="2026-04-01 12:00", since="2026-02-02 00:00")

    assert story.figures("friction-report", "2026-02-01") == {
        "leads": 1,
        "met": 1,
        "quantity": 1_000_000,
        "wanted": 1_000_000,
    }
    assert story.figures("friction-report", MARCH) == {"leads": 1, "breached": 1, "wanted": 1_000_000}
    assert [notice.deadline for notice in story.notices("friction-report")] == [at("2026-03-31 17:00")]
