"""Working days: the conventions one by one, then held against an oracle that counts day by day, and against laws of their own."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.instants import DAY, MINUTE, Instant, instant, iso
from sla_rules.time.calendar import Calendar
from sla_rules.time.day_count import DayCount
from sla_rules.time.intervals import FOREVER, Interval
from sla_rules.time.stopwatch import Stopwatch
from sla_rules.time.working_days import WorkingDays
from sla_rules.time.working_hours import WorkingHours
from tests.laws import examples
from tests.sla_rules.clocks import at
from tests.sla_rules.days import Days
from tests.strategies import odd_hours

WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE: Any = {day: [["09:00", "17:00"]] for day in WEEK}
SHORT_FRIDAYS: Any = {**OFFICE, "fri": [["09:00", "12:00"], ["13:00", "15:00"]]}
NIGHTS: Any = {day: [["22:00", "06:00"]] for day in WEEK}


def due(
    start: str,
    within: int | dict[str, Any],
    *pauses: tuple[str, str],
    hours: Any = OFFICE,
    zone: str = "Europe/Berlin",
    **more: Any,
) -> str | None:
    """When it is due, on the clocks of the zone."""
    days = {"working_days": within} if isinstance(within, int) else within
    calendar = Calendar(WorkingHours.model_validate({"time_zone": zone, "weekly_hours": hours, **more}))
    stood = [Interval(at(begin, zone), FOREVER if end == "for ever" else at(end, zone)) for begin, end in pauses]
    found = Stopwatch(calendar, stood).due(
        at(start, zone), WorkingDays.model_validate(days, context={"in a file": True})
    )
    return None if found is None else f"{datetime.fromisoformat(iso(found)).astimezone(calendar.zone):%a %m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-03-02 16:50", 1, "Tue 03-03 16:50"),
        ("2026-03-06 16:50", 2, "Tue 03-10 16:50"),
        ("2026-03-02 09:00", 5, "Mon 03-09 09:00"),
    ],
)
def test_it_is_due_at_the_same_time_of_day_so_many_days_with_open_hours_later(
    start: str, days: int, expected: str
) -> None:
    assert due(start, days) == expected


@pytest.mark.parametrize(
    "start", ["2026-03-06 17:00", "2026-03-06 20:00", "2026-03-07 12:00", "2026-03-09 03:00", "2026-03-09 09:00"]
)
def test_a_start_outside_the_hours_counts_from_the_next_opening(start: str) -> None:
    assert due(start, 1) == "Tue 03-10 09:00"
    assert due(start, {"working_days": 1, "end_of_day": True}) == "Tue 03-10 17:00"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-05 16:50", "Mon 03-09 09:00"),
        ("2026-03-05 12:30", "Fri 03-06 13:00"),
        ("2026-03-05 15:00", "Fri 03-06 15:00"),
        ("2026-03-05 12:00", "Fri 03-06 12:00"),
    ],
)
def test_where_that_time_of_day_is_closed_it_is_due_at_the_next_opening_and_a_closing_is_in_time(
    start: str, expected: str
) -> None:
    assert due(start, 1, hours=SHORT_FRIDAYS) == expected


def test_it_may_be_due_at_the_closing_of_the_last_day() -> None:
    assert due("2026-03-05 16:50", {"working_days": 1, "end_of_day": True}, hours=SHORT_FRIDAYS) == "Fri 03-06 15:00"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-02 16:00", "Tue 03-03 16:00"),
        ("2026-03-02 16:01", "Wed 03-04 09:00"),
        ("2026-03-02 18:00", "Wed 03-04 09:00"),
        ("2026-03-03 09:00", "Wed 03-04 09:00"),
        ("2026-03-06 16:30", "Tue 03-10 09:00"),
    ],
)
def test_a_start_after_the_cut_off_counts_as_one_at_the_next_working_days_opening(start: str, expected: str) -> None:
    assert due(start, {"working_days": 1, "cut_off": "16:00"}) == expected


def test_the_cut_off_of_a_night_shift_may_lie_on_the_morning_after() -> None:
    cut_off = {"working_days": 1, "cut_off": "04:00"}

    assert due("2026-03-03 03:00", cut_off, hours=NIGHTS) == "Wed 03-04 03:00"
    assert due("2026-03-03 05:00", cut_off, hours=NIGHTS) == "Wed 03-04 22:00"
    assert due("2026-03-03 23:00", cut_off, hours=NIGHTS) == "Wed 03-04 23:00"


def test_a_night_shift_is_the_working_day_that_it_begins_on() -> None:
    assert due("2026-03-06 23:00", 1, hours=NIGHTS) == "Mon 03-09 23:00"
    assert due("2026-03-07 03:00", 1, hours=NIGHTS) == "Tue 03-10 03:00"
    assert due("2026-03-07 03:00", {"working_days": 1, "end_of_day": True}, hours=NIGHTS) == "Tue 03-10 06:00"


def test_holidays_and_days_that_stay_closed_are_no_working_days_and_a_saturday_that_opens_is_one() -> None:
    assert due("2026-04-02 16:50", 1, holidays={"country": "DE", "region": "BE"}) == "Tue 04-07 16:50"
    assert due("2026-03-06 10:00", 1, date_overrides={"2026-03-07": [["10:00", "12:00"]]}) == "Sat 03-07 10:00"
    assert due("2026-03-06 10:00", 1, date_overrides={"2026-03-09": []}) == "Tue 03-10 10:00"
    assert due("2026-03-06 10:00", 1, breaks={"2026-03-09": [["09:00", "17:00"]]}) == "Tue 03-10 10:00"


def test_around_the_clock_every_date_is_a_working_day() -> None:
    whole = {day: [["00:00", "24:00"]] for day in (*WEEK, "sat", "sun")}

    assert due("2026-03-07 03:00", 1, hours=whole) == "Sun 03-08 03:00"
    assert due("2026-03-07 03:00", {"working_days": 1, "end_of_day": True}, hours=whole) == "Mon 03-09 00:00"


def test_the_time_of_day_is_that_of_the_clocks_on_the_wall_when_they_change() -> None:
    nights = {"sat": [["01:00", "05:00"]], "sun": [["01:00", "05:00"]]}

    assert due("2026-03-27 16:50", 1) == "Mon 03-30 16:50"
    assert due("2026-03-28 02:30", 1, hours=nights) == "Sun 03-29 03:30", "02:30 does not exist"
    assert due("2026-10-24 02:30", 1, hours=nights) == "Sun 10-25 02:30"
    assert Stopwatch(Calendar(WorkingHours.model_validate({"time_zone": "Europe/Berlin", "weekly_hours": nights}))).due(
        at("2026-10-24 02:30"), WorkingDays(working_days=1)
    ) == at("2026-10-25 02:30+02:00"), "the first of two"


def test_a_date_that_clocks_skip_is_no_working_day() -> None:
    assert due("2011-12-29 10:00", 1, hours=OFFICE, zone="Pacific/Apia") == "Sat 12-31 10:00", (
        "Friday's hours lie there"
    )
    assert due("2011-12-29 10:00", 1, hours={**OFFICE, "fri": []}, zone="Pacific/Apia") == "Mon 01-02 10:00"


@pytest.mark.parametrize(
    ("pause", "expected"),
    [
        (("2026-03-02 18:00", "2026-03-03 08:00"), "Wed 03-04 10:00"),
        (("2026-03-03 12:00", "2026-03-03 12:00"), "Wed 03-04 10:00"),
        (("2026-03-02 15:00", "2026-03-03 15:00"), "Thu 03-05 10:00"),
        (("2026-03-02 15:00", "2026-03-03 16:00"), "Thu 03-05 11:00"),
        (("2026-03-03 09:00", "2026-03-03 17:00"), "Thu 03-05 10:00"),
        (("2026-03-03 09:00", "2026-03-03 16:00"), "Wed 03-04 17:00"),
        (("2026-03-01 09:00", "2026-03-02 11:00"), "Wed 03-04 11:00"),
        (("2026-03-04 09:59", "2026-03-08 12:00"), "Mon 03-09 09:01"),
        (("2026-03-04 10:00", "for ever"), "Wed 03-04 10:00"),
        (("2026-03-04 09:59", "for ever"), None),
    ],
)
def test_a_pause_gives_back_its_whole_working_days_and_the_rest_in_open_time(
    pause: tuple[str, str], expected: str | None
) -> None:
    assert due("2026-03-02 10:00", 2, pause, hours=SHORT_FRIDAYS) == expected


def test_a_pause_of_whole_days_moves_an_end_of_day_to_an_end_of_day_and_one_of_hours_by_hours() -> None:
    within = {"working_days": 1, "end_of_day": True}

    assert (
        due("2026-03-04 10:00", within, ("2026-03-04 11:00", "2026-03-05 11:00"), hours=SHORT_FRIDAYS)
        == "Fri 03-06 15:00"
    )
    assert due("2026-03-04 10:00", within, ("2026-03-04 11:00", "2026-03-04 13:00")) == "Fri 03-06 11:00"


def test_a_calendar_that_opens_no_more_is_never_due() -> None:
    calendar = Calendar(
        WorkingHours.model_validate({"time_zone": "UTC", "weekly_hours": {"mon": [["09:00", "17:00"]]}})
    )

    assert Stopwatch(calendar).due(instant(datetime(9997, 6, 1, tzinfo=UTC)), WorkingDays(working_days=1_000)) is None


def test_a_clock_by_the_wall_knows_no_working_days() -> None:
    with pytest.raises(TypeError, match="working days"):
        Stopwatch(None).due(0, WorkingDays(working_days=1))


WITHIN = st.builds(
    WorkingDays,
    working_days=st.integers(1, 3),
    end_of_day=st.booleans(),
    cut_off=st.none() | st.sampled_from((0, 120, 150, 540, 960, 1380, 1440)) | st.integers(0, 1440),
)


Question = tuple[Calendar, date, Instant, WorkingDays, list[Interval]]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any calendar around an odd day, a start there, a deadline, and pauses of which the last may not end."""
    hours, middle = draw(odd_hours())
    around = instant(datetime.combine(middle, time(12), UTC))
    instants = st.integers(-480, 480).map(lambda count: around + count * 15 * MINUTE) | st.integers(
        -5 * DAY, 5 * DAY
    ).map(lambda offset: around + offset)
    ends = sorted(draw(st.lists(instants, max_size=6, unique=True)))
    pauses = [Interval(*pair) for pair in zip(ends[::2], ends[1::2], strict=False)]
    if len(ends) % 2 and draw(st.booleans()):
        pauses.append(Interval(ends[-1], FOREVER))
    return Calendar(hours), middle, draw(instants), draw(WITHIN), pauses


