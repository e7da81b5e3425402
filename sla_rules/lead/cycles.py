"""The life of a lead, cut into cycles: from a hand-off to the connection, the closing or the recycling that ends it.

What may happen to a cycle stands in `sla_rules.lead.transitions`, as data. Facts come in their order (see
`sla_rules.lead.facts`); what no row names leaves the state as it is. An attempt belongs to the last cycle that has begun by its
time, unless that ended before it. So one in the instant in which its cycle ends still belongs to it ("reply and solve" is one act, with one stamp),
where no other begins then; one before the hand-off belongs to the cycle before or to none, and one after the end to none.
A connection in the instant of the end is that cycle's likewise, however the cycle ended.

A pause is the lead's, whether a cycle is open or not. One that came before its clock started stands in the cycle's `pauses` as
it was, from before the start; what ends a cycle ends it too, resumed or not. A span of time that was waived is one likewise.

Fields that change while a cycle runs (`Updated`) are noted in its `changes`; it stays the cycle that it is. What a creation or a
further hand-off in an open cycle carries is of the next one.

Beside its cycles a lead has one clock of its own, from its creation: a cycle numbered 0 that no hand-off, recycling or
reassignment touches, in which every pause counts, and that ends when the lead is connected or closed and nothing begins a cycle after that.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from sla_rules.instants import Instant
from sla_rules.lead.cycle import CREATION, Cycle, Owner, is_just_before
from sla_rules.lead.facts import (
    WITH_FIELDS,
    Attempted,
    Created,
    DealClosed,
    Excused,
    ExcusedSpan,
    Fact,
    Fields,
    HandedOff,
    Reassigned,
    StatusChanged,
    Updated,
    in_order,
)
from sla_rules.lead.transitions import TRANSITIONS, Move, State, Trigger, trigger_of
from sla_rules.time.intervals import FOREVER, Interval, union


class Life:
    """A lead's cycles in order, and its own clock, where its creation is known; all facts are about one subject."""

    def __init__(self, facts: Sequence[Fact], subject: str | None = None) -> None:
        self._walk = _Walk(subject)
        self._attempts: list[Attempted] = []
        for fact in facts:
            # Most facts are attempts that reached nobody; they move nothing.
            if type(fact) is Attempted:
                self._attempts.append(fact)
                if fact.outcome != "connected":
                    continue
            self._walk.take(fact)
        self.facts = facts
        self.cycles = self._walk.cycles
        for cycle in self.cycles if self._walk.spans else ():
            cycle.pauses = _with_spans(cycle.pauses, self._walk.spans, cycle)
        _attribute(self.cycles, self._attempts)

    @property
    def deals(self) -> Sequence[DealClosed]:
        """What was received of the lead's deals, in order; they end no cycle, but terms may see one ended by them."""
        return self._walk.deals

    @property
    def creation(self) -> Cycle | None:
        """The clock from the creation; few agreements ask for it, so that it is laid out only then."""
        return _creation(self.facts, self._attempts, self._walk)

    @property
    def pauses(self) -> Sequence[Interval]:
        """When the lead was paused, in cycles and between them."""
        return self._walk.all_pauses

    @property
    def spans(self) -> Sequence[ExcusedSpan]:
        """The spans of time that were waived, in the order in which that was said."""
        return self._walk.spans

    @property
    def subject(self) -> str | None:
        """What it is the life of, if not a lead."""
        return self._walk.subject

    def attempts_between(self, end: Instant, start: Instant) -> Sequence[Attempted]:
        """The attempts after an instant and before another."""
        first = bisect_right(self._attempts, end, key=attrgetter("time"))
        return self._attempts[first : bisect_left(self._attempts, start, key=attrgetter("time"))]


def life(facts: Sequence[Fact]) -> Life:
    """The life that a lead's facts amount to, in order."""
    return Life(facts)


