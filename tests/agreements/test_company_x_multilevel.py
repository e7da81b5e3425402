"""Company X, three departments: sales closes 50 customers a month, customer service keeps them, Ana tells Joanna."""

from sla_rules.agreement.obligations import Volume
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.time.periods import period_of
from tests.agreements.examples import confirmed, example, told
from tests.sla_rules.clocks import at
from tests.sla_rules.story import attempted, handed_off

CUSTOMER = {"attributes.stage": "customer"}
MARCH = "2026-03-01"


def test_fifty_customers_a_month_are_five_by_the_third_day_of_april() -> None:
    term = example("company-x-multilevel").terms[0]
    assert isinstance(term.obligation, Volume)

    line = goal_line(term, term.obligation, period_of("month", at("2026-04-10 12:00"), term.zone))

    assert goal_to_date(line, at("2026-04-04 00:00")) == 5
    assert term.obligation.agreed == 50


def test_a_customer_is_greeted_within_a_working_day_and_renews_within_35_days() -> None:
    story = told(
        "company-x-multilevel",
        {
            "stays": [
                handed_off("2026-03-02 12:00", **CUSTOMER),
                attempted("2026-03-03 12:00"),
                attempted("2026-04-02 08:00", "renewal", inbound=True, automated=True),
            ],
            "leaves": [handed_off("2026-03-02 12:00", **CUSTOMER), attempted("2026-03-03 12:01")],
            "is still a lead": [handed_off("2026-03-02 12:00")],
        },
        until="2026-04-10 12:00",
    )

    greeted, kept = story.figures("welcome", MARCH), story.figures("kept", MARCH)
    assert (greeted["leads"], greeted["met"], greeted["breached"]) == (2, 1, 1)
    assert (kept["leads"], kept["met"], kept["breached"]) == (2, 1, 1)
    assert [notice.lead for notice in story.notices("kept")] == ["leaves"]
    assert story.figures("customers-closed", MARCH) == {"delivered": 2}


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
