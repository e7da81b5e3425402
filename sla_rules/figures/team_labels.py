"""Which teams have series of their own: those that agreements name, and a limited number of others.

Whatever a CRM writes becomes a team, so their number has no bound. What a team is shown as never changes while a process
lives: a team that got in stays, though it may have no lead any more, and once there is no room, none gets in.
"""

import re
from collections.abc import Iterable
from typing import Final

from sla_rules.names import NO_TEAM, OTHER

COUNTED: Final = 10_000
"""Beyond so many, names that are shown as `other` are not told apart any more: they take memory."""
LONGEST: Final = 128
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class TeamLabels:
    """Names of teams -> label values. Without a limit every team keeps its name."""

    def __init__(self, named: Iterable[str] = (), limit: int | None = None) -> None:
        self._labels = {name: label_of(name) for name in (NO_TEAM, OTHER, *named)}
        self._room = limit
        self._in_other: set[str] = set()

    def of(self, team: str) -> str:
        """The label value of a team, which gets in if there is room."""
        label = self._labels.get(team)
        if label is not None:
            return label
        if self._room == 0:
            if len(self._in_other) < COUNTED:
                self._in_other.add(team)
            return OTHER
        if self._room is not None:
            self._room -= 1
        label = self._labels[team] = label_of(team)
        return label

    @property
    def in_other(self) -> int:
        """How many teams have been shown as `other`, counted up to `COUNTED`."""
        return len(self._in_other)


def label_of(name: str) -> str:
    """The label value of a team with a series of its own: its name, as no reader of the exposition format stumbles over it."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", name[:LONGEST])
