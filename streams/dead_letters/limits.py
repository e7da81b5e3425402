"""How much of a partition may be dead-lettered before the worker stops rather than drain a topic into the dead letters.

Counted for each topic and partition apart. Pure: whoever counts says what became of each record, in order.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

from streams.settings import Settings

RATIO_SETTING: Final = "LEADSLA_REJECTED_SHARE_LIMIT"
CONSECUTIVE_SETTING: Final = "LEADSLA_REJECTED_RUN_LIMIT"


class RejectionLimitError(Exception):
    """More was rejected than allowed; the worker has to stop. The message says where, what and what to do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Rejected in a row, and of the last `records`, judged once `minimum` of them are known. None: any."""

    max_invalid_ratio: float | None = None
    max_consecutive: int | None = None
    records: int = 1_000
    minimum: int = 100

    @property
    def lookback(self) -> int:
        """How many records before one bear on whether it may be dead-lettered; 0 where nothing is limited."""
        return max(self.max_consecutive or 0, 0 if self.max_invalid_ratio is None else self.records)

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """What ops allow."""
        return cls(
            settings.rejected_share_limit,
            settings.rejected_run_limit,
            settings.rejected_share_records,
            min(settings.rejected_share_minimum, settings.rejected_share_records),
        )


@dataclass(slots=True)
class Rejections:
    """What became of the last records of one topic and partition."""

    limits: Limits
    _consecutive: Counter[str] = field(default_factory=Counter, init=False)
    _last: deque[str | None] = field(default_factory=deque, init=False)
    _in_last: Counter[str] = field(default_factory=Counter, init=False)
    _next: int = field(default=0, init=False)

    def take(self, offset: int, reason: str | None) -> str | None:
        """Count a record, rejected for a reason or read (None); which limit it crosses, in words.

        A record below those counted already has come again, and is not counted twice.
        """
        if offset < self._next:
            return None
        self._next = offset + 1
        self._count(reason)
        return None if reason is None else self._crossed()

    def _count(self, reason: str | None) -> None:
        if reason is None:
            self._consecutive.clear()
        else:
            self._consecutive[reason] += 1
            self._in_last[reason] += 1
        self._last.append(reason)
        if len(self._last) > self.limits.records:
            gone = self._last.popleft()
            if gone is not None:
                self._in_last[gone] -= 1

    def _crossed(self) -> str | None:
        limits = self.limits
        most = limits.max_consecutive
        if most is not None and self._consecutive.total() > most:
            return f"{_counted(self._consecutive)}, one after the other ({CONSECUTIVE_SETTING}={most})"
        known, ratio = len(self._last), limits.max_invalid_ratio
        if ratio is None or known < limits.minimum or self._in_last.total() <= ratio * known:
            return None
        return f"{_counted(self._in_last)}, of the last {known:,} ({RATIO_SETTING}={ratio:g})"


def _counted(reasons: Counter[str]) -> str:
    """As `12 records were rejected: 8 broken_json, 4 missing_field`."""
    total = reasons.total()
    each = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common() if count)
    return f"{total:,} {'record was' if total == 1 else 'records were'} rejected: {each}"
