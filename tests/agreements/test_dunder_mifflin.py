"""Dunder Mifflin and Company X: 50 reams a month, every Monday to two addresses. March 2026 has five Mondays."""

from decimal import Decimal

from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.lead.facts import Fact
from tests.agreements.examples import confirmed, told
from tests.sla_rules.clocks import at

MONDAYS = ("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30")
SHIPMENT, REAMS = "dunder-mifflin:shipment", "dunder-mifflin:reams"
MARCH = "2026-03-01"


def offset(day: str) -> str:
    """New York's clocks go forward on 8 March 2026."""
    return "-05:00" if day < "2026-03-08" else "-04:00"


def shipped(day: str, *addresses: str, hour: str = "11:00") -> list[Fact]:
    return [confirmed(f"{day} {hour}{offset(day)}", to=address) for address in addresses]


def quantities(confirmed: int, of: int) -> dict[str, int]:
    """In millionths, as figures keep them."""
    return {"quantity": confirmed * VALUE_UNIT, "wanted": of * VALUE_UNIT}


def test_a_monday_is_met_when_both_addresses_have_confirmed_by_five() -> None:
    whole = [fact for day in MONDAYS for fact in shipped(day, "Address 1", "Address 2")]

    story = told("dunder-mifflin", {SHIPMENT: whole}, until="2026-04-01 12:00")

    assert story.figures("shipment", MARCH) == {"leads": 5, "met": 5, **quantities(10, of=10)}
    assert story.credit("shipment", MARCH) == 0


def test_a_monday_with_one_address_is_missed_and_a_tenth_of_the_fee_is_due() -> None:
    facts = [fact for day in MONDAYS[:4] for fact in shipped(day, "Address 1", "Address 2")]
    facts += shipped(MONDAYS[4], "Address 1")

    story = told("dunder-mifflin", {SHIPMENT: facts}, until="2026-04-01 12:00")

    assert story.figures("shipment", MARCH) == {"leads": 5, "met": 4, "breached": 1, **quantities(9, of=10)}
    assert [notice.deadline for notice in story.notices("shipment")] == [at("2026-03-30 17:00-04:00")]
    assert story.credit("shipment", MARCH) == Decimal("0.1")


def test_labor_day_ships_on_the_tuesday_and_keeps_its_name() -> None:
    """7 September 2026; both days are names for it."""
    facts = [*shipped("2026-09-08", "Address 1"), confirmed("2026-09-08 12:00-04:00", to="Address 2", due="2026-09-07")]

    story = told("dunder-mifflin", {SHIPMENT: facts}, until="2026-09-10 12:00", since="2026-09-01 00:00")

    assert story.figures("shipment", "2026-09-07", "week") == {"leads": 1, "met": 1, **quantities(2, of=2)}
    unshipped = told("dunder-mifflin", {SHIPMENT: []}, until="2026-09-10 12:00", since="2026-09-01 00:00")
    assert [(one.cycle, one.deadline) for one in unshipped.notices("shipment")][-1] == (
        20260907,
        at("2026-09-08 17:00-04:00"),
    )


def test_one_address_told_twice_is_not_both() -> None:
    facts = [fact for day in MONDAYS[:4] for fact in shipped(day, "Address 1", "Address 2")]
    facts += [*shipped(MONDAYS[4], "Address 1"), *shipped(MONDAYS[4], "Address 1", hour="12:00")]

    story = told("dunder-mifflin", {SHIPMENT: facts}, until="2026-04-01 12:00")

    assert story.figures("shipment", MARCH) == {"leads": 5, "met": 4, "breached": 1, **quantities(9, of=10)}
    assert [notice.deadline for notice in story.notices("shipment")] == [at("2026-03-30 17:00-04:00")]


def test_the_addresses_divide_the_reams_of_a_month_as_they_like() -> None:
    once = [confirmed("2026-03-02 11:00-05:00", quantity=50, to="Address 1")]

    story = told("dunder-mifflin", {REAMS: once}, until="2026-04-01 12:00")

    assert story.figures("reams", MARCH) == {"leads": 1, "met": 1, **quantities(50, of=50)}


def test_three_mondays_of_four_are_not_below_three_quarters() -> None:
    mondays = ("2026-02-02", "2026-02-09", "2026-02-16")
    facts = [fact for day in mondays for fact in shipped(day, "Address 1", "Address 2")]
    facts += shipped("2026-02-23", "Address 1", "Address 2", hour="17:01")

    story = told("dunder-mifflin", {SHIPMENT: facts}, until="2026-03-01 12:00", since="2026-02-01 00:00")

    assert story.figures("shipment", "2026-02-01") == {"leads": 4, "met": 3, "breached": 1, **quantities(6, of=8)}
    assert story.credit("shipment", "2026-02-01") == Decimal("0.1")


def test_the_reams_of_the_month_add_up() -> None:
    enough = [confirmed(f"{day} 11:00{offset(day)}", quantity=10) for day in MONDAYS]

    assert told("dunder-mifflin", {REAMS: enough}, until="2026-04-01 12:00").figures("reams", MARCH) == {
        "leads": 1,
        "met": 1,
        **quantities(50, of=50),
    }
    assert told("dunder-mifflin", {REAMS: enough[:4]}, until="2026-04-01 12:00").figures("reams", MARCH) == {
        "leads": 1,
        "breached": 1,
        **quantities(40, of=50),
    }


def test_three_months_without_the_reams_end_the_contract() -> None:
    story = told("dunder-mifflin", {}, until="2026-04-10 12:00", since="2026-01-01 12:00")
    months = ("2026-01-01", "2026-02-01", "2026-03-01")
    missed = [story.attainment("reams", month) != 1 for month in months]

    assert story.agreement.cancellation is not None
    assert story.agreement.cancellation.is_reached(missed)
    assert story.cancellation() == {
        "missed_in_a_row": 3,
        "interval": "month",
        "obligations": ["reams"],
        "in_a_row": ["2026-01-01T05:00:00Z", "2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z"],
        "is_reached": True,
        "reached": [
            {
                "at": "2026-04-02T04:00:00Z",
                "periods": ["2026-01-01T05:00:00Z", "2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z"],
            }
        ],
    }


def test_a_credit_never_exceeds_its_cap() -> None:
    found = told("dunder-mifflin", {}, until="2026-04-10 12:00").consequences("shipment", MARCH)

    assert found["credits"][0]["published"] == {
        "tier": {"below": "0.75", "credit": "0.25"},
        "credit": "0.25",
        "is_capped": False,
        "amount": "62.50",
    }
