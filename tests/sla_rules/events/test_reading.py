import json
import re
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
import pytest

from sla_rules.engine.codec import pack_facts
from sla_rules.events import schema
from sla_rules.events.as_fact import fact_of
from sla_rules.events.decode import FUTURE_TOLERATED, check_stamps, facts_of, read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.events.vocabulary import Part, Vocabulary, stands_for, topic_of, vocabulary_of
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant, instant
from sla_rules.lead import facts
from tests.sla_rules.event_samples import DATA, ENVELOPE, sample

TIME: Instant = instant(datetime(2026, 3, 2, 8, 0, 0, 250_000, tzinfo=UTC))
ARRIVAL: Instant = TIME + 3 * SECOND
STAMPS: tuple[Instant, Instant, str, str, None] = (TIME, ARRIVAL, "/crm/acme", "event-1", None)

FACTS: dict[str, facts.Fact] = {
    "lead.created.v1": facts.Created(
        *STAMPS,
        {"attributes.b": 2, "attributes.vip": True, "expected_value": "1200.50", "role": "ceo", "score": 71.5},
    ),
    "lead.updated.v1": facts.Updated(*STAMPS, fields={"attributes.vip": False, "score": 20.0}),
    "lead.handed_off.v1": facts.HandedOff(*STAMPS, "ann", "north", {"region": "emea"}),
    "lead.reassigned.v1": facts.Reassigned(*STAMPS, "inbox", None, "ill"),
    "lead.recycled.v1": facts.Recycled(*STAMPS, "too early"),
    "lead.contact_attempted.v1": facts.Attempted(
        *STAMPS, "phone", automated=True, outcome="voicemail", duration=1_500_000, rep="ann"
    ),
    "lead.excused.v1": facts.Excused(*STAMPS, "strike", "ana"),
    "lead.merged.v1": facts.Merged(*STAMPS, "lead-2"),
    "lead.corrected.v1": facts.Corrected(*STAMPS, "event-0"),
    "deal.closed.v1": facts.DealClosed(*STAMPS, "won", "100.00", "EUR", "deal-1", ("lead-1", "lead-2"), "marketing"),
    "deliverable.confirmed.v1": facts.Confirmed(*STAMPS, 2.0, "a", "b"),
    "remedy.confirmed.v1": facts.RemedyConfirmed(*STAMPS, "2026-02", "Ana", "Sales manager"),
    **{
        f"lead.{turn}.v1": facts.StatusChanged(*STAMPS, turn, "fit")
        for turn in (
            "accepted",
            "rejected",
            "connected",
            "converted",
            "disqualified",
            "reopened",
            "paused",
            "resumed",
            "deleted",
        )
    },
}


def read(event: Any, headers: dict[str, bytes | None] | None = None) -> schema.Event:
    return read_event(event if isinstance(event, bytes) else json.dumps(event).encode(), headers)


def binary(event: dict[str, Any]) -> tuple[bytes, dict[str, bytes | None]]:
    headers: dict[str, bytes | None] = {f"ce_{name}": value.encode() for name, value in event.items() if name != "data"}
    return json.dumps(event["data"]).encode(), headers


def reason_of(value: Any, headers: dict[str, bytes | None] | None = None) -> str:
    with pytest.raises(RejectionError) as rejection:
        read(value, headers)
    assert rejection.value.detail
    return rejection.value.reason


def test_there_is_a_sample_of_every_type() -> None:
    assert set(DATA) == set(schema.TOPIC_OF_TYPE) == set(FACTS)


@pytest.mark.parametrize("kind", DATA)
def test_an_event_becomes_its_fact(kind: str) -> None:
    fact = fact_of(read(sample(kind)), ARRIVAL)

    assert fact == FACTS[kind]


@pytest.mark.parametrize("kind", DATA)
def test_an_event_written_as_json_reads_back_as_itself(kind: str) -> None:
    event = read(sample(kind))

    assert read(event.model_dump_json().encode()) == event


@pytest.mark.parametrize("kind", DATA)
def test_a_fact_survives_its_encoding(kind: str) -> None:
    fact = fact_of(read(sample(kind)), ARRIVAL)

    assert msgspec.msgpack.decode(pack_facts((fact,)), type=tuple[facts.Fact, ...]) == (fact,)


