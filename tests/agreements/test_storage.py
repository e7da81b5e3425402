"""Storage, by days: each day of downtime gives back a tenth of the month's fee, however long the month is."""

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.agreements.examples import confirmed, told

KEY = "storage:available-day"
APRIL = "2026-04-01"


@pytest.mark.parametrize(("down", "credit"), [(0, "0"), (1, "0.1"), (3, "0.3"), (10, "1"), (11, "1"), (30, "1")])
def test_each_day_of_downtime_gives_back_a_tenth_of_the_fee(down: int, credit: str) -> None:
    available = [confirmed(f"2026-04-{day:02} 23:58+00:00") for day in range(down + 1, 31)]

    story = told("storage", {KEY: available}, until="2026-05-01 12:00+00:00")

    assert story.figures("available-day", APRIL).get("breached", 0) == down
    assert story.credit("available-day", APRIL) == Decimal(credit)


@pytest.mark.parametrize("days", [28, 29, 30, 31])
def test_a_day_is_one_tier_in_a_month_of_any_length(days: int) -> None:
    (terms,) = told("storage", {}, until="2026-03-05 12:00+00:00").agreement.credits

    credits_due = [terms.credit(Fraction(days - down, days)) for down in range(days + 1)]

    assert credits_due == [min(Decimal(down) / 10, Decimal(1)) for down in range(days + 1)]


SO_FAR = {"quantity": 3_000_000, "wanted": 5_000_000}


def test_a_day_that_nobody_confirmed_is_a_day_of_downtime_once_it_is_over() -> None:
    facts = {KEY: [confirmed(f"2026-03-0{day} 23:59+00:00") for day in (1, 2, 4)]}

    story = told("storage", facts, until="2026-03-05 12:00+00:00")

    assert story.figures("available-day", "2026-03-01") == {"leads": 5, "met": 3, "breached": 1, "open": 1, **SO_FAR}
    assert {notice.cycle for notice in story.notices("available-day") if notice.cycle > 20260301} == {20260303}


@pytest.mark.parametrize(("down", "amount"), [(0, "0.00"), (1, "1.20"), (3, "3.60"), (12, "12.00")])
def test_the_days_of_downtime_of_a_published_month_give_back_so_much_of_twelve(down: int, amount: str) -> None:
    available = [confirmed(f"2026-04-{day:02} 23:58+00:00") for day in range(down + 1, 31)]

    found = told("storage", {KEY: available}, until="2026-05-02 00:00+00:00").consequences("available-day", APRIL)

    assert found["published"]["result"] == ("missed" if down else "met")
    (credit,) = found["credits"]
    assert (credit["published"]["amount"], credit["fee"], credit["currency"]) == (amount, "12", "USD")
    assert credit["claim_until"] == "2026-05-31T00:00:00Z"
