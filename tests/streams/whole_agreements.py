"""What has to stand of agreements as a whole: what a replay of the facts that the service keeps says."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from aiokafka import AIOKafkaProducer

from crm_simulator import Item
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact
from sla_rules.names import AGREEMENTS_TOPIC, INPUT_TOPICS, PERIODS_TOPIC
from sla_rules.reports.encode import document
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from sla_rules.whole_agreement.agreement_state import AgreementState
from streams.agreement_owner.owned_agreement import WRITE_EVERY
from streams.clock import MILLISECOND, wall_clock
from streams.kafka.partitioning import partition_of
from streams.kafka.topics import changelog_of
from streams.settings import Settings
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.service import PARTITIONS, all_records, last_values

Standing = Mapping[str, Any]
"""Data of records by their keys."""
_PERIOD, _AGREEMENT, _LEDGER = "sla.agreement_period.v1", "sla.agreement.v1", "sla.agreement_ledger.v1"
STATES: Final = (_PERIOD, _AGREEMENT, _LEDGER)


def take_stamps_of_senders(kafka: RealKafka) -> None:
    """Have events arrive when their senders say, however long ago, so that a quarter is over within seconds."""
    kafka.create_topics(INPUT_TOPICS, PARTITIONS, message_timestamp_type="CreateTime", retention_ms="-1")


async def tell(broker: str, items: Iterable[Item]) -> None:
    """Publish what was simulated, each at its arrival."""
    async with AIOKafkaProducer(bootstrap_servers=broker, linger_ms=5) as producer:
        sent = [
            await producer.send(
                one.topic, one.value, one.key, timestamp_ms=one.arrival // MILLISECOND, headers=list(one.headers)
            )
            for one in items
        ]
        await asyncio.gather(*sent)


async def standing(broker: str) -> Standing:
    """What stands of all agreements, where the records of each belong."""
    last: dict[bytes, bytes | None] = {}
    for one in await all_records(broker, AGREEMENTS_TOPIC):
        assert one.partition == partition_of(one.key.partition(b"/")[0], PARTITIONS), one.key
        last[one.key] = one.value
    found = {key.decode(): msgspec.json.decode(value) for key, value in last.items() if value is not None}
    return {key: (record["type"], record["data"]) for key, record in found.items()}


async def replayed(broker: str, rules: RuleBook, now: Instant) -> Standing:
    """Decided periods and agreement events, as a replay of all that the service knows of leads has them."""
    kept = await last_values(broker, changelog_of(Settings()))
    facts: dict[str, list[Fact]] = {lead.decode(): list(decode(state).facts) for lead, state in kept.items()}
    outcome = replay(rules, facts, now)
    wanted: dict[str, Any] = {}
    for name, since in (await known_since(broker, rules, now)).items():
        found = report(rules, name, outcome, Scope(since, now))
        for goal in found.consequences.periods:
            if goal.published is not None:
                said = document(goal)
                wanted[f"{name}/{goal.obligation}/{goal.period.interval}/{said['start']}"] = _PERIOD, said
        wanted |= {event.id: (event.type, document(event.data)) for event in found.events}
    return wanted


async def known_since(broker: str, rules: RuleBook, now: Instant) -> Mapping[str, Instant]:
    """From when on there is anything to say of each agreement."""
    figures = [(one.partition, one.key, one.value) for one in await all_records(broker, PERIODS_TOPIC)]
    found: dict[str, Instant] = {}
    for name in rules.versions:
        state = AgreementState(rules, name, PARTITIONS)
        for record in figures:
            state.take(*record)
        state.changes(now)
        if state.whole.since is not None:
            found[name] = state.whole.since
    return found


def comparable(found: Standing) -> Standing:
    """Periods and events as above; the names that only records have are left out."""
    periods = [data for kind, data in found.values() if kind == _PERIOD]
    keys = [f"{one['agreement']}/{one['obligation']}/{one['interval']}/{one['start']}" for one in periods]
    bare = [{name: value for name, value in one.items() if name not in {"agreement", "name"}} for one in periods]
    return {
        **{key: (_PERIOD, one) for key, one in zip(keys, bare, strict=True)},
        **{key: (kind, data) for key, (kind, data) in found.items() if kind not in STATES},
    }


def differences(got: Standing, wanted: Standing) -> Standing:
    """By key what was found and what was wanted, where they are not the same.

    A goal that was reached while its period ran may stand, whatever the period came to and on whichever day it was then.
    """
    return {
        key: (got.get(key), wanted.get(key))
        for key in sorted(got.keys() | wanted.keys())
        if got.get(key) != wanted.get(key) and not (key in got and got[key][0] == "sla.goal_reached.v1")
    }


async def stands_as_replayed(broker: str, rules: RuleBook) -> Standing:
    """Wait until what stands is what a replay says, and fail with the difference if it never does; what stands."""
    loop = asyncio.get_running_loop()
    until = loop.time() + AT_MOST
    while True:
        found = await standing_still(broker)
        got, wanted = comparable(found), await replayed(broker, rules, wall_clock())
        differ = differences(got, wanted)
        if wanted and not differ:
            return found
        if loop.time() > until:
            first = next(iter(differ.items()), None)
            message = f"{len(got)} found, {len(wanted)} wanted; not the same are {list(differ)}, as {first}"
            raise AssertionError(message)


async def standing_still(broker: str) -> Standing:
    """What stands once it has not changed for longer than a change may wait to be written."""
    before: Standing = {}
    while (found := await standing(broker)) != before or not found:
        before = found
        await asyncio.sleep(2 * WRITE_EVERY)
    return found
