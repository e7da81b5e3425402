"""Conditions on the fields of a lead: what meets them, and whether one leaves anything to another."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Discriminator, Field, Tag

from sla_rules.fitting import Misfit, fits
from sla_rules.notation import Frozen, distinct, in_order

FIELDS: Final = ("role", "region", "product", "score", "source_channel", "campaign", "generated_by")
"""Those that events have a place of their own for; all others are attributes."""
FIELD_PATTERN: Final = rf"^({'|'.join(FIELDS)}|attributes\.\S+)$"

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Range(Frozen):
    """A numeric condition, half-open: at least, and below."""

    at_least: Finite | None = None
    below: Finite | None = None

    @fits
    def _holds_something(self) -> Iterator[Misfit]:
        if self.at_least is not None and self.below is not None and self.at_least >= self.below:
            yield ("below",), f"no number is at least {self.at_least:g} and below {self.below:g}"


def _sort_of(value: object) -> str:
    """Told apart by what it looks like, so that an error is only about what was meant."""
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case Mapping() | Range():
            return "range"
        case list() | tuple():
            return "several"
    return "text"


Matcher = Annotated[
    Annotated[str, Tag("text")]
    | Annotated[int | Finite, Tag("number")]
    | Annotated[bool, Tag("bool")]
    | Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(distinct), Tag("several")]
    | Annotated[Range, Tag("range")],
    Discriminator(_sort_of),
]
Condition = Annotated[
    dict[
        Annotated[str, Field(pattern=FIELD_PATTERN)],
        Matcher,
    ],
    AfterValidator(in_order),
]
"""Every named field of the lead has to match: a value, one of several, or a range."""


def folded(condition: Condition) -> Condition:
    """A condition as `matches` compares it: texts without case, as CRMs spell their values (`P1`, `p1`)."""
    return {name: _folded(matcher) for name, matcher in condition.items()}


def _folded(matcher: Matcher) -> Matcher:
    if isinstance(matcher, tuple):
        return tuple(text.casefold() for text in matcher)
    return matcher.casefold() if isinstance(matcher, str) else matcher


def matches(condition: Condition, fields: Mapping[str, object]) -> bool:
    """Whether every field named has a value that its matcher takes; a field that is missing matches nothing.

    The condition is a folded one, so that only the lead's own values are still to be.
    """
    return not condition or all(name in fields and _takes(matcher, fields[name]) for name, matcher in condition.items())


def _takes(matcher: Matcher, value: object) -> bool:
    if isinstance(matcher, Range):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (matcher.at_least is None or value >= matcher.at_least) and (
            matcher.below is None or value < matcher.below
        )
    if isinstance(value, str):
        value = value.casefold()
    return value in matcher if isinstance(matcher, tuple) else value == matcher


def covers(wide: Condition, narrow: Condition) -> bool:
    """Whether all that meets `narrow` meets `wide` too, both folded."""
    return all(name in narrow and _covers(matcher, narrow[name]) for name, matcher in wide.items())


def clash(one: Condition, other: Condition) -> str | None:
    """A field of which no value meets both conditions, folded, so that nothing does; None where there is none."""
    return next((name for name in one if name in other and _exclude(one[name], other[name])), None)


def _covers(wide: Matcher, narrow: Matcher) -> bool:
    if not isinstance(narrow, Range):
        # What is written as 1 is met by True as well, which no range takes.
        return all(
            _takes(wide, value) and (value not in (0, 1) or not isinstance(wide, Range)) for value in _values(narrow)
        )
    return isinstance(wide, Range) and _least(wide) <= _least(narrow) and _most(narrow) <= _most(wide)


def _exclude(one: Matcher, other: Matcher) -> bool:
    if not isinstance(one, Range):
        return not any(_takes(other, value) for value in _values(one))
    if not isinstance(other, Range):
        return _exclude(other, one)
    return max(_least(one), _least(other)) >= min(_most(one), _most(other))


def _values(matcher: Any) -> tuple[object, ...]:
    return matcher if isinstance(matcher, tuple) else (matcher,)


def _least(span: Range) -> float:
    return float("-inf") if span.at_least is None else span.at_least


def _most(span: Range) -> float:
    return float("inf") if span.below is None else span.below
