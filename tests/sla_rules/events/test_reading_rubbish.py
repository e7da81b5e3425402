"""No bytes whatever bring anything but an event or a reason to put them away."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.engine.codec import pack_facts
from sla_rules.events.as_fact import fact_of
from sla_rules.events.decode import check_stamps, read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import key_of
from tests.laws import examples
from tests.sla_rules.event_samples import DATA, sample
from tests.strategies import mutated, rubbish, rubbish_headers

ARRIVAL = 2**51


def is_event(value: bytes | None, headers: dict[str, bytes | None] | None = None) -> bool:
    """Whether it was an event after all; it can be kept then, and its key written."""
    try:
        event = read_event(value, headers)
        check_stamps(event, ARRIVAL)
    except RejectionError as rejection:
        put_away = rejection.reason, rejection.detail.encode()
    else:
        assert pack_facts((fact_of(event, ARRIVAL),))
        assert key_of(event).encode()
        return True
    assert all(put_away)
    return False


@examples(500)
@given(rubbish(), rubbish_headers())
def test_rubbish_is_rejected(value: bytes, headers: dict[str, bytes | None]) -> None:
    is_event(value)
    is_event(value, headers)


@examples(1_000)
@given(st.sampled_from(sorted(DATA)).map(sample).flatmap(mutated))
def test_an_event_with_anything_in_any_place_is_read_or_rejected(event: Any) -> None:
    is_event(json.dumps(event).encode())
    is_event(json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass"))


@examples(500)
@given(st.sampled_from(sorted(DATA)).map(sample).flatmap(mutated), st.booleans())
def test_a_binary_event_with_anything_in_any_place_is_read_or_rejected(event: Any, prefixed: bool) -> None:  # noqa: FBT001
    attributes = deepcopy(event) if isinstance(event, dict) else {}
    data = attributes.pop("data", event)
    headers: dict[str, bytes | None] = {
        f"ce_{name}": None if value is None else str(value).encode("utf-8", "surrogatepass")
        for name, value in attributes.items()
    }
    if prefixed:
        headers["ce_type"] = b"com.acme." + (headers.get("ce_type") or b"")

    is_event(json.dumps(data).encode(), headers)


@examples(500)
@given(st.sampled_from(sorted(DATA)), st.data())
def test_an_event_with_bytes_changed_is_read_or_rejected(kind: str, data: st.DataObject) -> None:
    value = bytearray(json.dumps(sample(kind)).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(value) - 1))
        value[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))

    is_event(bytes(value))


def test_the_samples_themselves_are_read() -> None:
    assert all(is_event(json.dumps(sample(kind)).encode()) for kind in DATA)
