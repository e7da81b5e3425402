"""When something is due again and again: on the days of its schedule, and where one is closed, on the open day that stands for it.

An occurrence is owed under the version in force at its time by the schedule, and known by that day wherever it is moved: so
confirmations name it, and notices of it keep their keys when a holiday is put into the calendar.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from sla_rules.agreement.rulebook import Term
from sla_rules.agreement.schedules import RecurringSchedule
from sla_rules.instants import Instant, moment
from sla_rules.time.calendar import NeverOpenError

_ONE_DAY: Final = timedelta(days=1)


class Occurrence(NamedTuple):
    """One of them: its day by the schedule, the open day that it is due on, usually the same, and when."""

    day: date
    on: date
    due: Instant

    @property
    def number(self) -> int:
        """The day as the number of its cycle: 20260907."""
        return int(self.day.strftime("%Y%m%d"))


class DueTogether(NamedTuple):
    """What is due at one instant, with its window `(opens, due]`: one occurrence, or several of which others were moved there."""

    occurrences: tuple[Occurrence, ...]
    opens: Instant
    due: Instant


def due_together(term: Term, due: RecurringSchedule) -> Iterator[DueTogether]:
    """All that is owed under a version, in order; the first window opens when the version takes effect."""
    opens = term.since
    for at, found in groupby(occurrences(term, due), key=lambda occurrence: occurrence.due):
        yield DueTogether(tuple(found), opens, at)
        opens = at


def occurrences(term: Term, due: RecurringSchedule, after: Instant | None = None) -> Iterator[Occurrence]:
    """All that is owed under a version, in the order in which it falls due; only what does so after an instant, if one is named."""
    after = term.since if after is None else max(after, term.since)
    for day in _days(_first_day(term, after), due):
        by_schedule = time_of(day, due, term)
        if by_schedule > term.until:
            return
        if by_schedule > term.since:
            on = _open_day(day, due, term)
            at = by_schedule if on == day else time_of(on, due, term)
            if at > after:
                yield Occurrence(day, on, at)


def day_numbered(number: int) -> date:
    """The day by the schedule of the cycle of that number."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def time_of(day: date, due: RecurringSchedule, term: Term) -> Instant:
    """When it is due on a day."""
    return term.calendar.local(day, due.at)


def _first_day(term: Term, after: Instant) -> date:
    """The first day of schedules that may be due after an instant: those since the last open day may be moved past it."""
    day = moment(after).astimezone(term.zone).date() - _ONE_DAY
    try:
        return term.calendar.last_open_day(day)
    except (NeverOpenError, OverflowError):
        return day


def _open_day(day: date, due: RecurringSchedule, term: Term) -> date:
    """The day that stands for one of the schedule; that one, too, where the calendar does not open any more."""
    try:
        match due.on_closed_day:
            case "next":
                return term.calendar.next_open_day(day)
            case "previous":
                return term.calendar.last_open_day(day)
            case "same":
                return day
    except (NeverOpenError, OverflowError):
        return day


def _days(first: date, due: RecurringSchedule) -> Iterator[date]:
    day = first
    while due.until is None or day <= due.until:
        if due.falls_on(day):
            yield day
        try:
            day += _ONE_DAY
        except OverflowError:
            return
