"""The ledger of an agreement on 80 columns: what came of each period's leads, what was decided, and the goal that follows."""

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.freshness import show_freshness
from leadsla.tables.ledger_cells import has_deals, percentage, rates, show_remarks, sums
from leadsla.tables.narrator import NOTHING, Narrator
from leadsla.tables.targets import percent
from sla_rules.reports.consequences import Result, SettledGoal
from sla_rules.reports.ledger_rows import LedgerFigures
from sla_rules.reports.monthly_ledger import AgreementLedger, LedgerPeriod, ObligationLedger

Cells = Callable[[LedgerFigures, SettledGoal | None, str | None, Narrator], list[str]]
CAME: Final = (
    "column-leads",
    "column-goal",
    "ledger-result",
    "ledger-reached",
    "ledger-customers",
    "ledger-rate-so-far",
    "ledger-brought",
    "ledger-credit",
)
FOLLOWS: Final = (
    "ledger-customers",
    "ledger-of-leads",
    "ledger-close-rate",
    "ledger-a-customer",
    "ledger-our-share",
    "ledger-next-goal",
    "ledger-at-agreed-share",
)
_MARK: Final = "*"
COLOURS: Final[dict[Result, str]] = {"met": "green", "missed": "red"}


def show_monthly_ledger(console: Console, found: AgreementLedger, narrator: Narrator) -> None:
    """Print whether the service sees all, and of each obligation two tables with a row for each period."""
    if found.service is not None:
        show_freshness(console, found.service, narrator.voice)
    at = narrator.voice.instant(narrator.local(found.at), seconds=False)
    console.print(f"[bold]{escape(found.agreement)}[/bold] [dim]{narrator.text('ledger-as-of', at=at)}[/dim]")
    filled = [one for one in found.obligations if one.periods]
    if not filled:
        console.print(narrator.text("ledger-none"))
    for one in filled:
        _show_obligation(console, one, narrator)


def _show_obligation(console: Console, found: ObligationLedger, narrator: Narrator) -> None:
    tables: list[tuple[str, Sequence[str], Cells]] = [("ledger-came-title", CAME, _came)]
    if any(has_deals(one.row.whole) for one in found.periods):
        tables.append(("ledger-follows-title", FOLLOWS, _follows))
    for title, headings, cells in tables:
        console.print()
        console.print(f"[bold]{escape(found.obligation)}[/bold]: {narrator.text(title)}")
        console.print(_table(found, headings, cells, narrator))
    if any(_is_restated(one.judged) for one in found.periods):
        console.print(f"  {narrator.text('ledger-as-published')}")
    show_remarks(console, [one.row for one in found.periods], narrator)


def _table(found: ObligationLedger, headings: Sequence[str], cells: Cells, narrator: Narrator) -> Table:
    table = Table(
        header_style="dim",
        box=SIMPLE_HEAD,
        padding=0,
        show_edge=False,
    )
    table.add_column(narrator.text("column-period"), overflow="fold")
    for heading in headings:
        said = narrator.text(heading, currency=found.periods[-1].row.currency)
        table.add_column(_narrow(said), justify="right", overflow="fold")
    for one in found.periods:
        for number, (label, figures, judged) in enumerate(_parts(one)):
            table.add_row(label, *cells(figures, judged, one.row.currency, narrator), style="dim" if number else None)
    return table


def _narrow(heading: str) -> str:
    """As many lines as it takes for none to be longer than its longest word."""
    return "\n".join(wrap(heading, max(map(len, heading.split()))))


def _parts(one: LedgerPeriod) -> Iterator[tuple[str, LedgerFigures, SettledGoal | None]]:
    """All together, then each segment that anything came of, of which nothing is judged."""
    yield one.name, one.row.whole, one.judged
    for part in one.row.segments:
        if part.figures.leads or has_deals(part.figures):
            yield f"  {escape(part.segment)}", part.figures, None


def _came(figures: LedgerFigures, judged: SettledGoal | None, currency: str | None, narrator: Narrator) -> list[str]:
    return [
        narrator.count(figures.leads),
        _agreed(figures, judged, narrator),
        *_result(judged, narrator),
        narrator.count(figures.converted),
        percentage(figures.close_rate_so_far, narrator),
        sums(figures.customer_revenue, narrator, but_for=currency),
        _credit(judged, currency, narrator),
    ]


def _follows(
    figures: LedgerFigures, _judged: SettledGoal | None, _currency: str | None, narrator: Narrator
) -> list[str]:
    goals = (figures.next_goal, figures.next_goal_at_agreed_share)
    return [*rates(figures.matured, narrator), *(NOTHING if goal is None else narrator.count(goal) for goal in goals)]


def _agreed(figures: LedgerFigures, judged: SettledGoal | None, narrator: Narrator) -> str:
    """The goal: leads, or value where that is what was agreed."""
    if judged is not None:
        return narrator.voice.number(round(judged.known.targets[0].agreed, 2))
    return NOTHING if figures.goal is None else narrator.count(figures.goal)


def _result(judged: SettledGoal | None, narrator: Narrator) -> tuple[str, str]:
    """Whether the goal was met, and how far."""
    if judged is None or judged.published is None or judged.published.result is None:
        return NOTHING, NOTHING
    result, attainment = judged.published.result, judged.published.attainment
    mark = _MARK if _is_restated(judged) else ""
    reached = NOTHING if attainment is None else narrator.down_to_tenths(attainment)
    cells = (narrator.text(f"goals-{result}"), f"{reached}{mark}")
    first, second = (f"[{COLOURS[result]}]{cell}[/]" for cell in cells)
    return first, second


def _is_restated(judged: SettledGoal | None) -> bool:
    """Whether another share is known now than was published."""
    return (
        judged is not None and judged.published is not None and judged.published.attainment != judged.known.attainment
    )


def _credit(judged: SettledGoal | None, currency: str | None, narrator: Narrator) -> str:
    """Amounts, or shares of fees that nobody named."""
    due = [
        percent(credit.published.credit, narrator)
        if credit.published.amount is None
        else sums({credit.currency or "": credit.published.amount}, narrator, but_for=currency)
        for credit in (() if judged is None else judged.credits)
        if credit.published is not None and credit.published.tier is not None
    ]
    return "\n".join(due) or NOTHING
