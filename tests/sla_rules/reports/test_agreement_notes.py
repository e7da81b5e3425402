"""What an agreement leaves unsaid is a note: which of its six parts are missing, and people who are easily overlooked."""

from datetime import date
from pathlib import Path
from typing import Final

import pytest

from sla_rules.agreement.file import load_agreements, parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.reports.agreement_notes import (
    NoAddresses,
    NoCancellation,
    NoConsequences,
    NoGoalsOrNeeds,
    NoSummary,
    Note,
    PartsMissing,
    RepsInNoTeam,
    RepsNotCounted,
    notes_of,
)

SHIPPED: Final = Path(__file__).parents[3] / "agreements"
TODAY: Final = date(2026, 11, 28)
BARE: Final = """
agreement: bare
version: "1"
effective_from: 2026-01-01
type: internal
title: Leads
parties:
  marketing: {name: Marketing, goals: [Leads], contacts: [{name: Bruno, email: bruno@x.example}]}
  sales: {name: Sales, contacts: [{name: Ana}]}
calendar: {time_zone: UTC, weekly_hours: {mon: [["09:00", "17:00"]]}}
obligations: [{id: leads, kind: volume, provider: marketing, recipient: sales, goal: 100}]
"""
CAPACITY: Final = "capacity: {obligation: leads, reps: 1, time_per_attempt: 10m, attempts_per_lead: 6}"


def noted(agreement: Agreement) -> tuple[Note, ...]:
    return notes_of(agreement, TODAY)


def test_an_agreement_says_which_of_its_six_parts_are_missing() -> None:
    (note,) = noted(parse_agreement(BARE))

    assert note == PartsMissing(
        (NoSummary(), NoGoalsOrNeeds(("Sales",)), NoAddresses(("Sales",)), NoConsequences(), NoCancellation())
    )


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (NoSummary(), "summary: Marketing delivers leads."),
        (NoConsequences(), "remedies: [{obligation: leads, owner: Bruno, within: 7d, action: Find out why}]"),
        (NoConsequences(), "credits: [{obligation: leads, tiers: [{below: 90%, credit: 10%}]}]"),
        (NoCancellation(), "cancellation: {missed_in_a_row: 3, obligations: [leads]}"),
    ],
)
def test_what_is_said_is_missing_no_more(part: object, said: str) -> None:
    (before,), (after,) = noted(parse_agreement(BARE)), noted(parse_agreement(f"{BARE}{said}\n"))

    assert isinstance(before, PartsMissing)
    assert after == PartsMissing(tuple(one for one in before.parts if one != part))


def test_reps_in_no_team_and_more_reps_than_are_counted_are_worth_a_note() -> None:
    reps = "reps: [{id: '1', name: Rita, team: North}, {id: '2', name: Sam}]\nteams: {North: {}}"

    _, *notes = noted(parse_agreement(f"{BARE}\n{reps}\n{CAPACITY}"))

    assert notes == [RepsInNoTeam(("Sam",)), RepsNotCounted(2, 1)]


@pytest.mark.parametrize("agreement", load_agreements([SHIPPED, SHIPPED / "examples"]), ids=lambda one: one.agreement)
def test_the_agreements_that_ship_leave_nothing_unsaid(agreement: Agreement) -> None:
    assert noted(agreement) == ()
