"""What is wrong with a part of an agreement, and what would be right: pydantic's errors in words of our own."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic import BaseModel

from sla_rules.agreement.conditions import FIELD_PATTERN, FIELDS
from sla_rules.agreement.model import EVENT_TYPE_PATTERN, SUBJECT_PATTERN, Agreement
from sla_rules.fitting import Place
from sla_rules.notation import CURRENCY_PATTERN, IDENTIFIER_PATTERN
from sla_rules.spelling import meant, plain

_LONGEST_VALUE: Final = 80
_LONGEST_MESSAGE: Final = 500
Error = Mapping[str, Any]
"""As pydantic's `ErrorDetails`."""


def sentence(error: Error, place: Place) -> str:
    """One error, which stands at a place, as one sentence."""
    say = SENTENCES.get(error["type"], _unforeseen)
    return cut(say(error, place))


def cut(message: str) -> str:
    """A message, as far as somebody will read it."""
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}..."


def shown(value: object) -> str:
    """A value as it was written, as far as it helps."""
    if isinstance(value, str):
        return repr(str(value)) if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]!r}..."
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | Sequence):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    return repr(value)


def _unforeseen(error: Error, _: Place) -> str:
    return f"is not what can stand here, found {shown(error['input'])}"


def _own(error: Error, _: Place) -> str:
    """What our own validators say; a value in it is cut as elsewhere."""
    value, said = error["input"], str(error["ctx"]["error"])
    return said.replace(repr(value), shown(value)) if isinstance(value, str) else said


def _missing(error: Error, _: Place) -> str:
    return f"{error['loc'][-1]!r} is missing"


def _unknown_key(error: Error, place: Place) -> str:
    close = meant(error["loc"][-1], _fields_beside(place))
    return f"unknown key; did you mean {close!r}?" if close is not None else "unknown key"


def _unknown_kind(error: Error, _: Place) -> str:
    known = re.findall(r"'([^']+)'", error["ctx"]["expected_tags"])
    close = meant(error["ctx"]["tag"], known)
    advice = f"did you mean {close!r}?" if close is not None else f"known: {error['ctx']['expected_tags']}"
    return f"unknown kind {shown(error['ctx']['tag'])}; {advice}"


def _no_kind(_: Error, __: Place) -> str:
    return "'kind' is missing"


def _one_of(error: Error, _: Place) -> str:
    expected = error["ctx"]["expected"]
    close = meant(error["input"], re.findall(r"'([^']+)'", expected)) if isinstance(error["input"], str) else None
    advice = f"; did you mean {close!r}?" if close is not None else ""
    return f"should be {expected}, found {shown(error['input'])}{advice}"


def _text(error: Error, _: Place) -> str:
    if error["input"] is None:
        return "is empty; write some text"
    if isinstance(error["input"], int | float):
        return f"should be text, found {shown(error['input'])}; put it in quotes"
    return f"should be text, found {shown(error['input'])}"


def _form(error: Error, _: Place) -> str:
    text = error["input"]
    return _FORMS.get(error["ctx"]["pattern"], _other_form)(text)


def _other_form(text: str) -> str:
    return f"{shown(text)} does not have the form that is wanted here"


def _identifier(text: str) -> str:
    close = re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")[:63]
    return f"should be lower-case letters, digits and dashes, as {close or 'sales-mx'}, found {shown(text)}"


def _subject(text: str) -> str:
    close = re.sub(r"[^a-z0-9]+", "_", plain(text)).strip("_0123456789")[:64]
    return f"should be lower-case letters, digits and underscores, as {close or 'ticket'}, found {shown(text)}"


def _event_type(text: str) -> str:
    return f"should be a type of events with its version, as ticket.opened.v1, found {shown(text)}"


def _currency(text: str) -> str:
    close = text.upper() if re.fullmatch("[A-Za-z]{3}", text) else "EUR"
    return f"should be a code of ISO 4217, as {close}, found {shown(text)}"


