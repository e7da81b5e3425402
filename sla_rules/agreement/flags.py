"""Which attempts are flagged, as it stands in an agreement: those that may have been logged for the figures."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from sla_rules.instants import MINUTE, SECOND
from sla_rules.notation import Duration, Frozen

Flag = Literal["bulk", "backdated", "zero_seconds", "outside_hours"]
FLAGS: Final[tuple[Flag, ...]] = get_args(Flag)


class Bulk(Frozen):
    """So many attempts of one rep on one lead, within so long."""

    attempts: Annotated[int, Field(ge=2, le=1_000)] = 3
    """So many, or more."""
    within: Duration = 10 * SECOND
    """From the first of them to the last, by when they happened."""


class Flags(Frozen):
    """What is looked for. A flag is counted and judges nothing: a flagged attempt counts as any other."""

    counted: tuple[Flag, ...] = FLAGS
    """Which flags are counted at all."""
    bulk: Bulk = Bulk()
    """More than a person does by hand."""
    backdated_by: Duration = 10 * MINUTE
    """How long after the deadline an attempt that is stamped before it may arrive."""