@pytest.mark.parametrize("kind", DATA)
def test_both_modes_say_the_same(kind: str) -> None:
    event = sample(kind)

    assert read(*binary(event)) == read(event)


@pytest.mark.parametrize("prefix", ["com.acme.", "org.crm.sales.", "x."])
def test_a_reverse_dns_prefix_is_accepted_in_both_modes(prefix: str) -> None:
    plain, prefixed = sample("lead.handed_off.v1"), sample("lead.handed_off.v1", type=f"{prefix}lead.handed_off.v1")

    assert read(plain) == read(prefixed) == read(*binary(prefixed))


def test_an_outcome_needs_no_data_in_either_mode() -> None:
    event = {**ENVELOPE, "type": "lead.connected.v1"}
    _, headers = binary({**event, "data": None})

    assert read(event) == read(b"", headers) == read({**event, "data": {}})


def test_unknown_fields_are_ignored_and_null_stands_for_absent() -> None:
    data = {"rep_id": None, "queue": None, "team": None, "role": None, "score": None, "shoe_size": 44}

    fact = fact_of(read(sample("lead.handed_off.v1", data=data, traceparent="00-1", recordedtime=None)), ARRIVAL)

    assert fact == facts.HandedOff(*STAMPS)


@pytest.mark.parametrize(
    "kind", ["lead.created.v2", "lead.created", "lead.sold.v1", "", "com.acme.lead.sold.v1", 5, ["a"], {"a": 1}]
)
def test_a_type_that_is_not_known_is_rejected_as_such(kind: Any) -> None:
    assert reason_of({**sample("lead.created.v1"), "type": kind}) == "unknown_type"


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"id": "\xff"}',
        b"{'id': 1}",
        b"\x00" * 100,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"type": ' + b"9" * 5_000 + b"}",
        json.dumps(sample("lead.created.v1", id="\ud800")).encode(),
        json.dumps(sample("lead.created.v1", data={"role": "\udfff"})).encode(),
        json.dumps(sample("lead.created.v1", type="com.acme.lead.created.v1", id="\ud800")).encode(),
    ],
)
def test_what_is_no_json_is_rejected_as_broken(value: bytes) -> None:
    assert reason_of(value) == "broken_json"


@pytest.mark.parametrize(
    "data", [b"{", b"\xff", b"[" * 100_000, b'{"role": "\\ud800"}', b'{"a": ' + b"1" * 5_000 + b"}"]
)
def test_data_of_a_binary_event_that_is_no_json_is_rejected_as_broken(data: bytes) -> None:
    _, headers = binary(sample("lead.created.v1"))

    assert reason_of(data, headers) == "broken_json"


@pytest.mark.parametrize("name", ["ce_type", "ce_id", "ce_time"])
def test_a_header_without_a_value_is_an_attribute_that_is_missing(name: str) -> None:
    value, headers = binary(sample("lead.created.v1"))

    assert reason_of(value, {**headers, name: None}) == "missing_field"


def test_a_record_without_a_value_is_rejected_as_such() -> None:
    with pytest.raises(RejectionError, match=r"^null_value: "):
        read_event(None)


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "subject", "time"])
def test_an_event_without_a_required_attribute_says_which(name: str) -> None:
    event = sample("lead.handed_off.v1")
    del event[name]

    with pytest.raises(RejectionError, match=name) as rejection:
        read(event)

    assert rejection.value.reason == "missing_field"


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 5},
        {"id": ""},
        {"id": "x" * 257},
        {"specversion": "0.3"},
        {"data": []},
        {"data": "{}"},
        {"data": {"score": "71"}},
        {"data": {"score": float("nan")}},
        {"data": {"score": 10**400}},
        {"data": {"role": 7}},
        {"data": {"role": ""}},
        {"data": {"generated_by": "chance"}},
        {"data": {"expected_value": "-1"}},
        {"data": {"expected_value": "NaN"}},
        {"data": {"attributes": {"a": {"nested": 1}}}},
        {"data": {"attributes": {"a": float("nan")}}},
        {"data": {"attributes": {"a": float("-inf")}}},
        {"data": {"attributes": {"a": 10**400}}},
        {"data": {"attributes": {str(n): n for n in range(33)}}},
    ],
)
def test_a_mistyped_attribute_is_rejected_as_invalid(changes: dict[str, Any]) -> None:
    assert reason_of(sample("lead.created.v1", **changes)) == "invalid_field"


