"""How dates are written in a table, told from how some of them look; day first or month first is never guessed."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

_DIRECTIVES: Final = frozenset("YymdHIMSfpzbB%")
_LONGEST: Final = 60


def check_form(form: str) -> str:
    """The form itself.

    Raises:
        ValueError: it is none that a date can be read by.

    """
    used = re.findall(r"%(.?)", form)
    wrong = next((one for one in used if one not in _DIRECTIVES), None)
    if wrong is not None:
        message = f"{form!r} has %{wrong}; dates are written with %Y %y %m %b %B %d %H %I %p %M %S %f %z"
        raise ValueError(message)
    has_year, has_month = set(used) & {"Y", "y"}, set(used) & {"m", "b", "B"}
    if not (has_year and has_month and "d" in used) or len(used) != len(set(used)) or len(form) > _LONGEST:
        message = f"{form!r} is no form of a date with year, month and day; write for example %d/%m/%Y %H:%M"
        raise ValueError(message)
    return form


def has_time(form: str) -> bool:
    """Whether dates of a form say what time of day it was."""
    return "%H" in form or "%I" in form


def by_form(text: str, form: str) -> datetime | None:
    """The date that a text is in a form, with an offset only where the form has one; None where it is none."""
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the mapping's
    except ValueError:
        return None


_YEAR_FIRST: Final = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d*)?)? ?(Z|[+-]\d\d:?\d\d)?)?",
)


class YearFirst(NamedTuple):
    """A date that was read by itself; `has_time` says whether it has a time of day."""

    at: datetime
    has_time: bool


def year_first(text: str) -> YearFirst | None:
    """As `2026-03-14 15:04`, `2026-03-14T15:04:54Z`; None where a text is nothing like it, or no day that there is."""
    if (match := _YEAR_FIRST.fullmatch(text)) is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    clock = f"{int(hour):02}:{minute}:{second or '00'}.{(fraction or '0'):<06}" if hour else "00:00:00"
    try:
        at = datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}T{clock}{offset or ''}")
    except ValueError:
        return None
    return YearFirst(at, hour is not None)


_LOOK: Final = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)"
    r"(?:(?P<between>, | |T)\d{1,2}:\d\d(?P<seconds>:\d\d)?(?P<half> ?[AaPp][Mm])?)?"
)
_MONTHS: Final = 12


class Look(NamedTuple):
    """How a column's dates may be written: the forms if the day comes first, and if the month does.

    `day_first_at` and `month_first_at` are rows of dates that can only be so; None where there is none.
    """

    day_first: tuple[str, ...]
    month_first: tuple[str, ...]
    day_first_at: int | None
    month_first_at: int | None

    @property
    def decided(self) -> Sequence[str] | None:
        """The forms, if the dates themselves say which; None where they leave it open, or are of both sorts."""
        if (self.day_first_at is None) == (self.month_first_at is None):
            return None
        return self.month_first if self.day_first_at is None else self.day_first


def look_of(dates: Sequence[tuple[int, str]]) -> Look | None:
    """How dates, each with its row, may be written; None where there is none that the day or the month may come first in."""
    forms: dict[bool, dict[str, None]] = {True: {}, False: {}}
    at: dict[bool, int | None] = {True: None, False: None}
    for row, text in dates:
        if (match := _LOOK.fullmatch(text)) is None:
            continue
        for day_first in (True, False):
            forms[day_first].setdefault(_form(match, day_first=day_first))
        if int(match["first"]) > _MONTHS:
            at[True] = at[True] or row
        elif int(match["second"]) > _MONTHS:
            at[False] = at[False] or row
    if not forms[True]:
        return None
    others = tuple(_of_year_first(dates))
    return Look((*forms[True], *others), (*forms[False], *others), at[True], at[False])


def _form(match: re.Match[str], *, day_first: bool) -> str:
    days = ("%d", "%m") if day_first else ("%m", "%d")
    day = match["mark"].join([*days, "%Y" if len(match["year"]) > 2 else "%y"])  # noqa: PLR2004 - digits of a year
    if match["between"] is None:
        return day
    half = match["half"]
    clock = "%H:%M" if half is None else "%I:%M"
    seconds = "" if match["seconds"] is None else ":%S"
    return f"{day}{match['between']}{clock}{seconds}{'' if half is None else half[:-2] + '%p'}"


def _of_year_first(dates: Sequence[tuple[int, str]]) -> Iterator[str]:
    """The forms of dates that could be read as they are, beside others that cannot."""
    found: dict[str, None] = {}
    for _, text in dates:
        if (match := _YEAR_FIRST.fullmatch(text)) is not None:
            day = "%Y/%m/%d" if "/" in text[:7] else "%Y-%m-%d"
            between = text[match.start(4) - 1] if match[4] else ""
            clock = (
                f"{between}%H:%M{'' if match[6] is None else ':%S'}{'' if match[7] is None else '.%f'}"
                if match[4]
                else ""
            )
            found.setdefault(f"{day}{clock}{'' if match[8] is None else '%z'}")
    yield from found
