"""Says reasons and messages in one language."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin

from msgspec.structs import fields

from sla_rules.figures.units import UNIT, Unit
from sla_rules.instants import SECOND, Duration
from sla_rules.reports.reasons import Reason, code_of
from wording.catalogue import Value, message
from wording.languages import Language
from wording.values import (
    said_day,
    said_duration,
    said_figure,
    said_fixed,
    said_instant,
    said_money,
    said_month,
    said_month_name,
    said_number,
    said_percentage,
    said_share,
    said_time_of_week,
    said_weekday,
)


@dataclass(frozen=True, slots=True)
class Voice:
    """One language."""

    language: Language

    def text(self, name: str, /, **values: Value | None) -> str:
        """A message of the catalogues.

        Raises:
            CatalogueError: there is none of that name, or it wants a value that is not given.

        """
        return message(self.language, name, values)

    def say(self, reason: Reason) -> str:
        """A reason, as a sentence or a part of one."""
        return message(self.language, code_of(type(reason)), dict(self._values(reason)))

    def instant(self, at: datetime, *, weekday: bool = True, seconds: bool = True, zone: bool = True) -> str:
        """An instant in the zone that it has; the day of the week, the seconds and the zone can be left out."""
        return said_instant(at, self.language, weekday=weekday, seconds=seconds, zone=zone)

    def time_of_week(self, at: datetime, *, zone: bool = True) -> str:
        """The day of the week and the time of an instant that is near, in the zone that it has."""
        return said_time_of_week(at, self.language, zone=zone)

    def day(self, day: date, *, weekday: bool = False) -> str:
        """A day."""
        return said_day(day, self.language, weekday=weekday)

    def month(self, day: date) -> str:
        """The month of a day, with its year."""
        return said_month(day, self.language)

    def month_name(self, month: int) -> str:
        """A month of any year, 1 to 12."""
        return said_month_name(month, self.language)

    def weekday(self, number: int) -> str:
        """A day of the week, Monday being 0."""
        return said_weekday(number, self.language)

    def duration(self, duration: Duration) -> str:
        """A span of time; less than a second is said as such."""
        if 0 < duration < SECOND:
            return self.text("less-than-a-second")
        return said_duration(duration, self.language)

    def roughly(self, duration: Duration) -> str:
        """A span of time in its largest unit and the one below it, so that two days and a minute are two days."""
        return said_duration(duration, self.language, units=2)

    def number(self, value: Any) -> str:
        """A number, with as many decimals as it has."""
        return said_number(value, self.language)

    def figure(self, value: Fraction | Decimal | float) -> str:
        """A number with ten digits at most, but for those before its decimals."""
        return said_figure(value, self.language)

    def fixed(self, value: Fraction | float, decimals: int, *, sign: bool = False) -> str:
        """A number with so many decimals, with a plus before it where signs matter."""
        return said_fixed(value, self.language, decimals, sign=sign)

    def percentage(self, ratio: Fraction | float, decimals: int) -> str:
        """A ratio with so many decimals."""
        return said_percentage(ratio, self.language, decimals)

    def share(self, ratio: Fraction | Decimal) -> str:
        """A ratio with as many decimals as it has."""
        return said_share(ratio, self.language)

    def money(self, millionths: int) -> str:
        """An amount, without its currency."""
        return said_money(millionths, self.language)

    def _values(self, reason: Reason) -> Iterator[tuple[str, Value | None]]:
        for one in fields(reason):
            value = getattr(reason, one.name)
            if isinstance(value, tuple):
                between = "; " if value and isinstance(value[0], Reason) else ", "
                yield one.name, between.join(str(self._value(None, part)) for part in value)
                yield f"{one.name}_count", len(value)
            else:
                yield one.name, self._value(unit_of(one.type), value)

    def _value(self, unit: Unit | None, value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, Reason):
            return self.say(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if unit is None or unit is Unit.COUNT:
            return value
        return _SAID[unit](self, value)


_SAID: Final[Mapping[Unit, Callable[[Voice, Any], str]]] = {
    Unit.LOCAL: Voice.instant,
    Unit.DAY: Voice.day,
    Unit.SECONDS: Voice.duration,
    Unit.ROUGH_SECONDS: Voice.roughly,
    Unit.NUMBER: Voice.number,
    Unit.MONEY: Voice.money,
}
"""Units that reasons have, and how they are said."""


def unit_of(declared: Any) -> Unit | None:
    """The unit that a field is declared with, itself or beside None."""
    if get_origin(declared) is Annotated:
        unit: Unit = get_args(declared)[1].extra[UNIT]
        return unit
    parts = [part for part in get_args(declared) if part is not NoneType]
    return unit_of(parts[0]) if len(parts) == 1 else None