def lives(facts: Sequence[Fact]) -> list[Life]:
    """The life of each subject that the facts are about: a ticket that bears the id of a lead is another thing."""
    for fact in facts:
        if fact.subject is not None:
            break
    else:
        return [Life(facts)]
    subjects = sorted({fact.subject for fact in facts}, key=lambda subject: subject or "")
    return [Life([fact for fact in facts if fact.subject == subject], subject) for subject in subjects]


class _Walk:
    """Walks the facts once, by the table."""

    def __init__(self, subject: str | None) -> None:
        self.subject = subject
        self.cycles: list[Cycle] = []
        self.state: State = "idle"
        self.fields: Fields = {}
        self.last = Owner(0, None, None)
        self.closed: Fact | None = None
        self.first_connection: Instant | None = None
        self.pausing: Fact | None = None
        self.pauses: list[Interval] = []
        """Those that are over, in any cycle and in none."""
        self.taken_up_at: Instant | None = None
        self.given_back = False
        """Whether the lead was recycled since a cycle last began."""
        self.connected_before: StatusChanged | None = None
        """The last connection in no cycle."""
        self.deals: list[DealClosed] = []
        self.spans: list[ExcusedSpan] = []

    @property
    def all_pauses(self) -> list[Interval]:
        """Those that are over, and the one that is not."""
        return self.pauses if self.pausing is None else [*self.pauses, Interval(self.pausing.time, FOREVER)]

    def take(self, fact: Fact) -> None:
        if isinstance(fact, WITH_FIELDS):
            self.fields = {**self.fields, **fact.fields}
        elif isinstance(fact, Excused) and self.cycles:
            self.cycles[-1].excused = True
            self.cycles[-1].marks.append(fact)
        trigger = trigger_of(fact)
        if trigger is None:
            self._take_aside(fact)
            return
        self._note(trigger, fact)
        row = TRANSITIONS.get((self.state, trigger))
        if row is None:
            if trigger == "connected":
                self._connect_in_no_cycle(fact)
            return
        move, self.state = row
        if move == "hold":
            self.pausing = fact
        elif move == "release":
            self._end_pause(fact)
            if trigger == "connected":
                self._connect_in_no_cycle(fact)
        else:
            self._move(move, trigger, fact)

    def _take_aside(self, fact: Fact) -> None:
        """What moves no cycle, and terms may ask for."""
        if type(fact) is DealClosed:
            self.deals.append(fact)
        elif type(fact) is ExcusedSpan:
            self.spans.append(fact)
        elif type(fact) is Updated and self.state in {"open", "paused"}:
            self.cycles[-1].change(fact)

    def _note(self, trigger: Trigger, fact: Fact) -> None:
        """What matters to the lead's own clock, whether a cycle is open or not."""
        if trigger == "connected" and self.first_connection is None:
            self.first_connection = fact.time
        if trigger in {"connected", "closed"}:
            self.closed = self.closed or fact
        elif trigger == "recycled":
            self.given_back = True
        elif trigger in {"handed_off", "reopened"}:
            self.closed, self.taken_up_at = None, fact.time
            if self.state in {"open", "paused"}:
                self.cycles[-1].taken_up_at = fact.time

    def _move(self, move: Move, trigger: Trigger, fact: Fact) -> None:
        if move == "begin":
            self.last = _owner(fact, self.last)
            number = len(self.cycles) + 1
            self.cycles.append(Cycle(number, fact.time, fact.arrival, self.fields, [self.last], self.subject))
            if self.connected_before is not None and is_just_before(self.connected_before, fact.time):
                self.cycles[-1].just_before = (self.connected_before,)
            self.cycles[-1].reopens = trigger == "reopened" and number > 1 and not self.given_back
            self.given_back = False
        cycle = self.cycles[-1]
        cycle.marks.append(fact)
        if move == "begin" and self.pausing is not None:
            cycle.pauses.append(Interval(self.pausing.time, FOREVER))
            cycle.marks.append(self.pausing)
        if move == "reassign":
            self.last = _owner(fact, self.last)
            cycle.owners.append(self.last)
        elif move == "pause":
            self.pausing = fact
            cycle.pauses.append(Interval(fact.time, FOREVER))
        elif move in {"resume", "end"} and self.pausing is not None:
            self._end_pause(fact)
            cycle.pauses[-1] = self.pauses[-1]
        if move == "end":
            cycle.end, cycle.ended_by = fact.time, trigger  # type: ignore[assignment]
            cycle.connected_at = fact.time if trigger == "connected" else None

    def _end_pause(self, fact: Fact) -> None:
        if self.pausing is not None:
            self.pauses.append(Interval(self.pausing.time, fact.time))
            self.pausing = None

    def _connect_in_no_cycle(self, fact: Fact) -> None:
        """Where the last cycle ended in the very instant of the connection, it was connected, however it ended."""
        if self.cycles and self.cycles[-1].end == fact.time and self.cycles[-1].connected_at is None:
            self.cycles[-1].connected_at = fact.time
            self.cycles[-1].marks.append(fact)
        elif isinstance(fact, StatusChanged):
            self.connected_before = fact


