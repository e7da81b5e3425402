"""Leads on disk: never ahead of the changelog, read on where they end, and one worker a folder."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.instants import DAY
from sla_rules.names import BREACHES_TOPIC, PERIODS_TOPIC
from streams.clock import wall_clock
from streams.kafka.topics import changelog_of
from streams.partitions.disk_store import DataDirError, RocksLeads, lock, new_cache
from streams.settings import Settings
from tests.real_parts import commands
from tests.real_parts.kafka import RealKafka
from tests.real_parts.service import Worker, all_records, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import AT_ONCE, careless_history
from tests.streams.settling import ends_as_the_pure_fold_says
from tests.streams.workers.test_new_versions import leadsla

LEADS_PER_ROUND = 150
KEYS = st.sampled_from([b"", b"L", b"M", b"a", b"b", b"\xff"])
STEPS = st.lists(
    st.tuples(st.just("put"), KEYS, st.binary(min_size=1, max_size=3))
    | st.tuples(st.sampled_from(("pop", "settle")), KEYS, st.none())
    | st.tuples(st.just("settle_all"), st.just(b""), st.none())
)


@given(steps=STEPS)
def test_a_store_on_disk_does_what_a_dictionary_does(
    steps: list[tuple[str, bytes, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("leads") / "0"
    leads, known = RocksLeads(folder, new_cache(), wall_clock), dict[bytes, bytes]()
    settled = dict[bytes, bytes]()
    for step, key, value in steps:
        if step == "put":
            leads[key] = known[key] = value
        elif step == "pop":
            assert leads.pop(key, None) == known.pop(key, None)
        elif step == "settle":
            leads.settle([key], None)
            settled = {one: found for one, found in settled.items() if one != key}
            settled |= {key: known[key]} if key in known else {}
        else:
            leads.settle_all(7)
            settled = dict(known)
        assert dict(leads.items()) == dict(leads) == known
        assert (len(leads), bool(leads)) == (len(known), bool(known))
        assert all(one in leads for one in known)
    leads.close()

    again = RocksLeads(folder, new_cache(), wall_clock)
    assert dict(again.items()) == settled
    again.empty()
    assert (dict(again), again.mark) == ({}, None)
    again.close()


def test_who_walks_through_leads_on_disk_meets_each_once_whatever_is_put_in_meanwhile(tmp_path: Path) -> None:
    leads = RocksLeads(tmp_path / "0", new_cache(), wall_clock)
    before = {f"lead-{number:05d}".encode() for number in range(2_500)}
    for lead in before:
        leads[lead] = b"1"
    leads.settle(sorted(before)[1::2], 7)
    met = []

    for number, lead in enumerate(leads):
        met.append(lead)
        leads[lead] = b"2"
        if number < 900:
            leads[f"new-{number}".encode()] = b"1"
        if number % 700 == 0:
            leads.settle_all(8)

    assert len(met) == len(set(met))
    assert before <= set(met)
    leads.close()


def test_the_mark_is_kept_with_what_it_is_about(tmp_path: Path) -> None:
    leads = RocksLeads(tmp_path / "0", new_cache(), wall_clock)
    leads[b"a"], leads[b"b"] = b"1", b"2"
    leads.settle([b"a"], 12)
    leads.close()

    again = RocksLeads(tmp_path / "0", new_cache(), wall_clock)
    assert (dict(again), again.mark and again.mark.offset) == ({b"a": b"1"}, 12)
    again.close()


def test_two_workers_in_one_folder_are_told_apart(tmp_path: Path) -> None:
    with (
        lock(tmp_path),
        pytest.raises(DataDirError, match="in use by another worker; give each its own LEADSLA_DATA_DIR"),
    ):
        lock(tmp_path)
    lock(tmp_path).close()


def loaded(worker: Worker) -> int:
    """How many records the last takeover read."""
    line = [line for line in worker.program.log().splitlines() if "loading partitions" in line][-1]
    return int(line.split("records=")[1].split()[0])


def age(folder: Path) -> None:
    """Have leads on disk been written a day ago: of those that left since, the changelog may not say so any more."""
    for partition in folder.iterdir():
        leads = RocksLeads(partition, new_cache(), lambda: wall_clock() - DAY)
        assert leads.mark is not None
        leads.settle_all(leads.mark.offset)
        leads.close()


def another(broker: str, agreement: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """A second worker in the folder of a first."""
    where = {"LEADSLA_BROKER": broker, "LEADSLA_AGREEMENTS": str(agreement), "LEADSLA_DATA_DIR": str(folder)}
    return commands.leadsla("worker", **where, LEADSLA_STORE="rocksdb")


@pytest.mark.kafka
async def test_after_a_kill_only_the_rest_of_the_changelog_is_read(service_kafka: RealKafka, tmp_path: Path) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    on_disk = {"LEADSLA_STORE": "rocksdb", "LEADSLA_LOG_FORMAT": "console"}
    with Worker(broker, agreement, tmp_path, "first", **on_disk) as worker:
        await send(broker, careless_history(seed=90, leads=LEADS_PER_ROUND), at_once=AT_ONCE)
        await ends_as_the_pure_fold_says(broker, agreement)
        second = await asyncio.to_thread(another, broker, agreement, tmp_path / "first")
        assert second.returncode == 1
        assert "is in use by another worker" in second.stderr.splitlines()[-1]

        worker.program.kill()
        await send(broker, careless_history(seed=91, leads=LEADS_PER_ROUND), at_once=AT_ONCE)
        await asyncio.to_thread(worker.start)
        await ends_as_the_pure_fold_says(broker, agreement)
        held = len(await all_records(broker, changelog_of(Settings())))
        published = sum([len(await all_records(broker, topic)) for topic in (BREACHES_TOPIC, PERIODS_TOPIC)])
        await asyncio.to_thread(worker.stop)
        await asyncio.to_thread(worker.start)
        assert loaded(worker) < published + held

        await asyncio.to_thread(worker.stop)
        age(tmp_path / "first" / "leads" / Settings().group)
        await asyncio.to_thread(worker.start)
        assert "what lies on disk is old" in worker.program.log()
        assert loaded(worker) >= published + held

        worker.program.kill()
        service_kafka.create_topics([changelog_of(Settings())], 4, cleanup_policy="compact")
        assert leadsla("topics", "accept", broker=broker, agreements=agreement).returncode == 0
        await asyncio.to_thread(worker.start)
        assert "what lies on disk is not of this changelog" in worker.program.log()
