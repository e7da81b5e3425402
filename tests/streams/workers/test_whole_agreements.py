"""What stands of each agreement as a whole is what a replay says, whatever becomes of the workers that own it."""

import asyncio
import signal
from datetime import date
from functools import partial
from pathlib import Path
from shutil import copy
from typing import Final

import pytest
from aiokafka import AIOKafkaProducer

from crm_simulator import Plan, simulate
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import parse_instant
from sla_rules.names import AGREEMENTS_TOPIC, PERIODS_TOPIC
from sla_rules.whole_agreement.agreement_state import AgreementState
from streams.clock import wall_clock
from streams.kafka.partitioning import partition_of
from tests.agreements.examples import FILES
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import until
from tests.real_parts.service import PARTITIONS, Worker, all_records, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.histories import careless_history
from tests.streams.settling import ends_as_the_pure_fold_says
from tests.streams.whole_agreements import (
    Standing,
    standing,
    standing_still,
    stands_as_replayed,
    take_stamps_of_senders,
    tell,
)
from tests.streams.workers.test_livez import comes
from tests.streams.workers.test_topic_accidents import make

pytestmark = pytest.mark.kafka

BEGIN: Final = "2026-07-01T00:00:00Z"
AGREEMENTS: Final = load_agreements(FILES)
RULES: Final = RuleBook(
    AGREEMENTS, listening_since=dict.fromkeys((one.agreement for one in AGREEMENTS), parse_instant(BEGIN))
)
QUARTER: Final = Plan.about(AGREEMENTS, date(2026, 7, 1), days=92, seed=3, leads=1)


def all_examples(folder: Path) -> Path:
    """A folder with every agreement that ships."""
    (agreements := folder / "agreements").mkdir()
    for file in FILES:
        copy(file, agreements)
    return agreements


async def test_a_quarter_of_every_example_ends_as_replayed_though_its_owners_are_killed_and_frozen(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker, folder = service_kafka.bootstrap, all_examples(tmp_path)
    take_stamps_of_senders(service_kafka)
    await tell(broker, simulate(QUARTER))
    settings = {"LEADSLA_LISTENING_SINCE": BEGIN}
    with Worker(broker, folder, tmp_path, "first", **settings) as first:
        await until(lambda: stand_at_all(broker))
        first.program.signal(signal.SIGSTOP)
        with Worker(broker, folder, tmp_path, "second", **settings) as second:
            await until(lambda: stand_at_all(broker, "sla.agreement_period.v1"))
            second.program.kill()
            first.program.signal(signal.SIGCONT)
            await asyncio.to_thread(second.start)
            found = await stands_as_replayed(broker, RULES)

    assert {name.split("/")[0] for name in found} == RULES.versions.keys()
    kinds = {kind for kind, _ in found.values()}
    assert {"sla.credit_due.v1", "sla.remedy_overdue.v1", "sla.period_met.v1", "sla.period_missed.v1"} < kinds


async def stand_at_all(broker: str, kind: str = "sla.agreement.v1") -> bool:
    """Whether there is any record of a kind."""
    return any(found == kind for found, _ in (await standing(broker)).values())


async def test_what_stands_of_an_agreement_outlives_its_topic_rubbish_in_it_and_the_file_of_the_agreement(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker, folder = service_kafka.bootstrap, tmp_path / "agreements"
    folder.mkdir()
    file = quick_agreement(folder)
    copy(next(file for file in FILES if file.stem == "uptime"), folder)
    rules = RuleBook(load_agreements([file]), listening_since={"company-x": 0})
    with Worker(broker, folder, tmp_path, LEADSLA_ACCEPT_CHANGES="true") as worker:
        await send(broker, careless_history(seed=96, leads=20))
        await ends_as_the_pure_fold_says(broker, file)
        before = await standing_still(broker)
        assert {"company-x", "uptime"} <= before.keys()

        make(service_kafka, AGREEMENTS_TOPIC)
        await until(partial(stands, broker, before))

        place = await damage(broker)
        await comes(
            worker, "/readyz", f"not ready: {AGREEMENTS_TOPIC}, partition {place[0]}, offset {place[1]}:", well=False
        )
        assert worker.total("leadsla_condition", kind="agreement_stopped") == 1
        assert worker.series("leadsla_agreement_owned") == {of("company-x"): 0, of("uptime"): 1}
        await send(broker, careless_history(seed=97, leads=20))
        await ends_as_the_pure_fold_says(broker, file)
        await damage(broker, None)
        await comes(worker, "/readyz", "ready: serving", well=True)
        await until(partial(stands_of_all_figures, broker, rules))

        worker.stop()
        moved = file.rename(tmp_path / file.name)
        await asyncio.to_thread(worker.start)
        await until(partial(is_said_to_be, broker, "withdrawn"))
        assert worker.series("leadsla_agreement_owned") == {of("uptime"): 1}
        worker.stop()
        moved.rename(file)
        await asyncio.to_thread(worker.start)
        await until(partial(is_said_to_be, broker, "active"))


def of(agreement: str) -> frozenset[tuple[str, str]]:
    """The labels of an agreement."""
    return frozenset({("agreement", agreement)})


async def damage(broker: str, value: bytes | None = b"{rubbish") -> tuple[int, int]:
    """Write over the record of an agreement; where."""
    async with AIOKafkaProducer(bootstrap_servers=broker) as producer:
        place = partition_of(b"company-x", PARTITIONS)
        sent = await producer.send_and_wait(AGREEMENTS_TOPIC, value, b"company-x", place)
        return sent.partition, sent.offset


async def stands(broker: str, wanted: Standing) -> bool:
    return await standing(broker) == wanted


async def is_said_to_be(broker: str, status: str) -> bool:
    return bool((await standing(broker))["company-x"][1]["status"] == status)


async def stands_of_all_figures(broker: str, rules: RuleBook) -> bool:
    """Whether all that follows from the figures stands, by whoever works it out from nothing."""
    state = AgreementState(rules, "company-x", PARTITIONS)
    for record in await all_records(broker, PERIODS_TOPIC):
        state.take(record.partition, record.key, record.value)
    for key, value in (await last_values(broker, AGREEMENTS_TOPIC)).items():
        state.read_back(key, value)
    return state.changes(wall_clock()) == {}
