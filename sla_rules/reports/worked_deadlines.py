"""Deadlines of an agreement worked out for an instructive start, so that whoever signs it sees what its words come to."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Final, Literal

from sla_rules.agreement.deadlines import Deadline
from sla_rules.agreement.obligations import Judges
from sla_rules.agreement.rulebook import Term
from sla_rules.instants import DAY, MINUTE, Instant, moment
from sla_rules.reports.checked import DaysAsHours, HoursOf, WorkedDeadline
from sla_rules.time.calendar import ONE_DAY, Calendar, NeverOpenError
from sla_rules.time.day_count import day_count
from sla_rules.time.stopwatch import Stopwatch
from sla_rules.time.working_hours import open_time

BEFORE_CLOSING: Final = 10 * MINUTE
_LOOKED_AT: Final = 14
"""Working days among which one before a closed day is looked for."""


def worked_deadlines(term: Term) -> Iterator[WorkedDeadline]:
    """The deadline of an obligation, by each of the calendars that its clock may run in; none where it has no clock."""
    deadline = term.obligation.timed_by
    if deadline is None:
        return
    hours = calendars_of(term) if deadline.clock == "working" else {term.calendar: ()}
    for calendar, whose in hours.items():
        with suppress(NeverOpenError):
            yield _worked(term, deadline, calendar, whose)


def _worked(term: Term, deadline: Deadline, calendar: Calendar, whose: tuple[HoursOf, ...]) -> WorkedDeadline:
    start = instructive_start(calendar, term.since)
    due = Stopwatch(calendar if deadline.clock == "working" else None).due(start, deadline.within)
    return WorkedDeadline(
        obligation=term.obligation.id,
        starts=_STARTS[term.obligation.judges],
        clock=deadline.clock,
        hours_of=whose,
        time_zone=calendar.hours.time_zone,
        start=moment(start).astimezone(calendar.zone),
        deadline=None if due is None else moment(due).astimezone(calendar.zone),
    )


_STARTS: Final[Mapping[Judges, Literal["handed_off", "created", "inbound"]]] = {
    "hand_offs": "handed_off",
    "creations": "created",
    "messages": "inbound",
}


def calendars_of(term: Term) -> Mapping[Calendar, tuple[HoursOf, ...]]:
    """The calendars that the clock of an obligation may run in, the agreement's own first, with who keeps each."""
    found: dict[Calendar, tuple[HoursOf, ...]] = {}
    if any(segment not in term.by_segment for segment in term.segments):
        found[term.calendar] = (HoursOf("agreement", None),)
    own = [
        (term.by_segment[segment], HoursOf("segment", segment))
        for segment in term.segments
        if segment in term.by_segment
    ]
    if term.obligation.lies_in_hand_offs:
        own += [(calendar, HoursOf("team", team)) for team, calendar in term.by_team.items()]
    for calendar, whose in own:
        found[calendar] = (*found.get(calendar, ()), whose)
    return found


def instructive_start(calendar: Calendar, since: Instant) -> Instant:
    """Late on the last working day before a closed one, from an instant on; where none is closed, late on the first.

    Raises:
        NeverOpenError: nothing opens any more.

    """
    opening = calendar.next_open(since)
    days = day_count(calendar).days_from(opening)
    chosen = first = next(days)
    for _ in range(_LOOKED_AT):
        following = next(days)
        if following.date - chosen.date > ONE_DAY:
            break
        chosen = following
    else:
        chosen = first
    late = chosen.end - BEFORE_CLOSING
    return late if late > max(chosen.start, opening) and calendar.is_open(late) else max(chosen.start, opening)


def days_as_hours(term: Term) -> DaysAsHours | None:
    """A deadline of whole days on a working clock whose days are shorter: somebody may have meant working days."""
    deadline = term.obligation.timed_by
    if deadline is None or deadline.clock != "working" or not isinstance(deadline.within, int):
        return None
    days, rest = divmod(deadline.within, DAY)
    longest = next((longest for longest in map(_longest_day, calendars_of(term)) if longest < DAY), None)
    if rest or longest is None:
        return None
    return DaysAsHours(
        obligation=term.obligation.id,
        within=deadline.within,
        day=longest,
        days=Fraction(deadline.within, longest),
        instead=days,
    )


def _longest_day(calendar: Calendar) -> int:
    return max(map(open_time, calendar.hours.weekly_hours.values()), default=DAY)