@pytest.mark.parametrize(
    "time",
    [
        "1700000000",
        "1700000000000",
        "-1",
        "0.5",
        1_700_000_000,
        1.7e9,
        "",
        "now",
        "2026-03-02",
        "09:00:00Z",
        "2026-03-02T09:00:00",
        "2026-03-02 09:00:00Z",
        "2026-03-02_09:00:00Z",
        "2026-03-02T09:00Z",
        "2026-03-02T09:00:00+0100",
        "2026-03-02T09:00:00+01",
        "2026-02-30T09:00:00Z",
        "2026-03-02T25:00:00Z",
        " 2026-03-02T09:00:00Z",
        "2026-03-02T09:00:00Z\n",
        "\u0662026-03-02T09:00:00Z",
    ],
)
@pytest.mark.parametrize("attribute", ["time", "recordedtime"])
def test_a_time_is_rfc_3339_with_an_offset_and_nothing_else(attribute: str, time: Any) -> None:
    assert reason_of(sample("lead.created.v1", **{attribute: time})) == "invalid_field"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-03-02T08:00:00.25Z", TIME),
        ("2026-03-02t08:00:00.250z", TIME),
        ("2026-03-02T09:00:00.25+01:00", TIME),
        ("2026-03-01T20:00:00.250000-12:00", TIME),
        ("2026-03-02T08:00:00.2500009Z", TIME),
        ("2026-03-02T08:00:00.25-00:00", TIME),
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999Z", -1),
    ],
)
def test_a_time_is_read_to_the_microsecond(text: str, time: Instant) -> None:
    assert fact_of(read(sample("lead.created.v1", time=text)), ARRIVAL).time == time


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64, 10**30, -(10**30)])
def test_a_whole_number_too_large_to_keep_becomes_the_nearest_that_can_be_kept(number: int) -> None:
    fact = fact_of(read(sample("lead.created.v1", data={"attributes": {"a": number}})), ARRIVAL)

    assert fact == facts.Created(*STAMPS, {"attributes.a": float(number)})
    assert pack_facts((fact,))


@pytest.mark.parametrize("value", [2**63 - 1, -(2**63), True, False, 0, 0.5, "text", ""])
def test_an_attribute_keeps_its_value_and_its_type(value: Any) -> None:
    fact = fact_of(read(sample("lead.created.v1", data={"attributes": {"a": value}})), ARRIVAL)

    assert isinstance(fact, facts.Created)
    assert repr(fact.fields["attributes.a"]) == repr(value)


def test_a_stamp_may_run_minutes_ahead_of_its_arrival_and_no_more() -> None:
    event = read(sample("lead.created.v1"))

    check_stamps(event, TIME - FUTURE_TOLERATED)
    with pytest.raises(RejectionError, match=r"^future_time: .* lies 300 s after its arrival"):
        check_stamps(event, TIME - FUTURE_TOLERATED - 1)


@pytest.mark.parametrize("offset", ["+14:00", "-14:00"])
@pytest.mark.parametrize("time", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_the_first_and_the_last_time_there_is_are_dead_lettered(time: str, offset: str) -> None:
    event = read(sample("lead.created.v1", time=time + offset))

    assert pack_facts((fact_of(event, ARRIVAL),))
    with pytest.raises(RejectionError, match=r"^future_time" if time.startswith("9999") else r"^ancient_time"):
        check_stamps(event, ARRIVAL)


def correction(inner: str | None, kind: str = "lead.handed_off.v1", **data: Any) -> schema.Event:
    right = {"type": kind, "data": data} | ({} if inner is None else {"time": inner})
    return read(sample("lead.corrected.v1", data={"replaces": "event-0", "event": right}))


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        ("9999-12-31T23:59:59Z", "future_time"),
        ("9999-12-31T23:59:59-14:00", "future_time"),
        ("2026-03-02T09:05:01Z", "future_time"),
        ("1969-12-31T23:59:59Z", "ancient_time"),
        ("0001-01-01T00:00:00+14:00", "ancient_time"),
        ("2026-02-20T07:59:59Z", "expired"),
    ],
)
def test_what_a_correction_puts_in_is_held_to_the_times_that_an_event_of_its_own_is_held_to(
    inner: str, reason: str
) -> None:
    with pytest.raises(RejectionError, match=rf"^{reason}: data\.event\.time {re.escape(inner[:4])}"):
        check_stamps(correction(inner), ARRIVAL, keep=10 * DAY)


