"""The part of a board about an obligation of volume: what is delivered, against the goal line."""

from collections.abc import Iterator
from typing import Any, Final

from dashboards.boards.figures import Figures
from dashboards.burn import PERIODS
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, MAIN, TARGET, Line, Query, bars, chart, lines, row, stat
from dashboards.promises import goal_remarks, judges_quality
from dashboards.queries import recorded
from dashboards.wording import number
from sla_rules.agreement.obligations import Volume
from sla_rules.figures.capacity import capacity_for
from sla_rules.instants import DAY, format_duration

DELIVERED: Final = "delivered"
LINE: Final = "goal line"
STRAIGHT: Final = "straight to the goal"
SO_FAR: Final = "delivered so far"
BY_THEN: Final = "goal by then"


def volume(figures: Figures, terms: Volume) -> Iterator[Sized]:
    """All panels of the obligation, its heading first."""
    yield Sized(row(f"Volume · {figures.heading}"), 24, 1)
    yield from _now(figures, terms)
    yield Sized(_waterfall(figures, terms), 12, 9)
    if terms.interval == "month":
        yield Sized(_by_day(figures, terms), 12, 9)
    if capacity_for(figures.agreement, terms.id) is not None:
        yield Sized(_load(figures), 24, 2 + 2 * len(terms.intervals))


def _now(figures: Figures, terms: Volume) -> Iterator[Sized]:
    what = _what(terms)
    delivered, line = _delivered(figures, terms), _line(figures, terms)
    quality = judges_quality(figures.agreement, terms)
    width = 6 if quality else 8
    yield Sized(
        stat(
            f"{what.capitalize()} delivered, this {terms.interval} · agreed: {number(terms.agreed)}",
            " ".join((f"{what.capitalize()} delivered since the {terms.interval} began.", *goal_remarks(terms))),
            [Query(delivered, DELIVERED)],
            "none",
            decimals=0,
        ),
        width,
        4,
    )
    yield Sized(
        stat(
            "Should be by now",
            f"The goal line: the goal of the {terms.interval} spread over its {_days(terms)}, counting those that have "
            f"ended.{' The goal is for all segments together.' if figures.agreement.segments else ''}",
            [Query(line, LINE)],
            "none",
            decimals=1,
        ),
        width,
        4,
    )
    yield Sized(
        stat(
            "Ahead of the goal line",
            "Delivered less what the goal line asks for by now; below zero is behind.",
            [Query(f"{delivered} - {line}", "ahead")],
            "none",
            steps=((None, BAD), (0, GOOD)),
            decimals=1,
        ),
        width,
        4,
    )
    if quality:
        yield Sized(
            stat(
                "Handed off below the agreed quality",
                f"Leads handed off this {terms.interval} that are not ready: they do not count towards the goal.",
                [Query(f"sum({figures.window('unready_leads', terms.interval)})", "not ready")],
                "none",
                steps=((None, GOOD), (1, TARGET)),
                decimals=0,
            ),
            width,
            4,
        )


def _waterfall(figures: Figures, terms: Volume) -> Any:
    """The straight line needs no worker: it runs on to the end of the window from the last targets seen."""
    lately = f"[{format_duration(PERIODS[terms.interval] + 2 * DAY)}]"
    goal = figures.target("leads", window=terms.interval)
    bounds = {"agreement": figures.agreement.agreement, "window": terms.interval}
    start, end = (
        f"last_over_time({recorded(f'leadsla_window_{edge}_timestamp_seconds', 'window', operation='max', **bounds)}"
        f"{lately})"
        for edge in ("start", "end")
    )
    elapsed = f"clamp((time() - {start}) / ({end} - {start}), 0, 1)"
    straight = f"last_over_time({goal}{lately}) * on (agreement, window) group_left () {elapsed}"
    return lines(
        f"{_what(terms).capitalize()} delivered since the {terms.interval} began",
        f"Delivered against the goal line, which grows with each of the {_days(terms)} that has ended, and against the "
        f"straight line to {number(terms.agreed)}, which runs on to the end of the {terms.interval}.",
        [
            Query(_delivered(figures, terms), DELIVERED),
            Query(_line(figures, terms), LINE),
            Query(straight, STRAIGHT),
        ],
        "none",
        looks={
            DELIVERED: Line(MAIN, stepped=True),
            LINE: Line(TARGET, dashed=True, stepped=True),
            STRAIGHT: Line("text", dashed=True),
        },
        decimals=0,
    )


def _by_day(figures: Figures, terms: Volume) -> Any:
    goal = recorded("leadsla_goal_by_day_leads", "obligation", "day", operation="max", **figures.where)
    return chart(
        f"{_what(terms).capitalize()} by the end of each day of the month",
        "Delivered from the first of the month to the end of each day, beside the goal by then. Late events and "
        "corrections are in, whatever was drawn before.",
        [Query(figures.by_day(), table=True), Query(f"max by (day) ({goal})", table=True)],
        "none",
        along="day",
        transformations=[
            {"id": "joinByField", "options": {"byField": "day", "mode": "outer"}},
            {"id": "sortBy", "options": {"fields": {}, "sort": [{"field": "day", "desc": False}]}},
            {
                "id": "calculateField",
                "options": {
                    "mode": "cumulativeFunctions",
                    "cumulative": {"field": "Value #A", "reducer": "sum"},
                    "alias": SO_FAR,
                },
            },
            {
                "id": "organize",
                "options": {
                    "excludeByName": {"Time": True, "Time 1": True, "Time 2": True, "Value #A": True},
                    "indexByName": {"day": 0, SO_FAR: 1, "Value #B": 2},
                    "renameByName": {"Value #B": BY_THEN},
                },
            },
        ],
        colours={SO_FAR: MAIN, BY_THEN: TARGET},
    )


def _load(figures: Figures) -> Any:
    capacity = figures.agreement.capacity
    reps = "" if capacity is None else f"{capacity.reps} rep{'' if capacity.reps == 1 else 's'}"
    return bars(
        f"Load on {reps}",
        "Leads delivered, as a share of those that the reps have the working time for in the whole window. Above 100 % "
        "not every lead can get the attempts that were planned.",
        figures.each_window(
            lambda window: (
                f"sum({figures.window('leads', window)}) / sum({figures.target('capacity_leads', window=window)} > 0)"
            )
        ),
        "percentunit",
        steps=((None, GOOD), (0.8, TARGET), (1, BAD)),
        decimals=0,
    )


def _delivered(figures: Figures, terms: Volume) -> str:
    return f"sum({figures.window('leads', terms.interval)})"


def _line(figures: Figures, terms: Volume) -> str:
    return f"sum({figures.target('leads_to_date', window=terms.interval)})"


def _what(terms: Volume) -> str:
    return "leads" if terms.measure == "leads" else "value"


def _days(terms: Volume) -> str:
    return "days" if terms.goal_line == "calendar_days" else "working days"
