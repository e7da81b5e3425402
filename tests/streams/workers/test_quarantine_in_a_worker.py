"""A fault in the rules takes out the events and leads that it meets, and no worker with them."""

import asyncio
import json
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from leadsla.main import app
from sla_rules.engine.codec import QUARANTINED, decode
from sla_rules.names import BREACHES_TOPIC, REJECTED_TOPIC
from streams.clock import wall_clock
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import changelog_of
from streams.settings import Settings
from tests.events import Crm
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.program import NotStartedError
from tests.real_parts.service import PARTITIONS, Worker, all_records, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.oracle import differences, expected, found
from tests.streams.settling import ends_as_the_pure_fold_says

pytestmark = pytest.mark.kafka

FAULTY = "tests.streams.faulty_worker"
CHANGELOG = changelog_of(Settings())


def replayed(broker: str, reason: str) -> int:
    """How many letters a replay has sent."""
    command = ["deadletter", "replay", "--yes", "--json", "--broker", broker, "--reason", reason]
    return int(json.loads(CliRunner().invoke(app, command).stdout)["sent"])


async def ends_otherwise(broker: str, agreement: Path) -> set[bytes]:
    """The keys of what the topics hold otherwise than the pure fold says, once there are few of them."""
    differ: set[bytes] = set()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + AT_MOST
    while loop.time() < deadline:
        differ = set(differences(await found(broker), await expected(broker, agreement, wall_clock())))
        if len(differ) <= 2:
            break
        await asyncio.sleep(0.5)
    return differ


@pytest.mark.parametrize("store", ["memory", "rocksdb"])
async def test_what_a_fault_meets_is_set_aside_or_dead_lettered_until_the_fault_is_gone_and_all_is_as_if_it_had_never_been(
    service_kafka: RealKafka, tmp_path: Path, store: str
) -> None:
    agreement, broker, crm = quick_agreement(tmp_path), service_kafka.bootstrap, Crm()
    faults = {"FAULT_UNFOLDABLE": "odd", "FAULT_UNJUDGEABLE": "poison", "LEADSLA_STORE": store}
    with Worker(broker, agreement, tmp_path, module=FAULTY, **faults) as worker:
        await send(broker, [crm.handed_off(f"L-{number}") for number in range(8)])
        await asyncio.to_thread(worker.wait_for, "leadsla_breaches_total", 8, outcome="published")
        before = await last_values(broker, BREACHES_TOPIC)
        odd = crm.event("lead.contact_attempted.v1", "L-2", channel="phone", id="odd")
        late = [crm.handed_off(f"L-{number}") for number in range(8, 12)]
        await send(broker, [crm.called("L-1", 1, id="poison"), odd, crm.called("L-3", 1), *late])
        await asyncio.to_thread(worker.wait_for, "leadsla_quarantined_leads", 1)
        await asyncio.to_thread(worker.wait_for, "leadsla_rejected_total", 1, reason="unfoldable")
        await asyncio.to_thread(worker.wait_for, "leadsla_breaches_total", 12, outcome="published")

        assert worker.says("/livez")[0]
        assert "it is in quarantine" in worker.program.log()
        assert "lead=L-1 " in worker.program.log()
        state = decode((await last_values(broker, CHANGELOG))[b"L-1"])
        assert (state.digest, state.contributions) == (QUARANTINED, ())
        assert [fact.id for fact in state.facts][-1] == "poison"
        [letter] = await all_records(broker, REJECTED_TOPIC)
        headers = dict(letter.headers)
        assert (letter.key, letter.value) == (b"L-2", odd.value)
        assert (headers["topic"], headers["reason"]) == (b"contact-attempt", b"unfoldable")
        assert b"FaultError: in_order broke" in headers["detail"]
        after = await last_values(broker, BREACHES_TOPIC)
        assert {key: after[key] for key, value in before.items() if b'"L-1"' in value} == {
            key: value for key, value in before.items() if b'"L-1"' in value
        }

        worker.program.kill()
        await asyncio.to_thread(worker.start)
        await asyncio.to_thread(worker.wait_for, "leadsla_quarantined_leads", 1)
        worker.stop()

    with Worker(broker, agreement, tmp_path, LEADSLA_STORE=store) as worker:
        assert await asyncio.to_thread(replayed, broker, "unfoldable") == 1
        # It arrived once more, and its letter is still there.
        place = b"contact-attempt/%s/%s" % (headers["partition"], headers["offset"])
        assert await ends_otherwise(broker, agreement) <= {b"L-2", place}
        known = decode((await last_values(broker, CHANGELOG))[b"L-2"])
        assert [fact.id for fact in known.facts][-1] == "odd"
        assert worker.total("leadsla_quarantined_leads") == 0
        assert "a lead in quarantine can be judged again" in worker.program.log()