@pytest.mark.parametrize("inner", [None, "2026-03-02T08:00:00Z", "2026-02-21T08:00:00Z"])
def test_a_correction_whose_times_are_right_is_taken(inner: str | None) -> None:
    event = correction(inner)

    check_stamps(event, TIME, keep=10 * DAY)
    assert pack_facts((fact_of(event, ARRIVAL),))


def test_however_far_ahead_a_stamp_may_lie_it_never_lies_after_the_last_year() -> None:
    event = read(sample("lead.created.v1", time="3000-01-01T00:00:01Z"))

    with pytest.raises(RejectionError, match=r"^future_time: time 3000-01-01T00:00:01\+00:00 lies after 3000-01-01"):
        check_stamps(event, ARRIVAL, tolerated=10**18)


@pytest.mark.parametrize(
    ("due", "reason"), [("9999-12-31", "future_time"), ("3000-01-02", "future_time"), ("1969-12-31", "ancient_time")]
)
def test_what_is_due_in_no_year_that_can_be_is_dead_lettered_in_a_correction_too(due: str, reason: str) -> None:
    data = {**DATA["deliverable.confirmed.v1"], "due": due}

    for event in (
        read(sample("deliverable.confirmed.v1", data=data)),
        correction(None, "deliverable.confirmed.v1", **data),
    ):
        with pytest.raises(RejectionError, match=rf"^{reason}: data.due {due}"):
            fact_of(event, ARRIVAL)


def test_the_detail_of_a_rejection_names_every_place() -> None:
    event = sample("lead.handed_off.v1", id=5, data={"rep_id": 7, "attributes": {"a": []}})

    with pytest.raises(RejectionError) as rejection:
        read(event)

    places = [
        "id has to be text",
        "data.attributes.a has to be text, a number, true or false",
        "data.rep_id has to be text",
    ]
    assert sorted(rejection.value.detail.split("; ")) == sorted(places)


def test_the_detail_of_a_rejection_stays_short() -> None:
    event = sample("lead.handed_off.v1", data={"attributes": {"a" * 99 + str(n): [n] for n in range(32)}})

    with pytest.raises(RejectionError) as rejection:
        read(event)

    assert len(rejection.value.detail) == 2_000


def test_an_event_of_a_lead_is_keyed_by_the_lead_a_deal_by_its_first_lead_a_deliverable_by_its_obligation() -> None:
    deal = DATA["deal.closed.v1"]

    assert schema.key_of(read(sample("lead.created.v1"))) == "lead-1"
    assert schema.key_of(read(sample("deal.closed.v1", subject="deal-1"))) == "lead-1"
    assert schema.key_of(read(sample("deal.closed.v1", data={**deal, "lead_ids": []}))) == "deal-1"
    assert schema.key_of(read(sample("deliverable.confirmed.v1"))) == "company-x:report"


def test_a_tolerance_of_ones_own_takes_the_place_of_minutes() -> None:
    event = read(sample("lead.created.v1"))

    check_stamps(event, TIME - HOUR, HOUR)
    with pytest.raises(RejectionError):
        check_stamps(event, TIME - MINUTE, 0)


@pytest.mark.parametrize("attributes", [None, {"tier": None}])
def test_attributes_that_are_null_are_as_good_as_not_there(attributes: object) -> None:
    event = read(sample("lead.created.v1", data={"attributes": attributes}))

    assert fact_of(event, ARRIVAL) == facts.Created(*STAMPS, {})


