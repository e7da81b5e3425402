"""Goals met and missed on a terminal, and what follows: credits, remedies, the right to end the agreement."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.periods import NOTHING, day_of, label_of
from sla_rules.figures.numerals import money
from sla_rules.instants import SECOND, format_duration
from sla_rules.reports.consequences import (
    CancellationStatus,
    Consequences,
    Credit,
    CreditDue,
    Judgement,
    RemedyDue,
    Result,
    Target,
    Tier,
)

HEADINGS: Final = ("period", "obligation", "by", "for", "agreed", "found", "goal", "what follows")


def show_consequences(console: Console, consequences: Consequences, zone: ZoneInfo, year_begins: int) -> None:
    """Print what published figures entail, what is known now beside it where that says otherwise."""
    table = Table(
        title="[bold]goals[/bold]: published figures decide; both sides hear of both",
        title_justify="left",
        title_style="",
        header_style="dim",
    )
    for heading in HEADINGS:
        table.add_column(heading, no_wrap=heading in HEADINGS[:2])
    for goal in consequences.periods:
        published, known = goal.published, goal.known
        label = label_of(goal.period, zone, year_begins)
        head = [label, *map(escape, (goal.obligation, goal.provider, goal.recipient))]
        if published is None:
            when = f"published on {day_of(goal.published_at, zone)}"
            table.add_row(*head, *_targets(known), "open", when, style="dim")
            continue
        follows = [*_credits(goal.credits, zone), *_remedies(goal.remedies, zone)]
        table.add_row(*head, *_targets(published), _result(published.result), "\n".join(follows) or NOTHING)
        if known != published:
            table.add_row("", "", "", "", *_targets(known), f"now {known.result or NOTHING}", NOTHING, style="dim")
    console.print()
    console.print(table if table.row_count else "goals: no period yet")
    if consequences.cancellation is not None:
        _show_cancellation(console, consequences.cancellation, zone)


def _targets(judged: Judgement) -> tuple[str, str]:
    return (
        "\n".join(_said(target, target.agreed) for target in judged.targets),
        "\n".join(_said(target, target.found) for target in judged.targets),
    )


def _said(target: Target, amount: Fraction | None) -> str:
    if amount is None:
        return NOTHING
    match target.name:
        case "share":
            return f"{float(amount) * 100:.10g} %"
        case "average_seconds":
            return format_duration(round(amount) * SECOND)
        case "average_attempts" | "delivered" | "value":
            return f"{float(amount):,.2f}".rstrip("0").rstrip(".")


def _result(result: Result | None) -> str:
    match result:
        case "met":
            return "[green]met[/green]"
        case "missed":
            return "[red]missed[/red]"
        case None:
            return "nothing due"


def _credits(found: Sequence[Credit], zone: ZoneInfo) -> list[str]:
    return [
        escape(_credit(credit, credit.published, credit.published.tier, zone))
        for credit in found
        if credit.published is not None and credit.published.tier is not None
    ]


def _credit(credit: Credit, due: CreditDue, tier: Tier, zone: ZoneInfo) -> str:
    said = f"{_share(due.credit)} of the fee back (below {_share(tier.below)})"
    if due.is_capped:
        said += f", capped from {_share(tier.credit)}"
    if due.amount is not None and credit.fee is not None:
        fee = " ".join(part for part in (f"{credit.fee:f}", credit.currency) if part)
        said += f": {money(due.amount)} of {fee}"
    if credit.claim_until is not None:
        said += f", to be claimed until {day_of(credit.claim_until, zone)}"
    if credit.exclusions:
        said += f"; not for: {'; '.join(credit.exclusions)}"
    return said


def _remedies(found: Sequence[RemedyDue], zone: ZoneInfo) -> list[str]:
    return [escape(f"{one.owner}, by {day_of(one.by, zone)}: {one.action}") for one in found]


def _show_cancellation(console: Console, found: CancellationStatus, zone: ZoneInfo) -> None:
    names = ", ".join(found.obligations)
    condition = f"may be ended once {names} was missed {found.missed_in_a_row} {found.interval}s in a row"
    row = [day_of(start, zone) for start in found.in_a_row]
    if found.is_reached:
        console.print(f"  [red]{escape(condition)}: reached, {len(row)} in a row since {row[0]}[/red]")
    else:
        console.print(f"  {escape(condition)}: {len(row)} in a row now")
    for reached in found.reached:
        first, last = (day_of(reached.periods[at], zone) for at in (0, -1))
        console.print(f"  reached on {day_of(reached.at, zone)}: missed from {first} to {last}")


def _share(of: Decimal) -> str:
    return f"{(of * 100).normalize():f} %"
