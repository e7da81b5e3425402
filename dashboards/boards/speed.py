"""The part of a board about an obligation of speed: how fast leads are followed up, and which ones wait."""

from collections.abc import Iterator

from dashboards.boards.deadlines import fates, overdue_now, share_over_time, shares, waiting
from dashboards.boards.figures import Figures
from dashboards.burn import PERIODS
from dashboards.layout import Sized
from dashboards.panels import BAD, GOOD, MAIN, PLAIN, TARGET, Line, Query, bars, lines, row, stat
from dashboards.promises import averaged, awaited, clock_remarks, started
from dashboards.wording import deadline, listed, spoken
from sla_rules.agreement.obligations import Speed
from sla_rules.instants import Duration, seconds

AVERAGE = "average"
JUST_ABOVE = 0.001
"""Exactly at the target is met; Grafana's steps begin at their value."""


def speed(figures: Figures, terms: Speed) -> Iterator[Sized]:
    """All panels of the obligation, its heading first."""
    yield Sized(row(f"Speed · {figures.heading}"), 24, 1)
    yield Sized(_averages(figures, terms), 8, 4)
    yield from shares(figures, terms.target.share, f"in time, within {deadline(terms.deadline)}")
    yield from overdue_now(figures, terms, awaited(terms))
    yield Sized(_average_over_time(figures, terms), 12, 8)
    yield Sized(share_over_time(figures, terms), 12, 8)
    yield Sized(_bands(figures, terms), 7, 8)
    yield Sized(fates(figures, terms), 6, 8)
    yield Sized(waiting(figures), 7, 8)
    yield Sized(_anomalies(figures), 4, 8)


def _averages(figures: Figures, terms: Speed) -> object:
    agreed = terms.target.average
    windows = sorted(terms.intervals, key=lambda one: PERIODS[one])
    besides = "".join(f" {sentence}" for sentence in clock_remarks(terms))
    return stat(
        f"Average time to {_end(terms)} · {_agreed(agreed)}",
        f"From {started(terms)} to the first {awaited(terms)} that counts, on the clock of the agreement; {averaged(terms)} in "
        f"the current {listed(windows, 'or')}.{besides} {_agreed(agreed).capitalize()}.",
        figures.each_window(figures.average),
        "s",
        steps=PLAIN if agreed is None else ((None, GOOD), (seconds(agreed) + JUST_ABOVE, BAD)),
        decimals=1,
    )


def _average_over_time(figures: Figures, terms: Speed) -> object:
    agreed = terms.target.average
    queries = [Query(figures.average(), AVERAGE)]
    target = f"agreed: {spoken(agreed)}" if agreed is not None else ""
    if agreed is not None:
        queries.append(Query(figures.target("follow_up_seconds"), target))
    return lines(
        f"Average time to {_end(terms)}, this $window",
        f"The average of the {averaged(terms)} since the $window began, as it stood at each moment. "
        "It starts anew with each $window. Below the dashed line is good.",
        queries,
        "s",
        looks={AVERAGE: Line(MAIN), target: Line(TARGET, dashed=True)},
    )


def _bands(figures: Figures, terms: Speed) -> object:
    """A band's bound comes as text, `300` or `300.0`, whichever the exporter writes."""
    by_hand_off = terms.counted_by == "handed_off"
    all_counted = figures.window("leads" if by_hand_off else "follow_ups")
    left_out = "; leads that still wait are in none" if by_hand_off else ""
    queries = [
        Query(
            f"sum({_band(figures, band)}) / sum({all_counted} > 0)",
            f"within {spoken(band)}",
        )
        for band in terms.bands
    ]
    return bars(
        f"How soon {'messages are answered' if terms.starts == 'inbound' else 'leads are followed up'}, this $window",
        f"Share of all {averaged(terms)} this $window that came within each time{left_out}.",
        queries,
        "percentunit",
        maximum=1,
        decimals=0,
    )


def _end(terms: Speed) -> str:
    """As the field calls it."""
    return "next reply" if terms.starts == "inbound" else "follow-up"


def _anomalies(figures: Figures) -> object:
    return stat(
        "Stamped too early",
        "Follow-ups whose time stamp lies before the start of the clock, as when the CRM's clocks disagree. They count as "
        "no time at all and make averages look better than they are.",
        figures.each_window(lambda window: f"sum({figures.window('anomalies', window)})"),
        "none",
        steps=((None, GOOD), (1, TARGET)),
        decimals=0,
        nothing="0",
    )


def _band(figures: Figures, band: Duration) -> str:
    whole = str(seconds(band)).removesuffix(".0")
    bound = f'le=~"{whole.replace(".", "[.]")}([.]0)?"'
    query = figures.window("within_band_leads", "$window", "le")
    return query.replace("{", "{" + bound + ",", 1)


def _agreed(average: Duration | None) -> str:
    return "no average agreed" if average is None else f"agreed: {spoken(average)}"
