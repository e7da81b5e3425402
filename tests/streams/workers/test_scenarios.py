"""The stories of `tests/scenarios` told to a worker: what its topics hold in the end is what the core says.

Those of a season are told at once to one worker, each apart from the others by the names of its leads and agreements. Records
carry the arrival that the story gives them. The worker's clock shows a day after the last of them; it comes to the same as a
core that was there all along. It publishes every day since the agreements took effect, so that years are too much for a broker in
memory: the few stories that take so long are told to the core alone.
"""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode as decode_state
from sla_rules.engine.published_notices import RETRACTED
from sla_rules.evaluation.contributions import Contribution, UncoveredContribution
from sla_rules.evaluation.tallies import Tally, add
from sla_rules.figures.period_records import read_record
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import DAY, SECOND, Instant
from sla_rules.lead.facts import Merged
from sla_rules.names import BREACHES_TOPIC, PERIODS_TOPIC
from streams.clock import MILLISECOND, FastClock, wall_clock
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.topics import changelog_of, plan
from streams.settings import Settings
from tests.real_parts.kafka import RealKafka
from tests.real_parts.service import PARTITIONS, Worker, last_values
from tests.scenarios.notation import read_scenario
from tests.scenarios.runner import Play
from tests.scenarios.staging import Arrived, Stage
from tests.scenarios.stories import FILES
from tests.sla_rules.clocks import at

SEASONS: Final = at("2026-03-20 12:34"), at("2026-11-20 12:34")
"""Days by which stories are over, those of the first season or those of the second."""
SETTLES_WITHIN: Final = 60 * SECOND
UNWATCHED: Final = "deliverable-due-on-a-closed-day"
"""A story of what nobody ever confirms: to a worker that was away, which begins to watch when all is over, it is history."""
MONTHS: Final = "months"
"""Whole months of the agreements that ship are too much to be told beside the others; a worker runs those in `test_every_kind.py`."""
STAMPED_BY_THE_PRODUCER: Final = {
    "message.timestamp.type": "CreateTime",
    "message.timestamp.after.max.ms": str(2**62),
    "retention.ms": "-1",
}
"""Topics as a test needs them whose records say themselves when they arrived, years ago or years ahead."""

Outcome = dict[str, dict[Any, Any]]


@pytest.fixture
def embedded(service_embedded: EmbeddedBroker) -> str:
    return service_embedded.bootstrap


@pytest.fixture
def real(real_kafka: RealKafka) -> str:
    planned = plan(Settings()).items()
    real_kafka.create_planned({name: {**config, **STAMPED_BY_THE_PRODUCER} for name, config in planned}, PARTITIONS)
    return real_kafka.bootstrap


@pytest.fixture(params=["embedded", pytest.param("real", marks=pytest.mark.kafka)])
def broker(request: pytest.FixtureRequest) -> str:
    """The address of either broker, with the service's topics."""
    address: str = request.getfixturevalue(request.param)
    return address


def stages_of(season: Instant) -> list[Stage]:
    """The stories that are over by a day, and were not by the season's before."""
    before = max((one for one in SEASONS if one < season), default=0)
    told = [file for file in FILES if file.stem != UNWATCHED and file.parent.name != MONTHS]
    stages = [Stage(read_scenario(file), apart=True) for file in told]
    return [stage for stage in stages if before < stage.instant(stage.scenario.until) + 3 * DAY <= season]


@pytest.mark.parametrize("season", SEASONS)
async def test_a_worker_that_was_away_comes_to_what_the_core_says_of_every_story(
    broker: str, season: Instant, tmp_path: Path
) -> None:
    stages = stages_of(season)
    plays = [Play(stage).in_order(season) for stage in stages]
    await publish(broker, [record for stage in stages for record in stage.records()])

    with started(broker, stages, season, tmp_path) as worker:
        assert await settles(broker, outcome_of(plays), rules_of(stages)) == {}, worker.program.tail()
        rejected = worker.total("leadsla_rejected_total")

    assert rejected == sum(play.rejected.total() for play in plays)


async def test_a_worker_that_listens_comes_to_the_same_whatever_the_order(embedded: str, tmp_path: Path) -> None:
    stages = stages_of(SEASONS[0])
    plays = [Play(stage).in_order(SEASONS[0]) for stage in stages]
    records = [record for stage in stages for record in stage.records()]
    Random(1).shuffle(records)  # noqa: S311 - a test's dice, not a secret's

    with started(embedded, stages, SEASONS[0], tmp_path) as worker:
        await publish(embedded, records[::2])
        worker.wait_for("leadsla_breaches_total", 10, outcome="published")
        await publish(embedded, records[1::2])
        wanted = {**outcome_of(plays), "published": {}}
        assert await settles(embedded, wanted, rules_of(stages)) == {}, worker.program.tail()
        assert worker.total("leadsla_breaches_total", outcome="retracted") > 0