@given(questions())
def test_deadlines_are_those_of_who_counts_day_by_day(
    question: Question,
) -> None:
    calendar, middle, start, within, pauses = question
    days = Days(calendar.hours, middle)

    assert Stopwatch(calendar).due(start, within) == days.due(start, within, [])
    assert Stopwatch(calendar, pauses).due(start, within) == days.due(start, within, pauses)


@given(questions())
def test_no_pause_makes_a_deadline_earlier_and_one_without_open_time_changes_nothing(
    question: Question,
) -> None:
    calendar, _, start, within, pauses = question
    dues = [Stopwatch(calendar, pauses[:count]).due(start, within) for count in range(len(pauses) + 1)]

    for pause, before, after in zip(pauses, dues[:-1], dues[1:], strict=True):
        if after is not None and before is not None:
            assert after >= before
            if pause.end != FOREVER and not calendar.between(max(start, pause.start), max(start, pause.end)):
                assert after == before
    resumed = [
        part
        for start, end in pauses
        for middle in [(start + end) // 2]
        for part in (Interval(start, middle), Interval(middle, end))
    ]
    assert Stopwatch(calendar, resumed).due(start, within) == dues[-1]


@examples(75)
@given(questions(), st.integers(0, 2 * DAY))
def test_a_later_start_is_due_no_earlier_where_clocks_do_not_change(question: Question, later: int) -> None:
    hours = question[0].hours.model_copy(update={"time_zone": "UTC"})
    watch, start, within = Stopwatch(Calendar(hours)), question[2], question[3]
    one, other = watch.due(start, within), watch.due(start + later, within)

    assert one is not None
    assert other is not None
    assert start < one <= other


@examples(75)
@given(questions(), st.integers(0, 5 * DAY))
def test_a_span_is_split_into_the_days_and_the_time_that_lead_to_its_end(question: Question, length: int) -> None:
    calendar, middle, start, _, _ = question
    count, days = DayCount(calendar), Days(calendar.hours, middle)

    whole, rest = count.split(start, start + length)

    assert (whole, rest) == days.split(start, start + length)
    reached = calendar.add(count.after(count.counted_from(start), whole), rest)
    assert calendar.between(start, start + length) == calendar.between(start, reached)


def test_years_of_an_hour_a_week_are_walked_through() -> None:
    assert due("2026-01-05 09:30", 52, hours={"mon": [["09:00", "10:00"]]}) == "Mon 01-04 09:30"
    assert due("2026-12-31 16:50", 1) == "Fri 01-01 16:50"
    assert due("2026-12-31 23:00", 1, hours=NIGHTS) == "Fri 01-01 23:00"
    assert due("2027-01-01 03:00", 1, hours=NIGHTS) == "Sat 01-02 03:00"
