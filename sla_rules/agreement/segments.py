"""Sorts of leads, as they stand in an agreement, in an order that leaves none of them empty."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from sla_rules.agreement.conditions import Condition, covers, folded
from sla_rules.fitting import Misfit
from sla_rules.names import ALL_SEGMENTS, UNMATCHED
from sla_rules.notation import Frozen, Identifier, shortest

RESERVED: Final = (ALL_SEGMENTS, UNMATCHED)


class Segment(Frozen):
    """Leads of one sort; the first segment whose condition matches is the lead's."""

    id: Identifier
    when: Condition = Field(default_factory=dict)
    """Fields that a lead of this sort has; none for all the rest."""
    value: Annotated[Decimal, Field(ge=0, le=10**12), AfterValidator(shortest)] | None = None
    """What one such lead is worth towards a goal of value."""
    calendar: Identifier | None = None
    """Which of `calendars` its clocks keep; None for the agreement's own."""


def misplaced(segments: Sequence[Segment]) -> Iterator[Misfit]:
    """Segments whose name means something else, and those that no lead ever reaches; of drafts as far as they go."""
    before: list[tuple[Segment, Condition]] = []
    for number, segment in enumerate(segments):
        if getattr(segment, "id", None) in RESERVED:
            yield ("segments", number, "id"), f"{segment.id!r} has a meaning of its own; choose another"
        if not hasattr(segment, "when"):
            continue
        when = folded(segment.when)
        wider = next((one for one, condition in before if covers(condition, when)), None)
        if wider is None:
            before.append((segment, when))
        else:
            name = getattr(wider, "id", "one")
            place = ("segments", number, "when" if segment.when else "id")
            yield place, f"no lead ever falls here: {name!r} above takes them all; put the narrower one first"
