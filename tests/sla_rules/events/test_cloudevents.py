"""Events on Kafka as CloudEvents 1.0.2 has them, clause by clause of the Kafka binding, the JSON format and RFC 3339.

Each test names the clause: `K` for `bindings/kafka-protocol-binding.md`, `J` for `formats/json-format.md`, `C` for `spec.md`.
"""

import json
from base64 import b64encode
from typing import Any

import pytest

from sla_rules.events.as_fact import fact_of
from sla_rules.events.decode import read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import Event
from sla_rules.instants import iso, moment
from sla_rules.lead.facts import Corrected
from tests.sla_rules.event_samples import DATA, ENVELOPE, sample

HANDED_OFF = sample("lead.handed_off.v1")
JSON_EVENT = b"application/cloudevents+json"


def structured(event: dict[str, Any], content_type: bytes | None = JSON_EVENT, **headers: bytes) -> Event:
    return read_event(json.dumps(event).encode(), {"content-type": content_type, **headers})


def headers_of(event: dict[str, Any], **more: bytes | None) -> dict[str, bytes | None]:
    return {**{f"ce_{name}": value.encode() for name, value in event.items() if name != "data"}, **more}


def refusal(value: bytes | None, headers: dict[str, bytes | None] | None = None) -> str:
    with pytest.raises(RejectionError) as found:
        read_event(value, headers)
    return str(found.value)


PLAIN = read_event(json.dumps(HANDED_OFF).encode())
WITHOUT_DATA = read_event(json.dumps({**HANDED_OFF, "data": {}}).encode())
DATA_BYTES = json.dumps(HANDED_OFF["data"]).encode()


# K 3: the content-type tells the modes apart.


@pytest.mark.parametrize(
    "content_type",
    [
        JSON_EVENT,
        b"Application/CloudEvents+JSON",
        b"application/cloudevents+json; charset=UTF-8",
        b'application/cloudevents+json;charset="utf-8"; v=1',
        b"application/cloudevents+json ;  Charset = us-ascii",
        b"application/cloudevents",
    ],
)
@pytest.mark.parametrize("name", ["content-type", "Content-Type", "CONTENT-TYPE"])
def test_k_3_a_media_type_of_cloudevents_says_structured_in_any_case_and_with_parameters(
    content_type: bytes, name: str
) -> None:
    value = json.dumps(HANDED_OFF).encode()

    assert read_event(value, {name: content_type}) == PLAIN


def test_k_3_an_event_without_a_content_type_is_structured_as_long_as_no_header_holds_an_attribute() -> None:
    value = json.dumps(HANDED_OFF).encode()

    assert read_event(value, {}) == read_event(value, {"traceparent": b"00-1", "ce_tenant": b"acme"}) == PLAIN


@pytest.mark.parametrize("content_type", [b"application/cloudevents+avro", b"application/cloudevents+protobuf; v=1"])
def test_k_3_an_event_format_that_is_not_read_is_refused_by_its_name(content_type: bytes) -> None:
    said = refusal(b"\x00\x01", {"content-type": content_type})

    assert said.startswith(f"unsupported_format: {content_type.decode().partition(';')[0]}: ")


def test_k_1_3_a_batch_is_refused_with_what_to_do_about_it() -> None:
    batch = json.dumps([HANDED_OFF, HANDED_OFF]).encode()

    said = refusal(batch, {"content-type": b"application/cloudevents-batch+json; charset=utf-8"})

    assert said == (
        "unsupported_format: application/cloudevents-batch+json is a batch: publish one event a record, each by its key"
    )
    assert refusal(batch) == "invalid_field: an event is a JSON object, and this is an array"


@pytest.mark.parametrize("charset", [b"iso-8859-1", b"windows-1252", b"ebcdic"])
def test_k_2_1_a_charset_that_json_is_not_written_in_is_refused_by_its_name_in_both_modes(charset: bytes) -> None:
    wanted = f"unsupported_format: charset {charset.decode()!r}: JSON is written in UTF-8"

    assert refusal(b"{}", {"content-type": JSON_EVENT + b"; charset=" + charset}) == wanted
    assert refusal(b"{}", headers_of(HANDED_OFF, **{"content-type": b"application/json;charset=" + charset})) == wanted


# K 3.2: binary mode.


@pytest.mark.parametrize("content_type", [None, b"application/json", b"application/json; charset=utf-8", b"text/json"])
def test_k_3_2_1_the_content_type_of_binary_mode_is_that_of_the_data(content_type: bytes | None) -> None:
    assert read_event(DATA_BYTES, headers_of(HANDED_OFF, **{"content-type": content_type})) == PLAIN


