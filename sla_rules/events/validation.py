"""An event of a type that the contract knows, held to its schema, or what is wrong with it."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from sla_rules.events import schema
from sla_rules.events.rejection import rejection
from sla_rules.events.vocabulary import Vocabulary

KNOWN_TYPES: Final = frozenset(schema.TOPIC_OF_TYPE)


def known_as(told: object, vocabulary: Vocabulary) -> str | None:
    """The type as the contract or an agreement has it, without a reverse-DNS prefix."""
    named = str(told)
    plain = ".".join(named.split(".")[-3:])
    if named in KNOWN_TYPES:
        return named
    return next((kind for kind in (named, plain) if kind in vocabulary), plain if plain in KNOWN_TYPES else None)


def validated(event: Mapping[str, Any], within: str = "") -> schema.Event:
    """The event of a known type; `within` stands before each place where something is wrong.

    Raises:
        RejectionError: something is.

    """
    try:
        return schema.EVENT.validate_json(json.dumps(event))
    except ValidationError as invalid:
        raise rejection(invalid, within) from None
