"""Null means absent: in the envelope, in data, in what data hold, and in what a correction puts in."""

import json
from copy import deepcopy
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sla_rules.events import schema
from sla_rules.events.as_fact import fact_of
from sla_rules.events.decode import read_event
from sla_rules.lead.facts import Corrected
from tests.agreements.test_schemas import EVENT, validator
from tests.laws import LAWS
from tests.sla_rules.event_samples import DATA, sample

CLASSES: dict[str, type[Any]] = {
    kind: one for one in get_args(schema.Event) for kind in get_args(one.model_fields["type"].annotation)
}
VALIDATOR: Draft202012Validator = validator(EVENT)


def optional(model: type[Any]) -> list[str]:
    return [name for name, field in model.model_fields.items() if not field.is_required()]


@st.composite
def nulled(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """An event with some of its optional fields null, and the same without them."""
    kind = draw(st.sampled_from(sorted(DATA)))
    event, without = deepcopy(sample(kind)), deepcopy(sample(kind))
    data = CLASSES[kind].model_fields["data"]
    for name in draw(st.sets(st.sampled_from(optional(data.annotation) or ["unknown"]))):
        event["data"][name] = None
        without["data"].pop(name, None)
    if "attributes" in event["data"] and event["data"]["attributes"]:
        gone = draw(st.sampled_from(["vip", "b", "new"]))
        event["data"]["attributes"][gone] = None
        without["data"]["attributes"].pop(gone, None)
    if event["data"].get("lead_ids"):
        event["data"]["lead_ids"].insert(draw(st.integers(0, 2)), None)
    for name in draw(st.sets(st.sampled_from(["recordedtime", "data_base64", "datacontenttype", "tenant"]))):
        event[name] = None
    if not data.is_required() and draw(st.booleans()):
        event["data"] = None
        del without["data"]
    return event, without


@LAWS
@given(nulled())
def test_an_event_with_any_of_its_optional_fields_null_is_the_event_without_them(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    event, without = (read_event(json.dumps(one).encode()) for one in pair)

    assert fact_of(event, 0) == fact_of(without, 0)
    assert schema.key_of(event) == schema.key_of(without)


@LAWS
@given(nulled())
def test_the_published_schema_allows_null_where_the_reader_does(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    for event in pair:
        assert list(VALIDATOR.iter_errors(event)) == []


@LAWS
@given(nulled())
def test_what_a_correction_puts_in_may_hold_nulls_likewise(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    facts = []
    for one in pair:
        if one["type"] in {"lead.merged.v1", "lead.corrected.v1"}:
            return
        right = {"type": one["type"], "data": one.get("data", {})}
        told = sample("lead.corrected.v1", data={"replaces": "e", "event": right})
        facts.append(fact_of(read_event(json.dumps(told).encode()), 0))

    assert isinstance(facts[0], Corrected)
    assert facts[0] == facts[1]


def test_a_call_whose_direction_and_actor_are_null_is_a_call_that_a_person_made() -> None:
    data = {"channel": "phone", "direction": None, "actor": None, "outcome": None, "duration_seconds": None}

    event = read_event(json.dumps(sample("lead.contact_attempted.v1", data=data)).encode())

    assert (event.data.direction, event.data.actor) == ("outbound", "human")  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", sorted(DATA))
def test_a_required_field_of_the_data_that_is_null_is_missing(kind: str) -> None:
    model = CLASSES[kind].model_fields["data"].annotation
    for name, field in model.model_fields.items():
        if field.is_required():
            event = sample(kind, data={**DATA[kind], name: None})
            with pytest.raises(Exception, match=f"^missing_field: data.{name} is missing$"):
                read_event(json.dumps(event).encode())
