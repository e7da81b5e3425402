"""What a replay comes to, as tables on a terminal: each period beside its target, and beside other terms."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.agreed import title_of
from leadsla.tables.breaches import show_breaches, show_left_out
from leadsla.tables.columns import columns_of, is_filled
from leadsla.tables.consequences import show_consequences
from leadsla.tables.ledger import show_ledger
from leadsla.tables.periods import NOTHING, label_of, local
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.result import ObligationReport, Report, WindowFigures

WIDE: Final = 160
"""Columns of a terminal that is none: a file or a pipe."""


class Replayed(NamedTuple):
    """A report, and the rules that it was worked out by."""

    rules: RuleBook
    report: Report

    def term(self, obligation: str) -> Term:
        """An obligation as it stands in the latest version that has it."""
        name = (self.report.agreement, obligation)
        return next(term for term in reversed(self.rules.terms) if term.name == name)

    def obligation(self, name: str) -> ObligationReport | None:
        """What is reported of an obligation."""
        return next((one for one in self.report.obligations if one.id == name), None)


def show(found: Iterable[tuple[Replayed, Replayed | None]], leads: int) -> None:
    """Print every report, each beside the one by other terms."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    for replayed, also in found:
        _show(console, replayed, also, leads)


def _show(console: Console, replayed: Replayed, also: Replayed | None, leads: int) -> None:
    rules, report = replayed
    zone = rules.zone_of(report.agreement)
    version = report.version or "not in force yet"
    title = f"[bold]{escape(report.agreement)}[/bold] {escape(version)}"
    console.print(f"{title} as of {local(report.until, zone):%Y-%m-%d %H:%M:%S %Z}, {leads:,} leads known")
    for obligation in report.obligations:
        other = None if also is None else also.obligation(obligation.id)
        if also is None or other is None:
            table = _table(replayed.term(obligation.id), obligation, zone)
        else:
            table = _compared(replayed, also, obligation, other, zone)
        console.print()
        console.print(table if table.row_count else f"{table.title}: nothing to count yet")
        if obligation.ledger is not None:
            year_begins = replayed.term(obligation.id).year_begins
            show_ledger(console, obligation.id, obligation.ledger, zone, year_begins)
    year_begins = rules.versions[report.agreement][-1].terms[0].year_begins
    show_consequences(console, report.consequences, zone, year_begins)
    show_breaches(console, report.breaches, zone)
    show_left_out(console, report)
    console.print()


def _table(term: Term, obligation: ObligationReport, zone: ZoneInfo) -> Table:
    columns = columns_of(term)
    table = _empty(title_of(term), columns.headings)
    for window in _filled(obligation):
        table.add_row(*_place(window, zone, term.year_begins), window.status, *columns.cells(window.known))
        if window.status == "restated" and window.published is not None:
            table.add_row("", "", "as published", *columns.cells(window.published), style="dim")
    return table


def _compared(
    replayed: Replayed, also: Replayed, obligation: ObligationReport, other: ObligationReport, zone: ZoneInfo
) -> Table:
    """Two columns for each figure that terms change: what is known now, by these and by the other terms."""
    terms = replayed.term(obligation.id), also.term(other.id)
    mine, theirs = (columns_of(term).compared for term in terms)
    names = [str(side.report.version) for side in (replayed, also)]
    if names[0] == names[1]:
        names[1] = f"{names[1]} (other)"
    headings = [
        f"{heading}\n{name}" for heading, _ in zip(mine.headings, theirs.headings, strict=False) for name in names
    ]
    table = _empty(f"{title_of(terms[0])}\n beside: {title_of(terms[1])}", headings)
    others = {_name(window): window for window in other.periods}
    for window in _filled(obligation):
        beside = others.get(_name(window))
        there = [NOTHING] * len(theirs.headings) if beside is None else theirs.cells(beside.known)
        cells = [cell for pair in zip(mine.cells(window.known), there, strict=False) for cell in pair]
        table.add_row(*_place(window, zone, terms[0].year_begins), window.status, *cells)
    return table


def _empty(title: str, headings: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="", header_style="dim")
    for heading in ("period", "segment", "status"):
        table.add_column(heading, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _filled(obligation: ObligationReport) -> Iterator[WindowFigures]:
    """Periods in which there was anything to count."""
    for window in (*obligation.periods, *obligation.totals):
        if any(figures is not None and is_filled(figures) for figures in (window.known, window.published)):
            yield window


def _name(window: WindowFigures) -> tuple[CalendarPeriod, str | None]:
    return window.period, window.segment


def _place(window: WindowFigures, zone: ZoneInfo, year_begins: int) -> tuple[str, str]:
    return label_of(window.period, zone, year_begins), escape(window.segment or "all")
