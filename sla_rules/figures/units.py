"""What the values of results are, and how each is written for others.

A result keeps instants and durations in microseconds, money in millionths or as a fraction, and ratios as fractions, so
that whoever reads it can go on calculating. Its unit stands in the declaration of the type; whoever writes a result
down (`sla_rules.reports.json_form`) goes by it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from fractions import Fraction
from typing import Annotated, Final, TypeVar

from msgspec import Meta

from sla_rules import instants
from sla_rules.notation import Frozen

UNIT: Final = "unit"
INLINE: Final = "inline"


class Unit(Enum):
    """How a value is written."""

    COUNT = auto()
    """A whole number, not negative."""
    INSTANT = auto()
    """RFC 3339 in UTC."""
    MOMENT = auto()
    """A datetime, as RFC 3339 in UTC."""
    LOCAL = auto()
    """RFC 3339 with the offset of its zone."""
    DAY = auto()
    """The day, as 2026-03-14."""
    SECONDS = auto()
    """Microseconds as seconds, in floating point."""
    ROUGH_SECONDS = auto()
    """The same for programs; people are told the two largest units."""
    WHOLE_SECONDS = auto()
    """Microseconds as seconds: whole numbers as such, others in floating point."""
    NUMBER = auto()
    """Whole numbers as such, others in floating point."""
    RATIO = auto()
    """In floating point."""
    MONEY = auto()
    """Millionths of a currency as decimal text."""
    RATE = auto()
    """An amount of a currency as decimal text, to the millionth."""
    DECIMAL = auto()
    """Decimal text."""
    AGREED = auto()
    """As an agreement file has it."""


Count = Annotated[int, Meta(extra={UNIT: Unit.COUNT})]
Time = Annotated[instants.Instant, Meta(extra={UNIT: Unit.INSTANT})]
Moment = Annotated[datetime, Meta(extra={UNIT: Unit.MOMENT}, tz=True)]
"""Where a record is written and read as often as an event comes: what a datetime looks like, the library knows."""
Day = Annotated[date, Meta(extra={UNIT: Unit.DAY})]
Duration = Annotated[instants.Duration, Meta(extra={UNIT: Unit.SECONDS})]
RoughDuration = Annotated[instants.Duration, Meta(extra={UNIT: Unit.ROUGH_SECONDS})]
AverageDuration = Annotated[Fraction, Meta(extra={UNIT: Unit.SECONDS})]
"""Microseconds, exact."""
AverageCycle = Annotated[Fraction, Meta(extra={UNIT: Unit.WHOLE_SECONDS})]
"""Microseconds, exact."""
Figure = Annotated[int | float, Meta(extra={UNIT: Unit.NUMBER})]
Number = Annotated[Fraction, Meta(extra={UNIT: Unit.NUMBER})]
Ratio = Annotated[Fraction, Meta(extra={UNIT: Unit.RATIO})]
Money = Annotated[int, Meta(extra={UNIT: Unit.MONEY})]
"""Millionths of a currency."""
Rate = Annotated[Fraction, Meta(extra={UNIT: Unit.RATE})]
"""What something is worth in a currency, exact."""
Exact = Annotated[Decimal, Meta(extra={UNIT: Unit.DECIMAL})]
Agreed = Annotated[Frozen, Meta(extra={UNIT: Unit.AGREED})]
"""Terms, as far as they are no defaults."""
ByCurrency = Mapping[str, Money]
"""Sums by currency, which are never added together."""

T = TypeVar("T")
Inline = Annotated[T, Meta(extra={INLINE: True})]
"""A result whose values are written among those of the one that holds it."""
