"""What the topics have to hold in the end: the pure fold over the events that the broker has."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.clock_records import read_clocks
from sla_rules.engine.codec import decode as decode_state
from sla_rules.engine.partition import PartitionState
from sla_rules.engine.published_notices import RETRACTED
from sla_rules.figures.period_records import record, record_key
from sla_rules.instants import MINUTE, Instant
from sla_rules.lead.facts import Forwarded
from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC, EVENT_TOPICS, PERIODS_TOPIC, REJECTED_TOPIC
from streams.kafka.partitioning import partition_of
from streams.pipeline.decode import Decoder
from tests.real_parts.service import PARTITIONS, all_records, last_values

Outcome = Mapping[str, Mapping[bytes, Any]]
"""Standing breaches, figures, shares, facts and open clocks by lead, and why records were dead-lettered, by their place."""


async def expected(broker: str, agreements: Path, now: Instant) -> Outcome:
    """The outcome of all events in the broker's topics, at `now`."""
    rules = RuleBook(load_agreements([agreements]))
    breaches: dict[bytes, Any] = {}
    figures: dict[bytes, Any] = {}
    leads: dict[bytes, Any] = {}
    partition_states = {partition: PartitionState(rules, {}) for partition in range(PARTITIONS)}
    told: dict[int, dict[str, bytes]] = {partition: {} for partition in partition_states}
    clocks: dict[bytes, bytes | None] = {}
    letters: dict[bytes, str] = {}
    pending: dict[int, dict[bytes, list[Forwarded]]] = {}
    for partition, records in (await _events(broker)).items():
        decoded = Decoder(PARTITIONS, 5 * MINUTE).decode(records, partition_states[partition])
        pending[partition] = decoded.facts
        letters |= {
            b"%s/%d/%d" % (one.record.topic.encode(), partition, one.record.offset): one.reason
            for one in decoded.rejected
        }
    while any(pending.values()):
        forwarded: dict[int, dict[bytes, list[Forwarded]]] = {partition: {} for partition in partition_states}
        for partition, facts in pending.items():
            changes = partition_states[partition].fold(facts)
            told[partition] |= changes.notices
            clocks |= changes.clocks
            for lead, sent_on in changes.forwards.items():
                forwarded[partition_of(lead, PARTITIONS)].setdefault(lead, []).extend(sent_on)
        pending = forwarded
    for partition, partition_state in partition_states.items():
        notices = told[partition] | partition_state.advance_to(now).notices
        breaches |= _standing({key.encode(): value for key, value in notices.items()})
        for key in partition_state.windows.tallies:
            figures |= _figures(
                {record_key(key, partition): record(key, partition_state.windows.figures(key), partition, rules)}
            )
        leads |= _known(partition_state.leads)
    open_clocks = {lead: read_clocks(value) for lead, value in clocks.items() if value is not None}
    return {"breaches": breaches, "figures": figures, "leads": leads, "letters": letters, "clocks": open_clocks}


async def found(broker: str, group: str = "leadsla") -> Outcome:
    """The outcome as a reader of the output topics and the changelog sees it."""
    return {
        "breaches": _standing(await last_values(broker, BREACHES_TOPIC)),
        "figures": _figures(await last_values(broker, PERIODS_TOPIC)),
        "leads": _known(await last_values(broker, f"{group}-leads-changelog")),
        "letters": await _letters(broker),
        "clocks": {lead: read_clocks(value) for lead, value in (await last_values(broker, CLOCKS_TOPIC)).items()},
    }


def differences(got: Outcome, wanted: Outcome) -> dict[bytes, tuple[Any, Any]]:
    """By key what was found and what was wanted, where they are not the same."""
    keys = {(part, key) for part in wanted for key in got[part].keys() | wanted[part].keys()}
    return {
        key: (got[part].get(key), wanted[part].get(key))
        for part, key in sorted(keys)
        if got[part].get(key) != wanted[part].get(key)
    }


def lost(got: Outcome, wanted: Outcome) -> set[tuple[str, str]]:
    """Source and id of each fact that was wanted of a lead and not found there."""
    known = {lead: {(fact.source, fact.id) for fact in facts} for lead, (_, facts) in got["leads"].items()}
    return {
        (fact.source, fact.id)
        for lead, (_, facts) in wanted["leads"].items()
        for fact in facts
        if (fact.source, fact.id) not in known.get(lead, ())
    }


def _standing(records: Mapping[bytes, bytes]) -> dict[bytes, Any]:
    opened = {key: msgspec.json.decode(value) for key, value in records.items()}
    return {key: event for key, event in opened.items() if event["type"] != RETRACTED}


def _figures(records: Mapping[bytes, bytes]) -> dict[bytes, Any]:
    """Without what follows from when a period ended, which may be while a test runs: empty ones are published then."""
    opened = {key: msgspec.json.decode(value) for key, value in records.items()}
    settled = {"status": None, "published": None}
    return {key: {**figures, **settled} for key, figures in opened.items() if figures["figures"]}


def _known(states: Mapping[bytes, bytes]) -> dict[bytes, Any]:
    opened = {lead: decode_state(data) for lead, data in states.items()}
    return {lead: (state.contributions, state.facts) for lead, state in opened.items()}


async def _letters(broker: str) -> dict[bytes, str]:
    """Reasons of the dead letters; one that was written again after a restart says the same."""
    letters: dict[bytes, str] = {}
    for letter in await all_records(broker, REJECTED_TOPIC):
        headers = dict(letter.headers)
        letters[b"%s/%s/%s" % (headers["topic"], headers["partition"], headers["offset"])] = headers["reason"].decode()
    return letters


async def _events(broker: str) -> dict[int, list[Any]]:
    records: dict[int, list[Any]] = {partition: [] for partition in range(PARTITIONS)}
    for one in await all_records(broker, *EVENT_TOPICS):
        records[one.partition].append(one)
    return records
