"""The one place that reads the wall clock. Whoever needs time takes a `Clock`."""

import time
from collections.abc import Callable
from typing import Final

from sla_rules.instants import SECOND, Duration, Instant

Clock = Callable[[], Instant]

MILLISECOND: Final[Duration] = 1_000
"""Kafka's unit: its stamps are milliseconds."""


def wall_clock() -> Instant:
    """The instant it is now."""
    return time.time_ns() // 1_000  # noqa: TID251 - this is the place


class FastClock:
    """A clock for demonstrations: it starts at an instant of its own and runs faster than the wall.

    Two processes given the same three numbers show the same time.
    """

    def __init__(self, began: Instant, starts_at: Instant, speed: float) -> None:
        self.began, self.starts_at, self.speed = began, starts_at, speed

    def __call__(self) -> Instant:
        """The instant it is now, by this clock."""
        return self.starts_at + round((wall_clock() - self.began) * self.speed)

    def __str__(self) -> str:
        """As the setting `clock` takes it."""
        return f"{self.began / SECOND:.6f},{self.starts_at / SECOND:.6f},{self.speed}"

    @classmethod
    def parse(cls, text: str) -> "FastClock":
        """The clock of `str(clock)`.

        Raises:
            ValueError: the text is not three numbers.

        """
        began, starts_at, speed = (float(part) for part in text.split(","))
        return cls(round(began * SECOND), round(starts_at * SECOND), speed)
