"""The part of a board about an obligation of depth: how often leads are tried that have not been connected."""

from collections.abc import Iterator
from decimal import Decimal

from dashboards.boards.deadlines import CONNECTED, fates, overdue_now, share_over_time, shares, waiting
from dashboards.boards.figures import CHOSEN, Figures
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, MAIN, PLAIN, TARGET, Line, Query, bars, lines, row, stat
from dashboards.promises import clock_remarks
from dashboards.wording import deadline, number
from sla_rules.agreement.obligations import Depth

AVERAGE = "attempts per lead"


def depth(figures: Figures, terms: Depth) -> Iterator[Sized]:
    """All panels of the obligation, its heading first."""
    yield Sized(row(f"Depth · {figures.heading}"), 24, 1)
    yield Sized(_averages(figures, terms), 8, 4)
    goal = f"that got {terms.attempts} attempts, within {deadline(terms.deadline)}"
    yield from shares(figures, terms.target.share, goal)
    yield from overdue_now(figures, terms, "attempts")
    yield Sized(_average_over_time(figures, terms.target.average), 8, 8)
    yield Sized(share_over_time(figures, terms), 8, 8)
    yield Sized(fates(figures, terms, CONNECTED), 8, 8)
    yield Sized(waiting(figures), 12, 6)
    yield Sized(_actors(figures), 6, 6)
    yield Sized(_automated(figures), 6, 6)


def _averages(figures: Figures, terms: Depth) -> object:
    agreed = terms.target.average
    besides = "".join(f" {sentence}" for sentence in clock_remarks(terms))
    counted = "stay in" if terms.closed_leads == "counted" else "are left out"
    return stat(
        f"Attempts per unconnected lead · {_agreed(agreed)}",
        f"Attempts that count, on leads that were not connected; leads that were closed {counted}. Young leads have had "
        f"little time, so a new day or week begins low.{besides} {_agreed(agreed).capitalize()}.",
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


def _actors(figures: Figures) -> object:
    return bars(
        "Who made the attempts, this $window",
        "All contact attempts on the leads handed off this $window, whether they count for the agreement or not.",
        [Query(f"sum by (actor) ({figures.window('contact_attempts', CHOSEN, 'actor')})", "{{actor}}")],
        "none",
        decimals=0,
    )


def _automated(figures: Figures) -> object:
    return stat(
        "Attempts made by automation",
        "Share of all contact attempts that nobody made in person; those count only where the agreement says so.",
        figures.each_window(figures.automated),
        "percentunit",
        decimals=0,
    )


def _agreed(average: Decimal | None) -> str:
    return "no average agreed" if average is None else f"agreed: {number(average)}"
