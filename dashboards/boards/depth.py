"""The part of a board about an obligation of depth: how often leads are tried that have not been connected."""

from collections.abc import Iterator
from decimal import Decimal

from dashboards.boards.deadlines import fates, overdue_now, share_over_time, shares, waiting
from dashboards.boards.figures import Figures
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, MAIN, PLAIN, TARGET, Line, Query, lines, row, stat
from dashboards.wording import deadline, number
from sla_rules.terms import Depth

AVERAGE = "attempts per lead"


def depth(figures: Figures, terms: Depth) -> Iterator[Sized]:
    """All panels of the obligation, its heading first."""
    yield Sized(row(f"Depth · {figures.heading}"), 24, 1)
    yield Sized(_averages(figures, terms), 8, 4)
    goal = f"that got {terms.attempts} attempts, within {deadline(terms.deadline)}"
    yield from shares(figures, terms.target.share, goal)
    yield from overdue_now(figures, "attempts")
    yield Sized(_average_over_time(figures, terms.target.average), 8, 8)
    yield Sized(share_over_time(figures, terms.target.share, deadline(terms.deadline)), 8, 8)
    yield Sized(fates(figures), 8, 8)
    yield Sized(waiting(figures), 24, 6)


def _averages(figures: Figures, terms: Depth) -> object:
    agreed = terms.target.average
    counted = "stay in" if terms.closed_leads == "counted" else "are left out"
    return stat(
        f"Attempts per unconnected lead · {_agreed(agreed)}",
        f"Attempts that count, on leads that were not connected; leads that were closed {counted}. Young leads have had "
        f"little time, so a new day or week begins low. {_agreed(agreed).capitalize()}.",
        figures.each_window(figures.attempts),
        "none",
        steps=PLAIN if agreed is None else ((None, BAD), (float(agreed), GOOD)),
        decimals=1,
    )


def _average_over_time(figures: Figures, agreed: Decimal | None) -> object:
    queries = [Query(figures.attempts(), AVERAGE)]
    target = f"agreed: {number(agreed)}" if agreed is not None else ""
    if agreed is not None:
        queries.append(Query(figures.target("attempts"), target))
    return lines(
        "Attempts per unconnected lead, this $window",
        "The average of the leads handed off this $window, as it stood at each moment. It rises as leads grow older.",
        queries,
        "none",
        looks={AVERAGE: Line(MAIN), target: Line(TARGET, dashed=True)},
        decimals=1,
    )


def _agreed(average: Decimal | None) -> str:
    return "no average agreed" if average is None else f"agreed: {number(average)}"