async def test_a_fault_that_meets_too_many_leads_stops_the_worker_before_anything_is_written_and_no_restart_helps_it(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement, broker, crm = quick_agreement(tmp_path), service_kafka.bootstrap, Crm()
    limits = {"LEADSLA_QUARANTINE_LIMIT": "0", "FAULT_UNJUDGEABLE": "poison"}
    with Worker(broker, agreement, tmp_path, module=FAULTY, **limits) as worker:
        await send(broker, [crm.handed_off("L-1")])
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 1, result="accepted")
        await send(broker, [crm.handed_off("L-1", id="poison")])
        assert await asyncio.to_thread(worker.program.ends) == 1

        last = worker.program.tail().splitlines()[-1]
        assert last.startswith(f"leadsla worker: partition {partition_of(b'L-1', PARTITIONS)}: 1 of the last ")
        assert "leads judged cannot be judged" in last
        assert "LEADSLA_QUARANTINE_LIMIT=0" in last
        assert "Traceback" not in worker.program.log()
        for _ in range(2):
            with pytest.raises(NotStartedError, match="ended with 1"):
                await asyncio.to_thread(worker.program.start, lambda: False)

    assert decode((await last_values(broker, CHANGELOG))[b"L-1"]).digest != QUARANTINED
    with Worker(broker, agreement, tmp_path):
        await ends_as_the_pure_fold_says(broker, agreement)


async def test_a_lead_that_is_full_takes_no_more_and_the_worker_goes_on(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement, broker, crm = quick_agreement(tmp_path, within="1h"), service_kafka.bootstrap, Crm()
    limits = {"LEADSLA_LEAD_FACTS_LIMIT": "40", "LEADSLA_BATCH_RECORDS": "7"}
    attempts = [crm.called("L-1", number / 10) for number in range(60)]
    with Worker(broker, agreement, tmp_path, **limits) as worker:
        await send(broker, [crm.handed_off("L-1"), crm.handed_off("L-2")])
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 2, result="accepted")
        await send(broker, attempts)
        await asyncio.to_thread(worker.wait_for, "leadsla_rejected_total", 21, reason="lead_full")
        await send(broker, [attempts[0], crm.event("lead.converted.v1", "L-1", 7), crm.called("L-2", 7)])
        await send(broker, [crm.event("lead.deleted.v1", "L-1", 8)])
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 62 - 21 + 3, result="accepted")
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 1, result="duplicate")

        letters = await all_records(broker, REJECTED_TOPIC)
        assert [letter.value for letter in letters] == [one.value for one in attempts[39:]]
        known = decode((await last_values(broker, CHANGELOG))[b"L-1"]).facts
        assert len(known) == 42
        assert {getattr(fact, "status", None) for fact in known} == {None, "converted", "deleted"}
        assert worker.says("/livez")[0]


async def test_the_largest_lead_that_may_be_is_kept_and_loaded(service_kafka: RealKafka, tmp_path: Path) -> None:
    agreement, broker, crm = quick_agreement(tmp_path, within="1h"), service_kafka.bootstrap, Crm()
    noise = [Random(number).randbytes(30_000).hex() for number in range(20)]  # noqa: S311 - a test's noise, no secret
    records = [crm.created("L-1", number / 10, attributes={"note": note}) for number, note in enumerate(noise)]
    limits = {"LEADSLA_LEAD_BYTES_LIMIT": "780000", "LEADSLA_LEAD_FACTS_LIMIT": "2000"}
    with Worker(broker, agreement, tmp_path, **limits) as worker:
        await send(broker, [crm.handed_off("L-1"), *records])
        await asyncio.to_thread(worker.wait_for, "leadsla_rejected_total", 8, reason="lead_full")
        worker.program.kill()
        await asyncio.to_thread(worker.start)
        await send(broker, [crm.called("L-1", 3)])
        await asyncio.to_thread(worker.wait_for, "leadsla_events_total", 1, result="accepted", topic="contact-attempt")

    state = (await last_values(broker, CHANGELOG))[b"L-1"]
    assert 700_000 < len(state) < 1_000_000
