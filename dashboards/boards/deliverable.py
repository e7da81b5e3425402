"""The part of a board about what is due at recurring times: when next, what came in time, what was missed."""

from collections.abc import Iterator
from typing import Any, Final

from dashboards import promises
from dashboards.boards.figures import Figures
from dashboards.boards.overdue import overdue, overdue_since
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, MAIN, Line, Query, bars, lines, row, stat
from dashboards.queries import recorded
from dashboards.wording import sentence
from sla_rules.agreement.obligations import Deliverable

IN_TIME: Final = "confirmed in time"
MISSED: Final = "missed"
FATES: Final = {
    IN_TIME: ("within_target_leads", GOOD),
    MISSED: ("breached_leads", BAD),
    "due next": ("open_leads", MAIN),
}


def deliverable(figures: Figures, terms: Deliverable) -> Iterator[Sized]:
    """All panels of the obligation, its heading first."""
    yield Sized(row(f"Delivery · {figures.heading}"), 24, 1)
    yield Sized(_next_due(figures, terms), 5, 4)
    yield from _overdue(figures)
    yield Sized(_counts(figures, "Confirmed in time", IN_TIME, "By the time they were due."), 5, 4)
    yield Sized(_counts(figures, "Missed", MISSED, "One that comes late stays missed."), 5, 4)
    yield Sized(_fates(figures), 12, 6)
    yield Sized(_over_time(figures), 12, 6)


def _next_due(figures: Figures, terms: Deliverable) -> Any:
    due = recorded("leadsla_target_due_timestamp_seconds", "obligation", operation="max", **figures.where)
    return stat(
        "Next due",
        sentence(", ".join(promises.deliverable(terms))),
        [Query(f"{due} * 1000", "due")],
        "dateTimeFromNow",
        nothing="nothing more",
    )


def _overdue(figures: Figures) -> Iterator[Sized]:
    said = "Deliveries whose time has passed and that nothing confirms. Somebody has been paged for them."
    yield overdue(figures, "Overdue now", said, "overdue")
    said = "When the earliest delivery that is still missing was due."
    yield overdue_since(figures, "Overdue since", said, "due", nothing="nothing is")


def _counts(figures: Figures, title: str, fate: str, note: str) -> Any:
    metric, colour = FATES[fate]
    return stat(
        title,
        f"Deliveries {fate}, by the windows that they were due in. {note}",
        figures.each_window(lambda window: f"sum({figures.window(metric, window)})"),
        "none",
        steps=((None, GOOD), (1, BAD)) if fate is MISSED else ((None, colour),),
        decimals=0,
    )


def _fates(figures: Figures) -> Any:
    return bars(
        "What became of the deliveries, this $window",
        "Every delivery that was due this $window, and the next one if it is due before the $window ends.",
        [Query(f"sum({figures.window(metric)})", name) for name, (metric, _) in FATES.items()],
        "none",
        colours={name: colour for name, (_, colour) in FATES.items()},
        decimals=0,
    )


def _over_time(figures: Figures) -> Any:
    return lines(
        "Deliveries since the $window began",
        "How many had been confirmed in time and how many had been missed, as it stood at each moment.",
        [Query(f"sum({figures.window(FATES[fate][0])})", fate) for fate in (IN_TIME, MISSED)],
        "none",
        looks={IN_TIME: Line(GOOD, stepped=True), MISSED: Line(BAD, stepped=True)},
        decimals=0,
    )
