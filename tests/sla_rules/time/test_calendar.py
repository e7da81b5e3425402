"""The conventions of the calendar, one by one. Company X works 09:00-12:30 and 13:30-18:00, on Fridays to 16:00."""

from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest

from sla_rules.instants import DAY, HOUR, MINUTE, instant, parse_duration
from sla_rules.notation import WEEKDAYS
from sla_rules.time.calendar import Calendar, NeverOpenError
from sla_rules.time.intervals import FOREVER
from sla_rules.time.working_hours import WorkingHours
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import company_x

NIGHT = {day: [["22:00", "06:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
EVERY_NIGHT = {**NIGHT, "sat": [["22:00", "06:00"]], "sun": [["22:00", "06:00"]]}
WHOLE_DAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SMALL_HOURS = {"sat": [["02:15", "02:45"]], "sun": [["02:15", "02:45"]]}


def calendar(weekly_hours: Any, zone: str = "Europe/Berlin", **more: Any) -> Calendar:
    return Calendar(WorkingHours.model_validate({"time_zone": zone, "weekly_hours": weekly_hours, **more}))


COMPANY_X = company_x().terms[0].calendar


@pytest.mark.parametrize(
    ("start", "within", "due"),
    [
        ("2026-03-02 09:00", "1h", "2026-03-02 10:00"),
        ("2026-03-02 08:00", "1h", "2026-03-02 10:00"),
        ("2026-03-02 12:00", "1h", "2026-03-02 14:00"),
        ("2026-03-02 12:30", "1h", "2026-03-02 14:30"),
        ("2026-03-02 13:00", "1h", "2026-03-02 14:30"),
        ("2026-03-02 11:30", "1h", "2026-03-02 12:30"),
        ("2026-03-02 17:00", "1h", "2026-03-02 18:00"),
        ("2026-03-02 18:00", "1h", "2026-03-03 10:00"),
        ("2026-03-06 15:30", "1h", "2026-03-09 09:30"),
        ("2026-03-06 16:00", "1s", "2026-03-09 09:00:01"),
        ("2026-03-07 11:00", "8h", "2026-03-09 18:00"),
        ("2026-03-02 09:00", "38h", "2026-03-06 16:00"),
        ("2026-03-02 09:00", "38h1s", "2026-03-09 09:00:01"),
        ("2026-04-02 17:30", "1h", "2026-04-07 09:30"),
        ("2026-12-23 17:30", "1h", "2026-12-28 09:30"),
        ("2026-12-30 17:59:59.999999", "1s", "2027-01-04 09:00:00.999999"),
    ],
)
def test_working_time_runs_in_working_hours_only(start: str, within: str, due: str) -> None:
    assert COMPANY_X.add(at(start), parse_duration(within)) == at(due)


def test_time_that_runs_out_at_closing_is_due_at_the_closing_and_not_at_the_next_opening() -> None:
    assert COMPANY_X.add(at("2026-03-06 15:00"), HOUR) == at("2026-03-06 16:00")
    assert COMPANY_X.add(at("2026-03-06 15:00"), HOUR + 1) == at("2026-03-09 09:00:00.000001")


def test_no_time_at_all_is_due_at_once_where_it_is_open_and_else_at_the_next_opening() -> None:
    assert COMPANY_X.add(at("2026-03-02 09:00"), 0) == at("2026-03-02 09:00")
    assert COMPANY_X.add(at("2026-03-02 12:30"), 0) == at("2026-03-02 13:30")
    assert COMPANY_X.add(at("2026-03-06 16:00"), 0) == at("2026-03-09 09:00")


def test_the_opening_instant_is_open_and_the_closing_instant_is_closed() -> None:
    asked = ("08:59:59.999999", "09:00", "12:29:59.999999", "12:30", "13:29:59.999999", "13:30", "18:00")

    assert [COMPANY_X.is_open(at(f"2026-03-02 {time}")) for time in asked] == [
        False,
        True,
        True,
        False,
        False,
        True,
        False,
    ]


def test_between_is_negative_backwards_and_nothing_outside_the_hours() -> None:
    assert COMPANY_X.between(at("2026-03-02 12:00"), at("2026-03-02 14:00")) == HOUR
    assert COMPANY_X.between(at("2026-03-02 14:00"), at("2026-03-02 12:00")) == -HOUR
    assert COMPANY_X.between(at("2026-03-06 16:00"), at("2026-03-09 09:00")) == 0
    assert COMPANY_X.between(at("2026-12-30 17:00"), at("2027-01-04 10:00")) == 2 * HOUR


def test_subtracting_finds_the_last_instant_from_which_the_time_passes() -> None:
    assert COMPANY_X.subtract(at("2026-03-02 14:00"), HOUR) == at("2026-03-02 12:00")
    assert COMPANY_X.subtract(at("2026-03-02 14:30"), HOUR) == at("2026-03-02 13:30")
    assert COMPANY_X.subtract(at("2026-03-02 12:30"), 3 * HOUR + 30 * MINUTE) == at("2026-03-02 09:00")
    assert COMPANY_X.subtract(at("2027-01-04 10:00"), 2 * HOUR) == at("2026-12-30 17:00")


def test_subtracting_nothing_finds_the_last_closing_as_adding_nothing_finds_the_next_opening() -> None:
    assert COMPANY_X.add(at("2026-03-07 12:00"), 0) == at("2026-03-09 09:00")
    assert COMPANY_X.subtract(at("2026-03-07 12:00"), 0) == at("2026-03-06 16:00")
    assert COMPANY_X.subtract(at("2026-03-07 12:00"), 1) == at("2026-03-06 16:00") - 1
    assert COMPANY_X.subtract(at("2026-03-02 13:00"), 0) == at("2026-03-02 12:30")
    assert COMPANY_X.subtract(at("2026-03-02 09:00"), 0) == at("2026-02-27 16:00")
    assert COMPANY_X.subtract(at("2026-03-02 10:00"), 0) == at("2026-03-02 10:00")
    assert COMPANY_X.subtract(at("2027-01-01 12:00"), 0) == at("2026-12-30 18:00")


@pytest.mark.parametrize("year", [1, 9999])
def test_of_years_that_a_calendar_cannot_lay_out_it_says_so(year: int) -> None:
    middle = instant(datetime(year, 6, 1, tzinfo=UTC))

    for ask in (COMPANY_X.add, COMPANY_X.subtract):
        with pytest.raises(OverflowError, match="calendars know the years 2 to 9998"):
            ask(middle, HOUR)


def test_time_that_was_never_open_is_no_answer() -> None:
    with pytest.raises(NeverOpenError):
        COMPANY_X.subtract(instant(datetime(2, 1, 3, tzinfo=UTC)), 1_000 * HOUR)


def test_public_holidays_and_dates_of_ones_own_are_closed() -> None:
    closed = {
        "2026-01-01",
        "2026-03-08",
        "2026-04-03",
        "2026-04-06",
        "2026-05-01",
        "2026-12-24",
        "2026-12-25",
        "2026-12-31",
    }

    assert not any(COMPANY_X.is_open(at(f"{day} 10:00")) for day in closed)
    assert COMPANY_X.is_open(at("2026-06-04 10:00")), "Corpus Christi is no holiday in Berlin"


def test_own_dates_go_before_overrides_overrides_before_public_holidays_and_these_before_the_weekly_hours() -> None:
    works = calendar(
        OFFICE,
        holidays={"country": "DE", "region": "BE", "dates": ["2026-04-01"]},
        date_overrides={
            "2026-04-01": [["10:00", "11:00"]],
            "2026-04-02": [["10:00", "11:00"]],
            "2026-04-03": [["10:00", "11:00"]],
            "2026-04-07": [],
        },
    )

    assert list(islice(works.open_intervals(at("2026-03-31 00:00")), 4)) == [
        (at("2026-03-31 09:00"), at("2026-03-31 17:00")),
        (at("2026-04-02 10:00"), at("2026-04-02 11:00")),
        (at("2026-04-03 10:00"), at("2026-04-03 11:00")),
        (at("2026-04-08 09:00"), at("2026-04-08 17:00")),
    ], "1 April by a date of one's own, Good Friday by an override; Easter Monday is a holiday, the 7th an override"


def test_a_public_holiday_that_is_left_out_is_a_day_like_any_other() -> None:
    works = calendar(
        OFFICE, "America/New_York", holidays={"country": "US", "except": ["columbus day", "Christmas Day"]}
    )

    opened = ["2026-10-12", "2026-12-25", "2027-12-24"]
    assert all(works.is_open(at(f"{day} 10:00", "America/New_York")) for day in opened), (
        "the day that stands for it, too"
    )
    assert not works.is_open(at("2026-11-26 10:00", "America/New_York")), "Thanksgiving"


def test_the_day_that_stands_for_a_holiday_may_be_left_out_alone() -> None:
    works = calendar(OFFICE, "America/New_York", holidays={"country": "US", "except": ["Christmas Day (observed)"]})

    assert works.is_open(at("2027-12-24 10:00", "America/New_York"))
    assert not works.is_open(at("2026-12-25 10:00", "America/New_York"))


def test_a_public_holiday_may_be_open_for_a_part_of_the_day_and_an_override_goes_before_that() -> None:
    works = calendar(
        OFFICE,
        holidays={"country": "DE", "region": "BE", "open": {"Karfreitag": [["09:00", "12:00"]]}},
        date_overrides={"2027-03-26": []},
    )

    assert works.between(at("2026-04-03 00:00"), at("2026-04-04 00:00")) == 3 * HOUR
    assert works.between(at("2027-03-26 00:00"), at("2027-03-27 00:00")) == 0


def test_of_two_holidays_on_one_date_both_have_to_be_open() -> None:
    """1 May 2008 was Labour Day and Ascension Day."""
    both = {"Erster Mai": [["09:00", "12:00"]], "Ascension Day": [["09:00", "10:00"]]}
    one = {"Erster Mai": both["Erster Mai"]}
    ask = at("2008-05-01 00:00"), at("2008-05-02 00:00")

    assert calendar(OFFICE, holidays={"country": "DE", "open": one}).between(*ask) == 0
    assert calendar(OFFICE, holidays={"country": "DE", "open": both}).between(*ask) == HOUR
    assert calendar(OFFICE, holidays={"country": "DE", "except": ["Ascension Day"]}).between(*ask) == 0
    assert calendar(OFFICE, holidays={"country": "DE", "except": list(both)}).between(*ask) == 8 * HOUR
    assert (
        calendar(OFFICE, holidays={"country": "DE", "open": one, "except": ["Ascension Day"]}).between(*ask) == 3 * HOUR
    )


def test_dates_of_every_year_close_open_and_cut_and_one_date_goes_before_that_of_every_year() -> None:
    works = calendar(
        OFFICE,
        holidays={"dates": ["12-24"]},
        date_overrides={"12-31": [["09:00", "12:00"]], "2027-12-31": [["09:00", "10:00"]]},
        breaks={"06-16": [["12:00", "13:00"]], "2027-06-16": []},
    )

    def open_on(day: str) -> int:
        return works.between(at(f"{day} 00:00"), at(f"{day} 00:00") + DAY) // HOUR

    assert [open_on(f"{year}-12-24") for year in (2026, 2027, 2029)] == [0, 0, 0]
    assert [open_on(f"{year}-12-31") for year in (2025, 2026, 2027)] == [3, 3, 1]
    assert [open_on(f"{year}-06-16") for year in (2025, 2026, 2027)] == [7, 7, 8]


def test_a_half_day_of_every_year_opens_no_weekday_that_is_closed_and_one_date_does() -> None:
    works = calendar(
        OFFICE,
        holidays={"country": "DE", "open": {"Christmas Day": [["09:00", "10:00"]]}},
        date_overrides={"12-24": [["09:00", "12:00"]], "2034-12-24": [["10:00", "11:00"]]},
    )
    sundays = ["2028-12-24", "2034-12-24", "2022-12-25"]

    assert [works.between(at(f"{day} 00:00"), at(f"{day} 00:00") + DAY) // HOUR for day in sundays] == [0, 1, 0]
    assert works.between(at("2026-12-24 00:00"), at("2026-12-26 00:00")) == 4 * HOUR


def test_the_29th_of_february_of_every_year_comes_in_leap_years() -> None:
    works = calendar(OFFICE, holidays={"dates": ["02-29"]})

    assert not works.is_open(at("2028-02-29 10:00"))
    assert works.is_open(at("2027-03-01 10:00"))
    assert works.is_open(at("2028-02-28 10:00"))


def test_breaks_of_a_date_are_cut_out_of_whatever_hours_it_has() -> None:
    works = calendar(
        OFFICE,
        date_overrides={"2026-03-03": [["12:00", "15:00"]]},
        breaks={"2026-03-02": [["08:00", "10:00"], ["12:00", "13:00"]], "2026-03-03": [["14:00", "16:00"]]},
    )

    assert list(islice(works.open_intervals(at("2026-03-02 00:00")), 3)) == [
        (at("2026-03-02 10:00"), at("2026-03-02 12:00")),
        (at("2026-03-02 13:00"), at("2026-03-02 17:00")),
        (at("2026-03-03 12:00"), at("2026-03-03 14:00")),
    ]


def test_spans_that_overlap_or_touch_count_once() -> None:
    works = calendar({"mon": [["12:00", "14:00"], ["09:00", "12:00"], ["11:00", "13:00"]]})

    assert next(works.open_intervals(at("2026-03-01 00:00"))) == (at("2026-03-02 09:00"), at("2026-03-02 14:00"))


def test_24_00_is_the_next_midnight() -> None:
    works = calendar(WHOLE_DAYS)

    assert works.is_open(at("2026-03-06 23:59:59.999999"))
    assert not works.is_open(at("2026-03-07 00:00"))
    assert works.add(at("2026-03-05 00:00"), 2 * DAY) == at("2026-03-07 00:00")
    assert works.add(at("2026-03-06 23:00"), 2 * HOUR) == at("2026-03-09 01:00")


def test_a_night_shift_crosses_midnight_and_keeps_its_hours_on_the_day_after() -> None:
    works = calendar(NIGHT, holidays={"dates": ["2026-03-03"]})

    assert list(islice(works.open_intervals(at("2026-03-02 12:00")), 2)) == [
        (at("2026-03-02 22:00"), at("2026-03-03 06:00")),
        (at("2026-03-04 22:00"), at("2026-03-05 06:00")),
    ]
    assert works.add(at("2026-03-06 23:00"), 8 * HOUR) == at("2026-03-09 23:00")
    assert works.is_open(at("2026-03-07 05:59"))


def test_a_night_shift_runs_on_over_the_new_year() -> None:
    works = calendar(EVERY_NIGHT)

    assert works.between(at("2026-12-31 12:00"), at("2027-01-01 12:00")) == 8 * HOUR
    assert works.add(at("2026-12-31 23:00"), 2 * HOUR) == at("2027-01-01 01:00")
    assert works.subtract(at("2027-01-01 01:00"), 2 * HOUR) == at("2026-12-31 23:00")


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC"])
def test_the_year_is_that_of_the_zone(zone: str) -> None:
    works = calendar({"thu": [["12:00", "24:00"]]}, zone)
    evening, midnight = at("2026-12-31 20:00", zone), at("2027-01-01 00:00", zone)

    assert works.is_open(evening)
    assert works.is_open(midnight - 1)
    assert not works.is_open(midnight)
    assert works.between(evening, midnight + DAY) == 4 * HOUR
    assert works.add(evening, 5 * HOUR) == at("2027-01-07 13:00", zone)
    assert works.subtract(evening, 9 * HOUR) == at("2026-12-24 23:00", zone)
    assert next(works.open_intervals(evening)) == (evening, midnight)


@pytest.mark.parametrize(
    ("night", "hours"), [("2026-03-28", 7), ("2026-03-27", 8), ("2026-10-24", 9), ("2026-10-23", 8)]
)
def test_a_night_in_which_clocks_change_is_an_hour_shorter_or_longer(night: str, hours: int) -> None:
    works = calendar(EVERY_NIGHT)

    assert works.between(at(f"{night} 21:00"), at(f"{night} 21:00") + 12 * HOUR) == hours * HOUR


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-14", 24)])
def test_days_have_23_24_or_25_hours(day: str, hours: int) -> None:
    works = calendar({"sun": [["00:00", "24:00"]]})
    midnight = at(f"{day} 00:00")

    assert works.between(midnight - DAY, midnight + 2 * DAY) == hours * HOUR
    assert works.add(midnight, hours * HOUR) == midnight + hours * HOUR


def test_24_hours_on_a_day_of_25_end_an_hour_before_midnight() -> None:
    works = calendar(
        {**WHOLE_DAYS, "sun": [["00:00", "24:00"]], "sat": [["00:00", "24:00"]]}, breaks={"2030-01-01": []}
    )

    assert works.add(at("2026-10-25 00:00"), 24 * HOUR) == at("2026-10-25 23:00")


def test_a_time_that_does_not_exist_is_read_an_hour_later() -> None:
    works = calendar(SMALL_HOURS)

    assert next(works.open_intervals(at("2026-03-28 12:00"))) == (at("2026-03-29 03:15"), at("2026-03-29 03:45"))


def test_a_span_whose_ends_the_gap_turns_round_is_no_span() -> None:
    works = calendar({"sun": [["02:30", "03:15"]]})

    assert works.next_open(at("2026-03-28 12:00")) == at("2026-04-05 02:30")


def test_a_time_that_exists_twice_is_the_first() -> None:
    works = calendar(SMALL_HOURS)

    assert next(works.open_intervals(at("2026-10-24 12:00"))) == (
        at("2026-10-25 02:15+02:00"),
        at("2026-10-25 02:45+02:00"),
    )
    assert not works.is_open(at("2026-10-25 02:30+01:00"))


def test_hours_over_an_hour_that_exists_twice_hold_both() -> None:
    assert calendar({"sun": [["01:00", "04:00"]]}).between(at("2026-10-25 00:00"), at("2026-10-25 12:00")) == 4 * HOUR


def test_a_leap_day_is_a_day() -> None:
    works = calendar(OFFICE)

    assert works.between(at("2028-02-28 00:00"), at("2028-03-01 00:00")) == 16 * HOUR
    assert works.add(at("2028-02-28 16:00"), 2 * HOUR) == at("2028-02-29 10:00")


def test_an_hour_a_week_adds_up_over_the_years() -> None:
    works = calendar({"mon": [["00:00", "01:00"]]})

    assert works.add(at("2026-03-02 00:00"), 100 * HOUR) == at("2028-01-24 01:00")


def test_a_calendar_that_does_not_open_for_long_enough_says_so() -> None:
    works = calendar(OFFICE, "UTC")

    with pytest.raises(NeverOpenError):
        works.add(at("9996-12-01 00:00+00:00"), 10**6 * HOUR)


def test_the_zone_is_the_calendars_wherever_the_lead_is() -> None:
    assert calendar(OFFICE, "America/New_York").next_open(at("2026-03-02 09:00")) == at("2026-03-02 15:00")
    assert calendar(OFFICE, "Asia/Kolkata").next_open(at("2026-03-01 12:00")) == at("2026-03-02 04:30")


def test_what_is_always_open_is_one_segment_without_an_end() -> None:
    always = Calendar(WorkingHours(time_zone="UTC", weekly_hours=dict.fromkeys(WEEKDAYS, ((0, 1440),))))

    assert list(always.open_intervals(5)) == [(5, FOREVER)]
