"""When is a deadline in working days due, whatever pauses come between?

A pause gives back what it took, counted as it is split (`sla_rules.time.day_count`): its whole working days are counted on from the
start, and its rest runs in open time after that. So no pause makes a deadline earlier, and one without open time changes nothing.
"""

from collections.abc import Iterable

from sla_rules.instants import Duration, Instant
from sla_rules.time.day_count import DayCount
from sla_rules.time.intervals import FOREVER, Interval, union
from sla_rules.time.working_days import WorkingDays


def due_in_days(count: DayCount, start: Instant, within: WorkingDays, pauses: Iterable[Interval]) -> Instant | None:
    """The deadline of a clock that started at an instant; None where a pause without an end stands in the way.

    Raises:
        NeverOpenError: the calendar does not open often enough.

    """
    begun = count.counted_from(start, within.cut_off)
    days, rest = within.working_days, 0
    due = _due(count, begun, days, rest, within)
    for pause in union(pauses):
        if pause.start >= due:
            break
        if pause.end <= begun:
            continue
        if pause.end == FOREVER:
            return None
        whole, open_time = count.split(max(pause.start, begun), pause.end)
        days, rest = days + whole, rest + open_time
        due = _due(count, begun, days, rest, within)
    return due


def _due(count: DayCount, begun: Instant, days: int, rest: Duration, within: WorkingDays) -> Instant:
    at = count.after(begun, days, end_of_day=within.end_of_day)
    return count.calendar.add(at, rest) if rest else at