def test_a_deal_whose_leads_are_null_is_keyed_by_itself() -> None:
    event = read(sample("deal.closed.v1", data={**DATA["deal.closed.v1"], "lead_ids": None}))

    assert schema.key_of(event) == DATA["deal.closed.v1"]["deal_id"]


WORDS = vocabulary_of(("ticket", part, f"ticket.{part}.v1") for part in get_args(Part))
"""An event about tickets for each about leads."""
ALIAS = vocabulary_of([("lead", "attempted", "crm.call.v1")])
SHARED = vocabulary_of(
    [
        ("ticket", "closed", "desk.solved.v1"),
        ("incident", "attempted", "desk.solved.v1"),
        ("ticket", "attempted", "lead.contact_attempted.v1"),
        ("customer", "handed_off", "lead.converted.v1"),
        ("ticket", "corrected", "lead.corrected.v1"),
    ]
)
"""Events that are about several subjects."""


def stated(event: dict[str, Any], words: Vocabulary) -> list[facts.Fact]:
    """The facts of an event that can be read for all of its subjects."""
    found, unread = facts_of(read_event(json.dumps(event).encode(), None, words), ARRIVAL)
    assert unread is None
    return found


@pytest.mark.parametrize("part", get_args(Part))
@pytest.mark.parametrize("prefix", ["", "com.acme."])
def test_an_event_that_an_agreement_names_is_the_fact_that_it_stands_for_about_its_subject(
    part: Part, prefix: str
) -> None:
    kind, meant = f"ticket.{part}.v1", stands_for(part)
    told = {**sample(meant), "type": prefix + kind}

    structured = read_event(json.dumps(told).encode(), None, WORDS)
    value, headers = binary(told)
    in_headers = read_event(value, headers, WORDS)

    assert (structured.type, in_headers.type) == (kind, kind)
    for event in (structured, in_headers):
        assert facts_of(event, ARRIVAL) == ([msgspec.structs.replace(FACTS[meant], subject="ticket")], None)
    assert topic_of(kind, WORDS) == schema.TOPIC_OF_TYPE[meant]


def test_a_type_that_no_agreement_names_is_unknown_and_those_about_leads_mean_what_they_did() -> None:
    with pytest.raises(RejectionError, match=r"unknown_type: type 'ticket.solved.v1' is not known"):
        read({**sample("lead.converted.v1"), "type": "ticket.solved.v1"})

    for kind, fact in FACTS.items():
        assert stated(sample(kind), WORDS) == [fact]


def test_a_name_of_ones_own_for_an_event_about_leads_is_about_leads() -> None:
    told = {**sample("lead.contact_attempted.v1"), "type": "crm.call.v1"}

    assert stated(told, ALIAS) == [FACTS["lead.contact_attempted.v1"]]


def test_a_correction_may_put_in_an_event_about_leads_by_a_name_of_ones_own() -> None:
    right = {"type": "crm.call.v1", "data": {"channel": "phone"}}
    [fact] = stated(sample("lead.corrected.v1", data={"replaces": "event-0", "event": right}), ALIAS)

    assert isinstance(fact, facts.Corrected)
    assert isinstance(fact.instead, facts.Attempted)


def test_an_event_that_several_subjects_name_is_a_fact_about_each() -> None:
    told = {**sample("lead.contact_attempted.v1"), "type": "desk.solved.v1"}

    incident, ticket = stated(told, SHARED)

    assert incident == msgspec.structs.replace(FACTS["lead.contact_attempted.v1"], subject="incident")
    assert isinstance(ticket, facts.StatusChanged)
    assert (ticket.status, ticket.subject) == ("converted", "ticket")
    assert len({facts.identity_of(fact) for fact in (incident, ticket)}) == 2


@pytest.mark.parametrize("prefix", ["", "com.acme."])
def test_an_event_about_leads_may_be_about_another_subject_too(prefix: str) -> None:
    told = {**sample("lead.contact_attempted.v1"), "type": f"{prefix}lead.contact_attempted.v1"}
    fact = FACTS["lead.contact_attempted.v1"]

    assert stated(told, SHARED) == [fact, msgspec.structs.replace(fact, subject="ticket")]
    assert topic_of("lead.contact_attempted.v1", SHARED) == "contact-attempt"


