"""How results look in JSON, read from the declarations of their types: the one source of what is written and its schema.

A result is an object with a key for each field, under the name that the field has for others; the fields of a result
that stands inline are among those of the one that holds it. Units say how numbers, instants and money are written.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias, Union, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.figures.numerals import money, number
from sla_rules.figures.units import INLINE, UNIT, Unit
from sla_rules.instants import SECOND, instant, iso
from sla_rules.reports.reasons import CODE, Reason, code_of

TEXT: Final = "text"
Json: TypeAlias = "bool | int | float | str | list[Json] | JsonObject | None"
JsonObject: TypeAlias = "dict[str, Json]"


Say: TypeAlias = Callable[[Reason], str]
"""Puts a reason into words."""


class Form(NamedTuple):
    """How values of a declared type are written, what a schema says of that, and which results it refers to."""

    write: Callable[[Any, Say | None], Json]
    schema: JsonObject
    refers_to: tuple[type[Struct], ...] = ()


class Member(NamedTuple):
    """A key of a result's object: the form of its value, the path to it, and the field that holds it."""

    key: str
    form: Form
    path: str
    owner: type[Struct]
    name: str


class _Plan(NamedTuple):
    """How objects of one type of result are written: all values are read at once, and those that need it written."""

    keys: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    writes: tuple[Callable[[Any, Say | None], Json] | None, ...]


def write_result(result: Struct, say: Say | None = None) -> JsonObject:
    """A result as an object; each reason in it by its code, and with its sentence where somebody says it."""
    keys, read, writes = _plan(type(result))
    written = {
        key: value if write is None else write(value, say)
        for key, value, write in zip(keys, read(result), writes, strict=True)
    }
    if not isinstance(result, Reason):
        return written
    text = {} if say is None else {TEXT: say(result)}
    return {CODE: code_of(type(result)), **written, **text}


@cache
def members_of(result: type[Struct]) -> tuple[Member, ...]:
    """The keys of a result's object, in order."""
    found: list[Member] = []
    if issubclass(result, Reason):
        found.append(Member(CODE, form_of(Literal[code_of(result)]), CODE, Reason, CODE))
    for one in fields(result):
        inline = inline_of(one.type)
        if inline is None:
            found.append(Member(one.encode_name, form_of(one.type), one.name, result, one.name))
        else:
            found += [member._replace(path=f"{one.name}.{member.path}") for member in members_of(inline)]
    return tuple(found)


@cache
def _plan(result: type[Struct]) -> _Plan:
    members = [member for member in members_of(result) if member.owner is not Reason]
    return _Plan(
        tuple(member.key for member in members),
        _all_at([member.path for member in members]),
        tuple(None if member.form.write is _as_it_is else member.form.write for member in members),
    )


def _all_at(paths: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not paths:
        return lambda _: ()
    read = attrgetter(*paths)
    return read if len(paths) > 1 else lambda found: (read(found),)


def form_of(declared: Any) -> Form:
    """The form of a declared type.

    Raises:
        TypeError: the type is none that a result may hold.

    """
    origin, parts = get_origin(declared), get_args(declared)
    if origin is Annotated:
        return UNITS[parts[1].extra[UNIT]]
    if origin in {Union, UnionType}:
        return _one_of([form_of(part) for part in parts if part is not NoneType], or_none=NoneType in parts)
    if declared in PLAIN:
        return Form(_as_it_is, {"type": PLAIN[declared]})
    if isinstance(declared, type) and issubclass(declared, Struct):
        return Form(write_result, {"$ref": f"#/$defs/{declared.__name__}"}, (declared,))
    found = _container(origin, parts)
    if found is None:
        message = f"a result may not hold {declared}: nobody knows how it is written"
        raise TypeError(message)
    return found


def _container(origin: Any, parts: tuple[Any, ...]) -> Form | None:
    if origin is Literal:
        return Form(_as_it_is, {"enum": list(parts)})
    if origin is tuple and parts[1:] == (Ellipsis,):
        item = form_of(parts[0])
        schema: JsonObject = {"type": "array", "items": item.schema}
        return Form(lambda values, say: [item.write(value, say) for value in values], schema, item.refers_to)
    if origin is Mapping and parts[0] is str:
        of = form_of(parts[1])
        schema = {"type": "object", "additionalProperties": of.schema}
        return Form(
            lambda values, say: {key: of.write(value, say) for key, value in values.items()}, schema, of.refers_to
        )
    return None


def _one_of(forms: list[Form], *, or_none: bool) -> Form:
    """Several types have to be written alike: results by what they are, and numbers and text as such."""
    write = forms[0].write
    if any(form.write is not write for form in forms):
        message = "a result may not hold one of several types, unless all are written alike"
        raise TypeError(message)
    schemas: list[Json] = [form.schema for form in forms]
    refers_to = tuple(result for form in forms for result in form.refers_to)
    if not or_none:
        return Form(write, {"anyOf": schemas}, refers_to)
    schema: JsonObject = {"anyOf": [*schemas, {"type": "null"}]}
    if write is _as_it_is:
        return Form(write, schema, refers_to)
    return Form(lambda value, say: None if value is None else write(value, say), schema, refers_to)


def inline_of(declared: Any) -> type[Struct] | None:
    """The result that stands inline in a field declared so; None where none does."""
    if get_origin(declared) is not Annotated:
        return None
    result, meta = get_args(declared)
    return result if INLINE in meta.extra else None


def _as_it_is(value: Any, say: Say | None = None) -> Json:
    del say
    found: Json = value
    return found


def _by(write: Callable[[Any], Json]) -> Callable[[Any, Say | None], Json]:
    """Nothing in it is to be said."""
    return lambda value, _: write(value)


def _seconds(of: float | Fraction) -> float:
    return (float(of) if isinstance(of, Fraction) else of) / SECOND


PLAIN: Final[Mapping[type, Json]] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_AMOUNT: Final[JsonObject] = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2,6}$"}
UNITS: Final[Mapping[Unit, Form]] = {
    Unit.COUNT: Form(_as_it_is, {"type": "integer", "minimum": 0}),
    Unit.INSTANT: Form(_by(iso), {"type": "string", "format": "date-time", "pattern": r"Z$"}),
    Unit.MOMENT: Form(_by(lambda at: iso(instant(at))), {"type": "string", "format": "date-time", "pattern": r"Z$"}),
    Unit.LOCAL: Form(_by(lambda at: str(at.isoformat())), {"type": "string", "format": "date-time"}),
    Unit.AGREED: Form(_by(lambda terms: terms.model_dump(mode="json", exclude_defaults=True)), {"type": "object"}),
    Unit.DAY: Form(_by(lambda day: str(day.isoformat())), {"type": "string", "format": "date"}),
    Unit.SECONDS: Form(_by(_seconds), {"type": "number"}),
    Unit.ROUGH_SECONDS: Form(_by(_seconds), {"type": "number"}),
    Unit.WHOLE_SECONDS: Form(_by(lambda duration: number(duration / SECOND)), {"type": "number"}),
    Unit.NUMBER: Form(_by(number), {"type": "number"}),
    Unit.RATIO: Form(_by(float), {"type": "number"}),
    Unit.MONEY: Form(_by(money), _AMOUNT),
    Unit.RATE: Form(_by(lambda rate: money(round(rate * VALUE_UNIT))), _AMOUNT),
    Unit.DECIMAL: Form(_by(lambda value: f"{value:f}"), {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
}
