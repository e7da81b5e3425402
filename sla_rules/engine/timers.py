"""When to look at which lead again: the next instants at which time alone changes a verdict, by partition.

What is more than a minute ahead lies unsorted in slots of a minute, so that an open lead costs two places in arrays and
no object of its own; a slot is sorted when its time comes. A lead whose wake moves away stays where it is: whoever takes
it out looks whether it is due, and puts it back where it is not. So a lead has one place, unless its wake moved nearer.
"""

from array import array
from heapq import heapify, heappop, heappush
from typing import Final

from sla_rules.instants import MINUTE, Duration, Instant

SLOT: Final[Duration] = MINUTE


class TimerQueue:
    """Instants, each with the lead to look at, given back in order."""

    def __init__(self) -> None:
        self._near: list[tuple[Instant, bytes]] = []
        self._slots: dict[int, _Slot] = {}
        self._order: list[int] = []
        self._opened = -(2**62)

    def put(self, next_due: Instant, lead: bytes) -> None:
        """Look at a lead again at an instant."""
        number = next_due // SLOT
        if number <= self._opened:
            heappush(self._near, (next_due, lead))
            return
        slot = self._slots.get(number)
        if slot is None:
            slot = self._slots[number] = _Slot(next_due)
            heappush(self._order, number)
        elif next_due < slot.earliest:
            slot.earliest = next_due
        slot.timers.append(next_due)
        slot.leads.append(lead)

    def take(self, now: Instant) -> tuple[Instant, bytes] | None:
        """The earliest that has come by `now`, once however often it was put; None where none has."""
        while self._order and self._slots[self._order[0]].earliest <= now:
            self._opened = heappop(self._order)
            slot = self._slots.pop(self._opened)
            self._near.extend(zip(slot.timers, slot.leads, strict=True))
            heapify(self._near)
        if not self._near or self._near[0][0] > now:
            return None
        found = heappop(self._near)
        while self._near and self._near[0] == found:
            heappop(self._near)
        return found

    def __len__(self) -> int:
        """How many places are taken."""
        return len(self._near) + sum(len(slot.leads) for slot in self._slots.values())

    @property
    def next(self) -> Instant | None:
        """The earliest of all; its lead may have been decided meanwhile, or be due later."""
        near = [self._near[0][0]] if self._near else []
        ahead = [self._slots[self._order[0]].earliest] if self._order else []
        return min(near + ahead, default=None)


class _Slot:
    __slots__ = ("earliest", "leads", "timers")

    def __init__(self, earliest: Instant) -> None:
        self.earliest = earliest
        self.timers = array("q")
        self.leads: list[bytes] = []
