"""When is a deadline in working days due, whatever pauses come between, and by whose hours the clock runs?

A pause gives back what it took, counted as it is split (`sla_rules.time.day_count`): its whole working days are counted on from the
start, and its rest runs in open time after that. So no pause makes a deadline earlier, and one without open time changes nothing.

Where the clock goes over to another calendar, what is left until then is split by the calendar before: so many working days and
so much open time are left to the new one. While it is paused nothing runs: what was left when the pause began is left when it ends.
Where nothing was counted yet, it starts by the new calendar as if it had never had another.
"""

from collections.abc import Iterable, Sequence

from sla_rules.instants import Duration, Instant
from sla_rules.time.calendar import Calendar
from sla_rules.time.day_count import DayCount, day_count
from sla_rules.time.intervals import FOREVER, Interval, union
from sla_rules.time.working_days import WorkingDays


def due_in_days(
    stretches: Iterable[tuple[Calendar, Interval]], start: Instant, within: WorkingDays, pauses: Sequence[Interval]
) -> Instant | None:
    """The deadline of a clock that started at an instant; None where a pause without an end stands in the way.

    `stretches` say by which calendar it runs from when to when, without a gap and for ever.

    Raises:
        NeverOpenError: a calendar does not open often enough.

    """
    days, rest = within.working_days, 0
    end_of_day, cut_off = within.end_of_day, within.cut_off
    resumed: Instant = start
    for calendar, stretch in stretches:
        if resumed >= stretch.end:
            continue
        count = day_count(calendar)
        begun = count.counted_from(resumed, cut_off)
        due = _due(count, begun, days, rest, end_of_day=end_of_day)
        stopped = resumed = stretch.end
        for pause in union(pauses):
            if pause.start >= min(due, stretch.end):
                break
            if pause.end <= begun:
                continue
            if pause.end == FOREVER:
                return None
            if pause.end > stretch.end:
                stopped, resumed = pause.start, pause.end
                break
            whole, open_time = count.split(max(pause.start, begun), pause.end)
            days, rest = days + whole, rest + open_time
            due = _due(count, begun, days, rest, end_of_day=end_of_day)
        if due <= stopped:
            return due
        if stopped > begun:
            days, rest = count.split(stopped, due)
            end_of_day, cut_off = False, None
    return None


def _due(count: DayCount, begun: Instant, days: int, rest: Duration, *, end_of_day: bool) -> Instant:
    at = count.after(begun, days, end_of_day=end_of_day)
    return count.calendar.add(at, rest) if rest else at