def test_k_3_2_1_data_that_are_no_json_are_refused_by_what_they_are_said_to_be() -> None:
    said = refusal(b"<lead/>", headers_of(HANDED_OFF, **{"content-type": b"application/xml; charset=utf-8"}))

    assert said == "broken_json: data (content-type application/xml): no JSON from line 1, column 1 on"


@pytest.mark.parametrize("value", [None, b""])
def test_k_3_2_2_an_event_without_data_has_no_value(value: bytes | None) -> None:
    assert read_event(value, headers_of(HANDED_OFF)) == WITHOUT_DATA
    assert read_event(value, headers_of({**ENVELOPE, "type": "lead.deleted.v1"})).type == "lead.deleted.v1"
    assert refusal(value, headers_of(sample("lead.merged.v1"))) == "missing_field: data is missing"


def test_k_3_2_2_no_value_is_no_event_where_no_header_makes_it_one() -> None:
    assert refusal(None).startswith("null_value: ")
    assert refusal(None, {"traceparent": b"00-1"}).startswith("null_value: ")
    assert refusal(None, {"content-type": JSON_EVENT}).startswith("null_value: ")


@pytest.mark.parametrize("spelled", [str.upper, str.title, str.lower])
def test_k_3_2_3_names_of_headers_are_read_in_any_case(spelled: Any) -> None:
    headers = {spelled(name): value for name, value in headers_of(HANDED_OFF).items()}

    assert read_event(DATA_BYTES, headers) == PLAIN


def test_k_3_2_3_values_of_headers_are_utf_8_and_nothing_in_them_is_decoded_further() -> None:
    event = {**HANDED_OFF, "subject": "żółć%20%C3%A9", "source": "/crm/a%20b"}

    found = read_event(DATA_BYTES, headers_of(event))

    assert (found.subject, found.source) == ("żółć%20%C3%A9", "/crm/a%20b")


def test_k_3_2_3_a_header_that_is_not_utf_8_is_named_if_the_event_is_read_by_it() -> None:
    assert refusal(DATA_BYTES, headers_of(HANDED_OFF, ce_id=b"\xff")) == "broken_header: header ce_id is not UTF-8"
    assert read_event(DATA_BYTES, headers_of(HANDED_OFF, ce_tenant=b"\xff")) == PLAIN


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type"])
def test_k_3_2_3_an_attribute_that_is_missing_is_named_and_does_not_make_the_event_a_structured_one(name: str) -> None:
    headers = headers_of(HANDED_OFF)
    del headers[f"ce_{name}"]

    assert refusal(DATA_BYTES, headers).startswith(f"missing_field: {name} is missing")


# K 3.3: structured mode.


@pytest.mark.parametrize("content_type", [JSON_EVENT, b"application/json", None])
def test_k_3_3_3_headers_may_repeat_what_a_structured_event_says(content_type: bytes | None) -> None:
    repeated = {name: value for name, value in headers_of(HANDED_OFF).items() if value is not None}

    assert structured(HANDED_OFF, content_type, **repeated) == PLAIN


# J: the JSON format.


def test_j_2_extensions_are_taken_and_ignored() -> None:
    extended = {**HANDED_OFF, "traceparent": "00-1", "sampledrate": 30, "partitionkey": "lead-1", "dataschema": "/x"}

    assert structured(extended) == PLAIN


@pytest.mark.parametrize("name", ["recordedtime", "datacontenttype", "dataschema", "tenant", "data_base64"])
def test_j_2_2_an_attribute_that_is_null_is_not_set(name: str) -> None:
    assert structured({**HANDED_OFF, name: None}) == PLAIN


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject", "time"])
def test_j_2_2_a_required_attribute_that_is_null_is_missing(name: str) -> None:
    assert refusal(json.dumps({**HANDED_OFF, name: None}).encode()).startswith(f"missing_field: {name} is missing")


@pytest.mark.parametrize("more", [{}, {"datacontenttype": "application/json"}, {"data": None}])
def test_j_3_1_2_data_in_base64_are_decoded(more: dict[str, Any]) -> None:
    packed = {name: value for name, value in HANDED_OFF.items() if name != "data"}

    assert structured({**packed, "data_base64": b64encode(DATA_BYTES).decode(), **more}) == PLAIN


@pytest.mark.parametrize(
    ("packed", "said"),
    [
        ("e30=!", "invalid_field: data_base64 has to be base64"),
        ("żółć", "invalid_field: data_base64 has to be base64"),
        (5, "invalid_field: data_base64 has to be base64"),
        (b64encode(b"<lead/>").decode(), "broken_json: data_base64: no JSON from line 1, column 1 on"),
        (b64encode(b"[]").decode(), "invalid_field: data has to be an object"),
    ],
)
def test_j_3_1_2_base64_that_holds_no_data_is_refused(packed: object, said: str) -> None:
    assert refusal(json.dumps({**ENVELOPE, "type": "lead.connected.v1", "data_base64": packed}).encode()) == said


