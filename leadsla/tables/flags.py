"""The flags of an obligation's attempts on a terminal: by team, for the longest of its periods, where there are any."""

from collections.abc import Iterator
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.headings import add_number_column
from leadsla.tables.narrator import Narrator
from sla_rules.agreement.flags import FLAGS
from sla_rules.figures.obligation_figures import DepthFigures, SpeedFigures, TeamFlags
from sla_rules.reports.result import ObligationReport, WindowFigures


def show_flags(console: Console, obligation: ObligationReport, narrator: Narrator) -> None:
    """Print a row for each period, segment and team, of what is known now; shorter periods are in the JSON."""
    title = f"[bold]{escape(obligation.id)}[/bold]: {narrator.text('replay-flags-title')}"
    table = Table(title=title, title_justify="left", title_style="", header_style="dim")
    for heading in ("column-period", "column-segment", "column-team"):
        table.add_column(narrator.text(heading), no_wrap=True)
    for flag in FLAGS:
        add_number_column(table, narrator.text(f"flag-{flag.replace('_', '-')}"))
    for window, found in _flagged(obligation):
        segment = narrator.text("replay-all") if window.segment is None else window.segment
        counts = (narrator.count(attrgetter(flag)(found)) for flag in FLAGS)
        table.add_row(narrator.period(window.period), escape(segment), escape(found.team), *counts)
    if table.row_count:
        console.print()
        console.print(table)


def _flagged(obligation: ObligationReport) -> Iterator[tuple[WindowFigures, TeamFlags]]:
    for window in obligation.periods:
        figures = window.known
        is_longest = window.period.interval == obligation.periods[-1].period.interval
        if is_longest and isinstance(figures, SpeedFigures | DepthFigures):
            yield from ((window, found) for found in figures.flags)
