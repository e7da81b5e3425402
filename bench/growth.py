"""How does the cost of an event grow: with the events of a lead, the agreements, their segments, their calendars?

The fold alone, without Kafka: CPU of one process.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from statistics import median
from time import process_time
from typing import Any, Final

from ruamel.yaml import YAML

from bench.contenders.job import AGREEMENT, BATCH, TOLERATED
from bench.fold_alone import in_batches
from bench.progress import say
from bench.results import keep
from bench.workload import Record, life
from sla_rules.agreement.file import load_agreements, parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from streams.pipeline.decode import decode

EVENTS: Final = 10_000
MANY: Final = (1, 3, 10, 30, 100)
ATTEMPTS: Final = (0, 1, 3, 8, 18, 48, 98)
_ALONE: Final = "events_per_lead"
_TYPICAL_ATTEMPTS: Final = 4
_WORKDAYS: Final = ("mon", "tue", "wed", "thu", "fri")
_ZONES: Final = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo")


def growth(events: int = EVENTS, rounds: int = 3) -> None:
    """Measure each along its axis, and keep microseconds of CPU an event."""
    keep("growth", {"events": events, "rounds": rounds, "axes": measured(events, rounds)})


def measured(events: int, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """By axis, the points with what an event costs there. Along the events of a lead each event comes alone.

    The first round only warms up: calendars are laid out once a process.
    """
    (plain,) = load_agreements([AGREEMENT])
    axes: dict[str, Callable[[], Iterator[tuple[int, list[Agreement], int]]]] = {
        _ALONE: lambda: ((2 + attempts, [plain], attempts) for attempts in ATTEMPTS),
        "agreements": lambda: ((n, [named(plain, number) for number in range(n)], _TYPICAL_ATTEMPTS) for n in MANY),
        "segments": lambda: ((n, [segmented(n)], _TYPICAL_ATTEMPTS) for n in MANY),
        "calendars": lambda: ((n, [with_calendars(n)], _TYPICAL_ATTEMPTS) for n in MANY),
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for axis, points in axes.items():
        found[axis] = []
        for count, agreements, attempts in points():
            batch = 1 if axis == _ALONE else BATCH
            costs = [cost(agreements, _told(events, attempts), batch) for _ in range(rounds + 1)][1:]
            found[axis].append({"count": count, "microseconds_an_event": round(median(costs), 1)})
            say(f"{axis} {count}: {median(costs):.1f} µs")
    return found


def cost(agreements: list[Agreement], told: list[Record], most: int = BATCH) -> float:
    """Microseconds of CPU an event, decoding included."""
    batches = in_batches(told, most)
    rules = RuleBook(agreements)
    books = [PartitionState(rules, {}) for _ in range(4)]
    began = process_time()
    for batch in batches:
        state = books[batch[0].partition]
        state.fold(decode(batch, len(books), state.leads, TOLERATED).facts)
    return (process_time() - began) / len(told) * 1e6


def _told(events: int, attempts: int) -> list[Record]:
    told: list[Record] = []
    number = 0
    while len(told) < events:
        told.extend(life(number, Random(number), attempts))  # noqa: S311 - no secret
        number += 1
    return sorted(told, key=lambda record: record.stamp)


def named(plain: Agreement, number: int) -> Agreement:
    """The same under another name, so that every lead falls under each."""
    return plain.model_copy(update={"agreement": f"bench-{number}"})


def segmented(count: int) -> Agreement:
    """So many segments, told apart by score; the last take every lead that none before took."""
    return _edited({"segments": [_segment(number, count) for number in range(count)]})


def with_calendars(count: int) -> Agreement:
    """So many segments, each with hours of its own."""
    hours = {
        f"hours-{number}": {
            "time_zone": _ZONES[number % len(_ZONES)],
            "weekly_hours": {day: [[f"{number % 9:02d}:{number % 60:02d}", "18:00"]] for day in _WORKDAYS},
        }
        for number in range(count)
    }
    segments = [{**_segment(number, count), "calendar": f"hours-{number}"} for number in range(count)]
    return _edited({"segments": segments, "calendars": hours})


def _segment(number: int, count: int) -> dict[str, Any]:
    return {"id": f"segment-{number}", "when": {"score": {"at_least": 100 - 100 * (number + 1) // count}}}


def _edited(parts: Mapping[str, Any]) -> Agreement:
    """The agreement file with some of its parts replaced, read as a file is read."""
    tree = {**YAML(typ="safe").load(AGREEMENT.read_text()), **parts}
    return parse_agreement(json.dumps(tree, default=str))
