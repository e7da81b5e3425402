"""Uptime: minutes of a machine, and what of the fee is given back. Two thousand minutes stand for the month's."""

from decimal import Decimal

import pytest

from sla_rules.facts import Attempted, Excused, Fact, HandedOff
from sla_rules.instants import MINUTE, SECOND
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
        facts.append(Attempted(seen, seen, "/monitor", "seen", channel="probe", actor="automation"))
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
