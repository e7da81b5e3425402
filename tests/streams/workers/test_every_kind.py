"""One worker runs every agreement that ships over a month of all that they are about."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from crm_simulator import Item, Plan, simulate
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.tallies import Tally, without_zeros
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import MINUTE, parse_instant
from sla_rules.lead.facts import Fact
from sla_rules.names import AGREEMENTS_TOPIC, PERIODS_TOPIC
from sla_rules.reports.replay import Outcome, replay, watched
from sla_rules.reports.topic_tallies import TopicTallies
from sla_rules.whole_agreement.agreement_state import AgreementState
from streams.clock import MILLISECOND, FastClock, wall_clock
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.pipeline.decode import decode
from tests.agreements.examples import FILES
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.service import ALWAYS, PARTITIONS, Worker, last_values
from tests.scenarios.runner import Appended
from tests.sla_rules.clocks import at
from tests.streams.whole_agreements import tell

MARCH: Final = date(2026, 3, 1)
MONTH_AND_GRACE: Final = 33
NOW: Final = at("2026-04-05 03:00+00:00")
"""A Sunday night, on which nothing falls due."""


def replayed(rules: RuleBook, items: Sequence[Item]) -> tuple[Outcome, int]:
    """What a replay says of the records, and how many of them are none."""
    records = [Appended(one.topic, one.arrival // MILLISECOND, one.key, one.value, one.headers) for one in items]
    decoded = decode(records, 1, (), 5 * MINUTE, rules.vocabulary, rules=rules)
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    for lead, told in decoded.facts.items():
        facts[lead.decode()].extend(told)  # type: ignore[arg-type]
    return replay(rules, watched(rules, facts, NOW), NOW), decoded.reasons().total()


def filled(tallies: dict[WindowKey, Tally]) -> dict[WindowKey, Tally]:
    return {key: found for key, tally in tallies.items() if (found := without_zeros(tally))}


async def tallies_in(broker: str, rules: RuleBook) -> TopicTallies:
    """What `sla-periods` says, all partitions together."""
    found = TopicTallies(rules)
    for key, value in (await last_values(broker, PERIODS_TOPIC)).items():
        found.take(int(key.rpartition(b"/")[2]), value)
    return found


async def not_standing(broker: str, rules: RuleBook) -> dict[bytes, bytes]:
    """What follows from `sla-periods` and does not stand in `sla-agreements`."""
    periods, standing = await last_values(broker, PERIODS_TOPIC), await last_values(broker, AGREEMENTS_TOPIC)
    missing: dict[bytes, bytes] = {}
    for agreement in rules.versions:
        owner = AgreementState(rules, agreement, PARTITIONS)
        for key, value in periods.items():
            owner.take(int(key.rpartition(b"/")[2]), key, value)
        for key, value in standing.items():
            owner.read_back(key, value)
        missing.update(owner.changes(NOW))
    return missing


async def test_one_worker_publishes_of_every_agreement_that_ships_what_a_replay_of_the_month_says(
    service_embedded: EmbeddedBroker, tmp_path: Path
) -> None:
    broker, agreements = service_embedded.bootstrap, load_agreements(FILES)
    since = parse_instant(ALWAYS)
    rules = RuleBook(agreements, listening_since={one.agreement: since for one in agreements})
    items = list(simulate(Plan.about(agreements, MARCH, MONTH_AND_GRACE, seed=1)))
    outcome, broken = replayed(rules, items)
    wanted = filled(outcome.current), filled(outcome.published)
    assert {key.agreement for key in wanted[1]} == {one.agreement for one in agreements}
    await tell(broker, items)
    folder = tmp_path / "agreements"
    folder.mkdir()
    for file in FILES:
        (folder / file.name).write_bytes(file.read_bytes())

    loop = asyncio.get_running_loop()
    with Worker(broker, folder, tmp_path, LEADSLA_CLOCK=str(FastClock(wall_clock(), NOW, 1.0))) as worker:
        worker.wait_for("leadsla_events_total", len(items))
        deadline = loop.time() + AT_MOST
        while True:
            found = await tallies_in(broker, rules)
            has = filled(found.current), filled(found.published)
            if has == wanted or loop.time() > deadline:
                break
            await asyncio.sleep(1)
        differ = [
            key
            for one, other in zip(has, wanted, strict=True)
            for key in one.keys() | other.keys()
            if one.get(key) != other.get(key)
        ]
        assert differ == [], worker.program.tail()
        while missing := await not_standing(broker, rules):
            assert loop.time() < deadline, sorted(missing)
            await asyncio.sleep(1)

        assert worker.total("leadsla_rejected_total") == broken > 0
