"""What a condition of an agreement wants of a lead's fields, and what of it they do not meet."""

from collections.abc import Mapping
from fractions import Fraction

from sla_rules.agreement.conditions import Condition, Matcher, Range, folded, matches
from sla_rules.reports.reasons import Equals, InRange, Unmet, Wanted


def wanted(condition: Condition) -> tuple[Wanted, ...]:
    """All that a condition wants; nothing of one that takes every lead."""
    return tuple(Wanted(name, _wanted(matcher)) for name, matcher in condition.items())


def unmet(condition: Condition, fields: Mapping[str, object]) -> tuple[Unmet, ...]:
    """What of a condition the fields do not meet, beside what they are."""
    return tuple(
        Unmet(name, _text(fields[name]) if name in fields else None, _wanted(matcher))
        for name, matcher in condition.items()
        if not matches(folded({name: matcher}), fields)
    )


def _wanted(matcher: Matcher) -> Equals | InRange:
    if isinstance(matcher, Range):
        return InRange(_bound(matcher.at_least), _bound(matcher.below))
    return Equals(tuple(map(_text, matcher)) if isinstance(matcher, tuple) else (_text(matcher),))


def _bound(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(str(value))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
