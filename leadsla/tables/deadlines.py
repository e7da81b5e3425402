"""Within how many working days something is owed, as messages of the catalogues want it."""

from sla_rules.notation import time_of_day
from sla_rules.time.working_days import WorkingDays
from wording.catalogue import Value


def days_of(within: WorkingDays) -> dict[str, Value | None]:
    """What the message `part-working-days`, and those that hold it, say of a deadline."""
    cut_off = within.cut_off
    return {
        "days": within.working_days,
        "end_of_day": "yes" if within.end_of_day else "no",
        "cut_off": None if cut_off is None else time_of_day(cut_off),
    }
