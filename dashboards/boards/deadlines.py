"""Panels that every obligation with a deadline has: who is in time, who is late, who still waits."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from dashboards.boards.figures import Figures
from dashboards.boards.overdue import overdue
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, MAIN, PLAIN, TARGET, Line, Query, bars, lines, stat
from dashboards.promises import begun, counted, judges_quality, told_besides
from dashboards.wording import deadline, percentage
from sla_rules.agreement.obligations import Depth, Speed
from sla_rules.names import OTHER

SHARE: Final = "in time"
FATES: Final = {
    "in time": ("within_target_leads", "green"),
    "late": ("breached_leads", "red"),
    "still open": ("open_leads", "blue"),
    "closed before": ("closed_leads", "text"),
}
CONNECTED: Final = "connected before"
WAIVED: Final = "waived"
UNREADY: Final = "below the agreed quality"
COLOURS: Final = {
    **{name: colour for name, (_, colour) in FATES.items()},
    CONNECTED: "semi-dark-green",
    WAIVED: "purple",
    UNREADY: "yellow",
}


def shares(figures: Figures, agreed: Decimal | None, what: str) -> Iterator[Sized]:
    """The share that met the obligation, for each window."""
    panel = stat(
        f"Leads {what.split(',', maxsplit=1)[0]} · {_agreed(agreed)}",
        f"Share of the leads {what}. Leads that still have time are left out. {_agreed(agreed).capitalize()}.",
        figures.each_window(figures.share),
        "percentunit",
        steps=PLAIN if agreed is None else ((None, BAD), (float(agreed), GOOD)),
        decimals=0,
    )
    yield Sized(panel, 8, 4)


def share_over_time(figures: Figures, terms: Speed | Depth) -> Any:
    """The share as it stood at each moment, with what was agreed."""
    agreed = terms.target.share
    queries = [Query(figures.share(), SHARE)]
    target = f"agreed: {percentage(agreed)}" if agreed is not None else ""
    if agreed is not None:
        queries.append(Query(figures.target("within_ratio"), target))
    return lines(
        "Share in time, this $window",
        f"Share of the {counted(terms)} {begun(terms)} this $window that met the deadline of {deadline(terms.deadline)}. "
        "Leads that still have time are left out. Above the dashed line is good.",
        queries,
        "percentunit",
        looks={SHARE: Line(MAIN), target: Line(TARGET, dashed=True)},
        maximum=1,
    )


def overdue_now(figures: Figures, terms: Speed | Depth, what: str) -> Iterator[Sized]:
    """Leads whose deadline has passed, those that wait for `what` is owed, and the deadline that is due first."""
    besides = "".join(f" {sentence}" for sentence in told_besides(terms))
    said = f"Leads whose deadline has passed and that still wait for their {what}. Somebody has been paged for them.{besides}"
    yield overdue(figures, "Overdue now", said, "overdue")
    yield Sized(
        stat(
            "First deadline",
            "When the earliest deadline of a lead that still waits is due, or was.",
            [Query(f"{figures.oldest()} * 1000", "due")],
            "dateTimeFromNow",
            nothing="none waits",
        ),
        4,
        4,
    )


def fates(figures: Figures, terms: Speed | Depth, rest: str | None = None) -> Any:
    """What became of the leads of the window; who was none of these is the `rest`, if there may be any."""
    queries = [Query(f"sum({figures.window(metric)})", name) for name, (metric, _) in FATES.items()]
    if rest is not None:
        others = " - ".join(query.expr for query in queries)
        queries.append(Query(f"sum({figures.window('leads')}) - {others}", rest))
    queries.append(Query(f"sum({figures.window('excused_leads')})", WAIVED))
    if judges_quality(figures.agreement, terms):
        queries.append(Query(f"sum({figures.window('unready_leads')})", UNREADY))
    return bars(
        "What became of the leads, this $window",
        f"{'Every message' if terms.judges == 'messages' else 'Every lead'} {begun(terms)} this $window is in exactly one of these.",
        queries,
        "none",
        colours={query.legend: COLOURS[query.legend] for query in queries},
        decimals=0,
    )


def waiting(figures: Figures) -> Any:
    """Open and overdue leads of each team, over time."""
    return lines(
        "Leads that wait, by team",
        "Open: there is still time. Overdue: the deadline has passed. Teams beyond the limit of `LEADSLA_METRICS_TEAMS` are "
        f"drawn together as `{OTHER}`.",
        [
            Query(figures.now("leadsla_open_leads", "team"), "{{team}}: open"),
            Query(figures.now("leadsla_overdue_leads", "team"), "{{team}}: overdue"),
        ],
        "none",
        looks={": open": Line(MAIN, shades=True), ": overdue": Line(BAD, shades=True)},
        decimals=0,
    )


def _agreed(share: Decimal | None) -> str:
    return "no share agreed" if share is None else f"agreed: {percentage(share)}"
