"""A clock with pauses: what runs since a start runs back from the end, and a pause is no time in either direction."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.instants import HOUR, MINUTE, Duration
from sla_rules.notation import WEEKDAYS
from sla_rules.time.calendar import Calendar
from sla_rules.time.intervals import FOREVER, Interval
from sla_rules.time.stopwatch import Stopwatch
from sla_rules.time.working_hours import WorkingHours
from tests.script import ORIGIN
from tests.sla_rules.clocks import at
from tests.strategies import disjoint_segments

NIGHTS = Calendar(
    WorkingHours(
        time_zone="Europe/Berlin",
        weekly_hours=dict.fromkeys(WEEKDAYS, ((22 * 60, 6 * 60), (12 * 60, 13 * 60))),
        breaks={date(2026, 3, 6): ((23 * 60, 60),)},
    )
)
CALENDARS = st.sampled_from((None, NIGHTS))
DURATIONS = st.integers(1, 40 * HOUR) | st.integers(1, 400).map(lambda count: count * 15 * MINUTE)
PAUSES = disjoint_segments().map(lambda found: [Interval(*(ORIGIN + end * HOUR for end in one)) for one in found])


@given(CALENDARS, PAUSES, st.integers(-60, 60), DURATIONS)
def test_what_runs_until_an_end_has_run_since_the_instant_before_it(
    calendar: Calendar | None, pauses: list[Interval], hours: int, duration: Duration
) -> None:
    watch = Stopwatch(calendar, pauses)
    start = ORIGIN + hours * HOUR

    due = watch.due(start, duration)
    assert due is not None
    before = watch.before(due, duration)

    assert before is not None
    assert before >= start
    assert watch.elapsed(start, due) == watch.elapsed(before, due) == duration
    assert watch.elapsed(start, before) == 0
    assert watch.due(before, duration) == due


@given(CALENDARS, PAUSES, st.integers(-60, 60), DURATIONS)
def test_no_later_instant_has_so_much_before_an_end(
    calendar: Calendar | None, pauses: list[Interval], hours: int, duration: Duration
) -> None:
    watch = Stopwatch(calendar, pauses)
    end = ORIGIN + hours * HOUR

    before = watch.before(end, duration)

    assert before is not None
    assert watch.elapsed(before, end) == duration
    assert watch.elapsed(before + 1, end) == duration - 1


def test_a_warning_counts_what_is_left_on_a_clock_that_was_paused() -> None:
    watch = Stopwatch(None, [Interval(at("2026-03-02 09:45"), at("2026-03-02 12:00"))])
    due = watch.due(at("2026-03-02 09:00"), HOUR)

    assert due == at("2026-03-02 12:15")
    assert watch.before(due, 30 * MINUTE) == at("2026-03-02 09:30")
    assert watch.before(due, 15 * MINUTE) == at("2026-03-02 12:00")


def test_before_a_pause_without_an_end_time_has_run() -> None:
    watch = Stopwatch(None, [Interval(at("2026-03-02 09:45"), FOREVER)])

    assert watch.due(at("2026-03-02 09:00"), HOUR) is None
    assert watch.before(at("2026-03-02 10:00"), 30 * MINUTE) == at("2026-03-02 09:15")


@pytest.mark.parametrize("pauses", [[], [Interval(at("0002-02-01"), at("0002-02-02"))]])
def test_where_it_was_not_open_for_so_long_there_is_no_instant(pauses: list[Interval]) -> None:
    assert Stopwatch(NIGHTS, pauses).before(at("0002-03-01"), 10_000 * HOUR) is None
