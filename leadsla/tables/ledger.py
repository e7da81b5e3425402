"""The ledger of an obligation of volume on a terminal: what leads came to, and the goal that follows from it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.periods import NOTHING, day_of, label_of
from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.instants import DAY
from sla_rules.reports.ledger_rows import LedgerFigures, LedgerRow

CAME: Final = ("leads", "converted", "so far", "won", "lost", "revenue", "all revenue", "sales cycle")
FOLLOWS: Final = (
    "customers",
    "of leads",
    "close rate",
    "a customer",
    "our share",
    "goal",
    "next goal",
    "at agreed share",
    "next value",
)


def show_ledger(
    console: Console, obligation: str, ledger: Sequence[LedgerRow], zone: ZoneInfo, year_begins: int
) -> None:
    """Print the ledger, if any deal was received: each period, then what there is to say of the latest."""
    first = next((number for number, row in enumerate(ledger) if _has_deals(row.whole)), None)
    if first is None:
        return
    name = f"[bold]{escape(obligation)}[/bold]"
    came = _table(f"{name}: what came of the leads", CAME)
    follows = _table(f"{name}: the next goal, by the rates of matured leads", FOLLOWS)
    for row in ledger[first:]:
        label = label_of(row.period, zone, year_begins) + (" (open)" if row.status == "open" else "")
        came.add_row(label, "all", *_came(row.whole))
        follows.add_row(label, "all", *_follows(row.whole))
        for segment in row.segments:
            if _has_deals(segment.figures) or segment.figures.leads:
                came.add_row("", escape(segment.segment), *_came(segment.figures), style="dim")
                follows.add_row("", escape(segment.segment), *_follows(segment.figures), style="dim")
    for table in (came, follows):
        console.print()
        console.print(table)
    _show_remarks(console, ledger, zone)


def _table(title: str, headings: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="", header_style="dim")
    for heading in ("period", "segment"):
        table.add_column(heading, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _show_remarks(console: Console, ledger: Sequence[LedgerRow], zone: ZoneInfo) -> None:
    latest = ledger[-1]
    matured = latest.whole.matured
    if matured.since is not None and matured.until is not None:
        span = f"{day_of(matured.since, zone)} to {day_of(matured.until, zone)}"
        cycle = f"{_days(matured.sales_cycle)} on average of {matured.sales_cycles:,} deals"
        console.print(f"  the last row rests on leads delivered from {span}, the end left out; a sale takes {cycle}")
    if latest.whole.remark is not None:
        console.print(f"  [yellow]{escape(latest.whole.remark)}[/yellow]")
    foreign = sorted({name for row in ledger for name in row.whole.all_revenue if name != latest.currency})
    if foreign:
        agreed = f"rates are in {latest.currency}" if latest.currency else "none is agreed"
        console.print(f"  deals in {', '.join(foreign)} are counted apart: {agreed}")


def _has_deals(figures: LedgerFigures) -> bool:
    return bool(figures.all_won or figures.lost or figures.converted)


def _came(figures: LedgerFigures) -> list[str]:
    return [
        f"{figures.leads:,}",
        f"{figures.converted:,}",
        _percent(figures.close_rate_so_far),
        f"{figures.won:,}",
        f"{figures.lost:,}",
        _sums(figures.revenue),
        _sums(figures.all_revenue),
        _days(figures.average_sales_cycle),
    ]


def _follows(figures: LedgerFigures) -> list[str]:
    matured = figures.matured
    few = "[yellow]few:[/yellow] " if matured.is_small else ""
    deal = None if matured.average_deal is None else round(matured.average_deal * VALUE_UNIT)
    return [
        f"{few}{matured.converted:,}",
        f"{matured.leads:,}",
        _percent(matured.close_rate),
        _money(deal),
        _percent(matured.marketing_share),
        *(
            NOTHING if goal is None else f"{goal:,}"
            for goal in (figures.goal, figures.next_goal, figures.next_goal_at_agreed_share)
        ),
        _money(figures.next_value),
    ]


def _percent(ratio: Fraction | None) -> str:
    return NOTHING if ratio is None else f"{float(ratio):.1%}"


def _money(millionths: int | None) -> str:
    return NOTHING if millionths is None else f"{millionths / VALUE_UNIT:,.2f}"


def _sums(sums: Mapping[str, int]) -> str:
    return "\n".join(f"{_money(amount)} {currency}" for currency, amount in sums.items()) or NOTHING


def _days(duration: Fraction | int | None) -> str:
    return NOTHING if duration is None else f"{float(duration / DAY):.1f} d"
