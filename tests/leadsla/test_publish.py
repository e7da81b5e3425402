import asyncio
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from leadsla.event_files.lines import Lines
from leadsla.main import app
from sla_rules.events.schema import TOPIC_OF_TYPE
from sla_rules.instants import DAY, iso, moment
from sla_rules.names import BACKFILL, BACKFILL_TOPIC, EVENT_TOPICS, REJECTED_TOPIC
from streams.clock import wall_clock
from streams.kafka.embedded_broker import PARTITIONS, EmbeddedBroker
from streams.kafka.group_memory import listens_since
from streams.kafka.topics import plan
from streams.settings import Settings
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.records import reading

SUPPORT = Path(__file__).parents[2] / "agreements" / "examples" / "support.yaml"
AT_ONCE = ("--wait", "0")
"""Ask what the workers have made of it once: there are none."""


def test_every_event_lands_on_its_topic_on_the_partition_that_murmur2_gives_its_key(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    file = tmp_path / "march.jsonl.gz"
    _run("simulate", "--clean", "--start", "2026-03-02", "--days", "3", "--out", str(file))

    published = _publish(embedded_broker, str(file), "--json")

    assert published.exit_code == 0
    lines = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    summary = json.loads(published.stdout)
    assert summary["sent"] == summary["lines"] == len(lines)
    assert summary["sent_by_topic"] == Counter(TOPIC_OF_TYPE[line["type"]] for line in lines)
    records = asyncio.run(_records(embedded_broker.bootstrap))
    assert Counter(record.topic for record in records) == summary["sent_by_topic"]
    assert sorted(record.value for record in records) == sorted(gzip.decompress(file.read_bytes()).splitlines())
    by_java = DefaultPartitioner()
    places = list(range(PARTITIONS))
    assert all(record.partition == by_java(record.key, places, places) for record in records)


def test_events_of_one_lead_stay_in_the_order_of_the_file(embedded_broker: EmbeddedBroker, tmp_path: Path) -> None:
    crm = Crm()
    file = _file(tmp_path, *[crm.called("L-1", after=-900 + number) for number in range(500)])

    _publish(embedded_broker, file)

    ids = [json.loads(record.value)["id"] for record in asyncio.run(_records(embedded_broker.bootstrap))]
    assert ids == [f"e-{number}" for number in range(1, 501)]


def test_refused_lines_are_named_with_line_and_reason_and_are_not_sent(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    crm = Crm()
    file = _file(
        tmp_path,
        crm.created("L-1"),
        b"{broken",
        b"",
        crm.event("lead.created.v1", "L-2", after=7200),
        b"null",
        b'{"type": "lead.enriched.v1"}',
        crm.handed_off("L-1"),
    )

    published = _publish(embedded_broker, file, "--json")

    assert published.exit_code == 1
    beforehand, *lines = published.stderr.splitlines()
    assert beforehand.startswith("4 of 6 lines will not be sent, since the service would put them away: ")
    named = [line.split(":")[:2] for line in lines]
    assert named == [
        ["line 2", " broken_json"],
        ["line 4", " future_time"],
        ["line 5", " null_value"],
        ["line 6", " unknown_type"],
    ]
    summary = json.loads(published.stdout)
    assert summary["refused_by_reason"] == {"broken_json": 1, "future_time": 1, "null_value": 1, "unknown_type": 1}
    assert summary["sent_by_topic"] == {"handed-off": 1, "lead-created": 1}
    assert len(asyncio.run(_records(embedded_broker.bootstrap))) == 2


def test_no_more_than_twenty_refused_lines_are_named_and_all_are_counted(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    published = _publish(embedded_broker, _file(tmp_path, *[b"{"] * 30))

    assert len(published.stderr.splitlines()) == 1 + 20
    assert "refused 30 lines" in published.stdout


def test_events_older_than_leads_are_kept_are_said_beforehand_with_the_setting_that_would_have_them_taken(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    old, new = Crm(start=moment(wall_clock() - 500 * DAY)), Crm()
    file = _file(tmp_path, old.created("L-1"), old.handed_off("L-1"), new.created("L-2"))

    published = _publish(embedded_broker, file, "--json")
    assert published.stderr.splitlines()[0] == (
        "2 of 3 lines will not be sent, since the service would put them away: 2 expired. Leads are kept for 400 days; "
        "LEADSLA_KEEP_DAYS=501, here and for the workers, would have those taken that are expired"
    )
    assert (published.exit_code, json.loads(published.stdout)["sent"]) == (1, 1)

    kept = CliRunner().invoke(
        app, ["publish", file, "--broker", embedded_broker.bootstrap, *AT_ONCE], env={"LEADSLA_KEEP_DAYS": "501"}
    )
    assert (kept.exit_code, kept.stderr) == (0, "")


def test_a_backfill_lies_between_two_marks_in_each_partition(embedded_broker: EmbeddedBroker, tmp_path: Path) -> None:
    crm = Crm()

    published = _publish(
        embedded_broker, _file(tmp_path, *[crm.created(f"L-{n}") for n in range(20)]), "--backfill", "--json"
    )

    assert json.loads(published.stdout)["sent"] == 20
    records = [one for one in asyncio.run(_records(embedded_broker.bootstrap)) if one.topic == BACKFILL_TOPIC]
    by_partition: dict[int, list[Any]] = {}
    for one in sorted(records, key=lambda one: one.offset):
        by_partition.setdefault(one.partition, []).append(dict(one.headers).get(BACKFILL, b"event"))
    assert by_partition.keys() == set(range(PARTITIONS))
    for marks in by_partition.values():
        assert (marks[0], marks[-1]) == (b"begins", b"ends")
        assert set(marks[1:-1]) <= {b"event"}


def test_invalid_lines_go_to_the_topic_they_name_when_they_shall_be_sent(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    file = _file(tmp_path, b'{"type":"lead.created.v1","subject":"L-9"}', b"{broken", b"null")

    published = _publish(embedded_broker, file, "--send-invalid", "--json")

    assert published.exit_code == 0
    assert json.loads(published.stdout)["sent_though_invalid"] == 3
    records = {(record.topic, record.key, record.value) for record in asyncio.run(_records(embedded_broker.bootstrap))}
    assert records == {
        ("lead-created", b"L-9", b'{"type":"lead.created.v1","subject":"L-9"}'),
        ("contact-attempt", None, b"{broken"),
        ("contact-attempt", None, None),
    }


def test_lines_that_no_reader_survives_are_refused_or_sent_as_they_are(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    deep, halves, kind = b"[" * 900_000, b'{"subject":"\\ud800"}', b'{"type":' + b"[" * 900 + b"]" * 900 + b"}"
    digits = b'{"type":"lead.created.v1","subject":"L-1","data":{"score":' + b"9" * 100_000 + b"}}"
    file = _file(tmp_path, halves, deep, kind, digits, b'{"x":"' + b"x" * 2_000_000 + b'"}')

    refused = _publish(embedded_broker, file, "--json")
    sent = _publish(embedded_broker, file, "--send-invalid", "--json")

    assert json.loads(refused.stdout)["refused_by_reason"] == {"broken_json": 3, "missing_field": 1, "too_large": 1}
    assert refused.exit_code == 1
    assert json.loads(sent.stdout)["sent_though_invalid"] == 4
    records = {record.value: record.key for record in asyncio.run(_records(embedded_broker.bootstrap))}
    assert records == {deep: None, halves: b"?", kind: None, digits: None}


def test_events_that_an_agreement_names_go_to_the_topics_of_what_they_stand_for(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    opened = json.loads(Crm().handed_off("T-1").value or b"")
    file = _file(tmp_path, json.dumps({**opened, "type": "ticket.assigned.v1"}).encode())

    unknown = _publish(embedded_broker, file, "--json")
    known = _publish(embedded_broker, file, "--json", "--agreements", str(SUPPORT))

    assert json.loads(unknown.stdout)["refused_by_reason"] == {"unknown_type": 1}
    assert json.loads(known.stdout)["sent_by_topic"] == {"handed-off": 1}


def test_a_file_comes_from_standard_input_too(embedded_broker: EmbeddedBroker) -> None:
    event = Crm().created("L-1")
    embedded_broker.create(*EVENT_TOPICS)

    published = CliRunner().invoke(
        app, ["publish", "-", "--broker", embedded_broker.bootstrap, "--json", *AT_ONCE], input=event.value
    )

    assert json.loads(published.stdout)["sent"] == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.jsonl", None, "there is no such file"),
        (
            "cut.jsonl.gz",
            gzip.compress(b"{}\n" * 5_000, mtime=0)[:-12],
            "it ends too early: the packed file was cut off",
        ),
        ("events.csv", b"id,type\n1,lead.created\n", "looks like CSV; events are JSON, one a line"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(
    embedded_broker: EmbeddedBroker, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    published = _publish(embedded_broker, str(tmp_path / name))

    assert published.exit_code == 2
    assert says in published.stderr


def test_a_broker_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        gone = broker.bootstrap

    published = _run("publish", _file(tmp_path, Crm().created("L-1")), "--broker", gone)

    assert published.exit_code == 2
    assert published.stderr.startswith(f"leadsla publish: {gone}: nobody listens there; look at LEADSLA_BROKER")


@pytest.mark.kafka
def test_a_real_kafka_takes_the_events_and_missing_topics_are_named(real_kafka: RealKafka, tmp_path: Path) -> None:
    file = str(tmp_path / "day.jsonl")
    _run("simulate", "--clean", "--start", "2026-03-02", "--out", file)

    before = _run("publish", file, "--broker", real_kafka.bootstrap, "--json", *AT_ONCE)
    _run("topics", "create", "--broker", real_kafka.bootstrap)
    after = _run("publish", file, "--broker", real_kafka.bootstrap, "--json", *AT_ONCE)

    if before.exit_code:
        assert "leadsla topics create" in before.stderr
    assert json.loads(after.stdout)["sent"] == len(Path(file).read_bytes().splitlines())


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), max_size=20), st.integers(1, 30))
def test_lines_are_the_same_however_the_file_is_cut_into_chunks(text: bytes, cuts: list[int], longest: int) -> None:
    lines, found, rest = Lines(longest), [], text
    for cut in cuts:
        chunk, rest = rest[:cut], rest[cut:]
        found += list(lines.of(chunk)) if chunk else []
    found += [*lines.of(rest), *(lines.of(b"") if rest else ())]

    whole = Lines(longest)
    expected = [*whole.of(text), *(whole.of(b"") if text else ())]
    assert [(line.number, line.cut) for line in found] == [(line.number, line.cut) for line in expected]
    assert [line for line in found if not line.cut] == [line for line in expected if not line.cut]


def test_who_loads_history_says_since_when_the_service_listens_and_nobody_moves_it_later(
    embedded_broker: EmbeddedBroker, tmp_path: Path
) -> None:
    embedded_broker.create(*plan(Settings()))
    told, later = "2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"
    file = _file(tmp_path, Crm().created("L-1"))
    history = [file, "--backfill", "--agreements", str(SUPPORT)]

    assert _publish(embedded_broker, *history, "--listening-since", told).exit_code == 0
    assert _listens_since(embedded_broker) == {"support": told}
    assert _publish(embedded_broker, *history, "--listening-since", told).exit_code == 0
    before = len(asyncio.run(_records(embedded_broker.bootstrap)))

    moved = _publish(embedded_broker, *history, "--listening-since", later)

    why = f"for support the service listens since {told}: it is told before the first worker starts, and never moved later"
    assert moved.exit_code == 2
    assert moved.stderr.splitlines()[-1] == f"leadsla publish: {embedded_broker.bootstrap}: {why}"
    assert _listens_since(embedded_broker) == {"support": told}
    assert len(asyncio.run(_records(embedded_broker.bootstrap))) == before


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--listening-since", "2026-03-02T09:00:00Z"], "--listening-since goes with --backfill"),
        (["--backfill", "--listening-since", "2126-03-02T09:00:00Z"], "lies ahead"),
        (["--backfill", "--listening-since", "noon"], "is not an instant"),
    ],
)
def test_since_when_the_service_listens_is_an_instant_of_the_past_and_said_of_history_alone(
    options: list[str], why: str, tmp_path: Path
) -> None:
    refused = _run("publish", _file(tmp_path), *options)

    assert refused.exit_code == 2
    assert why in refused.stderr


def _file(folder: Path, *lines: Sent | bytes) -> str:
    path = folder / "events.jsonl"
    path.write_bytes(b"\n".join(line.value or b"" if isinstance(line, Sent) else line for line in lines))
    return str(path)


def _publish(broker: EmbeddedBroker, *arguments: str) -> Result:
    broker.create(*EVENT_TOPICS, REJECTED_TOPIC)
    return _run("publish", *arguments, "--broker", broker.bootstrap, *AT_ONCE)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def _listens_since(broker: EmbeddedBroker) -> dict[str, str]:
    found = asyncio.run(listens_since(Settings(broker=broker.bootstrap)))
    return {agreement: iso(at) for agreement, at in found.items()}


async def _records(bootstrap: str) -> list[ConsumerRecord]:
    """All records of the event topics, by topic and partition."""
    async with reading(bootstrap) as consumer, asyncio.timeout(AT_MOST):
        spots = [TopicPartition(topic, partition) for topic in EVENT_TOPICS for partition in range(PARTITIONS)]
        consumer.assign(spots)
        wanted = sum((await consumer.end_offsets(spots)).values())
        found: list[ConsumerRecord] = []
        while len(found) < wanted:
            found += [record for records in (await consumer.getmany(timeout_ms=100)).values() for record in records]
        return sorted(found, key=lambda record: (record.topic, record.partition, record.offset))
