"""What a cell says, as a value of an event; what cannot be read is refused with a code and its values."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

from leadsla.importing.date_forms import by_form, has_time, year_first
from leadsla.importing.table import Cell
from sla_rules.instants import EPOCH, MICROSECOND, Instant, iso

Kind = Literal["text", "word", "number", "money", "duration", "day", "instant", "names", "yes_no", "scalar"]
"""How a field of an event is written; a word is one of a few, a scalar is as the spreadsheet has it."""


class CellRefused(Exception):
    """A cell cannot be read; `code` says why, in the words of the catalogues, `values` what of."""

    def __init__(self, code: str, /, **values: str) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def text_of(cell: Cell) -> str:
    """The cell as text: a whole number without decimals, dates as ISO 8601 has them; empty where it is blank."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat() if isinstance(cell, date | datetime | time) else str(cell)


@dataclass(slots=True)
class Dates:
    """Reads dates in the forms given, else as year, month and day; those without an offset lie in the zone.

    `put_back` counts those in an hour that the clocks showed twice, of which the first is taken.
    """

    forms: Sequence[str] | None
    zone: ZoneInfo | None
    put_back: int = 0

    def instant(self, cell: Cell) -> Instant:
        """When it was.

        Raises:
            CellRefused: it is no date with a time of day, or no zone says where.

        """
        at, timed = self._read(cell)
        if not timed:
            raise CellRefused("no-time-of-day", value=text_of(cell))
        if not MINYEAR < at.year < MAXYEAR:  # in another zone there might be no such year
            raise CellRefused("no-such-year", value=text_of(cell))
        if at.tzinfo is None:
            at = self._in_zone(at, cell)
        return (at - EPOCH) // MICROSECOND

    def day(self, cell: Cell) -> str:
        """The day, as `2026-03-14`.

        Raises:
            CellRefused: it is no date.

        """
        return self._read(cell)[0].date().isoformat()

    def _read(self, cell: Cell) -> tuple[datetime, bool]:
        if isinstance(cell, datetime):
            return cell, True
        if isinstance(cell, date):
            midnight = datetime.combine(cell, time())
            return midnight, any(not has_time(form) for form in self.forms or ())
        text = text_of(cell)
        if self.forms is None:
            found = year_first(text)
            if found is None:
                raise CellRefused("not-year-first" if _DAY_OR_MONTH.match(text) else "no-date", value=text)
            return found
        read = {at: None for form in self.forms if (at := by_form(text, form)) is not None}
        if len(read) != 1:
            forms = ", ".join(self.forms)
            raise CellRefused("not-of-form" if not read else "of-two-forms", value=text, forms=forms)
        return next(iter(read)), True

    def _in_zone(self, at: datetime, cell: Cell) -> datetime:
        if self.zone is None:
            raise CellRefused("no-zone", value=text_of(cell))
        local = at.replace(tzinfo=self.zone)
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            # Where the clocks went forward, no instant shows this time.
            if local.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != at:
                raise CellRefused("skipped-hour", value=text_of(cell), zone=self.zone.key)
            self.put_back += 1
        return local


_DAY_OR_MONTH: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Reads numbers; `decimal` is what stands before the decimals, None if nobody says."""

    decimal: str | None

    def number(self, cell: Cell) -> float:
        """As a float, whole or not.

        Raises:
            CellRefused: it is no number, or one that can be read in two ways.

        """
        plain = self._plain(cell)
        return int(plain) if plain.lstrip("+-").isdigit() else float(plain)

    def money(self, cell: Cell) -> str:
        """As the decimal text that events have.

        Raises:
            CellRefused: it is no number, or one that can be read in two ways.

        """
        return f"{Decimal(self._plain(cell)):f}"

    def _plain(self, cell: Cell) -> str:
        text = text_of(cell)
        if isinstance(cell, bool | date | time | timedelta):
            raise CellRefused("no-number", value=text)
        if isinstance(cell, int | float):
            if not abs(cell) < _MOST:  # which no NaN is, either
                raise CellRefused("no-number", value=text)
            return f"{Decimal(repr(cell)):f}"
        bare = text.replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "")
        if self.decimal is None and "," in bare:
            raise CellRefused("comma", value=text)
        point = self.decimal or "."
        if not re.fullmatch(_NUMBER_WITH[point], bare):
            raise CellRefused("no-number", value=text)
        return bare.replace("," if point == "." else ".", "").replace(point, ".")


_MOST: Final = 10.0**15
_NUMBER_WITH: Final = {
    ".": r"[+-]?(\d{1,3}(,\d{3})+|\d{1,15})(\.\d{1,12})?",
    ",": r"[+-]?(\d{1,3}(\.\d{3})+|\d{1,15})(,\d{1,12})?",
}


_CLOCK: Final = re.compile(r"(\d{1,3}):(\d\d):(\d\d)(?:\.\d+)?")
_SECONDS: Final = re.compile(r"\d{1,9}(\.\d{1,6})?")


def duration_of(cell: Cell) -> float:
    """Seconds, from seconds or `hours:minutes:seconds`.

    Raises:
        CellRefused: it is neither; `2:05` may be minutes or hours.

    """
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, time):
        return timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second).total_seconds()
    text = text_of(cell)
    if (clock := _CLOCK.fullmatch(text)) is not None:
        hours, minutes, seconds = map(int, clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    if not _SECONDS.fullmatch(text):
        raise CellRefused("no-duration", value=text)
    return float(text)


def word_of(cell: Cell) -> str:
    """One of a few words, however it is spelled: `No answer` is `no_answer`."""
    return re.sub(r"[\s-]+", "_", text_of(cell)).lower()


def names_of(cell: Cell) -> list[str]:
    """Several names in one cell, separated by commas or semicolons."""
    return [name for one in re.split("[,;]", text_of(cell)) if (name := one.strip())]


_YES: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("true", "yes", "1", "sí", "si"), True),
    **dict.fromkeys(("false", "no", "0"), False),
}


def yes_no_of(cell: Cell) -> bool:
    """Whether it says yes.

    Raises:
        CellRefused: it says neither yes nor no.

    """
    said = _YES.get(text_of(cell).lower())
    if said is None:
        raise CellRefused("no-yes-or-no", value=text_of(cell))
    return said


def scalar_of(cell: Cell) -> str | float | bool:
    """As a spreadsheet keeps it: text, a number, yes or no; of CSV it is text."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return int(cell) if float(cell).is_integer() else cell
    return text_of(cell)


def reader_of(kind: Kind, dates: Dates, numbers: Numbers) -> Callable[[Cell], object]:
    """What reads the cells of a field."""
    readers: dict[Kind, Callable[[Cell], object]] = {
        "text": text_of,
        "word": word_of,
        "number": numbers.number,
        "money": numbers.money,
        "duration": duration_of,
        "day": dates.day,
        "instant": lambda cell: iso(dates.instant(cell)),
        "names": names_of,
        "yes_no": yes_no_of,
        "scalar": scalar_of,
    }
    return readers[kind]
