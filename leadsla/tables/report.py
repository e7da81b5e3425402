"""What a replay comes to, as tables on a terminal: each period beside its target, and beside other terms."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rich.markup import escape
from rich.table import Table

from leadsla.console import Console
from leadsla.tables.agreed import title_of
from leadsla.tables.agreement_events import show_agreement_events
from leadsla.tables.breaches import show_breaches, show_left_out
from leadsla.tables.columns import columns_of, is_filled
from leadsla.tables.consequences import show_consequences
from leadsla.tables.flags import show_flags
from leadsla.tables.headings import add_number_column
from leadsla.tables.ledger import show_ledger
from leadsla.tables.narrator import NOTHING, Narrator
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.result import ObligationReport, Report, WindowFigures
from wording.voice import Voice

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


def show(found: Iterable[tuple[Replayed, Replayed | None]], leads: int, voice: Voice) -> None:
    """Print every report, each beside the one by other terms."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
    for replayed, also in found:
        _show(console, replayed, also, leads, voice)


def _show(console: Console, replayed: Replayed, also: Replayed | None, leads: int, voice: Voice) -> None:
    rules, report = replayed
    narrator = Narrator.of_agreement(rules, report.agreement, voice)
    version = report.version or narrator.text("replay-not-in-force")
    at = voice.instant(narrator.local(report.until), weekday=False)
    title = f"[bold]{escape(report.agreement)}[/bold] {escape(version)}"
    console.print(f"{title} {narrator.text('replay-as-of', at=at, leads=leads)}")
    for obligation in report.obligations:
        of_obligation = Narrator.of_term(replayed.term(obligation.id), voice)
        other = None if also is None else also.obligation(obligation.id)
        if also is None or other is None:
            table = _table(replayed.term(obligation.id), obligation, of_obligation)
        else:
            table = _compared(replayed, also, obligation, other, of_obligation)
        console.print()
        console.print(table if table.row_count else narrator.text("replay-nothing-to-count", title=str(table.title)))
        show_flags(console, obligation, of_obligation)
        if obligation.ledger is not None:
            show_ledger(console, obligation.id, obligation.ledger, of_obligation)
    show_consequences(console, report.consequences, narrator)
    show_agreement_events(console, report.events, narrator)
    show_breaches(console, report.breaches, narrator)
    show_left_out(console, report, narrator)
    console.print()


def _table(term: Term, obligation: ObligationReport, narrator: Narrator) -> Table:
    columns = columns_of(term, narrator)
    table = _empty(title_of(term, narrator), columns.headings, narrator)
    for window in _filled(obligation):
        table.add_row(*_place(window, narrator), *columns.cells(window.known))
        if window.status == "restated" and window.published is not None:
            table.add_row("", "", narrator.text("period-as-published"), *columns.cells(window.published), style="dim")
    return table


def _compared(
    replayed: Replayed, also: Replayed, obligation: ObligationReport, other: ObligationReport, narrator: Narrator
) -> Table:
    """Two columns for each figure that terms change: what is known now, by these and by the other terms."""
    terms = replayed.term(obligation.id), also.term(other.id)
    of_other = Narrator.of_term(terms[1], narrator.voice)
    mine, theirs = columns_of(terms[0], narrator).compared, columns_of(terms[1], of_other).compared
    names = [str(side.report.version) for side in (replayed, also)]
    if names[0] == names[1]:
        names[1] = narrator.text("replay-other-version", version=names[1])
    headings = [
        f"{heading}\n{name}" for heading, _ in zip(mine.headings, theirs.headings, strict=False) for name in names
    ]
    beside = narrator.text("replay-beside", title=title_of(terms[1], of_other))
    table = _empty(f"{title_of(terms[0], narrator)}\n {beside}", headings, narrator)
    others = {_name(window): window for window in other.periods}
    for window in _filled(obligation):
        there = others.get(_name(window))
        cells_there = [NOTHING] * len(theirs.headings) if there is None else theirs.cells(there.known)
        cells = [cell for pair in zip(mine.cells(window.known), cells_there, strict=False) for cell in pair]
        table.add_row(*_place(window, narrator), *cells)
    return table


def _empty(title: str, headings: Sequence[str], narrator: Narrator) -> Table:
    table = Table(title=title, title_justify="left", title_style="", header_style="dim")
    for heading in ("column-period", "column-segment", "column-status"):
        table.add_column(narrator.text(heading), no_wrap=True)
    for heading in headings:
        add_number_column(table, heading)
    return table


def _filled(obligation: ObligationReport) -> Iterator[WindowFigures]:
    """Periods in which there was anything to count."""
    for window in (*obligation.periods, *obligation.totals):
        if any(figures is not None and is_filled(figures) for figures in (window.known, window.published)):
            yield window


def _name(window: WindowFigures) -> tuple[CalendarPeriod, str | None]:
    return window.period, window.segment


def _place(window: WindowFigures, narrator: Narrator) -> tuple[str, str, str]:
    segment = narrator.text("replay-all") if window.segment is None else window.segment
    status = narrator.text(f"period-{window.status}")
    return (
        narrator.period(window.period),
        escape(segment),
        narrator.text("period-of-history", status=status) if window.history else status,
    )