def rules_of(stages: list[Stage]) -> RuleBook:
    """All agreements together."""
    return RuleBook([agreement for stage in stages for agreement in stage.agreements])


def started(broker: str, stages: list[Stage], season: Instant, folder: Path) -> Worker:
    """A worker for whom all the stories are over."""
    clock = FastClock(wall_clock(), season, 1.0)
    return Worker(broker, agreement_files(stages, folder), folder, LEADSLA_CLOCK=str(clock), LEADSLA_KEEP_DAYS="9999")


async def settles(broker: str, wanted: Outcome, rules: RuleBook) -> dict[tuple[str, Any], tuple[Any, Any]]:
    """What is still different in the topics when they had time to settle."""
    begun = wall_clock()
    differ = differences(await outcome_in(broker, rules), wanted)
    while differ and wall_clock() < begun + SETTLES_WITHIN:
        await asyncio.sleep(0.5)  # to read all of it takes the worker its time
        differ = differences(await outcome_in(broker, rules), wanted)
    return differ


def agreement_files(stages: list[Stage], folder: Path) -> Path:
    """The agreements of all stories, a file each."""
    target = folder / "agreements"
    target.mkdir()
    for stage in stages:
        for number, text in enumerate(stage.texts):
            (target / f"{stage.scenario.name}-{number}.yaml").write_text(text)
    return target


async def publish(broker: str, records: list[Arrived]) -> None:
    """Write the records in order, each stamped with its arrival."""
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    try:
        for record in records:
            sent, stamp = record.sent, record.arrival // MILLISECOND
            await producer.send_and_wait(
                sent.topic, sent.value, key=sent.key, headers=list(sent.headers), timestamp_ms=stamp
            )
    finally:
        await producer.stop()


def outcome_of(plays: list[Play]) -> Outcome:
    """Standing breaches by key, shares by lead, figures by window, as the core has them.

    What was published is left out where leads were merged: a worker that was away may publish the periods that ended
    meanwhile before the facts that a merge sends on have come to their new partition.
    """
    outcome: Outcome = {"breaches": {}, "contributions": {}, "restated": {}, "published": {}}
    for play in plays:
        outcome["breaches"].update({record["key"]: record for record in play.standing()})
        for lead, contributions in play.all_shares().items():
            outcome["contributions"][lead] = named(contributions, play.rules)
        merges = any(isinstance(fact, Merged) for facts in play.facts.values() for fact in facts)
        for key, figures in play.figures().items():
            outcome["restated"][key] = figures.current
            if not merges:
                outcome["published"][key] = figures.published
    return outcome


async def outcome_in(broker: str, rules: RuleBook) -> Outcome:
    """The same as a reader of the topics sees it."""
    outcome: Outcome = {"breaches": {}, "contributions": {}, "restated": {}, "published": {}}
    for value in (await last_values(broker, BREACHES_TOPIC)).values():
        event = msgspec.json.decode(value)
        if event["type"] != RETRACTED:
            outcome["breaches"][event["data"]["key"]] = {**event["data"], "type": event["type"]}
    for lead, data in (await last_values(broker, changelog_of(Settings()))).items():
        outcome["contributions"][lead.decode()] = named(decode_state(data).contributions, rules)
    for key, current, published in windows(await last_values(broker, PERIODS_TOPIC)):
        add(outcome["restated"].setdefault(key, {}), current)
        add(outcome["published"].setdefault(key, {}), published or {})
    return outcome


def windows(records: Mapping[bytes, bytes]) -> Iterator[tuple[WindowKey, Tally, Tally | None]]:
    """The windows of all partitions' records."""
    for value in records.values():
        key, figures = read_record(value)
        yield key, figures.current, figures.published


def named(contributions: tuple[Contribution, ...], rules: RuleBook) -> list[tuple[object, ...]]:
    """Shares with the names of their terms, whose numbers are others in another rule book."""
    found: list[tuple[object, ...]] = []
    for contribution in contributions:
        if isinstance(contribution, UncoveredContribution):
            found.append((contribution,))
        else:
            term = rules.terms[contribution.term]
            found.append((term.name, term.agreement.version, msgspec.structs.replace(contribution, term=0)))
    return found


def differences(found: Outcome, wanted: Outcome) -> dict[tuple[str, Any], tuple[Any, Any]]:
    """By part and key what was found and what was wanted; published figures where it is known what they have to be."""
    differ = {}
    for part in wanted:
        keys = wanted[part].keys() if part == "published" else found[part].keys() | wanted[part].keys()
        for key in keys:
            has, wants = found[part].get(key) or None, wanted[part].get(key) or None
            if has != wants:
                differ[part, key] = (has, wants)
    return differ
