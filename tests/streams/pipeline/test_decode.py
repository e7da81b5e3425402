import gc
import json
from weakref import ref

import pytest

from sla_rules.engine.codec import encode_fact
from sla_rules.engine.partition import PartitionState
from sla_rules.instants import LATEST, MINUTE, iso, moment
from sla_rules.lead.erasure import Gone, mark
from sla_rules.lead.facts import NEVER, Asked, Corrected, DealClosed, Fact, Forwarded, HandedOff
from sla_rules.names import FORWARDED_TOPIC
from streams.kafka.partitioning import partition_of
from streams.pipeline.decode import Decoded, Decoder, decode
from tests.events import Crm, Sent
from tests.sla_rules.clocks import at
from tests.sla_rules.evaluation.test_remedies import RULES, TOUCH
from tests.streams.arrivals import NOW_MS, Arrived

PARTITIONS = 4


def arrived(sent: Sent, partition: int | None = None) -> Arrived:
    place = partition_of(sent.key or b"", PARTITIONS) if partition is None else partition
    return Arrived(sent.topic, place, sent.key, sent.value, sent.headers)


def read(*records: Arrived) -> Decoded:
    return decode(records, PARTITIONS, (), 5 * MINUTE)


def event(lead: str = "L-1", **changes: object) -> Sent:
    sent = crm().handed_off(lead)
    value = json.loads(sent.value or b"")
    value.update(changes)
    return Sent(sent.topic, sent.key, json.dumps(value).encode())


def corrected(time: str) -> Sent:
    """A correction that puts in a hand-off at some time."""
    return crm().event("lead.corrected.v1", "L-1", replaces="e-0", event={"type": "lead.handed_off.v1", "time": time})


def crm() -> Crm:
    return Crm(start=moment(NOW_MS * 1_000))


def test_a_good_record_becomes_a_fact_of_its_lead_with_the_brokers_stamp_as_arrival() -> None:
    decoded = read(arrived(event()))

    [fact] = decoded.facts[b"L-1"]
    assert fact.arrival == NOW_MS * 1_000
    assert decoded.rejected == []


def test_of_each_source_it_is_known_when_an_event_of_it_last_arrived() -> None:
    some = [
        arrived(event("L-1", source="/crm", id="1")),
        arrived(event("L-1", source="/forms", id="2")),
        arrived(event("L-2", source="/crm", id="3")),
        arrived(event("L-1", source="/calls", type="lead.cloned.v1")),
    ]
    for later, one in enumerate(some):
        one.timestamp = NOW_MS + later

    assert read(*some).sources == {"/crm": (NOW_MS + 2) * 1_000, "/forms": (NOW_MS + 1) * 1_000}


@pytest.mark.parametrize(
    ("reason", "record"),
    [
        pytest.param("null_value", Sent("handed-off", b"L-1", None), id="null"),
        pytest.param("broken_json", Sent("handed-off", b"L-1", b"{"), id="half an object"),
        pytest.param("broken_json", Sent("handed-off", b"L-1", b"\xff\xfe" * 524_288), id="1 MiB of rubbish"),
        pytest.param("unknown_type", event(type="lead.cloned.v1"), id="unknown type"),
        pytest.param("unknown_type", event(type="lead.handed_off.v9"), id="unknown version"),
        pytest.param("missing_field", event(type="lead.contact_attempted.v1", data={}), id="missing field"),
        pytest.param("invalid_field", event(data={"team": 7}), id="mistyped field"),
        pytest.param("invalid_field", event(time="yesterday"), id="no time"),
        pytest.param("invalid_field", event(time="2026-03-01T10:00:00"), id="time without offset"),
        pytest.param("future_time", event(time=iso(NOW_MS * 1_000 + 6 * MINUTE)), id="far future"),
        pytest.param("future_time", corrected("9999-12-31T23:59:59Z"), id="a correction to the end of time"),
        pytest.param("ancient_time", corrected("1969-12-31T23:59:59Z"), id="a correction to before all time"),
        pytest.param("missing_key", Sent("handed-off", None, event().value), id="no key"),
        pytest.param("wrong_key", Sent("handed-off", b"L-2", event("L-1").value), id="another lead's key"),
    ],
)
def test_bad_input_is_dead_lettered_with_its_reason_and_the_rest_goes_on(reason: str, record: Sent) -> None:
    good = arrived(event("L-9"))
    decoded = read(arrived(record, partition=None if record.key else 0), good)

    assert [one.reason for one in decoded.rejected] == [reason]
    assert decoded.rejected[0].detail
    assert decoded.rejected[0].record.value == record.value
    assert list(decoded.facts) == [b"L-9"]


