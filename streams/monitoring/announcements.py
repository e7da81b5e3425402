"""States that last, said in the log: when they begin, again while they last, and when they are over."""

from typing import Final

from structlog import get_logger

log = get_logger("leadsla")

REMIND_EVERY: Final = 30.0
"""Seconds after which a state that lasts is said again."""


class Announcements:
    """Remembers when each state was said last."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def tell(self, what: str, lasts: float | None, sentence: str, over: str, **facts: object) -> None:
        """Say of a state that it lasts at an instant, or, where that is None, that it is over."""
        said = self._said.get(what)
        if lasts is None:
            if self._said.pop(what, None) is not None:
                log.info(over)
        elif said is None or lasts - said >= REMIND_EVERY:
            self._said[what] = lasts
            log.warning(sentence, **facts)
