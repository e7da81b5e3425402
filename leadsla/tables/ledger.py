"""The ledger of an obligation of volume on a terminal: what leads came to, and the goal that follows from it."""

from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.headings import add_number_column
from leadsla.tables.ledger_cells import days, has_deals, money, percentage, rates, show_remarks, sums
from leadsla.tables.narrator import NOTHING, Narrator
from sla_rules.reports.ledger_rows import LedgerFigures, LedgerRow

Cells = Callable[[LedgerFigures, Narrator], list[str]]
CAME: Final = (
    "column-leads",
    "ledger-converted",
    "ledger-so-far",
    "ledger-won",
    "ledger-lost",
    "ledger-revenue",
    "ledger-all-revenue",
    "ledger-sales-cycle",
)
FOLLOWS: Final = (
    "ledger-customers",
    "ledger-of-leads",
    "ledger-close-rate",
    "ledger-a-customer",
    "ledger-our-share",
    "column-goal",
    "ledger-next-goal",
    "ledger-at-agreed-share",
    "ledger-next-value",
)


def show_ledger(console: Console, obligation: str, ledger: Sequence[LedgerRow], narrator: Narrator) -> None:
    """Print the ledger, if any deal was received: each period, then what there is to say of the latest."""
    first = next((number for number, row in enumerate(ledger) if has_deals(row.whole)), None)
    if first is None:
        return
    came = _table(obligation, "ledger-came-title", CAME, narrator)
    follows = _table(obligation, "ledger-follows-title", FOLLOWS, narrator)
    for table, cells in ((came, _came), (follows, _follows)):
        for row in ledger[first:]:
            _add_row(table, row, cells, narrator)
        console.print()
        console.print(table)
    show_remarks(console, ledger, narrator)


def _add_row(table: Table, row: LedgerRow, cells: Cells, narrator: Narrator) -> None:
    """The period by what is known now, and below it by what was known at its end, where that was something else."""
    period = narrator.period(row.period)
    label = narrator.text("ledger-open", period=period) if row.status == "open" else period
    then = {} if row.at_end is None else {one.segment: one.figures for one in row.at_end.segments}
    parts = [(narrator.text("replay-all"), row.whole, None if row.at_end is None else row.at_end.whole)]
    parts += [
        (escape(one.segment), one.figures, then.get(one.segment))
        for one in row.segments
        if has_deals(one.figures) or one.figures.leads
    ]
    for number, (segment, now, before) in enumerate(parts):
        known = cells(now, narrator)
        table.add_row("" if number else label, segment, *known, style="dim" if number else None)
        if before is not None and (knew := cells(before, narrator)) != known:
            table.add_row(narrator.text("ledger-at-end"), segment, *knew, style="dim")


def _table(obligation: str, title: str, headings: tuple[str, ...], narrator: Narrator) -> Table:
    said = f"[bold]{escape(obligation)}[/bold]: {narrator.text(title)}"
    table = Table(title=said, title_justify="left", title_style="", header_style="dim")
    for heading in ("column-period", "column-segment"):
        table.add_column(narrator.text(heading), no_wrap=True)
    for heading in headings:
        add_number_column(table, narrator.text(heading))
    return table


def _came(figures: LedgerFigures, narrator: Narrator) -> list[str]:
    return [
        narrator.count(figures.leads),
        narrator.count(figures.converted),
        percentage(figures.close_rate_so_far, narrator),
        narrator.count(figures.won),
        narrator.count(figures.lost),
        sums(figures.revenue, narrator),
        sums(figures.all_revenue, narrator),
        days(figures.average_sales_cycle, narrator),
    ]


def _follows(figures: LedgerFigures, narrator: Narrator) -> list[str]:
    goals = (figures.goal, figures.next_goal, figures.next_goal_at_agreed_share)
    return [
        *rates(figures.matured, narrator),
        *(NOTHING if goal is None else narrator.count(goal) for goal in goals),
        money(figures.next_value, narrator),
    ]