def test_a_record_on_the_wrong_partition_is_dead_lettered() -> None:
    right = partition_of(b"L-1", PARTITIONS)
    decoded = read(arrived(event(), partition=(right + 1) % PARTITIONS))

    assert [one.reason for one in decoded.rejected] == ["wrong_partition"]
    assert decoded.rejected[0].detail == (
        f"key belongs on partition {right} by murmur2, found on {(right + 1) % PARTITIONS};"
        " clients of librdkafka have to set partitioner=murmur2_random"
    )


def test_an_event_in_headers_without_a_value_is_a_fact_on_kafka_as_well() -> None:
    names = ("specversion", "id", "source", "type", "subject", "time")
    told = json.loads(event().value or b"")
    headers = tuple((f"CE_{name}", told[name].encode()) for name in names)

    decoded = read(arrived(Sent("handed-off", b"L-1", None, headers)))

    assert decoded.rejected == []
    assert [type(fact) for fact in decoded.facts[b"L-1"]] == [HandedOff]


def test_the_key_may_name_the_tenant_before_the_lead() -> None:
    decoded = read(arrived(Sent("handed-off", b"acme/L-1", event("L-1").value)))

    assert list(decoded.facts) == [b"acme/L-1"]


def test_minutes_of_a_fast_clock_are_tolerated() -> None:
    decoded = read(arrived(event(time=iso(NOW_MS * 1_000 + 4 * MINUTE))))

    assert decoded.rejected == []


@pytest.mark.parametrize(
    ("key", "partition"), [(b"21", -973932308), (b"foobar", -790332482), (b"a-little-bit-long-string", -985981536)]
)
def test_keys_are_placed_as_javas_producer_places_them(key: bytes, partition: int) -> None:
    """The hashes are those that Kafka's own tests of murmur2 expect."""
    assert partition_of(key, 2**31) == partition & 0x7FFF_FFFF


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param(b"L-1", None, id="no value"),
        pytest.param(None, b"\x01\x90", id="no key"),
        pytest.param(b"\xff", b"\x01\x98\x09", id="a key that is no text"),
        pytest.param(b"L-1", b"", id="empty"),
        pytest.param(b"L-1", b"\x02\x90", id="another format"),
        pytest.param(b"L-1", b"\x01\x98\x02\x01\x01\xa1\xff\xa1i\xc0\xa1r\xa1b", id="a text that is no text"),
        pytest.param(b"L-1", b"\x01" + b"\x91" * 5_000, id="a tower"),
    ],
)
def test_a_forwarded_fact_that_cannot_be_read_is_dead_lettered(key: bytes | None, value: bytes | None) -> None:
    decoded = read(Arrived(FORWARDED_TOPIC, partition_of(key or b"", PARTITIONS), key, value))

    assert [one.reason for one in decoded.rejected] == ["broken_forward"]


