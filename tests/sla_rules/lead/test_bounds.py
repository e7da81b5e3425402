"""What comes from elsewhere than an event is held to what an event could have told."""

from typing import Any

import msgspec
import pytest
from hypothesis import given

from sla_rules.events.as_fact import fact_of
from sla_rules.events.decode import read_event
from sla_rules.instants import DAY, LATEST
from sla_rules.lead import facts
from sla_rules.lead.bounds import LONGEST_TEXT, out_of_bounds
from sla_rules.lead.facts import Fact
from tests.script import ORIGIN
from tests.sla_rules.event_samples import DATA, sample
from tests.strategies import some_facts

STAMPS: dict[str, Any] = {"time": ORIGIN, "arrival": ORIGIN, "source": "/crm", "id": "a"}
LONG = "x" * (LONGEST_TEXT + 1)


@given(some_facts())
def test_facts_that_events_told_are_in_bounds(fact: Fact) -> None:
    assert out_of_bounds(fact) is None


@pytest.mark.parametrize("kind", DATA)
def test_the_fact_of_every_type_of_event_is_in_bounds(kind: str) -> None:
    event = read_event(msgspec.json.encode(sample(kind)))

    assert out_of_bounds(fact_of(event, ORIGIN)) is None


@pytest.mark.parametrize(
    "fact",
    [
        facts.Created(**{**STAMPS, "time": -1}),
        facts.Created(**{**STAMPS, "time": LATEST + 1}),
        facts.Created(**{**STAMPS, "arrival": LATEST + 1}),
        facts.Created(**{**STAMPS, "arrival": -2 * DAY}),
        facts.HandedOff(**STAMPS, rep=LONG),
        facts.HandedOff(**{**STAMPS, "source": LONG}),
        facts.Merged(**STAMPS, into=LONG),
        facts.Excused(**STAMPS, reason=LONG),
        facts.Corrected(**STAMPS, instead=facts.HandedOff(**{**STAMPS, "time": LATEST + 1})),
        facts.Corrected(**STAMPS, instead=facts.Merged(**STAMPS, into="lead-2")),
        facts.Corrected(**STAMPS, instead=facts.Corrected(**STAMPS)),
        facts.Corrected(**STAMPS, instead=facts.DealClosed(**STAMPS, amount="1e999999")),
        facts.DealClosed(**STAMPS, amount="much"),
        facts.DealClosed(**STAMPS, amount="NaN"),
        facts.DealClosed(**STAMPS, amount="-1"),
        facts.DealClosed(**STAMPS, leads=("lead-1", LONG)),
        facts.Confirmed(**STAMPS, quantity=float("nan")),
        facts.Confirmed(**STAMPS, quantity=float("inf")),
        facts.Confirmed(**STAMPS, quantity=-1.0),
        facts.Confirmed(**STAMPS, due="2026-02-30"),
        facts.RemedyConfirmed(**STAMPS, period="2026-13"),
    ],
)
def test_what_no_event_could_have_told_is_out_of_bounds(fact: Fact) -> None:
    assert out_of_bounds(fact)
