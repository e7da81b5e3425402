"""The ledger of an obligation of volume on a terminal: what leads came to, and the goal that follows from it."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.headings import add_number_column
from leadsla.tables.narrator import NOTHING, Narrator
from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.instants import DAY
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
    first = next((number for number, row in enumerate(ledger) if _has_deals(row.whole)), None)
    if first is None:
        return
    came = _table(obligation, "ledger-came-title", CAME, narrator)
    follows = _table(obligation, "ledger-follows-title", FOLLOWS, narrator)
    for table, cells in ((came, _came), (follows, _follows)):
        for row in ledger[first:]:
            _add_row(table, row, cells, narrator)
        console.print()
        console.print(table)
    _show_remarks(console, ledger, narrator)


def _add_row(table: Table, row: LedgerRow, cells: Cells, narrator: Narrator) -> None:
    """The period by what is known now, and below it by what was known at its end, where that was something else."""
    period = narrator.period(row.period)
    label = narrator.text("ledger-open", period=period) if row.status == "open" else period
    then = {} if row.at_end is None else {one.segment: one.figures for one in row.at_end.segments}
    parts = [(narrator.text("replay-all"), row.whole, None if row.at_end is None else row.at_end.whole)]
    parts += [
        (escape(one.segment), one.figures, then.get(one.segment))
        for one in row.segments
        if _has_deals(one.figures) or one.figures.leads
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


def _show_remarks(console: Console, ledger: Sequence[LedgerRow], narrator: Narrator) -> None:
    latest = ledger[-1]
    matured = latest.whole.matured
    if matured.since is not None and matured.until is not None:
        said = narrator.text(
            "ledger-rests-on",
            since=narrator.day(matured.since),
            until=narrator.day(matured.until),
            cycle=_days(matured.sales_cycle, narrator),
            deals=matured.sales_cycles,
        )
        console.print(f"  {said}")
    if latest.whole.remark is not None:
        console.print(f"  [yellow]{escape(narrator.voice.say(latest.whole.remark))}[/yellow]")
    foreign = sorted({name for row in ledger for name in row.whole.all_revenue if name != latest.currency})
    if foreign:
        console.print(f"  {narrator.text('ledger-foreign', currencies=', '.join(foreign), agreed=latest.currency)}")


def _has_deals(figures: LedgerFigures) -> bool:
    return bool(figures.all_won or figures.lost or figures.converted)


def _came(figures: LedgerFigures, narrator: Narrator) -> list[str]:
    return [
        narrator.count(figures.leads),
        narrator.count(figures.converted),
        _percentage(figures.close_rate_so_far, narrator),
        narrator.count(figures.won),
        narrator.count(figures.lost),
        _sums(figures.revenue, narrator),
        _sums(figures.all_revenue, narrator),
        _days(figures.average_sales_cycle, narrator),
    ]


def _follows(figures: LedgerFigures, narrator: Narrator) -> list[str]:
    matured = figures.matured
    few = f"[yellow]{narrator.text('ledger-few')}[/yellow] " if matured.is_small else ""
    deal = None if matured.average_deal is None else round(matured.average_deal * VALUE_UNIT)
    goals = (figures.goal, figures.next_goal, figures.next_goal_at_agreed_share)
    return [
        f"{few}{narrator.count(matured.converted)}",
        narrator.count(matured.leads),
        _percentage(matured.close_rate, narrator),
        _money(deal, narrator),
        _percentage(matured.marketing_share, narrator),
        *(NOTHING if goal is None else narrator.count(goal) for goal in goals),
        _money(figures.next_value, narrator),
    ]


def _percentage(ratio: Fraction | None, narrator: Narrator) -> str:
    return NOTHING if ratio is None else narrator.voice.percentage(ratio, 1)


def _money(millionths: int | None, narrator: Narrator) -> str:
    return NOTHING if millionths is None else narrator.voice.fixed(millionths / VALUE_UNIT, 2)


def _sums(sums: Mapping[str, int], narrator: Narrator) -> str:
    return "\n".join(f"{_money(amount, narrator)} {currency}" for currency, amount in sums.items()) or NOTHING


def _days(duration: Fraction | int | None, narrator: Narrator) -> str:
    if duration is None:
        return NOTHING
    return narrator.text("ledger-days", days=narrator.voice.fixed(duration / DAY, 1))