def _with_spans(pauses: Sequence[Interval], spans: Sequence[ExcusedSpan], cycle: Cycle) -> list[Interval]:
    """Pauses with the spans that were waived, those that a cycle meets."""
    waived = sorted(both for span in spans if (both := Interval(span.since, span.until) & cycle.span).length)
    return list(union(pauses, waived)) if waived else list(pauses)


def _owner(fact: Fact, before: Owner) -> Owner:
    if isinstance(fact, HandedOff | Reassigned):
        return Owner(fact.time, fact.rep, fact.team or before.team)
    return Owner(fact.time, before.rep, before.team)


def _attribute(found: Sequence[Cycle], attempts: Iterable[Attempted]) -> None:
    """Give each attempt to the last cycle that has begun by its time, unless that ended before it; then it may be just before one."""
    following: Iterator[Cycle] = iter(found)
    cycle, ahead = None, next(following, None)
    for attempt in attempts:
        while ahead is not None and ahead.start <= attempt.time:
            cycle, ahead = ahead, next(following, None)
        if cycle is not None and (cycle.end is None or attempt.time <= cycle.end):
            cycle.attempts.append(attempt)
        elif ahead is not None and is_just_before(attempt, ahead.start):
            ahead.just_before = (*ahead.just_before, attempt)


def _creation(facts: Sequence[Fact], attempts: Sequence[Attempted], walk: _Walk) -> Cycle | None:
    created = next((fact for fact in facts if isinstance(fact, Created)), None)
    if created is None:
        return None
    owners = [owner for cycle in walk.cycles for owner in cycle.owners] or [Owner(created.time, None, None)]
    end = None if walk.closed is None else walk.closed.time
    last = FOREVER if end is None else end
    connected_at = walk.first_connection
    cycle = Cycle(
        number=CREATION,
        start=created.time,
        arrival=created.arrival,
        fields=created.fields,
        owners=owners,
        subject=walk.subject,
        end=end,
        ended_by=None if walk.closed is None else trigger_of(walk.closed),  # type: ignore[arg-type]
        connected_at=None if connected_at is None or connected_at > last else connected_at,
        excused=bool(walk.cycles) and all(cycle.excused for cycle in walk.cycles),
        attempts=[attempt for attempt in attempts if created.time <= attempt.time <= last],
        pauses=walk.all_pauses,
        marks=[created],
        just_before=[attempt for attempt in attempts if is_just_before(attempt, created.time)],
        taken_up_at=walk.taken_up_at,
    )
    for fact in facts:
        if type(fact) is Updated and in_order(created) < in_order(fact) and fact.time <= last:
            cycle.change(fact)
    if walk.spans:
        cycle.pauses = _with_spans(cycle.pauses, walk.spans, cycle)
    return cycle
