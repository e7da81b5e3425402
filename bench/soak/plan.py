"""What happens to workers and broker, and when: drawn from a seed, known before it begins."""

from collections.abc import Mapping
from enum import StrEnum
from random import Random
from typing import Final, NamedTuple

from tests.real_parts.slow_link import Pace


class Kind(StrEnum):
    """What can happen, by the name that results use."""

    KILL = "kills"
    """A worker ends without a chance to tidy up."""
    FREEZE = "freezes"
    """A worker stands still for longer than its session lasts, and goes on."""
    JOIN = "joins"
    """A worker leaves politely and joins again."""
    BROKER_KILL = "broker_kills"
    """The broker ends without a chance to tidy up, and comes back."""
    SLOW = "slow_phases"
    """The broker's answers to workers take long."""
    CUT = "cuts"
    """No worker reaches the broker."""
    CUT_OFF = "cut_offs"
    """One worker does not reach the broker for longer than its session lasts, and runs on."""


class Disruption(NamedTuple):
    """What happens `after` seconds from the one before, to which seat if to a worker, and how many seconds it lasts."""

    kind: Kind
    after: float
    seat: int
    lasts: float
    pace: Pace


SECONDS_EACH: Final = 5.5
"""From one disruption to the next, on average."""
_LASTS: Final[Mapping[Kind, tuple[float, float]]] = {
    Kind.KILL: (0.0, 3.0),
    Kind.FREEZE: (7.0, 11.0),
    Kind.JOIN: (0.5, 5.0),
    Kind.BROKER_KILL: (0.2, 4.0),
    Kind.SLOW: (6.0, 15.0),
    Kind.CUT: (0.5, 8.0),
    Kind.CUT_OFF: (7.0, 14.0),
}
_OF_TWENTY: Final[Mapping[Kind, int]] = {
    Kind.KILL: 6,
    Kind.FREEZE: 4,
    Kind.JOIN: 3,
    Kind.BROKER_KILL: 2,
    Kind.SLOW: 2,
    Kind.CUT: 1,
    Kind.CUT_OFF: 2,
}
_PACES: Final = (Pace(0.2, 0.3), Pace(0.02, 0.1), Pace(0.4, 1.0), Pace(0.05, 0.3, 100_000), Pace(0.0, 0.0, 40_000))


def counts_within(seconds: float) -> dict[Kind, int]:
    """How often each happens in a run of that length; each at least once."""
    all_of_them = max(20.0, seconds / SECONDS_EACH)
    return {kind: max(1, round(all_of_them * share / 20)) for kind, share in _OF_TWENTY.items()}


def drawn(counts: Mapping[Kind, int], seats: int, seed: int) -> list[Disruption]:
    """So many disruptions of each kind in an order and at distances that only the seed explains.

    They come in storms, one while the last is not over, with calms between, in which workers get on.
    """
    chance = Random(seed)  # noqa: S311 - dice of a test, not a secret's
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    chance.shuffle(kinds)
    return [
        Disruption(
            kind,
            chance.uniform(0.1, 2.0) if chance.random() < 0.5 else chance.uniform(6.0, 2 * SECONDS_EACH + 3),
            chance.randrange(seats),
            chance.uniform(*_LASTS[kind]),
            chance.choice(_PACES),
        )
        for kind in kinds
    ]
