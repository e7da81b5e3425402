"""History that is loaded before or after the first worker starts, with live events between and a kill, comes to what a replay says."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from leadsla.main import app
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.tallies import Tally, add
from sla_rules.figures.period_records import read_record
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import DAY, HOUR, MINUTE, moment
from sla_rules.lead.facts import Fact
from sla_rules.names import EVENT_TOPICS, PERIODS_TOPIC
from sla_rules.reports.replay import replay
from sla_rules.time.periods import period_from
from streams.clock import wall_clock
from streams.kafka.group_memory import remembered
from streams.kafka.listening import listening_since
from streams.pipeline.decode import decode
from streams.settings import Settings
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.service import PARTITIONS, Worker, all_records, last_values, send
from tests.streams.agreements import EXAMPLE

Published = dict[WindowKey, Tally]


def lived(days: int, leads: int) -> list[Sent]:
    """Leads handed off within so many days, some of them called, in an order that nobody would send."""
    chance = Random(57)  # noqa: S311 - a test's dice, not a secret's
    crm = Crm(start=moment(wall_clock() - days * DAY), source="/crm/history")
    records: list[Sent] = []
    for number in range(leads):
        after = chance.uniform(0, days * DAY - 2 * HOUR) / 1_000_000
        records.append(crm.handed_off(f"H-{number}", after))
        records += [crm.called(f"H-{number}", after + chance.uniform(60, 7_000)) for _ in range(chance.randrange(3))]
    chance.shuffle(records)
    return records


def of_now(leads: int) -> list[Sent]:
    """Leads that are handed off while history is loaded."""
    crm = Crm(source="/crm/live")
    return [crm.handed_off(f"L-{number}") for number in range(leads)]


async def history_in(broker: str, rules: RuleBook) -> tuple[Published, set[WindowKey]]:
    """What the topics say of the periods that were over before the service listened, and what of it is behind."""
    found: Published = {}
    behind: set[WindowKey] = set()
    for value in (await last_values(broker, PERIODS_TOPIC)).values():
        key, figures = read_record(value)
        if is_history(rules, key):
            add(found.setdefault(key, {}), figures.published or {})
            behind.update([key] if figures.behind or figures.history is (figures.published is None) else ())
    return found, behind


async def wanted(broker: str, rules: RuleBook) -> Published:
    """What a replay publishes of them."""
    facts: dict[str, list[Fact]] = {}
    decoded = decode(await all_records(broker, *EVENT_TOPICS), PARTITIONS, (), 5 * MINUTE)
    for lead, told in decoded.facts.items():
        facts.setdefault(lead.decode(), []).extend(told)  # type: ignore[arg-type]
    published: Mapping[WindowKey, Tally] = replay(rules, facts, wall_clock()).published
    return {key: tally for key, tally in published.items() if is_history(rules, key) and tally}


def is_history(rules: RuleBook, key: WindowKey) -> bool:
    return rules.is_history(key.agreement, period_from(key.interval, key.first, rules.zone_of(key.agreement)).end)


async def comes_to_what_a_replay_says(broker: str, leads: int) -> None:
    agreements = load_agreements([EXAMPLE])
    since = listening_since(await remembered(Settings(broker=broker)))
    assert since.keys() == {one.agreement for one in agreements}
    rules = RuleBook(agreements, listening_since=since)
    expected = await wanted(broker, rules)
    assert sum(tally.get("leads", 0) for key, tally in expected.items() if key.obligation == "first-touch") > leads
    loop = asyncio.get_running_loop()
    deadline = loop.time() + AT_MOST
    while True:
        found, behind = await history_in(broker, rules)
        filled = {key: tally for key, tally in found.items() if tally}
        if not behind and filled == expected:
            return
        assert loop.time() < deadline, (len(behind), filled.keys() ^ expected.keys(), filled)
        await asyncio.sleep(1)


async def published_as_empty(broker: str) -> None:
    """Wait until the worker has published the periods that were over."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + AT_MOST
    while not await last_values(broker, PERIODS_TOPIC):
        assert loop.time() < deadline
        await asyncio.sleep(0.5)


@pytest.mark.kafka
async def test_history_that_was_loaded_before_the_first_worker_started_is_published_as_a_replay_says(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    await send(service_kafka.bootstrap, lived(days=20, leads=60))

    with Worker(service_kafka.bootstrap, EXAMPLE, tmp_path, LEADSLA_LISTENING_SINCE=NOW):
        await comes_to_what_a_replay_says(service_kafka.bootstrap, 60)


@pytest.mark.kafka
async def test_history_that_is_loaded_while_a_worker_listens_and_is_killed_is_published_as_a_replay_says(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker, history, live = service_kafka.bootstrap, lived(days=20, leads=60), of_now(20)
    with Worker(broker, EXAMPLE, tmp_path, LEADSLA_LISTENING_SINCE=NOW) as worker:
        await published_as_empty(broker)
        await send(broker, [*history[:50], *live[:10]])
        worker.wait_for("leadsla_events_total", 60)
        worker.program.kill()
        await send(broker, [*history[50:], *live[10:]])
        worker.start()
        await comes_to_what_a_replay_says(broker, 60)


@pytest.mark.kafka
async def test_a_backfill_publishes_no_breach_that_is_taken_back_and_says_what_became_of_it(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    broker, history = service_kafka.bootstrap, lived(days=20, leads=300)
    hand_offs = [one for one in history if one.topic == "handed-off"]
    answers = [one for one in history if one.topic != "handed-off"]
    file = tmp_path / "history.jsonl"
    file.write_bytes(b"\n".join(one.value or b"" for one in [*hand_offs, *answers]))
    with Worker(broker, EXAMPLE, tmp_path, LEADSLA_LISTENING_SINCE=NOW) as worker:
        publish = ["publish", str(file), "--backfill", "--wait", "60", "--json", "--broker", broker]
        published = await asyncio.to_thread(CliRunner().invoke, app, publish)

        assert published.exit_code == 0, published.output
        assert json.loads(published.stdout)["became"] == {
            "read": len(history),
            "waiting": 0,
            "put_away": 0,
            "put_away_by_reason": {},
        }
        worker.wait_for("leadsla_breaches_total", 90, outcome="published")
        assert worker.total("leadsla_breaches_total", outcome="retracted") == 0
        assert worker.total("leadsla_rejected_total") == 0
        await comes_to_what_a_replay_says(broker, 300)


NOW = "2999-01-01T00:00:00Z"
"""Nobody listens before a worker is there."""
