"""One agreement that is owned here: what follows from its figures, and what of it stands in `sla-agreements`."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sla_rules.instants import SECOND, Instant
from sla_rules.whole_agreement.agreement_state import AgreementState
from streams.agreement_owner.tail import Found

WRITE_EVERY: Final = 1.0
"""Seconds between two writes of what has changed; what is new is written at once."""


@dataclass(slots=True)
class OwnedAgreement:
    """An agreement whose records lie on partition `place` of `sla-agreements`.

    `standing` has the keys that stand there, each with the offset of its record.
    """

    name: str
    place: int
    state: AgreementState
    standing: dict[bytes, int] = field(default_factory=dict)
    _is_touched: bool = True
    _due: dict[bytes, bytes] = field(default_factory=dict)
    _written_at: float = -math.inf

    def take_figures(self, record: Found) -> None:
        """Take a record of `sla-periods`.

        Raises:
            UnknownFormatError: it is none of ours.

        """
        self._is_touched = True
        self.state.take(record.spot.partition, record.key or b"", record.value)

    def take_standing(self, record: Found) -> None:
        """Take a record of `sla-agreements`; what was written here after it stands over it.

        Raises:
            UnknownFormatError: it is none of ours.

        """
        key = record.key or b""
        if record.offset <= self.standing.get(key, -1):
            return
        self._is_touched = True
        self.state.read_back(key, record.value)
        if record.value is None:
            self.standing.pop(key, None)
        else:
            self.standing[key] = record.offset

    def lose_standing(self) -> None:
        """The topic does not hold any more what was written to it: nothing stands that is not read again."""
        for key in self.standing:
            self.state.read_back(key, None)
        self.standing.clear()
        self._is_touched = True

    def to_write(self, now: Instant, ticks: float) -> Mapping[bytes, bytes]:
        """What is to be written now; `ticks` are seconds of a clock that nobody sets."""
        due = self.state.next_due()
        if self._is_touched or (due is not None and due <= now):
            self._due, self._is_touched = self.state.changes(now), False
        return self._due if self._waits(ticks) <= 0 else {}

    def wrote(self, offsets: Mapping[bytes, int], ticks: float) -> None:
        """What was to be written stands, at these offsets."""
        for key, value in self._due.items():
            self.state.read_back(key, value)
        self.standing |= offsets
        self._due, self._written_at, self._is_touched = {}, ticks, True

    def again_in(self, now: Instant, ticks: float) -> float:
        """Seconds after which to ask again, though nothing comes."""
        due = self.state.next_due()
        until_due = math.inf if due is None else max(due - now, 0) / SECOND
        return min(until_due, max(self._waits(ticks), 0) if self._due else math.inf)

    def _waits(self, ticks: float) -> float:
        """Seconds for which what is to be written has to wait yet."""
        is_new = any(key not in self.standing for key in self._due)
        return -math.inf if is_new else self._written_at + WRITE_EVERY - ticks
