"""Panels on what is overdue now, of whichever kind: how many, and since when."""

from dashboards.boards.figures import Figures
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, Query, stat


def overdue(figures: Figures, title: str, description: str, legend: str) -> Sized:
    """How many are, red from the first on."""
    return Sized(
        stat(
            title,
            description,
            [Query(figures.now("leadsla_overdue_leads"), legend)],
            "none",
            steps=((None, GOOD), (1, BAD)),
            decimals=0,
            nothing="0",
        ),
        4,
        4,
    )


def overdue_since(figures: Figures, title: str, description: str, legend: str, *, nothing: str) -> Sized:
    """How long ago the first of them should have been done; `nothing` stands where none is."""
    return Sized(
        stat(
            title,
            description,
            [Query(f"({figures.oldest()} < time()) * 1000", legend)],
            "dateTimeFromNow",
            steps=((None, BAD),),
            nothing=nothing,
        ),
        5,
        4,
    )
