"""The row of a board about flags: attempts that count, and may have been logged for the figures."""

from collections.abc import Iterator
from typing import Any, Final

from dashboards.boards.figures import CHOSEN
from dashboards.layout import Sized
from dashboards.panels import Query, bars, row
from dashboards.queries import recorded
from dashboards.wording import spoken
from sla_rules.agreement.flags import Flags
from sla_rules.agreement.model import Agreement

MOST_TEAMS: Final = 10


def flags(agreement: Agreement) -> Iterator[Sized]:
    """A heading and two small panels, where the agreement has obligations that attempts count for."""
    if any(obligation.timed_by is not None for obligation in agreement.obligations):
        yield Sized(row("Flags · how attempts were logged"), 24, 1)
        yield Sized(_by_flag(agreement), 12, 5)
        yield Sized(_by_team(agreement), 12, 5)


def _by_flag(agreement: Agreement) -> Any:
    return _bars(
        "Flagged attempts, this $window",
        f"{_meaning(agreement.flags)} They count as any other: a flag is a reason to look, and no verdict.",
        f"sum by (obligation, flag) ({_flagged(agreement)})",
        "{{obligation}} · {{flag}}",
    )


def _by_team(agreement: Agreement) -> Any:
    return _bars(
        "Flagged attempts by team, this $window",
        f"By the team that had the lead then; the {MOST_TEAMS} with the most flags. An attempt may have several.",
        f"topk({MOST_TEAMS}, sum by (obligation, team) ({_flagged(agreement)}))",
        "{{obligation}} · {{team}}",
    )


def _bars(title: str, description: str, expr: str, legend: str) -> Any:
    return bars(title, description, [Query(expr, legend)], "none", decimals=0, nothing="none")


def _flagged(agreement: Agreement) -> str:
    labels = ("obligation", "window", "team", "flag")
    name = "leadsla_window_flagged_attempts"
    return recorded(name, *labels, agreement=agreement.agreement, window=CHOSEN)


def _meaning(limits: Flags) -> str:
    said = {
        "bulk": f"{limits.bulk.attempts} or more by one rep on a lead within {spoken(limits.bulk.within)}",
        "backdated": f"stamped by the deadline and received more than {spoken(limits.backdated_by)} after it",
        "zero_seconds": "of zero seconds",
        "outside_hours": "outside the team's working hours",
    }
    return f"Follow-ups and attempts that count: {'; '.join(f'{flag}, {said[flag]}' for flag in limits.counted)}."
