"""An event loop whose time passes only while nobody has anything to do: the same run every time, minutes in milliseconds."""

import asyncio
import selectors
from collections.abc import Mapping
from typing import Any, Final

_SPINS: Final = 50_000
"""Turns of the loop in one instant: more is a worker that has crashed and goes on asking."""


class _NoWaiting(selectors.DefaultSelector):
    """A selector that lets the loop's time pass instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self._busy = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            message = "everybody waits for somebody, and for no time"
            raise RuntimeError(message)
        ready = super().select(0)
        self._busy = 0 if timeout else self._busy + 1
        if self._busy > _SPINS:
            message = f"somebody spins at {self.now:.3f} s and lets no time pass"
            raise RuntimeError(message)
        if not ready:
            self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop. What tasks raise that nobody looks at is kept in `unseen`."""

    def __init__(self) -> None:
        self._passing = _NoWaiting()
        super().__init__(self._passing)
        self.unseen: list[Mapping[str, Any]] = []
        self.set_exception_handler(lambda _, context: self.unseen.append(context))

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._passing.now
