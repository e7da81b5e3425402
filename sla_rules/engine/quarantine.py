"""Leads that cannot be judged: their facts are kept, and they have no part in anything until they can.

Nobody foresees every fault. One in the rules, met by the facts of one lead, is not to end every worker at every start,
and one that meets many leads, as a bad release may have, is not to take them all out of the figures.
"""

from traceback import extract_tb, format_exception_only
from typing import Final

from sla_rules.engine.codec import QUARANTINED, LeadState
from sla_rules.engine.fold import Known
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import Instant
from sla_rules.limits import Limits

NEVER_CAUGHT: Final = (MemoryError, UnknownFormatError)
"""Errors that say nothing of the lead in hand, or that what was kept of it is damaged."""


class Guard:
    """A context that goes on after whatever cannot be done in it, with why among `failures`."""

    def __init__(self, failures: list[str]) -> None:
        self._failures = failures

    def __enter__(self) -> None:
        """Nothing has failed yet."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        """Go on, unless the error says nothing of the lead in hand."""
        if not isinstance(error, Exception) or isinstance(error, NEVER_CAUGHT):
            return False
        self._failures.append(last_line(error))
        return True


class QuarantineLimitError(Exception):
    """More leads cannot be judged than is put up with; the rules are at fault, not the leads."""


class Quarantine:
    """The leads set aside, each with why; empty where it has not been judged since the partition was taken over."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.leads: dict[bytes, str] = {}
        self.judged = 0
        """How many leads have been judged, counted by whoever judges them."""
        self._lately: dict[bytes, int] = {}

    def put(self, lead: bytes, why: str) -> bool:
        """Set a lead aside; whether that is news.

        Raises:
            QuarantineLimitError: too many have been set aside of those judged last.

        """
        known = self.leads.get(lead)
        self.leads[lead] = why
        if known is None:
            self.count(lead, why)
        return known != why

    def count(self, lead: bytes, why: str) -> None:
        """Count a lead that cannot be judged, now or as of an instant that lies behind.

        Raises:
            QuarantineLimitError: those are too many of the leads judged last.

        """
        self._lately[lead] = self.judged
        self._lately = {one: at for one, at in self._lately.items() if at > self.judged - self._limits.of}
        if len(self._lately) > self._limits.quarantined:
            last = f"{len(self._lately):,} of the last {min(self.judged, self._limits.of):,} leads judged"
            message = f"{last} cannot be judged, the last of them because of {why}"
            raise QuarantineLimitError(message)


def set_aside(before: LeadState | None, known: Known, now: Instant, digest: str = QUARANTINED) -> LeadState:
    """The state of a lead that cannot be judged: its facts, and nothing that follows from them."""
    as_of = now if before is None else max(now, before.as_of)
    facts = known.facts
    return LeadState(
        digest=digest,
        as_of=as_of,
        next_due=None,
        contributions=(),
        revised=True,
        last_time=facts[-1].time if facts else as_of,
        last_arrival=max((fact.arrival for fact in facts), default=as_of),
        packed=known.packed,
    )


def last_line(error: BaseException) -> str:
    """The last line of the traceback, and where it was raised: `ValueError: year 10000 is out of range (calendar.py:168)`."""
    text = " ".join(format_exception_only(error)[-1].split())
    frames = extract_tb(error.__traceback__)
    if not frames:
        return text
    file = frames[-1].filename.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    return f"{text} ({file}:{frames[-1].lineno})"
