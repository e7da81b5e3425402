"""How long after its deadline does a breach lie in Kafka?"""

import json
import math
import time
from datetime import datetime
from statistics import median
from typing import Any

from bench.open_leads import FIRST_DUE
from bench.progress import say
from bench.stage import Stage, reader
from bench.taker import Taker
from sla_rules.instants import SECOND, Instant, instant
from sla_rules.names import BREACHES_TOPIC
from streams.clock import wall_clock

_MILLISECOND = 1_000


def latency(on: Stage, taker: Taker, seconds: int) -> dict[str, Any]:
    """Milliseconds from deadline to append, of the breaches whose deadlines fall within so many seconds.

    The worker stays until the last of them is due; deadlines that fell due before it had settled do not count.
    """
    first = max(taker.wall(FIRST_DUE), wall_clock()) + 2 * SECOND
    last = first + seconds * SECOND
    say(f"waiting {(last - wall_clock()) / SECOND:.0f} s for deadlines")
    time.sleep((last - wall_clock()) / SECOND + 5)
    found = sorted(
        (appended - taker.wall(deadline)) / _MILLISECOND
        for deadline, appended in _breaches(on)
        if first <= taker.wall(deadline) < last
    )
    if not found:
        message = f"no breach was told:\n{taker.process.tail()}"
        raise RuntimeError(message)
    return {
        "breaches": len(found),
        "per_second": len(found) / seconds,
        "milliseconds": {
            "median": round(median(found), 1),
            "p99": round(found[math.ceil(len(found) * 0.99) - 1], 1),
            "max": round(found[-1], 1),
        },
    }


def _breaches(on: Stage) -> list[tuple[Instant, Instant]]:
    """Deadline and append time of every record, in the order of the partitions."""
    found = []
    with reader(on.kafka.bootstrap, "bench-breaches") as client:
        for place in on.places([BREACHES_TOPIC]):
            position, end = client.get_watermark_offsets(place, 15.0)
            place.offset = position
            client.assign([place])
            while position < end:
                for message in client.consume(10_000, 1.0):
                    position = (message.offset() or 0) + 1
                    deadline = json.loads(message.value() or b"")["data"]["deadline"]
                    appended = message.timestamp()[1] * _MILLISECOND
                    found.append((instant(datetime.fromisoformat(deadline)), appended))
    return found
