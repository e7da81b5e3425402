"""A worker whose machine has a wrong clock: the broker's counts, and what was told by a wrong one is taken back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import msgspec
import pytest

from sla_rules.engine.codec import decode
from sla_rules.figures.period_records import read_record
from sla_rules.figures.windows import Figures
from sla_rules.instants import HOUR, MINUTE, SECOND, Instant, instant
from sla_rules.names import BREACHES_TOPIC, EVENT_TOPICS, PERIODS_TOPIC
from sla_rules.time.periods import period_of
from streams.clock import MILLISECOND, FastClock, wall_clock
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.topics import TopicsError, changelog_of, clock_of
from streams.pipeline.broker_clock import BrokerClock
from streams.pipeline.clock_probe import find_clock
from streams.settings import Settings, SettingsError
from tests.events import Crm, Sent
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.service import PARTITIONS, Worker, all_records, last_values, send
from tests.streams.agreements import quick_agreement
from tests.streams.settling import ends_as_the_pure_fold_says

LEADS = 12
BERLIN = ZoneInfo("Europe/Berlin")
OFF = "this machine's clock and the broker's differ"
SET_BACK = "time was ahead of the broker's clock"


class WrongWorker(Worker):
    """A worker on a machine whose clock is wrong, or beside a broker whose clock is."""

    module: ClassVar = "tests.streams.wrong_clock"


def hand_offs() -> list[Sent]:
    crm = Crm()
    return [crm.handed_off(f"L-{number}") for number in range(LEADS)]


async def told(broker: str) -> dict[str, list[Instant]]:
    """Deadlines by what was told of them."""
    found: dict[str, list[Instant]] = {}
    for record in await all_records(broker, BREACHES_TOPIC):
        event: dict[str, Any] = msgspec.json.decode(record.value)
        found.setdefault(event["type"].split(".")[1], []).append(instant(datetime.fromisoformat(event["time"])))
    return found


async def until(found: Callable[[], Awaitable[bool]]) -> Instant:
    """Wait; when it was."""
    async with asyncio.timeout(AT_MOST):
        while True:
            if await found():
                return wall_clock()
            await asyncio.sleep(0.1)


async def until_told(broker: str, what: str, times: int = 1) -> Instant:
    async def all_told() -> bool:
        return len((await told(broker)).get(what, ())) == times * LEADS

    return await until(all_told)


async def figures_of(broker: str, day: date) -> list[Figures]:
    records = map(read_record, (await last_values(broker, PERIODS_TOPIC)).values())
    return [figures for key, figures in records if (key.interval, key.first) == ("day", day)]


def skew(worker: Worker) -> float:
    return worker.total("leadsla_clock_skew_seconds")


@pytest.mark.kafka
@pytest.mark.parametrize("hours", [1, -1])
async def test_a_worker_whose_clock_is_wrong_by_an_hour_tells_breaches_at_their_deadline_and_says_that_it_is(
    service_kafka: RealKafka, tmp_path: Path, hours: int
) -> None:
    agreement = quick_agreement(tmp_path)
    broker = service_kafka.bootstrap
    with WrongWorker(broker, agreement, tmp_path, WRONG_BY_SECONDS=str(3_600 * hours)) as worker:
        await send(broker, hand_offs())
        first = await until(lambda: anything_told(broker))
        last = await until_told(broker, "breached")
        deadlines = (await told(broker))["breached"]
        assert first >= min(deadlines)
        assert last <= max(deadlines) + MINUTE
        stamps = [one.timestamp * MILLISECOND for one in await all_records(broker, BREACHES_TOPIC)]
        assert min(deadlines) <= min(stamps)
        assert max(stamps) <= last
        await ends_as_the_pure_fold_says(broker, agreement)

        assert skew(worker) == pytest.approx(3_600 * hours, abs=5)
        assert OFF in worker.program.log()
        assert SET_BACK not in worker.program.log()


async def anything_told(broker: str) -> bool:
    return bool(await told(broker))


def published_in(minutes: int, folder: Path) -> tuple[Path, date]:
    """An agreement that gives a minute, and the day that it publishes in so many."""
    now = wall_clock()
    today = period_of("day", now, BERLIN)
    grace = (now + minutes * MINUTE - today.start) // MINUTE
    file = quick_agreement(folder, within="1m")
    file.write_text(f"grace: {grace}m\n{file.read_text()}")
    return file, today.first - timedelta(days=1)


@pytest.mark.kafka
async def test_what_a_worker_published_that_followed_a_wrong_clock_is_retracted_by_its_successor_and_published_at_its_time(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement, yesterday = published_in(10, tmp_path)
    broker = service_kafka.bootstrap
    wrong = {"WRONG_BY_SECONDS": "1800", "WRONG_AND_FOLLOWED": "yes"}
    with WrongWorker(broker, agreement, tmp_path, "before", **wrong) as before:
        await send(broker, hand_offs())
        early = await until_told(broker, "breached")
        await asyncio.to_thread(before.wait_for, "leadsla_window_breached_leads", LEADS, window="day")
        await until(lambda: are_published(broker, yesterday))
    (deadlines,) = (await told(broker)).values()
    assert early < min(deadlines), "the machine was too slow to see anything told too early"

    with WrongWorker(broker, agreement, tmp_path, "after", WRONG_BY_SECONDS="3600") as after:
        back = await until_told(broker, "retracted")
        await until(lambda: none_is_published(broker, yesterday))
        await asyncio.to_thread(
            after.wait_for, "leadsla_window_open_leads", LEADS, window="day", obligation="first-touch"
        )
        states = (await last_values(broker, changelog_of(Settings()))).values()
        assert back < min(deadlines)
        assert max(decode(state).as_of for state in states) <= wall_clock()
        assert SET_BACK in after.program.log()

        again = await until_told(broker, "breached", 2)
        assert min(deadlines) <= again <= max(deadlines) + MINUTE
        assert await none_is_published(broker, yesterday)
        assert await told(broker) == {"breached": deadlines * 2, "retracted": deadlines}


async def are_published(broker: str, day: date) -> bool:
    return any(one.status == "published" for one in await figures_of(broker, day))


async def none_is_published(broker: str, day: date) -> bool:
    return all(one.status == "open" for one in await figures_of(broker, day))


@pytest.mark.kafka
async def test_when_the_brokers_clock_is_set_right_time_is_set_back_while_the_worker_runs(
    service_kafka: RealKafka, tmp_path: Path
) -> None:
    agreement = quick_agreement(tmp_path, within="20s")
    broker = service_kafka.bootstrap
    ahead = tmp_path / "ahead"
    ahead.write_text("1800")
    with WrongWorker(broker, agreement, tmp_path, WRONG_BROKER=str(ahead)) as worker:
        await send(broker, hand_offs())
        early = await until_told(broker, "breached")
        deadlines = (await told(broker))["breached"]
        assert early < min(deadlines)
        assert skew(worker) == pytest.approx(-1_800, abs=5)

        ahead.write_text("0")
        assert await until_told(broker, "retracted") < min(deadlines)
        again = await until_told(broker, "breached", 2)
        assert min(deadlines) <= again <= max(deadlines) + MINUTE
        await ends_as_the_pure_fold_says(broker, agreement)
        assert skew(worker) == pytest.approx(0, abs=5)
        assert SET_BACK in worker.program.log()


@pytest.mark.kafka
async def test_where_events_bear_the_brokers_stamps_its_clock_counts(service_kafka: RealKafka) -> None:
    fast = FastClock(wall_clock(), wall_clock() - HOUR, 10)
    settings = Settings(broker=service_kafka.bootstrap, clock=str(fast))
    assert isinstance(await find_clock(settings), BrokerClock)

    service_kafka.create_topics(EVENT_TOPICS[1:], PARTITIONS, message_timestamp_type="CreateTime")
    clock = await find_clock(settings)
    assert isinstance(clock, BrokerClock)
    assert abs(clock() - wall_clock()) < SECOND


@pytest.mark.kafka
async def test_a_clock_that_is_far_ahead_of_a_broker_that_stamps_events_is_refused_with_the_cause(
    service_kafka: RealKafka,
) -> None:
    now = wall_clock()
    ahead = Settings(broker=service_kafka.bootstrap, clock=str(FastClock(now, now + 25 * HOUR + MINUTE, 1)))

    with pytest.raises(
        SettingsError, match=r"^LEADSLA_CLOCK: it is 1d1h\dm? ahead of the broker's clock, .*LogAppendTime"
    ):
        await find_clock(ahead)


@pytest.mark.kafka
async def test_where_all_events_bear_the_stamps_of_their_senders_the_clock_that_is_given_counts(
    service_kafka: RealKafka,
) -> None:
    service_kafka.create_topics(EVENT_TOPICS, PARTITIONS, message_timestamp_type="CreateTime")
    fast = FastClock(wall_clock(), wall_clock() - HOUR, 10)

    async def counts() -> bool:
        return isinstance(await find_clock(Settings(broker=service_kafka.bootstrap, clock=str(fast))), FastClock)

    await until(counts)  # the broker may tell for a moment of the topics that were there before


async def test_on_the_embedded_broker_the_clock_that_is_given_counts(service_embedded: EmbeddedBroker) -> None:
    assert await find_clock(Settings(broker=service_embedded.bootstrap)) is wall_clock


@pytest.mark.kafka
async def test_a_topic_by_which_the_broker_cannot_be_asked_is_named(service_kafka: RealKafka) -> None:
    settings = Settings(broker=service_kafka.bootstrap)
    service_kafka.create_topics([clock_of(settings)], 1, message_timestamp_type="CreateTime")

    with pytest.raises(
        TopicsError, match=r"leadsla-clock: message\.timestamp\.type should be LogAppendTime, found CreateTime"
    ):
        await find_clock(settings)