@pytest.mark.parametrize(
    ("key", "fact"),
    [
        pytest.param(b"L-1", HandedOff(LATEST + 1, 0, "/crm", "a"), id="after all time"),
        pytest.param(
            b"L-1", Corrected(0, 0, "/crm", "a", instead=HandedOff(-1, 0, "/crm", "a")), id="put in before it"
        ),
        pytest.param(b"L-1", DealClosed(0, 0, "/crm", "a", amount="NaN"), id="an amount that is none"),
        pytest.param(b"L" * 1_025, HandedOff(0, 0, "/crm", "a"), id="a name longer than any"),
    ],
)
def test_a_forwarded_fact_that_no_event_could_have_told_is_dead_lettered(key: bytes, fact: Fact) -> None:
    decoded = read(Arrived(FORWARDED_TOPIC, partition_of(key, PARTITIONS), key, encode_fact(fact)))

    assert [one.reason for one in decoded.rejected] == ["broken_forward"]
    assert decoded.rejected[0].detail


def test_a_record_stamped_after_the_last_year_of_the_calendar_is_dead_lettered() -> None:
    late = arrived(event())
    late.timestamp = 2**63 - 1

    assert [one.reason for one in read(late).rejected] == ["future_time"]


def test_a_record_without_a_stamp_is_dead_lettered() -> None:
    unstamped = arrived(event())
    unstamped.timestamp = None

    assert [one.reason for one in read(unstamped).rejected] == ["future_time"]


def test_a_header_name_that_is_not_utf_8_puts_the_record_away_and_says_which() -> None:
    good = arrived(event())
    good.headers = [("größe", b"1")]
    odd = arrived(event())
    odd.headers = [("größe", b"1"), ("caf\udce9", b"1")]
    decoded = read(good, odd)

    assert [(one.record, one.reason) for one in decoded.rejected] == [(odd, "broken_header")]
    assert "caf\\xe9" in decoded.rejected[0].detail
    assert list(decoded.facts) == [b"L-1"]


@pytest.mark.parametrize("sent", [mark(Gone("ticket", "L-1")), Asked(NEVER, NEVER, "/leadsla", "asked", "L-9")])
def test_marks_and_questions_of_other_leads_are_taken_and_say_nothing_of_how_late_events_come(sent: Forwarded) -> None:
    decoded = read(Arrived(FORWARDED_TOPIC, partition_of(b"L-1", PARTITIONS), b"L-1", encode_fact(sent)))

    assert (decoded.facts, decoded.times) == ({b"L-1": [sent]}, [])


def test_nothing_of_a_batch_outlives_it_though_records_were_rejected() -> None:
    gc.disable()
    try:
        records = [_Held("handed-off", 0, b"k", b"{"), _Held("handed-off", 0, b"k", None)]
        held = ref(records[0])
        assert len(decode(records, 1, (), MINUTE).rejected) == 2
        del records
        assert held() is None
    finally:
        gc.enable()


class _Held(Arrived):
    """A record that can be watched."""


def test_a_remedy_that_nobody_agreed_is_dead_lettered_and_one_that_was_is_a_fact_of_its_obligation() -> None:
    state = PartitionState(RULES, {})
    sent = [
        Crm(start=moment(at("2026-04-03 10:00"))).event(
            "remedy.confirmed.v1", key, agreement="leads", obligation="touch", period=period, by="Ana"
        )
        for key, period in ((TOUCH, "2026-03"), (TOUCH, "2026-W10"), (f"acme/{TOUCH}", "2026-03"))
    ]
    records = [
        Arrived(one.topic, 0, one.key, one.value, timestamp=at("2026-04-03 10:00") // 1_000, offset=offset)
        for offset, one in enumerate(sent)
    ]

    decoded = Decoder(1, 5 * MINUTE).decode(records, state)

    assert list(decoded.facts) == [TOUCH.encode()]
    assert [(one.reason, one.detail) for one in decoded.rejected] == [
        ("unknown_remedy", "2026-W10 is a week, and 'touch' is judged by the month and by the quarter"),
        ("unknown_remedy", "no agreement 'acme/leads'; did you mean 'leads'?"),
    ]
