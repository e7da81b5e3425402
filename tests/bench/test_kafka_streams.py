import json
import re
import struct
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from bench.contenders.counting import CountJob
from bench.contenders.job import BatchJob
from bench.fold_alone import PARTITIONS, in_batches
from bench.java_contenders import POM, compiled
from bench.kept_facts import in_java_state, in_state
from bench.workload import records
from tests.real_parts.kafka import VERSION, NoKafkaError

EVENTS = 3_000
TOLD = records(EVENTS)


def test_kafka_streams_is_of_the_release_of_the_broker() -> None:
    versions = re.findall(r"<artifactId>kafka-streams</artifactId>\s*<version>(.*)</version>", POM.read_text())

    assert versions == [VERSION]


def test_a_count_says_how_many_records_a_lead_had() -> None:
    job = CountJob()
    last: dict[bytes, bytes] = {}
    for batch in in_batches(TOLD, 100):
        last |= job.fold(batch[0].partition, batch)

    expected = Counter(record.key for record in TOLD)
    assert {lead: int.from_bytes(value, "big") for lead, value in last.items()} == expected
    assert {len(value) for value in last.values()} == {8}


def test_a_state_of_ours_holds_each_event_of_its_lead_once() -> None:
    job = BatchJob(PARTITIONS)
    last: dict[bytes, bytes] = {}
    for batch in in_batches(TOLD, 100):
        last |= job.fold(batch[0].partition, batch)

    expected = defaultdict(set)
    for record in TOLD:
        event = json.loads(record.value)
        expected[record.key].add((event["source"], event["id"]))
    assert {lead: in_state(state) for lead, state in last.items()} == expected


def test_a_state_of_java_holds_the_events_it_was_written_with() -> None:
    def text(said: str) -> bytes:
        return struct.pack(">H", len(said.encode())) + said.encode()

    def fact(name: str) -> bytes:
        return struct.pack(">qqb", 1_000, 2_000, 5) + text("/crm/é") + text(name) + text('{"channel":"phone"}')

    assert in_java_state(struct.pack(">H", 2) + fact("a") + fact("b")) == {("/crm/é", "a"), ("/crm/é", "b")}
    assert in_java_state(struct.pack(">H", 0)) == set()


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NoKafkaError, match="no java on the PATH"):
        compiled(tmp_path)
