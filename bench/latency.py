"""How long after its deadline does a breach lie in Kafka: on a quiet day, and while a midnight calls for every lead?"""

import json
import math
from collections.abc import Iterator
from datetime import datetime
from statistics import median
from typing import Any, Final, NamedTuple

from bench.midnight import Midnight
from bench.open_leads import MIDNIGHT, OpenLeads
from bench.progress import say
from bench.stage import Stage
from bench.taker import Taker
from sla_rules.instants import SECOND, Duration, Instant, instant
from sla_rules.names import BREACHES_TOPIC
from streams.clock import MILLISECOND

BEFORE_MIDNIGHT: Final[Duration] = 15 * SECOND
"""Between the first deadline and midnight, beside the seconds that are looked at."""
_STARTS: Final[Duration] = 2 * SECOND
_AFTER_MIDNIGHT: Final[Duration] = 20 * SECOND
"""That long deadlines are awaited after midnight, and a minute more for each million leads."""


class _Breach(NamedTuple):
    """Its deadline by the worker's clock, and microseconds until it was appended."""

    deadline: Instant
    late: Duration


def latency(on: Stage, taker: Taker, opened: OpenLeads, seconds: int) -> dict[str, Any]:
    """Milliseconds from deadline to append: of so many seconds before midnight, and from then until its work is done.

    Deadlines that fell due before the worker had settled do not count.
    """
    first = opened.first_due + _STARTS
    until = MIDNIGHT + _AFTER_MIDNIGHT + round(opened.leads * 60e-6 * SECOND)
    say(f"waiting {(until - opened.first_due) / SECOND:.0f} s for deadlines")
    midnight = Midnight.of(on, opened)
    taker.sleep_until(until)
    breaches = list(_breaches(on, taker))
    published, left = midnight.published_at(on, taker), midnight.left_at(on)
    return {
        **_spread(breaches, first, first + seconds * SECOND),
        "midnight": {
            "published_seconds": round((published - MIDNIGHT) / SECOND, 1),
            "left_seconds": round((left - MIDNIGHT) / SECOND, 1),
            **_spread(breaches, MIDNIGHT, max(published, left)),
        },
    }


def _spread(breaches: list[_Breach], first: Instant, last: Instant) -> dict[str, Any]:
    """Of those whose deadlines lie between two instants."""
    found = sorted(breach.late / MILLISECOND for breach in breaches if first <= breach.deadline < last)
    if not found:
        message = f"no breach was told of a deadline within {(last - first) / SECOND:.0f} s"
        raise RuntimeError(message)
    return {
        "breaches": len(found),
        "per_second": round(len(found) * SECOND / (last - first), 1),
        "milliseconds": {
            "median": round(median(found), 1),
            "p99": round(found[math.ceil(len(found) * 0.99) - 1], 1),
            "max": round(found[-1], 1),
        },
    }


def _breaches(on: Stage, taker: Taker) -> Iterator[_Breach]:
    for message in on.records(BREACHES_TOPIC):
        if message.value() is not None:
            deadline = instant(datetime.fromisoformat(json.loads(message.value() or b"")["data"]["deadline"]))
            yield _Breach(deadline, message.timestamp()[1] * MILLISECOND - taker.wall(deadline))
