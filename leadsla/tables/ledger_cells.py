"""What stands in cells of a ledger, and what is said below it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from rich.console import Console
from rich.markup import escape

from leadsla.tables.narrator import NOTHING, Narrator
from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.instants import DAY
from sla_rules.reports.ledger_rows import LedgerFigures, LedgerRow, MaturedCohorts


def show_remarks(console: Console, ledger: Sequence[LedgerRow], narrator: Narrator) -> None:
    """Print what there is to say of the latest row."""
    latest = ledger[-1]
    matured = latest.whole.matured
    if matured.since is not None and matured.until is not None:
        said = narrator.text(
            "ledger-rests-on",
            since=narrator.day(matured.since),
            until=narrator.day(matured.until),
            cycle=days(matured.sales_cycle, narrator),
            deals=matured.sales_cycles,
        )
        console.print(f"  {said}")
    if latest.whole.remark is not None:
        console.print(f"  [yellow]{escape(narrator.voice.say(latest.whole.remark))}[/yellow]")
    foreign = sorted({name for row in ledger for name in row.whole.all_revenue if name != latest.currency})
    if foreign:
        console.print(f"  {narrator.text('ledger-foreign', currencies=', '.join(foreign), agreed=latest.currency)}")


def has_deals(figures: LedgerFigures) -> bool:
    """Whether anything came of leads, or any deal was told of."""
    return bool(figures.all_won or figures.lost or figures.converted)


def rates(matured: MaturedCohorts, narrator: Narrator) -> list[str]:
    """Customers, of how many leads, the rate that they make, what one brought, and marketing's share."""
    few = f"[yellow]{narrator.text('ledger-few')}[/yellow] " if matured.is_small else ""
    deal = None if matured.average_deal is None else round(matured.average_deal * VALUE_UNIT)
    return [
        f"{few}{narrator.count(matured.converted)}",
        narrator.count(matured.leads),
        percentage(matured.close_rate, narrator),
        money(deal, narrator),
        percentage(matured.marketing_share, narrator),
    ]


def percentage(ratio: Fraction | None, narrator: Narrator) -> str:
    """A share in tenths of a percent."""
    return NOTHING if ratio is None else narrator.voice.percentage(ratio, 1)


def money(millionths: int | None, narrator: Narrator) -> str:
    """An amount with two decimals."""
    return NOTHING if millionths is None else narrator.voice.fixed(millionths / VALUE_UNIT, 2)


def sums(by_currency: Mapping[str, int], narrator: Narrator, but_for: str | None = None) -> str:
    """A line for each currency, which is named `but_for` one."""
    lines = (
        money(amount, narrator) if currency == but_for else f"{money(amount, narrator)} {currency}"
        for currency, amount in by_currency.items()
    )
    return "\n".join(lines) or NOTHING


def days(duration: Fraction | int | None, narrator: Narrator) -> str:
    """A span of time in days."""
    if duration is None:
        return NOTHING
    return narrator.text("ledger-days", days=narrator.voice.fixed(duration / DAY, 1))
