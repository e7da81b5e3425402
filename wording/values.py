"""Values as people of a language write them: instants, days, durations, numbers, money."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.units import format_unit

from sla_rules.figures.numerals import money, number
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Duration
from wording.languages import Language


class Style(NamedTuple):
    """What Babel leaves open: patterns of CLDR for instants and days, and what stands between the units of a duration."""

    instant: str
    day: str
    between: str


STYLES: Final[dict[Language, Style]] = {
    "en": Style("EEE yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", ""),
    "es": Style("EEE d/M/yyyy H:mm:ss", "d/M/yyyy", " "),
}
_UNITS: Final = (
    (DAY, "duration-day"),
    (HOUR, "duration-hour"),
    (MINUTE, "duration-minute"),
    (SECOND, "duration-second"),
)


def said_instant(at: datetime, language: Language) -> str:
    """As `Mon 2026-03-02 10:00:00 CET`, in the zone that the instant has."""
    return f"{format_datetime(at, STYLES[language].instant, tzinfo=at.tzinfo, locale=language)} {at.tzname()}"


def said_day(day: date, language: Language) -> str:
    """As `2026-03-02`."""
    return format_date(day, STYLES[language].day, locale=language)


def said_duration(duration: Duration, language: Language) -> str:
    """As `1h30m`; what is below a second is cut."""
    parts = []
    left = duration
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(format_unit(count, unit, "narrow", locale=language))
    return STYLES[language].between.join(parts) or format_unit(0, "duration-second", "narrow", locale=language)


def said_number(value: Fraction | float, language: Language) -> str:
    """With up to ten decimals, as many as it has."""
    exact = number(value) if isinstance(value, Fraction) else value
    return format_decimal(Decimal(str(exact)), "#,##0.##########", locale=language)


def said_money(millionths: int, language: Language) -> str:
    """With two decimals, with more where there are more."""
    text = money(millionths)
    decimals = len(text.partition(".")[2])
    return format_decimal(Decimal(text), f"#,##0.{'0' * decimals}", locale=language)
