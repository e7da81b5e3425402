"""A deadline in working days, as it stands in an agreement."""

from typing import Annotated, Final

from pydantic import Field

from sla_rules.notation import Frozen, TimeOfDay

MOST_DAYS: Final = 1_000


class WorkingDays(Frozen):
    """So many dates with open hours after the one that the clock starts on, at the time of day of its start."""

    working_days: Annotated[int, Field(ge=1, le=MOST_DAYS)]
    """How many."""
    end_of_day: bool = False
    """Until the closing of the last of them, whatever the time of day of the start."""
    cut_off: TimeOfDay | None = None
    """A start later than this counts as one at the next working day's opening."""
