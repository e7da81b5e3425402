"""Uptime of a machine by its down and up events, and what of the fee is given back. March 2026 has 2,678,400 seconds."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from sla_rules.instants import DAY, SECOND
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from tests.agreements.examples import Story, told
from tests.sla_rules.clocks import at

MARCH = "2026-03-01"
MAXIMUM = 31 * 86_400
START = at("2026-03-02 00:00+00:00")
WATCHED = at("2026-03-01 00:00+00:00")
EXCLUSIONS = ["Maintenance announced three days before", "Force majeure", "Faults of the customer's own software"]


def fact(kind: type[Any], at: int, **more: Any) -> Fact:
    found: Fact = kind(at, at, "/monitor", f"{kind.__name__} {at}", subject="machine", **more)
    return found


def machine(down: int, *more: Fact) -> dict[str, list[Fact]]:
    """Watched all month, and down for so many seconds from the second of March on."""
    known = [fact(facts.Created, WATCHED)]
    if down:
        known += [
            fact(facts.HandedOff, START),
            fact(facts.StatusChanged, START + down * SECOND, status="connected"),
        ]
    return {"vm-1": [*known, *more]}


def month(down: int, *more: Fact) -> Story:
    return told("uptime", machine(down, *more), until="2026-04-02 12:00")


@pytest.mark.parametrize(
    ("down", "tier", "credit", "amount"),
    [
        (0, None, "0", "0.00"),
        (1_339, None, "0", "0.00"),
        (1_340, {"below": "0.9995", "credit": "0.1"}, "0.1", "10.00"),
        (26_784, {"below": "0.9995", "credit": "0.1"}, "0.1", "10.00"),
        (26_785, {"below": "0.99", "credit": "0.25"}, "0.25", "25.00"),
        (133_920, {"below": "0.99", "credit": "0.25"}, "0.25", "25.00"),
        (133_921, {"below": "0.95", "credit": "1"}, "1", "100.00"),
    ],
)
def test_a_bound_that_is_just_kept_costs_nothing_and_a_second_more_the_credit_of_its_tier(
    down: int, tier: dict[str, str] | None, credit: str, amount: str
) -> None:
    found = month(down).consequences("reachable", MARCH)

    assert (found["status"], found["published_at"]) == ("published", "2026-04-02T00:00:00Z")
    assert found["published"]["attainment"] == float(Fraction(MAXIMUM - down, MAXIMUM))
    assert found["published"]["result"] == ("met" if down < 1_340 else "missed")
    assert found["credits"] == [
        {
            "fee": "100",
            "currency": "USD",
            "cap": "1",
            "claim_until": "2026-06-01T00:00:00Z",
            "exclusions": EXCLUSIONS,
            "published": {"tier": tier, "credit": credit, "is_capped": False, "amount": amount},
            "restated": {"tier": tier, "credit": credit, "is_capped": False, "amount": amount},
        }
    ]


@pytest.mark.parametrize(("days_before", "attainment"), [(3, Fraction(1)), (2, Fraction(MAXIMUM - 3_600, MAXIMUM))])
def test_maintenance_that_was_announced_in_time_is_taken_out_of_the_maximum(
    days_before: int, attainment: Fraction
) -> None:
    announced = fact(
        facts.ExcusedSpan,
        START - days_before * DAY,
        since=START,
        until=START + 3_600 * SECOND,
        reason="patches",
        by="operations",
    )

    story = month(3_600, announced)

    waived = 3_600 * SECOND if attainment == 1 else 0
    figures = story.figures("reachable", MARCH)
    assert (figures["available"], figures.get("excused_time", 0)) == (MAXIMUM * SECOND - waived, waived)
    assert figures.get("down", 0) == 3_600 * SECOND - waived
    assert story.consequences("reachable", MARCH)["published"]["attainment"] == float(attainment)


def test_a_machine_that_nobody_watches_owes_nothing() -> None:
    found = told("uptime", {}, until="2026-04-02 12:00").consequences("reachable", MARCH)

    assert (found["published"]["result"], found["published"]["attainment"]) == (None, None)
    assert found["credits"][0]["published"] == {"tier": None, "credit": "0", "is_capped": False, "amount": "0.00"}


def test_a_machine_that_was_never_down_was_up_all_the_time() -> None:
    assert month(0).consequences("reachable", MARCH)["published"]["attainment"] == 1


def test_a_machine_that_is_watched_from_the_middle_of_the_month_owes_the_rest_of_it() -> None:
    story = told("uptime", {"vm-2": [fact(facts.Created, at("2026-03-16 12:00+00:00"))]}, until="2026-04-02 12:00")

    assert story.figures("reachable", MARCH) == {"available": 15 * DAY + DAY // 2}


def test_each_outage_has_a_deadline_of_its_own_by_which_it_is_over() -> None:
    story = month(4 * 3_600 + 1)

    assert {name: story.figures("restored", MARCH)[name] for name in ("leads", "breached")} == {
        "leads": 1,
        "breached": 1,
    }
    assert [notice.tier for notice in story.notices("restored")] == ["warning-1h", "deadline"]
    assert [(notice.deadline, notice.resolved_at) for notice in story.notices("reachable")] == [
        (START, START + (4 * 3_600 + 1) * SECOND)
    ]


def test_the_claim_of_a_missed_month_is_answered_within_45_days_of_its_publication() -> None:
    assert month(1_339).consequences("reachable", MARCH)["remedies"] == []
    (remedy,) = month(1_340).consequences("reachable", MARCH)["remedies"]
    said = [remedy[name] for name in ("owner", "action", "by", "status")]
    assert said == ["Operations", "Answer the claim", "2026-05-17T00:00:00Z", "due"]


def test_what_is_known_later_stands_beside_and_decides_nothing() -> None:
    late = at("2026-04-03 00:00+00:00")
    sooner = facts.StatusChanged(START + 60 * SECOND, late, "/monitor", "late", status="connected", subject="machine")

    found = told("uptime", machine(3_600, sooner), until="2026-04-04 00:00").consequences("reachable", MARCH)

    assert (found["status"], found["published"]["result"], found["restated"]["result"]) == ("restated", "missed", "met")
    assert [found["credits"][0][which]["amount"] for which in ("published", "restated")] == ["10.00", "0.00"]
    assert len(found["remedies"]) == 1


def test_three_machines_share_one_month() -> None:
    known = [fact(facts.Created, WATCHED)]

    story = told("uptime", {**machine(3_000), "vm-2": known, "vm-3": known}, until="2026-04-02 12:00")

    assert story.credit("reachable", MARCH) == Decimal(0)
    assert story.figures("reachable", MARCH)["down"] == 3_000 * SECOND
