"""The calendar held against an oracle that counts minutes, and against its own laws where no oracle reaches."""

from datetime import UTC, date, datetime, time
from itertools import takewhile

from hypothesis import assume, given
from hypothesis import strategies as st

from sla_rules.instants import DAY, HOUR, Duration, Instant, instant
from sla_rules.notation import WEEKDAYS
from sla_rules.time.calendar import Calendar
from sla_rules.time.working_hours import WorkingHours
from tests.laws import examples
from tests.sla_rules.minutes import Minutes, joined
from tests.strategies import odd_hours

HOURS = odd_hours()
DURATIONS = st.integers(1, 30 * HOUR) | st.integers(1, 300).map(lambda hours: hours * HOUR)


def around(middle: date) -> Instant:
    return instant(datetime.combine(middle, time(12), UTC))


def nearby(middle: date) -> st.SearchStrategy[Instant]:
    """Instants within five days, on a quarter of an hour or anywhere."""
    quarter = HOUR // 4
    offsets = st.integers(-480, 480).map(lambda count: count * quarter) | st.integers(-5 * DAY, 5 * DAY)
    return offsets.map(lambda offset: around(middle) + offset)


@examples(150)
@given(HOURS, st.data())
def test_the_calendar_agrees_with_who_counts_minutes_on_the_wall(
    given: tuple[WorkingHours, date], data: st.DataObject
) -> None:
    hours, middle = given
    calendar, minutes = Calendar(hours), Minutes(hours, middle)
    start, end = sorted((data.draw(nearby(middle)), data.draw(nearby(middle))))

    worked = minutes.between(start, end)

    assert calendar.between(start, end) == worked
    assert calendar.between(end, start) == -worked
    assert [calendar.is_open(at) for at in (start, end)] == [minutes.is_open(at) for at in (start, end)]
    if worked:
        assert calendar.add(start, worked) == minutes.first_after(start, worked)
        assert calendar.subtract(end, worked) == minutes.last_before(end, worked)
    opening = minutes.first_after(start, 0)
    if opening is not None:
        assert calendar.next_open(start) == calendar.add(start, 0) == opening


@given(HOURS)
def test_open_segments_are_the_open_minutes(given: tuple[WorkingHours, date]) -> None:
    hours, middle = given
    minutes = Minutes(hours, middle)

    segments = takewhile(lambda segment: segment.start < minutes.end, Calendar(hours).open_intervals(minutes.start))

    assert joined((opens, min(closes, minutes.end)) for opens, closes in segments) == minutes.segments()


@given(HOURS, st.data(), DURATIONS, DURATIONS)
def test_adding_is_undone_by_subtracting_and_may_be_done_in_parts_and_backwards(
    given: tuple[WorkingHours, date], data: st.DataObject, one: Duration, other: Duration
) -> None:
    hours, middle = given
    calendar, start = Calendar(hours), data.draw(nearby(middle))

    due = calendar.add(start, one)

    assert calendar.between(start, due) == one
    assert calendar.subtract(due, one) == calendar.next_open(start)
    assert calendar.add(due, other) == calendar.add(start, one + other)
    assert calendar.add(due, -one) == calendar.subtract(due, one)
    assert calendar.subtract(start, -one) == due


@given(HOURS, st.data(), DURATIONS | st.just(0), DURATIONS)
def test_subtracting_is_the_mirror_of_adding(
    given: tuple[WorkingHours, date], data: st.DataObject, one: Duration, other: Duration
) -> None:
    """Read from right to left, an opening is a closing, and the instant before the end is the one after the start."""
    hours, middle = given
    calendar, at = Calendar(hours), data.draw(nearby(middle))

    later, earlier = calendar.add(at, one), calendar.subtract(at, one)

    assert at <= later
    assert earlier <= at
    assert calendar.between(at, later) == calendar.between(earlier, at) == one
    assert calendar.is_open(later - 1 if one else later)
    assert calendar.is_open(earlier if one else earlier - 1)
    assert calendar.add(later, other) == calendar.add(at, one + other)
    assert calendar.subtract(earlier, other) == calendar.subtract(at, one + other)
    if one:
        assert calendar.subtract(later, one) == calendar.add(at, 0)
        assert calendar.add(earlier, one) == calendar.subtract(at, 0)


@given(HOURS, st.data(), DURATIONS, DURATIONS)
def test_more_time_ends_later_and_a_later_start_never_ends_earlier(
    given: tuple[WorkingHours, date], data: st.DataObject, one: Duration, other: Duration
) -> None:
    assume(one < other)
    hours, middle = given
    calendar = Calendar(hours)
    early, late = sorted((data.draw(nearby(middle)), data.draw(nearby(middle))))

    assert calendar.add(early, one) < calendar.add(early, other)
    assert calendar.add(early, one) <= calendar.add(late, one)
    assert calendar.next_open(early) <= calendar.next_open(late)


@given(HOURS, st.data())
def test_open_time_adds_up_and_is_never_longer_than_the_time(
    given: tuple[WorkingHours, date], data: st.DataObject
) -> None:
    hours, middle = given
    calendar = Calendar(hours)
    first, second, third = sorted(data.draw(nearby(middle)) for _ in range(3))

    assert calendar.between(first, third) == calendar.between(first, second) + calendar.between(second, third)
    assert 0 <= calendar.between(first, second) <= second - first


@given(HOURS, st.data(), DURATIONS)
def test_time_runs_out_in_open_time_or_exactly_at_closing(
    given: tuple[WorkingHours, date], data: st.DataObject, duration: Duration
) -> None:
    hours, middle = given
    calendar, start = Calendar(hours), data.draw(nearby(middle))

    due = calendar.add(start, duration)

    assert calendar.is_open(due - 1)
    assert calendar.between(due - 1, due) == 1


@given(st.data(), DURATIONS)
def test_who_never_closes_works_by_the_wall_clock(data: st.DataObject, duration: Duration) -> None:
    zone, middle = "America/New_York", date(2026, 11, 1)
    whole = dict.fromkeys(WEEKDAYS, ((0, 1440),))
    always = Calendar(WorkingHours(time_zone=zone, weekly_hours=whole))
    nearly = Calendar(WorkingHours(time_zone=zone, weekly_hours=whole, breaks={date(2030, 1, 1): ((0, 1),)}))
    start, end = data.draw(nearby(middle)), data.draw(nearby(middle))

    for calendar in (always, nearly):
        assert calendar.add(start, duration) == start + duration
        assert calendar.subtract(start, duration) == start - duration
        assert calendar.between(start, end) == end - start
        assert calendar.next_open(start) == start
        assert calendar.is_open(start)
