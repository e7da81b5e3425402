"""Bombs between good events end no worker: they are dead-lettered, the events count, and its memory stays within its bound."""

from pathlib import Path

import pytest

from sla_rules.names import REJECTED_TOPIC
from streams.dead_letters.letters import DeadLetter
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.topics import changelog_of
from streams.settings import Settings
from tests.events import Crm
from tests.real_parts.any_client import Raw, batch_of, send_batches
from tests.real_parts.hostile import bomb, packed, raw_batch, to_send
from tests.real_parts.kafka import RealKafka
from tests.real_parts.program import NotStartedError
from tests.real_parts.service import MeasuredWorker, Worker, all_records
from tests.streams.agreements import quick_agreement
from tests.streams.lies import BOMBS

TOPIC, PLACE = "handed-off", 1
LEADS = ("L-5", "L-10", "L-16", "L-19")
MEBIBYTE = 2**20
MOST = 16 * MEBIBYTE
SIZES = {"gzip": 200, "snappy": 20, "lz4": 200, "zstd": 1_000}
"""Mebibytes that each unpacks to: about as many as fit into the largest batch that a broker takes, but of zstd."""
OF_EACH = 20
WITHIN = 320 * MEBIBYTE
"""Twelve times what a batch may unpack to, and what a worker has that has seen none of it."""


@pytest.mark.kafka
async def test_twenty_bombs_of_each_codec_are_dead_lettered_and_the_events_between_count_within_bounded_memory(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker, crm = service_kafka.bootstrap, Crm()
    bombs = {codec: raw_batch(packed(codec, bomb(size * MEBIBYTE)), codec) for codec, size in SIZES.items()}
    sent = [raw for raw in bombs.values() for _ in range(OF_EACH)]
    events = [crm.handed_off(f"{lead}") for lead in LEADS for _ in range(len(sent) // len(LEADS))]
    for raw, event in zip(sent, events, strict=True):
        await send_batches(broker, TOPIC, PLACE, to_send(raw), batch_of([Raw(event.key, event.value)]))
    settings = {"LEADSLA_BATCH_MAX_BYTES": str(MOST)}
    with MeasuredWorker(broker, quick_agreement(tmp_path, within="1h"), tmp_path, **settings) as worker:
        worker.wait_for("leadsla_rejected_total", len(sent))
        worker.wait_for("leadsla_events_total", 2 * len(sent))
        most = worker.most_memory()
        worker.stop()
        worker.start()
        assert worker.total("leadsla_window_leads", obligation="first-touch", window="day") == len(LEADS)
        assert worker.total("leadsla_rejected_total") == 0

    letters = [DeadLetter.of(record) for record in await all_records(broker, REJECTED_TOPIC)]
    assert len(letters) == len(sent)
    assert {letter.reason for letter in letters} == {"too_large_unpacked"}
    assert sorted(letter.value[61:] for letter in letters if letter.value) == sorted(raw[61:] for raw in sent)
    assert most < WITHIN


@pytest.mark.parametrize(("topic", "unreadable"), [(TOPIC, "stop"), (changelog_of(Settings()), "dead_letter")])
async def test_a_bomb_stops_the_worker_in_words_where_ops_say_so_and_always_where_only_workers_write(
    service_embedded: EmbeddedBroker, tmp_path: Path, topic: str, unreadable: str
) -> None:
    broker = service_embedded.bootstrap
    await send_batches(broker, topic, PLACE, to_send(BOMBS["zstd"]))
    settings = {"LEADSLA_BATCH_MAX_BYTES": str(MEBIBYTE), "LEADSLA_UNREADABLE_BATCHES": unreadable}

    said = end_of(broker, quick_agreement(tmp_path), tmp_path, settings)

    assert f"{topic}, partition {PLACE}: offset 0 cannot be read: it unpacks to more, and 1,048,576 bytes" in said
    assert "Traceback" not in said


def end_of(broker: str, agreements: Path, folder: Path, settings: dict[str, str]) -> str:
    """The log of a worker that stops by itself, before it is ready or after."""
    try:
        worker = Worker(broker, agreements, folder, **settings)
    except NotStartedError as stopped:
        return str(stopped)
    assert worker.program.ends() == 1
    return worker.program.tail()
