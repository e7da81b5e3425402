"""One board over all agreements: where does somebody wait, and which promise is at risk?"""

from collections.abc import Iterator, Sequence

from dashboards.boards.board import board, choice
from dashboards.boards.health import health
from dashboards.burn import PERIODS
from dashboards.escaping import markdown
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, TARGET, Query, bars, lines, row, stat, text
from dashboards.queries import UNAGREED, known
from dashboards.settings import Settings
from dashboards.uids import OVERVIEW_UID, board_uid
from sla_rules.agreement.model import Agreement

PROMISE = "{{agreement}} · {{obligation}}"


def overview_board(agreements: Sequence[Agreement], settings: Settings) -> str:
    """The file of the board."""
    used = {interval for agreement in agreements for o in agreement.obligations for interval in o.intervals}
    windows = sorted(used, key=lambda one: PERIODS[one])
    window = choice("window", "Window", windows, "month" if "month" in used else windows[-1])
    return board(
        OVERVIEW_UID,
        "LeadSLA: all agreements",
        "Every agreement at a glance; each has a board of its own.",
        "browser",
        [window],
        _panels(agreements),
        settings,
    )


def _panels(agreements: Sequence[Agreement]) -> Iterator[Sized]:
    yield Sized(text("Agreements", "\n".join(_entry(agreement) for agreement in agreements)), 24, 2 + len(agreements))
    yield Sized(row("Promises"), 24, 1)
    high = min(6 + len(agreements), 16)
    overdue = known("obligation_team:leadsla_overdue_leads:sum")
    ratio = known("obligation_window:leadsla_within_target:ratio", window="$window")
    target = known("obligation:leadsla_target_within_ratio:max")
    yield Sized(
        bars(
            "Overdue now",
            "Leads and deliveries whose deadline has passed without what was owed.",
            [Query(f"sum by (agreement, obligation) ({overdue})", PROMISE)],
            "none",
            steps=((None, GOOD), (1, BAD)),
            decimals=0,
        ),
        8,
        high,
    )
    yield Sized(
        bars(
            "Share in time against what was agreed, this $window",
            "100 % is exactly the share agreed; more is better.",
            [Query(f"{ratio} / on (agreement, obligation) group_left () {target}", PROMISE)],
            "percentunit",
            steps=((None, BAD), (1, GOOD)),
            decimals=0,
        ),
        8,
        high,
    )
    delivered = known("obligation_window:leadsla_window_leads:sum")
    line = known("obligation_window:leadsla_target_leads_to_date:max")
    yield Sized(
        bars(
            "Delivered against the goal line",
            "100 % is exactly what should be delivered by now.",
            [
                Query(
                    f"{delivered} / on (agreement, obligation, window) ({line} > 0)", f"{PROMISE}, this {{{{window}}}}"
                )
            ],
            "percentunit",
            steps=((None, BAD), (1, GOOD)),
            decimals=0,
        ),
        8,
        high,
    )
    yield Sized(
        lines(
            "Overdue over time",
            "By agreement and promise.",
            [Query(f"sum by (agreement, obligation) ({overdue})", PROMISE)],
            "none",
            decimals=0,
        ),
        18,
        7,
    )
    yield Sized(
        stat(
            "Under no agreement",
            "Hand-offs that no agreement applies to, whenever they came: nobody owes them anything, and they are in no "
            "figure. `leadsla explain` says of each why.",
            [Query(known(UNAGREED), "leads")],
            "none",
            steps=((None, GOOD), (1, TARGET)),
            decimals=0,
        ),
        6,
        7,
    )
    yield from health()


def _entry(agreement: Agreement) -> str:
    return f"- [{markdown(agreement.title)}](/d/{board_uid(agreement.agreement)})"
