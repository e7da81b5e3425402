"""From the CRM to the broker: most events at once, some late, some twice, and not in the order they happened."""

from collections.abc import Iterator
from random import Random
from typing import Final

from crm_simulator.chance import around, happens
from crm_simulator.item import Happening
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant

_BULK: Final = 0.06
"""Share of events that wait for a bulk delivery."""
_LATE: Final = 0.025
_DAYS_LATE: Final = 0.004
_TWICE: Final = 0.02


def arrivals(told: Happening, rng: Random) -> Iterator[Instant]:
    """When the event arrives: once, or more often where the CRM was not sure."""
    first = max(told.time, told.entered or told.time) + _delay(rng)
    yield first
    while happens(_TWICE, rng):
        first += round(around(8 * SECOND, 1.2, rng))
        yield first


def _delay(rng: Random) -> int:
    way = rng.random()
    if way < _DAYS_LATE:
        return round(rng.uniform(1, 3) * DAY)
    if way < _DAYS_LATE + _LATE:
        return round(min(around(50 * MINUTE, 0.9, rng), 8 * HOUR))
    if way < _DAYS_LATE + _LATE + _BULK:
        return round(rng.uniform(5, 60) * SECOND)
    return round(around(0.4 * SECOND, 0.7, rng))
