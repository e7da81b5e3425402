"""Results read back from the JSON that they were written as, by the declarations of their types (`sla_rules.reports.json_form`).

What is written in floating point comes back as the shortest fraction that is written so. Keys that a type does not have are
passed over: a later release may have written them. Those that are missing have to have a default.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.figures.units import UNIT, Unit
from sla_rules.instants import SECOND, parse_instant
from sla_rules.reports.json_form import PLAIN, inline_of
from sla_rules.reports.reasons import CODE, Reason, code_of

R = TypeVar("R", bound=Struct)
Read = Callable[[Any], Any]


def read_result(result: type[R], found: Any) -> R:
    """The result that stands in an object of JSON.

    Raises:
        ValueError: there is none of this type in it.

    """
    values: dict[str, Any] = {}
    try:
        for one in _parts(result):
            if one.key is None:
                values[one.name] = one.read(found)
            elif one.key in found or not one.has_default:
                values[one.name] = one.read(found[one.key])
    except (ArithmeticError, AttributeError, KeyError, TypeError) as wrong:
        message = f"not a {result.__name__}: {wrong!r}"
        raise ValueError(message) from None
    return result(**values)


class _Part(Struct, frozen=True):
    """A field of a result: under which key it stands, None where it stands among the others, and how it is read."""

    name: str
    key: str | None
    read: Read
    has_default: bool


@cache
def _parts(result: type[Struct]) -> tuple[_Part, ...]:
    found = []
    for one in fields(result):
        inline = inline_of(one.type)
        has_default = one.default is not NODEFAULT or one.default_factory is not NODEFAULT
        if inline is None:
            found.append(_Part(one.name, one.encode_name, _reads(one.type), has_default))
        else:
            found.append(_Part(one.name, None, _result(inline), has_default))
    return tuple(found)


def _result(declared: type[Struct]) -> Read:
    return lambda found: read_result(declared, found)


def _reads(declared: Any) -> Read:
    """How values of a declared type are read.

    Raises:
        TypeError: nobody has read any yet.

    """
    origin, parts = get_origin(declared), get_args(declared)
    if origin is Annotated:
        return _BY_UNIT[parts[1].extra[UNIT], parts[0]]
    if origin in {Union, UnionType}:
        return _one_of([part for part in parts if part is not NoneType], or_none=NoneType in parts)
    if declared in PLAIN:
        return lambda value: _of(declared, value)
    if isinstance(declared, type) and issubclass(declared, Struct):
        return _result(declared)
    return _container(origin, parts)


def _container(origin: Any, parts: tuple[Any, ...]) -> Read:
    if origin is Literal:
        return lambda value: parts[parts.index(value)]
    if origin is tuple:
        item = _reads(parts[0])
        return lambda values: tuple(item(value) for value in _of(list, values))
    if origin is Mapping:
        of = _reads(parts[1])
        return lambda values: {key: of(value) for key, value in _of(dict, values).items()}
    message = f"nobody reads {origin}"
    raise TypeError(message)


def _one_of(parts: list[Any], *, or_none: bool) -> Read:
    """Several types are reasons, which their codes tell apart."""
    if len(parts) == 1:
        read = _reads(parts[0])
    elif all(isinstance(part, type) and issubclass(part, Reason) for part in parts):
        by_code = {code_of(part): _result(part) for part in parts}
        read = lambda found: by_code[found[CODE]](found)  # noqa: E731
    else:
        message = f"nobody tells apart {parts}"
        raise TypeError(message)
    return (lambda found: None if found is None else read(found)) if or_none else read


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        message = f"{value!r} is no {kind.__name__}"
        raise TypeError(message)
    return value


def _number(value: Any) -> Fraction:
    return Fraction(value if type(value) is int else repr(_of(float, value)))


_BY_UNIT: Final[Mapping[tuple[Unit, type], Read]] = {
    (Unit.COUNT, int): lambda value: _of(int, value),
    (Unit.INSTANT, int): parse_instant,
    (Unit.DAY, date): date.fromisoformat,
    (Unit.SECONDS, int): lambda value: round(_number(value) * SECOND),
    (Unit.WHOLE_SECONDS, Fraction): lambda value: _number(value) * SECOND,
    (Unit.NUMBER, Fraction): _number,
    (Unit.RATIO, Fraction): _number,
    (Unit.MONEY, int): lambda value: int(Decimal(value) * VALUE_UNIT),
    (Unit.RATE, Fraction): Fraction,
    (Unit.DECIMAL, Decimal): Decimal,
}
"""By how it is written, and what it is."""
