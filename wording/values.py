"""Values as people of a language write them: instants, days, durations, numbers, money."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from babel.dates import format_date, format_datetime, get_day_names, get_month_names
from babel.numbers import format_decimal
from babel.units import format_unit

from sla_rules.figures.numerals import money, number
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Duration
from wording.languages import Language


class Style(NamedTuple):
    """What Babel leaves open: patterns of CLDR for instants, days and months, and what stands between parts."""

    time: str
    day: str
    weekday: str
    month: str
    between: str
    percent: str


STYLES: Final[dict[Language, Style]] = {
    "en": Style("HH:mm:ss", "yyyy-MM-dd", "EEE", "yyyy-MM", "", "%"),
    "es": Style("H:mm:ss", "d/M/yyyy", "EEE", "MMM yyyy", " ", "\N{NO-BREAK SPACE}%"),
}
TEN_DIGITS: Final = 10**10
_UNITS: Final = (
    (DAY, "duration-day"),
    (HOUR, "duration-hour"),
    (MINUTE, "duration-minute"),
    (SECOND, "duration-second"),
)


def said_instant(
    at: datetime, language: Language, *, weekday: bool = True, seconds: bool = True, zone: bool = True
) -> str:
    """As `Mon 2026-03-02 10:00:00 CET`, in its zone; the day of the week, the seconds and the zone can be left out."""
    style = STYLES[language]
    time = style.time if seconds else style.time.removesuffix(":ss")
    pattern = f"{style.weekday} {style.day} {time}" if weekday else f"{style.day} {time}"
    said = format_datetime(at, pattern, tzinfo=at.tzinfo, locale=language)
    return f"{said} {at.tzname()}" if zone else said


def said_time_of_week(at: datetime, language: Language, *, zone: bool = True) -> str:
    """As `Mon 10:00 CET`, in its zone, which can be left out."""
    style = STYLES[language]
    pattern = f"{style.weekday} {style.time.removesuffix(':ss')}"
    said = format_datetime(at, pattern, tzinfo=at.tzinfo, locale=language)
    return f"{said} {at.tzname()}" if zone else said


def said_day(day: date, language: Language, *, weekday: bool = False) -> str:
    """As `2026-03-02`, or `Mon 2026-03-02`."""
    style = STYLES[language]
    return format_date(day, f"{style.weekday} {style.day}" if weekday else style.day, locale=language)


def said_month(day: date, language: Language) -> str:
    """The month of a day, as `2026-03`."""
    return format_date(day, STYLES[language].month, locale=language)


def said_month_name(month: int, language: Language) -> str:
    """The name of a month of the year, 1 to 12, as it stands in a sentence."""
    return str(get_month_names("wide", "format", locale=language)[month])


def said_weekday(number: int, language: Language) -> str:
    """The name of a day of the week, Monday being 0, as it heads a column."""
    return str(get_day_names("abbreviated", "stand-alone", locale=language)[number])


def said_duration(duration: Duration, language: Language, units: int = len(_UNITS)) -> str:
    """As `1h30m`, of the largest unit there is and those below it, so many of them; what is below is cut."""
    parts: list[str] = []
    left = duration
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(format_unit(count, unit, "narrow", locale=language))
        units -= bool(parts)
        if not units:
            break
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


def said_fixed(value: float | Fraction, language: Language, decimals: int, *, sign: bool = False) -> str:
    """With so many decimals; with a sign before what is more than nothing, too."""
    digits = f"#,##0{'.' if decimals else ''}{'0' * decimals}"
    rounded = Decimal(f"{float(value):.{decimals}f}")
    return format_decimal(rounded, f"+{digits};-{digits}" if sign else digits, locale=language)


def said_percentage(ratio: Fraction | Decimal | float, language: Language, decimals: int) -> str:
    """As `66.7%`, with so many decimals."""
    return f"{said_fixed(float(ratio) * 100, language, decimals)}{STYLES[language].percent}"


def said_figure(value: Fraction | Decimal | float, language: Language) -> str:
    """With ten digits at most; a number that has more before its decimals stands without those."""
    rounded = Decimal(f"{float(value):.10g}" if abs(float(value)) < TEN_DIGITS else f"{float(value):.0f}")
    return format_decimal(rounded, "#,##0.##########", locale=language)


def said_share(ratio: Fraction | Decimal, language: Language) -> str:
    """As `99.9%`, with as many decimals as it has."""
    return f"{said_figure(ratio * 100, language)}{STYLES[language].percent}"
