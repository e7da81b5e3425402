"""When people do what was promised: mostly well before the deadline, now and then after it."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final

from crm_simulator.chance import around
from sla_rules.agreement.obligations import Speed
from sla_rules.instants import HOUR, Instant
from sla_rules.time.calendar import Calendar
from sla_rules.time.periods import Period, days_of
from sla_rules.time.stopwatch import Stopwatch

_TAKEN: Final = 0.35
"""How much of the time that there is goes by, at the median."""
_SPREAD: Final = 0.7
"""One of fifteen takes longer than there is."""


def done_at(terms: Speed, start: Instant, calendar: Calendar, rng: Random) -> Instant:
    """When somebody does what is owed from an instant on."""
    hours = calendar if terms.deadline.clock == "working" else None
    due = Stopwatch(hours).due(start, terms.deadline.within) or start
    taken = around(_TAKEN, _SPREAD, rng)
    if hours is not None:
        return hours.add(start, round(hours.between(start, due) * taken))
    return calendar.next_open(start + round((due - start) * taken))


def channel_of(terms: Speed, rng: Random) -> str:
    """A channel that counts for it."""
    return rng.choice(terms.follow_up.channels or ("phone", "email"))


def in_hours(calendar: Calendar, day: date, rng: Random) -> Instant | None:
    """An instant of a day at which people work; None where nobody does."""
    open_time = sum(interval.length for interval in calendar.hours_on(day))
    if not open_time:
        return None
    return calendar.add(next(calendar.hours_on(day)).start, round(rng.random() * open_time))


def open_days(calendar: Calendar, period: Period) -> Iterator[date]:
    """The days of a period on which people work."""
    return (day.first for day in days_of(period, calendar.zone) if any(calendar.hours_on(day.first)))


def later(calendar: Calendar, at: Instant, hours: float, rng: Random) -> Instant:
    """Some working hours later."""
    return calendar.add(at, round(around(hours, 0.6, rng) * HOUR))
