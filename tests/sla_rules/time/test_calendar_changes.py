"""A clock that goes over to other hours while it runs, held against oracles that go through it piece by piece."""

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.instants import DAY, HOUR, MINUTE, Duration, Instant, instant
from sla_rules.time.calendar import Calendar
from sla_rules.time.intervals import FOREVER, Interval
from sla_rules.time.stopwatch import CalendarChange, Stopwatch
from sla_rules.time.working_days import WorkingDays
from sla_rules.time.working_hours import WorkingHours
from tests.laws import examples
from tests.sla_rules.clocks import at
from tests.sla_rules.days import Days, due_by, running
from tests.strategies import ODD_DAYS, working_hours

WEEK = ("mon", "tue", "wed", "thu", "fri")
MADRID, MEXICO = (
    Calendar(
        WorkingHours.model_validate(
            {"time_zone": zone, "weekly_hours": dict.fromkeys(WEEK, (("09:00", closes),))}, context={"a": "file"}
        )
    )
    for zone, closes in (("Europe/Madrid", "17:00"), ("America/Mexico_City", "18:00"))
)
TO_MEXICO = CalendarChange(at("2026-03-02 17:30", "Europe/Madrid"), MEXICO)


@st.composite
def clocks(draw: st.DrawFn) -> tuple[Stopwatch, date, Instant]:
    """A clock over up to three calendars of other zones around a date, with pauses, and a start."""
    middle = draw(st.sampled_from(ODD_DAYS))[1]
    zones = draw(st.lists(st.sampled_from([zone for zone, _ in ODD_DAYS]), min_size=1, max_size=3))
    calendars = [Calendar(draw(working_hours(zone, middle))) for zone in zones]
    around = instant(datetime.combine(middle, time(12), UTC))
    instants = st.integers(-100, 100).map(lambda count: around + count * HOUR) | st.integers(-5 * DAY, 5 * DAY).map(
        lambda offset: around + offset
    )
    changes = sorted(draw(st.lists(instants, min_size=len(zones) - 1, max_size=len(zones) - 1, unique=True)))
    ends = sorted(draw(st.lists(instants, max_size=4, unique=True)))
    pauses = [Interval(*pair) for pair in zip(ends[::2], ends[1::2], strict=False)]
    if len(ends) % 2 and draw(st.booleans()):
        pauses.append(Interval(ends[-1], FOREVER))
    moves = [CalendarChange(*one) for one in zip(changes, calendars[1:], strict=True)]
    return Stopwatch(calendars[0], pauses, moves), middle, draw(instants)


def laid_out(watch: Stopwatch, middle: date) -> tuple[list[Days], list[Instant]]:
    calendars = [
        calendar for calendar in (watch.calendar, *(one.calendar for one in watch.changes)) if calendar is not None
    ]
    return [Days(calendar.hours, middle) for calendar in calendars], [change.since for change in watch.changes]


@examples(45)
@given(clocks(), st.integers(1, 60).map(lambda count: count * 15 * MINUTE), st.integers(0, 6 * DAY))
def test_time_runs_by_the_calendar_of_its_stretch(
    clock: tuple[Stopwatch, date, Instant], within: Duration, length: Duration
) -> None:
    watch, middle, start = clock
    runs = running(*laid_out(watch, middle), watch.pauses, start, FOREVER)
    before = [(a, b) for a, b in running(*laid_out(watch, middle), watch.pauses, -FOREVER, FOREVER) if a < start]
    spans = running(*laid_out(watch, middle), watch.pauses, start, start + length)

    due, last = forwards(runs, within), backwards([(a, min(b, start)) for a, b in before], within)
    assert due is None or watch.due(start, within) == due
    assert last is None or watch.before(start, within) == last
    assert watch.elapsed(start, start + length) == sum(b - a for a, b in spans)
    assert sum(span.length for span in watch.ran(start, start + length)) == sum(b - a for a, b in spans)
    assert all(one.end <= other.start for one, other in pairwise(watch.ran(start, start + length)))


def forwards(runs: list[tuple[Instant, Instant]], left: Duration) -> Instant | None:
    for start, end in runs:
        if left <= end - start:
            return start + left
        left -= end - start
    return None


def backwards(runs: list[tuple[Instant, Instant]], left: Duration) -> Instant | None:
    for start, end in reversed(runs):
        if left <= end - start:
            return end - left
        left -= end - start
    return None


@examples(45)
@given(
    clocks(),
    st.builds(
        WorkingDays, working_days=st.integers(1, 3), end_of_day=st.booleans(), cut_off=st.none() | st.integers(0, 1440)
    ),
)
def test_working_days_are_handed_on_as_days_and_the_rest_in_time(
    clock: tuple[Stopwatch, date, Instant], within: WorkingDays
) -> None:
    watch, middle, start = clock

    assert watch.due(start, within) == due_by(*laid_out(watch, middle), start, within, watch.pauses)


@examples(45)
@given(clocks(), st.integers(1, 3))
def test_what_was_due_by_the_change_stays_due_and_what_was_not_is_due_after_it(
    clock: tuple[Stopwatch, date, Instant], number: int
) -> None:
    watch, _, start = clock
    for within in (number * HOUR, WorkingDays(working_days=number)):
        for count, change in enumerate(watch.changes):
            unchanged = watch._replace(changes=watch.changes[:count])
            before = unchanged.due(start, within)
            after = watch._replace(changes=watch.changes[: count + 1]).due(start, within)

            if before is not None and before <= change.since:
                assert after == before
            elif before is not None and unchanged.elapsed(change.since, before) == 0:
                # All days were over, and only an opening was waited for: the first of the new hours may be at once.
                assert after is None or after >= change.since
            else:
                assert after is None or after > change.since


@pytest.mark.parametrize(
    ("within", "due"),
    [
        (4 * HOUR, "2026-03-02 20:30"),
        (HOUR, "2026-03-02 17:00"),
        (WorkingDays(working_days=1), "2026-03-03 00:30"),
        (WorkingDays(working_days=2), "2026-03-04 00:30"),
        (WorkingDays(working_days=1, end_of_day=True), "2026-03-03 17:30"),
    ],
)
def test_from_madrid_to_mexico(within: Duration | WorkingDays, due: str) -> None:
    watch = Stopwatch(MADRID, (), (TO_MEXICO,))

    assert watch.due(at("2026-03-02 16:00", "Europe/Madrid"), within) == at(due, "Europe/Madrid")


def test_while_it_is_paused_nothing_is_used_up_and_it_goes_on_with_whoever_has_it_then() -> None:
    paused = [Interval(at("2026-03-02 16:30", "Europe/Madrid"), at("2026-03-03 18:00", "Europe/Madrid"))]
    watch, start = Stopwatch(MADRID, paused, (TO_MEXICO,)), at("2026-03-02 16:00", "Europe/Madrid")

    assert watch.due(start, 4 * HOUR) == at("2026-03-03 21:30", "Europe/Madrid")
    assert watch.due(start, WorkingDays(working_days=1)) == at("2026-03-04 16:30", "Europe/Madrid")


def test_a_start_after_closing_counts_for_nobody_until_somebody_opens() -> None:
    start = at("2026-03-02 17:15", "Europe/Madrid")

    assert Stopwatch(MADRID, (), (TO_MEXICO,)).due(start, WorkingDays(working_days=1)) == at(
        "2026-03-03 17:30", "Europe/Madrid"
    )
