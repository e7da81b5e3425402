from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, WEEK, format_duration, instant, iso, moment, parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90s", 90 * SECOND),
        ("1h30m", 90 * MINUTE),
        ("14d", 14 * DAY),
        ("2w", 2 * WEEK),
        ("1w1d1h1m1s", WEEK + DAY + HOUR + MINUTE + SECOND),
        ("0s", 0),
    ],
)
def test_a_duration_is_read_by_its_units(text: str, duration: int) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", "5", "1.5h", "1 h", "30m1h", "1h1h", "-5m", "5M", "5min", "h", "1h\n", "1h ", "PT1H"]
)
def test_what_is_no_duration_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@given(st.integers(0, 10**9).map(lambda count: count * SECOND))
def test_a_duration_of_whole_seconds_is_written_as_it_is_read(duration: int) -> None:
    assert parse_duration(format_duration(duration)) == duration


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_the_moment_to_the_microsecond(at: datetime) -> None:
    assert moment(instant(at)) == at
    assert datetime.fromisoformat(iso(instant(at))) == at


def test_an_instant_counts_microseconds_from_1970() -> None:
    assert instant(datetime(1970, 1, 2, tzinfo=UTC)) == DAY
    assert iso(DAY + 5) == "1970-01-02T00:00:00.000005Z"
    assert iso(-SECOND) == "1969-12-31T23:59:59Z"


def test_a_time_without_an_offset_is_no_instant() -> None:
    with pytest.raises(ValueError, match="has no UTC offset"):
        instant(datetime(2026, 1, 1))  # noqa: DTZ001
