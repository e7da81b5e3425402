"""How many leads a CRM has to have for a goal to be within reach."""

from collections.abc import Iterable
from typing import Final

from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Volume

_QUALIFIED: Final = 0.54
"""Share of the leads that are handed off."""
_WORKING_DAYS: Final = 24.1
"""A month's leads as multiples of a working day's mean."""


def monthly_goal(agreements: Iterable[Agreement]) -> float | None:
    """The first monthly goal of leads; None where there is none."""
    goals = (
        float(obligation.agreed)
        for agreement in agreements
        for obligation in agreement.obligations
        if isinstance(obligation, Volume) and obligation.interval == "month" and obligation.measure == "leads"
    )
    return next(goals, None)


def leads_per_day(handed_off: float) -> float:
    """How many come on an average working day where so many a month are handed off."""
    return handed_off / _QUALIFIED / _WORKING_DAYS
