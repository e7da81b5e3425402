"""Broker time: what the broker's clock says, moved on between two of its answers by a clock of ours that nobody sets.

The broker stamps a record that we send it when it appends it, so that its clock showed the stamp at some moment between
our sending and the answer. By the time of the answer it shows that or more: what we go by is never ahead of the broker's
clock, and behind it by no more than the quickest of the last answers took. An answer that contradicts earlier ones (the
broker's clock was set back, or ours runs fast) ends what they said.
"""

import time
from collections import deque
from typing import Final, NamedTuple

from sla_rules.engine.ahead import TOLERATED
from sla_rules.instants import Duration, Instant
from streams.clock import MILLISECOND, Clock, wall_clock

ANSWERS_KEPT: Final = 16
"""The quickest of so many counts: half a minute's, in which no two clocks drift apart by more than a millisecond or so."""


class Answer(NamedTuple):
    """The broker's stamp, and when by our own clock it was asked for and was there."""

    asked: Duration
    stamp: Instant
    answered: Duration


def ticks() -> Duration:
    """Our own clock: it runs evenly and says nothing of the day, whoever sets the machine's."""
    return time.monotonic_ns() // 1_000


class _Bounds(NamedTuple):
    """By how much the broker's clock is ahead of our own, as one answer says."""

    least: Duration
    most: Duration


class BrokerClock:
    """Says what time it is by the broker's clock. It runs back only where it turns out to have been far ahead."""

    def __init__(self, first: Answer, own: Clock = ticks) -> None:
        self._own = own
        self._bounds: deque[_Bounds] = deque(maxlen=ANSWERS_KEPT)
        self._tightest = _Bounds(0, 0)
        self._answered: Duration = 0
        self._said: Instant = first.stamp
        self.hear(first)

    def hear(self, answer: Answer) -> None:
        """Take in an answer."""
        new = _Bounds(answer.stamp - answer.answered, answer.stamp + MILLISECOND - answer.asked)
        held = [old for old in self._bounds if old.least <= new.most and new.least <= old.most]
        self._bounds = deque([*held, new], ANSWERS_KEPT)
        self._tightest = _Bounds(max(one.least for one in self._bounds), min(one.most for one in self._bounds))
        self._answered = answer.answered
        if self._said - self.at_most > TOLERATED:
            self._said = self._at_least

    @property
    def _at_least(self) -> Instant:
        return self._own() + self._tightest.least

    @property
    def at_most(self) -> Instant:
        """What the broker's clock does not show yet, or just now."""
        return self._own() + self._tightest.most

    def __call__(self) -> Instant:
        """The instant it is now; while it turns out to have been ahead by little, it stands."""
        self._said = max(self._said, self._at_least)
        return self._said

    @property
    def skew(self) -> Duration:
        """How far the machine's clock is ahead of the broker's."""
        return wall_clock() - self()

    @property
    def unheard(self) -> Duration:
        """How long ago the last answer was."""
        return self._own() - self._answered
