"""Uptime: minutes of a machine, and what of the fee is given back. Two thousand minutes stand for the month's."""

from decimal import Decimal

import pytest

from sla_rules.instants import MINUTE, SECOND
from sla_rules.lead.facts import Attempted, Excused, Fact, HandedOff
from tests.agreements.examples import Story, told
from tests.sla_rules.clocks import at

MINUTES = 2_000
MARCH = "2026-03-01"
START = at("2026-03-02 00:00+00:00")


def minute(number: int, *, up: bool, maintained: bool = False) -> list[Fact]:
    begin = START + number * MINUTE
    facts: list[Fact] = [HandedOff(begin, begin, "/monitor", "begun", fields={"attributes.kind": "machine-minute"})]
    if up:
        seen = begin + SECOND
        facts.append(Attempted(seen, seen, "/monitor", "seen", channel="probe", automated=True))
    if maintained:
        facts.append(Excused(begin, begin, "/monitor", "maintained", reason="maintenance", by="operations"))
    return facts


def month(down: int, maintained: int = 0) -> Story:
    """The first minutes are down, those of the maintenance among them."""
    facts = {f"minute-{n}": minute(n, up=n >= down, maintained=n < maintained) for n in range(MINUTES)}
    return told("uptime", facts, until="2026-04-02 12:00")


@pytest.mark.parametrize(
    ("down", "credit"),
    [(0, "0"), (1, "0"), (2, "0.1"), (20, "0.1"), (21, "0.25"), (100, "0.25"), (101, "1"), (2_000, "1")],
)
def test_a_bound_that_is_just_kept_costs_nothing(down: int, credit: str) -> None:
    story = month(down)

    assert story.figures("reachable", MARCH).get("breached", 0) == down
    assert story.credit("reachable", MARCH) == Decimal(credit)


def test_planned_maintenance_is_taken_out_of_the_maximum() -> None:
    story = month(down=500, maintained=500)

    assert story.figures("reachable", MARCH)["excused"] == 500
    assert story.attainment("reachable", MARCH) == 1
    assert story.credit("reachable", MARCH) == 0


def test_a_month_without_a_minute_owes_nothing() -> None:
    story = told("uptime", {}, until="2026-04-02 12:00")

    assert story.attainment("reachable", MARCH) is None
    assert story.credit("reachable", MARCH) == 0


@pytest.mark.parametrize(
    ("down", "tier", "credit", "amount"),
    [
        (1, None, "0", "0.00"),
        (2, {"below": "0.9995", "credit": "0.1"}, "0.1", "10.00"),
        (20, {"below": "0.9995", "credit": "0.1"}, "0.1", "10.00"),
        (21, {"below": "0.99", "credit": "0.25"}, "0.25", "25.00"),
        (101, {"below": "0.95", "credit": "1"}, "1", "100.00"),
    ],
)
def test_the_credit_of_a_published_month_is_told_with_its_tier_and_until_when_to_claim_it(
    down: int, tier: dict[str, str] | None, credit: str, amount: str
) -> None:
    found = month(down).consequences("reachable", MARCH)

    assert (found["status"], found["published_at"]) == ("published", "2026-04-02T00:00:00Z")
    assert found["published"]["attainment"] == (MINUTES - down) / MINUTES
    assert found["published"]["result"] == ("met" if down < 2 else "missed")
    assert found["credits"] == [
        {
            "fee": "100",
            "currency": "USD",
            "cap": "1",
            "claim_until": "2026-06-01T00:00:00Z",
            "exclusions": ["Planned maintenance", "Force majeure", "Faults of the customer's own software"],
            "published": {"tier": tier, "credit": credit, "is_capped": False, "amount": amount},
            "restated": {"tier": tier, "credit": credit, "is_capped": False, "amount": amount},
        }
    ]


def test_the_claim_of_a_missed_month_is_answered_within_45_days_of_its_publication() -> None:
    assert month(1).consequences("reachable", MARCH)["remedies"] == []
    assert month(2).consequences("reachable", MARCH)["remedies"] == [
        {"owner": "Operations", "action": "Answer the claim", "by": "2026-05-17T00:00:00Z"}
    ]


def test_a_month_that_is_not_published_has_no_consequence_yet() -> None:
    facts = {"minute-1": minute(1, up=False)}

    found = told("uptime", facts, until="2026-04-01 23:59:59+00:00").consequences("reachable", MARCH)

    assert (found["status"], found["published"], found["remedies"]) == ("open", None, [])
    assert found["credits"][0]["published"] is None
    assert found["restated"]["result"] == "missed"


def test_what_is_known_later_stands_beside_and_decides_nothing() -> None:
    late = at("2026-04-03 00:00+00:00")
    begin = START + MINUTE
    down: list[Fact] = minute(1, up=False)
    seen = Attempted(begin + SECOND, late, "/monitor", "seen", channel="probe", automated=True)

    found = told("uptime", {"minute-1": [*down, seen]}, until="2026-04-04 00:00").consequences("reachable", MARCH)

    assert (found["status"], found["published"]["result"], found["restated"]["result"]) == ("restated", "missed", "met")
    assert [found["credits"][0][which]["amount"] for which in ("published", "restated")] == ["100.00", "0.00"]
    assert len(found["remedies"]) == 1


def test_a_month_without_a_minute_was_neither_met_nor_missed() -> None:
    found = told("uptime", {}, until="2026-04-02 12:00").consequences("reachable", MARCH)

    assert (found["published"]["result"], found["published"]["attainment"]) == (None, None)
    assert found["credits"][0]["published"] == {"tier": None, "credit": "0", "is_capped": False, "amount": "0.00"}
