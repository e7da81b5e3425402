"""What the topics hold in the end, beside what the pure fold makes of all events that the broker has."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path
from typing import Any, Final, NamedTuple

from aiokafka import TopicPartition

from bench.soak.positions import behind, committed, ends
from sla_rules.instants import MINUTE
from sla_rules.names import EVENT_TOPICS, INPUT_TOPICS
from streams.clock import wall_clock
from streams.pipeline.decode import decode
from streams.settings import Settings
from tests.real_parts.service import PARTITIONS, all_records
from tests.streams.oracle import Outcome, differences, expected, found, lost
from tests.streams.settling import kept_of

READ_SECONDS: Final = 180.0
"""How long workers may take, once they are left alone, until they have read everything."""
TOLD_SECONDS: Final = 60.0
"""How long they may then take until the topics say it all: figures and deadlines come a little later."""
COMPARED: Final = "standing breaches, figures, shares and facts of every lead, and dead letters, with the pure fold"
_SHOWN: Final = 40
_LONGEST: Final = 600
_GROUP: Final = Settings().group


class Ending(NamedTuple):
    """How a run ended: what the broker holds and what that comes to, and a sentence for each difference."""

    events: int
    dead_letters: int
    facts: int
    breaches: int
    figures: int
    lost: int
    differences: list[str]


async def compared(broker: str, agreement: Path, acknowledged: int, tell: Callable[[str], None]) -> Ending:
    """Wait until all is read and told; if that never comes, say what differs."""
    unread = await _read(broker, tell)
    got, wanted = await _told(broker, agreement, tell)
    events = sum((await ends(broker, EVENT_TOPICS)).values())
    said = [f"{place.topic}/{place.partition}: {left:,} records are not read" for place, left in unread.items()]
    if events < acknowledged:
        said.append(f"the broker has {events:,} of {acknowledged:,} events that it acknowledged")
    return Ending(
        events,
        len(wanted["letters"]),
        sum(len(facts) for _, facts in wanted["leads"].values()),
        len(wanted["breaches"]),
        len(wanted["figures"]),
        len(missing := lost(got, wanted)),
        [
            *said,
            *(sentence for part in wanted for sentence in _differ(part, got, wanted)),
            *[sentence async for sentence in _nowhere(broker, missing)],
            *[f"changelog: {line}" async for line in kept_of(broker, _leads_that_differ(got, wanted))],
        ],
    )


async def _read(broker: str, tell: Callable[[str], None]) -> dict[TopicPartition, int]:
    """Wait until the group has committed all; what it has not in the end."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + READ_SECONDS
    while (left := await behind(broker, _GROUP, INPUT_TOPICS)) and loop.time() < deadline:
        tell(f"{sum(left.values()):,} records are still to be read")
        await asyncio.sleep(3)
    return left


async def _told(broker: str, agreement: Path, tell: Callable[[str], None]) -> tuple[Outcome, Outcome]:
    """Wait until what is found is what is wanted; both."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + TOLD_SECONDS
    while True:
        got, wanted = await found(broker), await expected(broker, agreement, wall_clock())
        if got == wanted or loop.time() > deadline:
            return got, wanted
        tell(f"{len(differences(got, wanted)):,} keys are not yet as they should be")
        await asyncio.sleep(3)


def _differ(part: str, got: Outcome, wanted: Outcome) -> list[str]:
    """Which keys of a part differ, and how."""
    differ = differences({part: got[part]}, {part: wanted[part]})
    describe = _lead if part == "leads" else _other
    said = [f"{part} {key!r}: {describe(one, other)}" for key, (one, other) in differ.items()]
    rest = [f"{part}: {len(said) - _SHOWN:,} more keys differ"] if len(said) > _SHOWN else []
    return said[:_SHOWN] + rest


async def _nowhere(broker: str, missing: Collection[tuple[str, str]]) -> AsyncIterator[str]:
    """Where the events lie whose facts are nowhere, and how far was committed there."""
    if not missing:
        return
    done = await committed(broker, _GROUP, EVENT_TOPICS)
    for record in await all_records(broker, *EVENT_TOPICS):
        facts = decode([record], PARTITIONS, (), 5 * MINUTE).facts.values()
        for fact in (fact for known in facts for fact in known if (fact.source, fact.id) in missing):
            end = done[TopicPartition(record.topic, record.partition)]
            place = f"{record.topic}/{record.partition}@{record.offset}"
            yield f"{place} stamped {record.timestamp} is nowhere: {fact.id} of {record.key!r}; committed is {end}"


def _lead(one: Any, other: Any) -> str:
    """How what is kept of a lead differs from what should be."""
    if one is None or other is None:
        return "is not there" if one is None else "should not be there"
    there, wanted = ({fact.id for fact in facts} for _, facts in (one, other))
    contributions = "" if one[0] == other[0] else f"; shares {_short(one[0])}, should be {_short(other[0])}"
    return f"facts missing {sorted(wanted - there)}, too many {sorted(there - wanted)}{contributions}"


def _other(one: Any, other: Any) -> str:
    return f"{_short(one)}, should be {_short(other)}"


def _leads_that_differ(got: Outcome, wanted: Outcome) -> list[bytes]:
    return list(differences({"leads": got["leads"]}, {"leads": wanted["leads"]}))[:_SHOWN]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
