"""Messages that wait for an answer: a further message of the lead begins a clock, which the next answer ends.

The hand-off is what the first answer of a cycle answers, and so is every message until then. After it, a message while nothing
waits begins a chain, those that follow it unanswered join it, and the first attempt that counts ends it, or the connection. What
ends the cycle ends the chain unanswered. In one instant messages come before answers.

To the rules a chain is a cycle of its own, from its first message on, named by that message: one that is told late may begin a
chain earlier, or add one, and changes no other.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final, NamedTuple

import msgspec

from sla_rules.agreement.deadlines import FollowUp
from sla_rules.evaluation.qualifying import counted, is_message
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle, is_just_before
from sla_rules.lead.facts import Attempted, Excused, Fact
from sla_rules.time.intervals import FOREVER, Interval


class Chain(NamedTuple):
    """Messages that wait for one answer, at least one; and when it came, if it did, or the lead was connected."""

    messages: Sequence[Attempted]
    answered_at: Instant | None = None
    is_connection: bool = False
    early: Attempted | None = None
    """The answer, where its clock without fractions of a second stamped it just before the message."""


_MESSAGE, _ANSWER, _CONNECTION = range(3)
_Step = tuple[Instant, int, Attempted | None]


def by_message(cycle: Cycle, terms: FollowUp, connections: Sequence[Instant]) -> Iterator[Cycle]:
    """The chains of a cycle as terms see it, each as a cycle of its own; `connections` are all that it had."""
    chains = list(_chains(cycle, terms, connections))
    if chains:
        parts = _Parts(cycle)
        yield from map(parts.of, chains)


def _chains(cycle: Cycle, terms: FollowUp, connections: Sequence[Instant]) -> Iterator[Chain]:
    steps: list[_Step] = [(one.time, _MESSAGE, one) for one in cycle.attempts if is_message(one)]
    if not steps:
        return
    steps += [(one.time, _ANSWER, one) for one in counted(cycle, terms)]
    steps += [(at, _CONNECTION, None) for at in connections]
    waiting: list[Attempted] = []
    is_begun, spare = False, None
    for at, step, attempt in sorted(steps, key=_in_time):
        if step == _MESSAGE and attempt is not None:
            if waiting:
                waiting.append(attempt)
            elif spare is not None and is_just_before(spare, at) and at - spare.time <= terms.tolerance:
                yield Chain([attempt], at, early=spare)
                spare = None
            elif is_begun:
                waiting.append(attempt)
        elif waiting:
            yield Chain(waiting, at, step == _CONNECTION)
            waiting, spare = [], None
        else:
            spare = attempt if is_begun else None
            is_begun = True
    if waiting:
        yield Chain(waiting)


def _in_time(step: _Step) -> tuple[Instant, int]:
    return step[:2]


_time: Final = attrgetter("time")
_start: Final = attrgetter("start")
_end: Final = attrgetter("end")
_since: Final = attrgetter("since")


class _Parts:
    """Cuts a cycle into what belongs to each of its chains; there may be thousands, so that each takes a look at its part alone."""

    def __init__(self, cycle: Cycle) -> None:
        self._cycle = cycle
        self._sent = [attempt for attempt in cycle.attempts if not attempt.inbound]
        self._marks = sorted(cycle.marks, key=_time)
        self._waivers = [mark for mark in cycle.marks if isinstance(mark, Excused)]

    def of(self, chain: Chain) -> Cycle:
        """The chain as a cycle; one without an answer ends with the cycle that it is a part of."""
        cycle, message = self._cycle, chain.messages[0]
        start, answered_at = message.time, chain.answered_at
        end = cycle.end if answered_at is None else answered_at if chain.is_connection else None
        until = end if answered_at is None else answered_at
        last = FOREVER if until is None else until
        owners = cycle.owners
        return replace(
            cycle,
            start=start,
            arrival=max(cycle.arrival, message.arrival),
            owners=owners[max(bisect_right(owners, start, key=_since) - 1, 0) : bisect_right(owners, last, key=_since)],
            end=end,
            ended_by=None if end is None else "connected" if chain.is_connection else cycle.ended_by,
            connected_at=answered_at if chain.is_connection else None,
            attempts=self._attempts(chain, start, last),
            pauses=list(self._pauses(chain, start, last)),
            marks=[message, *self._moved_by(start, last), *self._waivers],
            just_before=() if chain.early is None else (chain.early,),
            taken_up_at=None,
            closed_for=self._closed_for(start, last),
            message=message,
        )

    def _attempts(self, chain: Chain, start: Instant, last: Instant) -> list[Attempted]:
        early = [] if chain.early is None else [msgspec.structs.replace(chain.early, time=start)]
        sent = self._sent
        return early + sent[bisect_left(sent, start, key=_time) : bisect_right(sent, last, key=_time)]

    def _pauses(self, chain: Chain, start: Instant, last: Instant) -> Iterator[Interval]:
        """Those that began after the message; who writes waits no more to be heard of, so that a further message ends one."""
        pauses, messages = self._cycle.pauses, chain.messages
        for pause in pauses[bisect_left(pauses, start, key=_start) : bisect_right(pauses, last, key=_start)]:
            further = bisect_right(messages, pause.start, key=_time)
            end = messages[further].time if further < len(messages) else FOREVER
            yield Interval(pause.start, min(pause.end, end))

    def _closed_for(self, start: Instant, last: Instant) -> Sequence[Interval]:
        closed = self._cycle.closed_for
        return closed[bisect_right(closed, start, key=_end) : bisect_right(closed, last, key=_start)]

    def _moved_by(self, start: Instant, last: Instant) -> Iterator[Fact]:
        marks = self._marks
        within = marks[bisect_left(marks, start, key=_time) : bisect_right(marks, last, key=_time)]
        return (mark for mark in within if not isinstance(mark, Excused))
