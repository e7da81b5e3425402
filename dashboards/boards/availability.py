"""The part of a board about services that are to be up: how much of the time they are, and what is left to be down."""

from collections.abc import Iterator
from typing import Any, Final

from dashboards import promises
from dashboards.boards.figures import CHOSEN, Figures
from dashboards.boards.overdue import overdue, overdue_since
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, MAIN, PLAIN, TARGET, Line, Query, lines, row, stat
from dashboards.wording import percentage, sentence
from sla_rules.agreement.obligations import Availability

UPTIME: Final = "uptime"
AT_BEST: Final = "at best"
NEARLY_SPENT: Final = 0.75
"""Share of the downtime allowed from which on it is told."""


def availability(figures: Figures, terms: Availability) -> Iterator[Sized]:
    """All panels of the obligation, its heading first."""
    yield Sized(row(f"Availability · {figures.heading}"), 24, 1)
    yield Sized(_uptime(figures, terms), 8, 4)
    yield from _down(figures)
    if terms.target.share < 1:
        yield Sized(_spent(figures, terms), 7, 4)
    yield Sized(_over_time(figures, terms), 12, 8)
    yield Sized(_downtime(figures), 6, 8)
    yield Sized(_outages(figures), 6, 8)


def _uptime(figures: Figures, terms: Availability) -> Any:
    agreed = percentage(terms.target.share)
    return stat(
        f"Uptime · agreed: {agreed}",
        f"{sentence(', '.join(promises.availability(terms)))} Of the days that have begun, the share of the time in which "
        "services were up; what is left of today counts as up. Time that was waived is left out.",
        figures.each_window(lambda window: uptime(figures, window)),
        "percentunit",
        steps=((None, BAD), (float(terms.target.share), GOOD)),
        decimals=3,
    )


def _down(figures: Figures) -> Iterator[Sized]:
    said = "How many are down and have to be up. Somebody has been paged for them."
    yield overdue(figures, "Down now", said, "down")
    yield overdue_since(figures, "Down since", "Since when the one that is down longest is.", "down", nothing="none is")


def _spent(figures: Figures, terms: Availability) -> Any:
    return stat(
        "Downtime allowed, used up",
        f"Of the time that may be lost in the whole window and still leave {percentage(terms.target.share)}. At 100 % the "
        "target can be missed by a second more.",
        figures.each_window(lambda window: spent(figures, terms, window)),
        "percentunit",
        steps=((None, GOOD), (NEARLY_SPENT, TARGET), (1.000001, BAD)),
        decimals=0,
    )


def _over_time(figures: Figures, terms: Availability) -> Any:
    target = f"agreed: {percentage(terms.target.share)}"
    return lines(
        "Uptime, this $window",
        "As it stood at each moment: to date, and at best, if nothing is down any more until the $window ends.",
        [
            Query(uptime(figures), UPTIME),
            Query(f"1 - {figures.window('downtime_seconds')} / ({_whole(figures, CHOSEN)} > 0)", AT_BEST),
            Query(figures.target("availability_ratio"), target),
        ],
        "percentunit",
        looks={UPTIME: Line(MAIN), AT_BEST: Line(GOOD), target: Line(TARGET, dashed=True)},
        maximum=1,
        decimals=3,
    )


def _downtime(figures: Figures) -> Any:
    return stat(
        "Downtime",
        "Of all services together, while one is down by the minute.",
        figures.each_window(lambda window: f"sum({figures.window('downtime_seconds', window)})"),
        "s",
        steps=PLAIN,
        nothing="none",
    )


def _outages(figures: Figures) -> Any:
    return stat(
        "Outages",
        "How often one went down, by the windows in which it did.",
        figures.each_window(lambda window: f"sum({figures.window('outages', window)})"),
        "none",
        steps=PLAIN,
        decimals=0,
        nothing="0",
    )


def uptime(figures: Figures, window: str = CHOSEN) -> str:
    """Share of the time of the days that have begun."""
    return f"1 - {figures.window('downtime_seconds', window)} / ({figures.window('available_seconds', window)} > 0)"


def spent(figures: Figures, terms: Availability, window: str) -> str:
    """Share of the downtime that the whole window allows."""
    allowed = 1 - float(terms.target.share)
    return f"{figures.window('downtime_seconds', window)} / ({_whole(figures, window)} * {allowed:.12g} > 0)"


def _whole(figures: Figures, window: str) -> str:
    return f"({figures.window('available_seconds', window)} + {figures.window('ahead_seconds', window)})"