def _field(text: str) -> str:
    close = meant(text, FIELDS)
    own = re.sub(r"\s+", "_", text) or "grade"
    advice = f"did you mean {close!r}?" if close is not None else f"write attributes.{own}"
    return f"{shown(text)} is no field that every lead has; {advice}"


_FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    IDENTIFIER_PATTERN: _identifier,
    SUBJECT_PATTERN: _subject,
    EVENT_TYPE_PATTERN: _event_type,
    CURRENCY_PATTERN: _currency,
    FIELD_PATTERN: _field,
}


def _yes_or_no(error: Error, _: Place) -> str:
    return f"should be true or false, found {shown(error['input'])}"


def _whole_number(error: Error, _: Place) -> str:
    return f"should be a whole number, found {shown(error['input'])}{_in_digits(error['input'])}"


def _number(error: Error, _: Place) -> str:
    return f"should be a number, found {shown(error['input'])}{_in_digits(error['input'])}"


def _finite(error: Error, _: Place) -> str:
    return f"should be a finite number, found {shown(error['input'])}"


_APART: Final = "[,_' ]"


def _in_digits(value: object) -> str:
    """`1,000` as it is written here."""
    if isinstance(value, str) and re.fullmatch(rf"\d{{1,3}}(?:{_APART}\d{{3}})+(?:\.\d+)?", value):
        return f"; write {re.sub(_APART, '', value)}"
    try:
        is_number = isinstance(value, str) and Decimal(value).is_finite()
    except InvalidOperation:
        return ""
    return "; write it without quotes" if is_number else ""


def _bound(words: str, name: str) -> Callable[[Error, Place], str]:
    return lambda error, _: f"should be {words} {error['ctx'][name]}, found {shown(error['input'])}"


def _too_few(error: Error, _: Place) -> str:
    least = error["ctx"]["min_length"]
    return "is empty; write at least one" if least == 1 else f"needs at least {least}"


def _too_many(error: Error, _: Place) -> str:
    return f"holds {error['ctx']['actual_length']}, at most {error['ctx']['max_length']} are taken"


def _no_text(_: Error, __: Place) -> str:
    return "is empty; write some text"


def _long_text(error: Error, _: Place) -> str:
    return f"is longer than {error['ctx']['max_length']} characters"


def _list(error: Error, place: Place) -> str:
    value = error["input"]
    if isinstance(value, Mapping):
        return f"should be a list, each item after a dash{_as_in(place)}, found a mapping"
    if value is None:
        return f"is empty; write a list{_as_in(place)} or leave it out"
    return f"write a list: [{_bare(value)}]"


def _mapping(error: Error, place: Place) -> str:
    found = "is empty; write" if error["input"] is None else f"found {shown(error['input'])}; write"
    return f"{found} names with their values{_as_in(place)}"


def _model(error: Error, place: Place) -> str:
    name, value = error["ctx"]["class_name"], error["input"]
    model = _models().get(name)
    required = [field for field, info in model.model_fields.items() if info.is_required()] if model is not None else []
    if len(required) == 1 and isinstance(value, str | int | float):
        return f"write {{{required[0]}: {_bare(value)}}}"
    return _mapping(error, place)


def _as_in(place: Place) -> str:
    names = [step for step in place if isinstance(step, str)]
    example = next((EXAMPLES[name] for name in reversed(names[-2:]) if name in EXAMPLES), None)
    if example is not None and isinstance(place[-1], int):
        example = example.removeprefix("[").removesuffix("]")
    return f", as {example}" if example is not None else ""


def _bare(value: object) -> str:
    return shown(value).strip("'") if isinstance(value, str) else shown(value)


