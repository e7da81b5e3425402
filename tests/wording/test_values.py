"""Values are written as people of a language write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, format_duration
from wording.languages import Language
from wording.voice import Voice


def test_instants_are_said_in_their_zone() -> None:
    at = datetime(2026, 7, 1, 8, 5, 9, tzinfo=UTC).astimezone(ZoneInfo("Europe/Madrid"))

    assert Voice("en").instant(at) == "Wed 2026-07-01 10:05:09 CEST"
    assert Voice("es").instant(at) == "mié 1/7/2026 10:05:09 CEST"


@pytest.mark.parametrize(
    ("duration", "english", "spanish"),
    [
        (0, "0s", "0s"),
        (1, "less than a second", "menos de un segundo"),
        (SECOND, "1s", "1s"),
        (90 * MINUTE, "1h30m", "1h 30min"),
        (2 * DAY + 3 * HOUR, "2d3h", "2d 3h"),
    ],
)
def test_durations_are_short(duration: int, english: str, spanish: str) -> None:
    assert (Voice("en").duration(duration), Voice("es").duration(duration)) == (english, spanish)


@pytest.mark.parametrize(
    ("duration", "english", "spanish"),
    [
        (MINUTE + 30 * SECOND + 1, "1m30s", "1min 30s"),
        (HOUR + 59 * MINUTE + 59 * SECOND, "1h59m", "1h 59min"),
        (2 * DAY + 59 * MINUTE, "2d", "2d"),
        (0, "0s", "0s"),
    ],
)
def test_said_roughly_a_duration_has_two_units_at_most(duration: int, english: str, spanish: str) -> None:
    assert (Voice("en").roughly(duration), Voice("es").roughly(duration)) == (english, spanish)


@pytest.mark.parametrize("duration", [SECOND, 90 * MINUTE, 25 * HOUR, 3 * DAY + SECOND])
def test_in_english_durations_are_those_of_the_agreement_file(duration: int) -> None:
    assert Voice("en").duration(duration) == format_duration(duration)


@pytest.mark.parametrize(
    ("language", "number", "money", "day"),
    [("en", "12,345.5", "12,345.50", "2026-03-02"), ("es", "12.345,5", "12.345,50", "2/3/2026")],
)
def test_numbers_money_and_days(language: Language, number: str, money: str, day: str) -> None:
    voice = Voice(language)

    assert voice.number(Fraction("12345.5")) == number
    assert voice.money(12_345_500_000) == money
    assert voice.day(date(2026, 3, 2)) == day


@pytest.mark.parametrize(
    ("language", "month", "name", "fixed", "percentage", "share"),
    [
        ("en", "2026-03", "March", "+1,234.5", "66.7%", "99.95%"),
        ("es", "mar 2026", "marzo", "+1.234,5", "66,7\N{NO-BREAK SPACE}%", "99,95\N{NO-BREAK SPACE}%"),
    ],
)
def test_months_rounded_numbers_and_ratios(
    language: Language, month: str, name: str, fixed: str, percentage: str, share: str
) -> None:
    voice = Voice(language)

    assert (voice.month(date(2026, 3, 2)), voice.month_name(3)) == (month, name)
    assert voice.fixed(1234.5, 1, sign=True) == fixed
    assert voice.percentage(Fraction(2, 3), 1) == percentage
    assert voice.share(Decimal("0.9995")) == share


def test_a_day_of_the_week_and_a_zone_are_said_where_they_are_wanted() -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Europe/Madrid"))

    assert Voice("en").instant(at, weekday=False) == "2026-03-02 09:00:00 CET"
    assert Voice("es").instant(at, zone=False) == "lun 2/3/2026 9:00:00"
    assert Voice("en").day(at.date(), weekday=True) == "Mon 2026-03-02"


def test_a_figure_has_ten_digits_at_most() -> None:
    assert Voice("en").figure(Fraction(100, 3)) == "33.33333333"
    assert Voice("es").figure(Fraction(12_345)) == "12.345"
    assert Voice("en").figure(Fraction("12345678912.75")) == "12,345,678,913"
