"""Why a record is dead-lettered: a word to count by, and a sentence for whoever has to fix it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sla_rules.events.schema import TOPIC_OF_TYPE

_LONGEST_DETAIL: Final = 2_000
_LONGEST_STEP: Final = 128


class RejectionError(Exception):
    """A record is no event that the contract knows; `reason` is counted by, `detail` says what to fix."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(f"{reason}: {detail}")

    def alone(self) -> "RejectionError":
        """The same, to be kept: one that was raised holds on to what was read."""
        return RejectionError(self.reason, self.detail)


def rejection(invalid: ValidationError, within: str = "") -> RejectionError:
    """What is wrong with an event, place by place; `within` stands before each place."""
    said: dict[str, str] = {}
    reasons = set()
    for error in invalid.errors(include_url=False, include_input=False):
        if error["type"] == "json_invalid":
            return RejectionError("broken_json", "a character is half of one, as \\ud800 without what belongs to it")
        place = within + ".".join(_steps(error))
        said[place] = _ANY_SCALAR if place in said and error["type"] != "finite_number" else _words(error)
        reasons.add(error["type"])
    detail = "; ".join(f"{place} {words}" for place, words in said.items())
    return RejectionError("missing_field" if reasons == {"missing"} else "invalid_field", detail[:_LONGEST_DETAIL])


def _steps(error: ErrorDetails) -> list[str]:
    """The way to what is wrong, without the event's type and without which of several shapes was tried."""
    steps = [str(step)[:_LONGEST_STEP] for step in error["loc"] if step not in TOPIC_OF_TYPE]
    return steps[: steps.index("attributes") + 2] if "attributes" in steps else steps


_A_CURRENCY: Final = "has to be a currency of ISO 4217, as EUR"
_AN_AMOUNT: Final = 'has to be an amount, as "1200.50"'
_ANY_SCALAR: Final = "has to be text, a number, true or false"
_TOO_MANY_DIGITS: Final = "has too many digits; 12 before the point and 6 behind it are kept"

_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "decimal_max_digits": lambda _: _TOO_MANY_DIGITS,
    "decimal_max_places": lambda _: _TOO_MANY_DIGITS,
    "decimal_parsing": lambda _: _AN_AMOUNT,
    "decimal_type": lambda _: _AN_AMOUNT,
    "decimal_whole_digits": lambda _: _TOO_MANY_DIGITS,
    "dict_type": lambda _: "has to be an object",
    "finite_number": lambda _: "has to be a finite number",
    "full_date": lambda _: "has to be a date, as 2026-03-14",
    "float_type": lambda _: "has to be a number",
    "half_a_span": lambda _: "has to name both `from` and `until`, or neither",
    "greater_than_equal": lambda limit: f"is less than {limit['ge']:g}",
    "less_than_equal": lambda limit: f"is more than {limit['le']:g}",
    "literal_error": lambda choices: f"has to be {choices['expected']}",
    "missing": lambda _: "is missing",
    "model_type": lambda _: "has to be an object",
    "no_period": lambda wrong: wrong["why"],
    "no_span": lambda _: "says `until` a time that is not after `from`",
    "rfc_3339": lambda _: "has to be a time of RFC 3339 with its offset, as 2026-03-14T15:04:54Z",
    "string_pattern_mismatch": lambda _: _A_CURRENCY,
    "string_too_long": lambda limit: f"is longer than {limit['max_length']} characters",
    "string_too_short": lambda _: "is empty",
    "string_type": lambda _: "has to be text",
    "too_long": lambda limit: f"has {limit['actual_length']} entries; {limit['max_length']} are allowed",
    "tuple_type": lambda _: "has to be a list",
    "value_error": lambda _: _A_CURRENCY,
}
"""What to say of each kind of error that `schema.EVENT` may find; the library's own words speak of its inside."""


def _words(error: ErrorDetails) -> str:
    words = _WORDS.get(error["type"])
    return "is not as the event schema has it" if words is None else words(error.get("ctx", {}))
