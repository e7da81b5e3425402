"""A sample of every reason there is, with its values there and not there."""

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from itertools import product
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from msgspec.structs import fields

from sla_rules.figures.units import UNIT, Unit
from sla_rules.instants import MINUTE
from sla_rules.reports import agreement_notes, freshness, ledger_reasons, promise_reasons, reasons
from sla_rules.reports.reasons import Reason

AT: Final = datetime(2026, 3, 2, 17, 5, tzinfo=ZoneInfo("Europe/Madrid"))
OF_UNIT: Final[dict[Unit, Any]] = {
    Unit.LOCAL: AT,
    Unit.DAY: date(2026, 3, 2),
    Unit.SECONDS: 90 * MINUTE,
    Unit.ROUGH_SECONDS: 90 * MINUTE,
    Unit.NUMBER: Fraction("1234.5"),
    Unit.MONEY: 1_234_500_000,
    Unit.COUNT: 3,
}


def reasons_there_are() -> list[type[Reason]]:
    """Every reason that the core may give."""
    declared = (
        one
        for module in (reasons, promise_reasons, ledger_reasons, agreement_notes, freshness)
        for one in vars(module).values()
    )
    found = dict.fromkeys(one for one in declared if isinstance(one, type) and issubclass(one, Reason))
    return [one for one in found if one is not Reason]


def samples(reason: type[Reason]) -> Iterator[Reason]:
    """The reason with every combination of what its fields may be; lists hold one part or more."""
    names = [one.name for one in fields(reason)]
    for values in product(*(list(_values(one.type)) for one in fields(reason))):
        yield reason(**dict(zip(names, values, strict=True)))


def _values(declared: Any) -> Iterator[Any]:
    origin, parts = get_origin(declared), get_args(declared)
    if origin is Annotated:
        yield OF_UNIT[parts[1].extra[UNIT]]
    elif origin in {Union, UnionType}:
        for part in parts:
            yield from _values(part)
    elif origin is Literal:
        yield from parts
    elif origin is tuple:
        some = list(_values(parts[0]))
        yield from (tuple(some[:1]), tuple(some * 2))
    elif declared is NoneType:
        yield None
    elif declared is bool:
        yield from (False, True)
    elif declared is str:
        yield from ("lead", "{ticket}")
    else:
        yield from list(samples(declared))[:3]
