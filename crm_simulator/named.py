"""What an agreement says of the events about its subject: their types, and the fields by which it tells sorts apart."""

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from pydantic import ValidationError

from crm_simulator.chance import one_of
from crm_simulator.item import Happening
from sla_rules.agreement.conditions import Condition, Range
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.segments import Segment
from sla_rules.events.schema import LeadFields
from sla_rules.events.vocabulary import Part, plainly
from sla_rules.instants import Instant

_ATTRIBUTE: Final = "attributes."


def told(
    agreement: Agreement, part: Part, at: Instant, subject: str, data: dict[str, object] | None = None
) -> Iterator[Happening]:
    """The event that it names for something that happened; none where it names none."""
    kind = _type_of(agreement, part)
    if kind is not None:
        yield Happening(at, kind, subject, data or {})


def _type_of(agreement: Agreement, part: Part) -> str | None:
    """The first of the types that do it, however the part is said."""
    return next((kinds[0] for name, kinds in agreement.events.items() if plainly(name) == plainly(part)), None)


def a_segment(agreement: Agreement, rng: Random) -> int | None:
    """One of its segments, of which the first are the rarest; None where it has none."""
    weights = {number: 2 * number + 1 for number in range(len(agreement.segments))}
    return one_of(weights, rng) if weights else None


def fields_of(agreement: Agreement, segment: Segment | None, rng: Random) -> dict[str, object]:
    """The data of an event about something that the agreement applies to, and that falls in a segment.

    What no event can carry is left out: an agreement may ask for a score that is a word, and applies to nothing then.
    """
    data: dict[str, object] = {}
    attributes: dict[str, object] = {}
    condition: Condition = {**agreement.applies_to, **(segment.when if segment is not None else {})}
    for name, matcher in condition.items():
        value = _meeting(matcher, rng)
        if name.startswith(_ATTRIBUTE):
            attributes[name.removeprefix(_ATTRIBUTE)] = value
        else:
            data[name] = value
    found = {**data, "attributes": attributes} if attributes else data
    return {name: value for name, value in found.items() if _can_be_carried(name, value)}


def _can_be_carried(name: str, value: object) -> bool:
    try:
        LeadFields.model_validate({name: value})
    except ValidationError:
        return False
    return True


def _meeting(matcher: Any, rng: Random) -> object:
    if isinstance(matcher, tuple):
        return rng.choice(matcher)
    if isinstance(matcher, Range):
        if matcher.at_least is not None:
            return matcher.at_least
        return -1.0 if matcher.below is None else matcher.below - 1
    return matcher