@pytest.mark.parametrize("kind", ["lead.handed_off.v1", "lead.connected.v1"])
def test_j_3_1_1_data_and_data_in_base64_exclude_each_other(kind: str) -> None:
    said = refusal(json.dumps({**sample(kind), "data_base64": "e30="}).encode())

    assert said == "invalid_field: data and data_base64 exclude each other"


@pytest.mark.parametrize("content_type", ["application/json", "text/xml", None])
def test_j_3_1_2_data_that_are_a_string_are_that_string_and_no_json(content_type: str | None) -> None:
    said = refusal(json.dumps({**HANDED_OFF, "datacontenttype": content_type, "data": "{}"}).encode())

    assert said == "invalid_field: data has to be an object"


@pytest.mark.parametrize("version", ["0.3", "1.0.2", "2.0", "1", 1.0])
def test_c_3_1_1_another_version_of_cloudevents_is_refused(version: object) -> None:
    assert refusal(json.dumps({**HANDED_OFF, "specversion": version}).encode()) == (
        "invalid_field: specversion has to be '1.0'"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_what_json_was_ever_written_in_is_read_in_both_modes(encoding: str) -> None:
    """RFC 8259, section 8.1: a byte order mark may be ignored."""
    assert read_event(json.dumps(HANDED_OFF).encode(encoding)) == PLAIN
    assert read_event(json.dumps(HANDED_OFF["data"]).encode(encoding), headers_of(HANDED_OFF)) == PLAIN


# RFC 3339.


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"),
        ("2016-12-31t23:59:60.75z", "2016-12-31T23:59:59.999999Z"),
        ("2017-01-01T00:59:60+01:00", "2016-12-31T23:59:59.999999Z"),
        ("2015-06-30T18:29:60.123456789-05:30", "2015-06-30T23:59:59.999999Z"),
        ("2026-03-02T09:00:00.123456" + "7" * 100 + "Z", "2026-03-02T09:00:00.123456Z"),
        ("2026-03-02t09:00:00.1z", "2026-03-02T09:00:00.100000Z"),
        ("2026-03-02T09:00:00-00:00", "2026-03-02T09:00:00Z"),
        ("2026-03-02T09:00:00+23:59", "2026-03-01T09:01:00Z"),
    ],
)
def test_every_time_of_rfc_3339_is_read_a_leap_second_as_the_instant_before_it_ends(written: str, meant: str) -> None:
    found = [
        read_event(json.dumps({**HANDED_OFF, "time": written}).encode()),
        read_event(DATA_BYTES, headers_of({**HANDED_OFF, "time": written})),
    ]

    assert [iso(fact_of(event, 0).time) for event in found] == [meant, meant]


@pytest.mark.parametrize("name", ["recordedtime", "time"])
def test_a_leap_second_is_read_wherever_a_time_stands(name: str) -> None:
    right = {"type": "lead.handed_off.v1", "time": "2016-12-31T23:59:60Z", "data": {}}
    event = sample("lead.corrected.v1", data={"replaces": "e", "event": right}) | {name: "2016-12-31T23:59:60Z"}

    found = read_event(json.dumps(event).encode())

    fact = fact_of(found, 0)
    assert isinstance(fact, Corrected)
    assert fact.instead is not None
    assert iso(fact.instead.time) == "2016-12-31T23:59:59.999999Z"
    assert getattr(found, name) == moment(fact.instead.time)


@pytest.mark.parametrize(
    "written", ["2016-12-31T23:59:60+01:00", "2016-12-30T23:59:60Z", "2016-12-31T12:00:60Z", "2016-12-31T23:59:61Z"]
)
def test_a_second_that_no_minute_can_have_is_refused(written: str) -> None:
    assert refusal(json.dumps({**HANDED_OFF, "time": written}).encode()) == (
        "invalid_field: time has to be a time of RFC 3339 with its offset, as 2026-03-14T15:04:54Z"
    )


def test_every_type_may_come_without_data_if_all_fields_of_its_data_are_optional() -> None:
    bare = [kind for kind in DATA if "missing_field" not in str(_refused({**ENVELOPE, "type": kind}))]

    assert [kind for kind in DATA if not _refused({**ENVELOPE, "type": kind, "data": {}})] == bare
    assert "lead.handed_off.v1" in bare


def _refused(event: dict[str, Any]) -> RejectionError | None:
    try:
        read_event(json.dumps(event).encode())
    except RejectionError as rejection:
        return rejection
    return None
