"""The agreement that a plan without one is worked out by: an office that is open eight hours from Monday to Friday."""

from datetime import date
from typing import Final

from pydantic import ValidationError

from leadsla.planning.given import GivenError
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.segments import Segment
from sla_rules.agreement.sentences import sentence
from sla_rules.notation import WEEKDAYS, Granularity

OBLIGATION: Final = "leads"
_OPEN: Final = [("09:00", "17:00")]
_WORKING_DAYS: Final = WEEKDAYS[:5]


def assumed_agreement(
    segments: tuple[Segment, ...],
    first: date,
    *,
    interval: Granularity,
    goal_line: str,
    currency: str | None,
) -> Agreement:
    """Marketing delivers leads to sales, in a zone without a summer time and without public holidays.

    Raises:
        GivenError: a segment has a name that means something else.

    """
    try:
        return Agreement.model_validate(_parts(segments, first, interval, goal_line, currency))
    except ValidationError as wrong:
        error = wrong.errors(include_url=False)[0]
        raise GivenError("--segment", sentence(error, ())) from None


def _parts(
    segments: tuple[Segment, ...], first: date, interval: Granularity, goal_line: str, currency: str | None
) -> dict[str, object]:
    return {
        "agreement": "plan",
        "version": "plan",
        "effective_from": first,
        "type": "internal",
        "title": "Plan",
        "parties": {name: {"name": name, "contacts": [{"name": name}]} for name in ("marketing", "sales")},
        "calendar": {"time_zone": "UTC", "weekly_hours": dict.fromkeys(_WORKING_DAYS, _OPEN)},
        "currency": currency,
        "segments": segments,
        "obligations": [
            {
                "id": OBLIGATION,
                "kind": "volume",
                "provider": "marketing",
                "recipient": "sales",
                "goal": 1,  # until the quotas are known
                "interval": interval,
                "intervals": [interval],
                "goal_line": goal_line,
            }
        ],
    }