def test_fields_that_only_one_subject_looks_at_are_read_for_that_one() -> None:
    told = sample("lead.converted.v1", data={"rep_id": "ann", "region": "EMEA"})

    lead, customer = stated(told, SHARED)

    assert isinstance(lead, facts.StatusChanged)
    assert isinstance(customer, facts.HandedOff)
    assert (customer.rep, customer.fields) == ("ann", {"region": "EMEA"})


def test_what_cannot_be_read_for_one_subject_is_read_for_the_others_and_said() -> None:
    told = {**sample("lead.converted.v1", data={}), "type": "desk.solved.v1"}

    [ticket], unread = facts_of(read_event(json.dumps(told).encode(), None, SHARED), ARRIVAL)

    assert ticket.subject == "ticket"
    assert str(unread) == "missing_field: for the subject incident: data.channel is missing"
    with pytest.raises(RejectionError, match="invalid_field: for the subject incident: time has to be a time"):
        read_event(json.dumps({**told, "time": "soon"}).encode(), None, SHARED)


def test_a_correction_of_a_lead_that_another_subject_names_takes_back_there_what_is_about_leads_alone() -> None:
    def corrected(kind: str) -> list[facts.Fact]:
        data = {"replaces": "event-0", "event": {"type": kind, "data": {"channel": "phone"}}}
        return stated(sample("lead.corrected.v1", data=data), SHARED)

    assert [type(fact.instead) for fact in corrected("lead.recycled.v1") if isinstance(fact, facts.Corrected)] == [
        facts.Recycled,
        type(None),
    ]
    assert [
        type(fact.instead) for fact in corrected("lead.contact_attempted.v1") if isinstance(fact, facts.Corrected)
    ] == [facts.Attempted, facts.Attempted]


def test_what_a_correction_says_too_late_for_one_subject_is_refused_once_for_all() -> None:
    right = {"type": "lead.recycled.v1", "time": "2099-01-01T00:00:00Z"}
    told = sample("lead.corrected.v1", data={"replaces": "event-0", "event": right})

    [ticket], unread = facts_of(read_event(json.dumps(told).encode(), None, SHARED), ARRIVAL)

    assert ticket.subject == "ticket"
    assert unread is not None
    assert unread.reason == "future_time"


def test_what_is_wrong_with_an_event_that_an_agreement_names_is_said() -> None:
    told = json.dumps({**sample("lead.merged.v1", data={}), "type": "ticket.merged.v1"}).encode()

    with pytest.raises(RejectionError, match=r"missing_field: data.into is missing"):
        read_event(told, None, WORDS)


def test_a_correction_of_a_ticket_speaks_of_tickets() -> None:
    def corrected(kind: str) -> dict[str, Any]:
        data = {"replaces": "event-0", "event": {"type": kind, "data": {"rep_id": "ann"}}}
        return {**sample("lead.corrected.v1", data=data), "type": "ticket.corrected.v1"}

    [fact] = stated(corrected("ticket.handed_off.v1"), WORDS)

    assert isinstance(fact, facts.Corrected)
    assert isinstance(fact.instead, facts.HandedOff)
    assert (fact.subject, fact.instead.rep) == ("ticket", "ann")
    with pytest.raises(RejectionError, match=r"data.event.type: 'lead.handed_off.v1' is no event about a ticket"):
        stated(corrected("lead.handed_off.v1"), WORDS)


