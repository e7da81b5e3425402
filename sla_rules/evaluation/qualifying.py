"""Which attempts count by the terms of a follow-up; and which are messages, to be answered.

Nearly all terms look at each attempt by itself. Where automation counts as an answer alone, what came before it has a say:
whether a message was waiting.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sla_rules.agreement.deadlines import FollowUp
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.facts import Attempted

_LEAVES_NOTHING_TO_ANSWER: Final = frozenset(("connected", "bounced", "failed", "wrong_number"))
"""Outcomes of what came from the lead and waits for nobody: somebody took the call, or it never came through."""


def counted(cycle: Cycle, terms: FollowUp) -> Sequence[Attempted]:
    """The attempts of a cycle that count, in order."""
    if terms.automation == "answers":
        return list(_counted_as_answers(cycle, terms))
    return [attempt for attempt in cycle.attempts if _qualifies(attempt, terms)]


def first_counted(cycle: Cycle, terms: FollowUp) -> Attempted | None:
    """The earliest attempt that counts."""
    if terms.automation == "answers":
        return next(_counted_as_answers(cycle, terms), None)
    for attempt in cycle.attempts:
        if _qualifies(attempt, terms):
            return attempt
    return None


def is_message(attempt: Attempted) -> bool:
    """Whether the lead, and no machine of theirs, wrote or rang, and waits for an answer."""
    return attempt.inbound and not attempt.automated and attempt.outcome not in _LEAVES_NOTHING_TO_ANSWER


def _messages_first(attempt: Attempted) -> tuple[Instant, bool]:
    """What attempts are sorted by, so that a message can be answered in its own instant."""
    return attempt.time, not attempt.inbound


def _counted_as_answers(cycle: Cycle, terms: FollowUp) -> Iterator[Attempted]:
    waits = cycle.message is not None
    for attempt in sorted(cycle.attempts, key=_messages_first):
        if is_message(attempt):
            waits = True
        if not _qualifies(attempt, terms) or (attempt.automated and (attempt.inbound or not waits)):
            continue
        if not attempt.inbound:
            waits = False
        yield attempt


def _qualifies(attempt: Attempted, terms: FollowUp) -> bool:
    """Whether the terms let the attempt count, whatever came before it."""
    return (
        (bool(terms.automation) or not attempt.automated)
        and ("inbound" if attempt.inbound else "outbound") in terms.directions
        and (terms.channels is None or attempt.channel.casefold() in terms.folded_channels)
        and (attempt.outcome is None or attempt.outcome in terms.outcomes)
        and (attempt.duration is None or attempt.duration >= terms.minimum_duration)
    )
