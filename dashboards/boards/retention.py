"""The part of a board about customers who are to stay: how many were there, and how many of them still are."""

from collections.abc import Iterator
from typing import Any, Final

from dashboards import promises
from dashboards.boards.figures import Figures
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, PLAIN, TARGET, Line, Query, lines, row, stat
from dashboards.wording import percentage, sentence
from sla_rules.agreement.obligations import Retention

RETENTION: Final = "retention"


def retention(figures: Figures, terms: Retention) -> Iterator[Sized]:
    """All panels of the obligation, its heading first."""
    yield Sized(row(f"Retention · {figures.heading}"), 24, 1)
    yield Sized(_share(figures, terms), 6, 8)
    yield Sized(_customers(figures, "At the start", "leads", "Customers who were there when the window began."), 3, 8)
    yield Sized(
        _customers(figures, "Lost", "breached_leads", "Of those, the ones who left; who came back is kept."), 3, 8
    )
    yield Sized(
        _customers(figures, "New", "won_leads", "Customers won in the window; they count for the next one."), 3, 8
    )
    yield Sized(_over_time(figures, terms), 9, 8)


def _share(figures: Figures, terms: Retention) -> Any:
    return stat(
        f"Retention · agreed: {percentage(terms.target.share)}",
        f"{sentence(', '.join(promises.retention(terms)))} Of the customers who were there when the window began, the share that "
        "has not left. What it lacks of 100 % is the churn.",
        figures.each_window(figures.share),
        "percentunit",
        steps=((None, BAD), (float(terms.target.share), GOOD)),
        decimals=1,
    )


def _customers(figures: Figures, title: str, figure: str, what: str) -> Any:
    return stat(
        title,
        what,
        figures.each_window(lambda window: f"sum({figures.window(figure, window)})"),
        "none",
        steps=PLAIN,
        decimals=0,
        nothing="0",
    )


def _over_time(figures: Figures, terms: Retention) -> Any:
    target = f"agreed: {percentage(terms.target.share)}"
    return lines(
        "Retention, this $window",
        "As it stood at each moment.",
        [Query(figures.share(), RETENTION), Query(figures.target("within_ratio"), target)],
        "percentunit",
        looks={RETENTION: Line(GOOD, stepped=True), target: Line(TARGET, dashed=True)},
        maximum=1,
        decimals=1,
    )
