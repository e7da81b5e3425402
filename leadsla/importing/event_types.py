"""Which events a table may tell of, by the names that mappings call them, and which fields each has."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from leadsla.importing.cells import Kind
from sla_rules.events import schema
from sla_rules.events.vocabulary import Vocabulary

DEAL: Final = "deal.closed.v1"
DELIVERABLE: Final = "deliverable.confirmed.v1"
REMEDY: Final = "remedy.confirmed.v1"
ATTRIBUTES: Final = "attributes"
_NESTED: Final = frozenset(("lead.corrected.v1",))
"""Carries another event, which no row is."""
_KINDS: Final[Mapping[str, Kind]] = {
    "score": "number",
    "quantity": "number",
    "expected_value": "money",
    "amount": "money",
    "duration_seconds": "duration",
    "due": "day",
    "from": "instant",
    "until": "instant",
    "lead_ids": "names",
    "outcome": "word",
    "direction": "word",
    "actor": "word",
    "generated_by": "word",
}
"""Of fields that are not plain text."""


def _classes() -> dict[str, type[Any]]:
    return {kind: one for one in get_args(schema.Event) for kind in get_args(one.model_fields["type"].annotation)}


_CLASS_OF: Final = {kind: one for kind, one in _classes().items() if kind not in _NESTED}
_SHORT: Final = {kind.removeprefix("lead.").removesuffix(".v1"): kind for kind in _CLASS_OF}


def short(kind: str) -> str:
    """What mappings call a type: `handed_off` for `lead.handed_off.v1`."""
    return next((name for name, one in _SHORT.items() if one == kind), kind)


def names(vocabulary: Vocabulary) -> tuple[str, ...]:
    """All that an event may be called."""
    return (*_SHORT, *_CLASS_OF, *vocabulary)


def type_of(name: str, vocabulary: Vocabulary) -> str | None:
    """The type that a name stands for; None where there is none."""
    if name in _CLASS_OF or name in vocabulary:
        return name
    return _SHORT.get(name)


def about_leads(kind: str, vocabulary: Vocabulary) -> str:
    """The type about leads that a type is, or stands for first."""
    words = vocabulary.get(kind)
    return words[0].stands_for if words else kind


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields of a type about leads; those of `attributes` are named as `attributes.<name>`."""
    data = _CLASS_OF[kind].model_fields["data"].annotation
    return tuple(field.alias or name for name, field in data.model_fields.items())


def kind_of(field: str, asked: Kind | None = None) -> Kind:
    """How a field is written; of attributes, as `asked`."""
    if field.startswith(f"{ATTRIBUTES}."):
        return asked or "scalar"
    return _KINDS.get(field, "text")