LIBRARY: str = (
    r"Input should|Field required|Unable to|Value error|Invalid JSON|Expecting|discriminator|should match|valid "
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"type": None}, "missing_field: type is missing: it says what happened, as lead.created.v1"),
        ({"id": ""}, "invalid_field: id is empty"),
        ({"id": "x" * 257}, "invalid_field: id is longer than 256 characters"),
        ({"data": {"outcome": "tie"}}, "invalid_field: data.outcome has to be 'won' or 'lost'"),
        ({"data": {"amount": "a lot"}}, 'invalid_field: data.amount has to be an amount, as "1200.50"'),
        ({"data": {"amount": "-1"}}, "invalid_field: data.amount is less than 0"),
        (
            {"data": {"amount": "0.1234567"}},
            "invalid_field: data.amount has too many digits; 12 before the point and 6 behind it are kept",
        ),
        ({"data": {"currency": "eur"}}, "invalid_field: data.currency has to be a currency of ISO 4217, as EUR"),
        ({"data": {"currency": "EUX"}}, "invalid_field: data.currency has to be a currency of ISO 4217, as EUR"),
        ({"data": {"lead_ids": "lead-1"}}, "invalid_field: data.lead_ids has to be a list"),
        ({"data": {"lead_ids": ["x"] * 101}}, "invalid_field: data.lead_ids has 101 entries; 100 are allowed"),
        ({"data": {"lead_ids": ["x", 5]}}, "invalid_field: data.lead_ids.1 has to be text"),
    ],
)
def test_what_is_wrong_is_said_in_words_of_our_own(changes: dict[str, Any], said: str) -> None:
    event = sample("deal.closed.v1")
    told = event | changes | ({"data": event["data"] | changes["data"]} if "data" in changes else {})

    with pytest.raises(RejectionError) as rejection:
        read(told)

    assert str(rejection.value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"", "the value is empty"),
        (b" \n", "the value is empty"),
        (b'{"id": ', "the JSON ends too early"),
        (b"{\n 'id': 1}", "no JSON from line 2, column 2 on"),
        (b'{"id": "\xff"}', "not UTF-8 from byte 8 on"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"type": ' + b"9" * 5_000 + b"}", "a number has more digits than can be read"),
        (
            json.dumps(sample("lead.created.v1", id="\ud800")).encode(),
            "a character is half of one, as \\ud800 without what belongs to it",
        ),
    ],
)
def test_what_is_no_json_is_said_in_words_of_our_own(value: bytes, said: str) -> None:
    with pytest.raises(RejectionError, match=f"^broken_json: {re.escape(said)}$"):
        read(value)


ANYTHING: list[Any] = [5, 1e300, -1, True, "", "x" * 300, "1741219200", "2026-13-01", [], [5], {}, {"a": {}}]


@pytest.mark.parametrize("kind", DATA)
def test_whatever_stands_in_a_field_is_read_or_refused_in_words_of_our_own(kind: str) -> None:
    for name in type(read(sample(kind)).data).model_fields:
        for value in ANYTHING:
            data = {**DATA[kind], name: value}
            for told in (
                sample(kind, data=data),
                sample("lead.corrected.v1", data={"replaces": "e", "event": {"type": kind, "data": data}}),
            ):
                detail = detail_of(told)
                assert detail is None or not re.search(rf"{LIBRARY}|is not as the event schema has it", detail)


def detail_of(told: Any) -> str | None:
    try:
        fact_of(read(told), ARRIVAL)
    except RejectionError as rejection:
        return rejection.detail
    return None


@pytest.mark.parametrize("text", ["1741219200", "20260306", "2026-03-06T00:00:00Z", "2026-02-30"])
def test_a_due_date_is_a_date_and_no_number_of_seconds(text: str) -> None:
    data = {**DATA["deliverable.confirmed.v1"], "due": text}

    with pytest.raises(RejectionError, match=r"^invalid_field: data\.due has to be a date, as 2026-03-14$"):
        read(sample("deliverable.confirmed.v1", data=data))


def test_a_correction_names_types_as_events_do_and_what_is_wrong_by_its_place() -> None:
    fact = fact_of(correction(None, "com.acme.lead.handed_off.v1", rep_id="ann"), ARRIVAL)

    assert isinstance(fact, facts.Corrected)
    assert isinstance(fact.instead, facts.HandedOff)
    with pytest.raises(RejectionError, match=r"^invalid_field: data\.event\.data\.rep_id has to be text$"):
        fact_of(correction(None, rep_id=5), ARRIVAL)
    with pytest.raises(RejectionError, match=r"^invalid_field: data\.event\.type 'lead\.sold\.v1' is not known"):
        fact_of(correction(None, "lead.sold.v1"), ARRIVAL)
