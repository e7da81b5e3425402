"""Values are written as people of a language write them."""

from datetime import UTC, date, datetime
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
