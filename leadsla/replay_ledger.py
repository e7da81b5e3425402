"""The ledger of an obligation of volume on a terminal: what leads came to, and the goal that follows from it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.replay_periods import NOTHING, day_of, label_of
from sla_rules.instants import DAY, SECOND

Row = Mapping[str, Any]

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


def show_ledger(console: Console, obligation: Row, zone: ZoneInfo, year_begins: int) -> None:
    """Print the ledger, if any deal was told of: each period, then what there is to say of the latest."""
    rows = obligation["ledger"] or []
    first = next((number for number, row in enumerate(rows) if _has_deals(row)), None)
    if first is None:
        return
    name = f"[bold]{escape(obligation['id'])}[/bold]"
    came = _table(f"{name}: what came of the leads", CAME)
    follows = _table(f"{name}: the next goal, by the rates of matured leads", FOLLOWS)
    for row in rows[first:]:
        label = label_of(row, zone, year_begins) + (" (open)" if row["status"] == "open" else "")
        came.add_row(label, "all", *_came(row))
        follows.add_row(label, "all", *_follows(row))
        for segment in row["segments"]:
            if _has_deals(segment) or segment["leads"]:
                came.add_row("", escape(segment["segment"]), *_came(segment), style="dim")
                follows.add_row("", escape(segment["segment"]), *_follows(segment), style="dim")
    for table in (came, follows):
        console.print()
        console.print(table)
    _show_remarks(console, rows, zone)


def _table(title: str, headings: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="", header_style="dim")
    for heading in ("period", "segment"):
        table.add_column(heading, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _show_remarks(console: Console, rows: Sequence[Row], zone: ZoneInfo) -> None:
    latest = rows[-1]
    matured = latest["matured"]
    if matured["since"] is not None:
        span = f"{day_of(matured['since'], zone)} to {day_of(matured['until'], zone)}"
        cycle = f"{_days(matured['sales_cycle_seconds'])} on average of {matured['sales_cycles']:,} deals"
        console.print(f"  the last row rests on leads delivered from {span}, the end left out; a sale takes {cycle}")
    if latest["remark"] is not None:
        console.print(f"  [yellow]{escape(latest['remark'])}[/yellow]")
    foreign = sorted({name for row in rows for name in row["all_revenue"]} - {latest["currency"]})
    if foreign:
        agreed = f"rates are in {latest['currency']}" if latest["currency"] else "none is agreed"
        console.print(f"  deals in {', '.join(foreign)} are counted apart: {agreed}")


def _has_deals(row: Row) -> bool:
    return bool(row["all_won"] or row["lost"] or row["converted"])


def _came(row: Row) -> list[str]:
    return [
        f"{row['leads']:,}",
        f"{row['converted']:,}",
        _or_nothing(row["close_rate_so_far"], lambda rate: f"{rate:.1%}"),
        f"{row['won']:,}",
        f"{row['lost']:,}",
        _sums(row["revenue"]),
        _sums(row["all_revenue"]),
        _days(row["average_sales_cycle_seconds"]),
    ]


def _follows(row: Row) -> list[str]:
    matured = row["matured"]
    few = "[yellow]few:[/yellow] " if matured["is_small"] else ""
    return [
        f"{few}{matured['converted']:,}",
        f"{matured['leads']:,}",
        _or_nothing(matured["close_rate"], lambda rate: f"{rate:.1%}"),
        _or_nothing(matured["average_deal"], lambda deal: f"{float(deal):,.2f}"),
        _or_nothing(matured["marketing_share"], lambda share: f"{share:.1%}"),
        *(
            _or_nothing(row[name], lambda goal: f"{goal:,}")
            for name in ("goal", "next_goal", "next_goal_at_agreed_share")
        ),
        _or_nothing(row["next_value"], lambda value: f"{float(value):,.2f}"),
    ]


def _sums(sums: Mapping[str, str]) -> str:
    return "\n".join(f"{float(amount):,.2f} {currency}" for currency, amount in sums.items()) or NOTHING


def _days(duration: float | None) -> str:
    return NOTHING if duration is None else f"{duration * SECOND / DAY:.1f} d"


def _or_nothing(found: Any, said: Callable[[Any], str]) -> str:
    return NOTHING if found is None else said(found)