EXAMPLES: Final[Mapping[str, str]] = {
    "parties": "sales: {name: Sales, contacts: [{name: Ana}]}",
    "contacts": "[{name: Ana, email: ana@example.com}]",
    "calendar": '{time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}',
    "calendars": 'nights: {time_zone: UTC, weekly_hours: {mon: [["22:00", "06:00"]]}}',
    "weekly_hours": 'mon: [["09:00", "17:00"]]',
    "holidays": "{country: DE, except: [Good Friday], dates: [12-24]}",
    "open": 'Good Friday: [["09:00", "12:00"]]',
    "date_overrides": '2026-12-24: [["09:00", "12:00"]]',
    "breaks": '2026-12-24: [["12:00", "13:00"]]',
    "teams": "north: {calendar: nights}",
    "reps": '[{id: "17", name: Rita, email: rita@example.com}]',
    "limits": "{open_leads: 30, leads_a_month: 60}",
    "notify": "{breaches: [owner, team], escalations: [heads]}",
    "reports": '[{id: weekly, due: {weekdays: [fri], at: "16:00"}}]',
    "events": "handed_off: [ticket.opened.v1]",
    "applies_to": "{region: north}",
    "minimum_quality": "{score: {at_least: 60}}",
    "segments": "[{id: north, when: {region: north}}]",
    "when": "{region: north}",
    "obligations": "[{id: first-touch, kind: speed, ...}]",
    "deadline": "{within: 1h, clock: working}",
    "target": "{share: 90%}",
    "follow_up": "{channels: [phone, email]}",
    "goal_from": "{revenue: 5000, average_deal: 100, close_rate: 50%}",
    "due": '{weekdays: [fri], at: "16:00"}',
    "capacity": "{obligation: leads, reps: 2, time_per_attempt: 10m, attempts_per_lead: 6}",
    "credits": "[{obligation: uptime, tiers: [{below: 99%, credit: 10%}]}]",
    "tiers": "[{below: 99%, credit: 10%}]",
    "remedies": "[{obligation: first-touch, owner: Ana, within: 3d, action: Call}]",
    "cancellation": "{missed_in_a_row: 3, obligations: [first-touch]}",
}
"""How parts that are no single value are written, by the key that they stand under."""

SENTENCES: Final[Mapping[str, Callable[[Error, Place], str]]] = {
    "value_error": _own,
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": _no_kind,
    "literal_error": _one_of,
    "string_type": _text,
    "string_pattern_mismatch": _form,
    "string_too_short": _no_text,
    "string_too_long": _long_text,
    "bool_type": _yes_or_no,
    "bool_parsing": _yes_or_no,
    "int_type": _whole_number,
    "int_parsing": _whole_number,
    "int_parsing_size": _whole_number,
    "int_from_float": _whole_number,
    "float_type": _number,
    "float_parsing": _number,
    "decimal_type": _number,
    "decimal_parsing": _number,
    "finite_number": _finite,
    "greater_than": _bound("more than", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("less than", "lt"),
    "less_than_equal": _bound("at most", "le"),
    "too_short": _too_few,
    "too_long": _too_many,
    "tuple_type": _list,
    "list_type": _list,
    "dict_type": _mapping,
    "model_type": _model,
    "model_attributes_type": _mapping,
    "invalid_key": _text,
}
"""By pydantic's type of an error."""


def _fields_beside(place: Place) -> list[str]:
    """Names of fields that any part of an agreement has: near enough to guess what a misspelt key was to be."""
    known = {field.alias or name for model in _models().values() for name, field in model.model_fields.items()}
    return sorted(known - {str(place[-1])} if place else known)


def _models() -> Mapping[str, type[BaseModel]]:
    """The parts that an agreement is made of, by the names of their classes."""
    known: dict[str, type[BaseModel]] = {}
    pending: list[type[BaseModel]] = [Agreement]
    while pending:
        model = pending.pop()
        if model.__name__ not in known:
            known[model.__name__] = model
            for field in model.model_fields.values():
                pending.extend(_models_in(field.annotation))
    return known


def _models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)
