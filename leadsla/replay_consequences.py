"""Goals met and missed on a terminal, and what follows: credits, remedies, the right to end the agreement."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.replay_periods import NOTHING, day_of, label_of
from sla_rules.instants import SECOND, format_duration

Found = Mapping[str, Any]

HEADINGS: Final = ("period", "obligation", "by", "for", "agreed", "found", "goal", "what follows")


def show_consequences(console: Console, consequences: Found, zone: ZoneInfo, year_begins: int) -> None:
    """Print what published figures entail, what is known now beside it where that says otherwise."""
    table = Table(
        title="[bold]goals[/bold]: published figures decide; both sides hear of both",
        title_justify="left",
        title_style="",
        header_style="dim",
    )
    for heading in HEADINGS:
        table.add_column(heading, no_wrap=heading in HEADINGS[:2])
    for period in consequences["periods"]:
        published = period["published"]
        label = label_of(period, zone, year_begins)
        head = [label, *(escape(period[name]) for name in ("obligation", "provider", "recipient"))]
        if published is None:
            when = f"published on {day_of(period['published_at'], zone)}"
            table.add_row(*head, *_targets(period["restated"]), "open", when, style="dim")
            continue
        follows = [*_credits(period["credits"], zone), *_remedies(period["remedies"], zone)]
        table.add_row(*head, *_targets(published), _result(published["result"]), "\n".join(follows) or NOTHING)
        if period["restated"] != published:
            known = period["restated"]
            table.add_row("", "", "", "", *_targets(known), f"now {known['result'] or NOTHING}", NOTHING, style="dim")
    console.print()
    console.print(table if table.row_count else "goals: no period yet")
    if consequences["cancellation"] is not None:
        _show_cancellation(console, consequences["cancellation"], zone)


def _targets(judged: Found) -> tuple[str, str]:
    targets: Sequence[Found] = judged["targets"]
    return (
        "\n".join(_said(target["target"], target["agreed"]) for target in targets),
        "\n".join(_said(target["target"], target["found"]) for target in targets),
    )


def _said(target: str, amount: float | None) -> str:
    if amount is None:
        return NOTHING
    if target == "share":
        return f"{amount * 100:.10g} %"
    if target == "average_seconds":
        return format_duration(round(amount) * SECOND)
    return f"{amount:,.2f}".rstrip("0").rstrip(".")


def _result(result: str | None) -> str:
    return {"met": "[green]met[/green]", "missed": "[red]missed[/red]"}.get(result or "", "nothing due")


def _credits(found: Sequence[Found], zone: ZoneInfo) -> list[str]:
    lines = []
    for credit in found:
        due = credit["published"]
        if due is None or due["tier"] is None:
            continue
        said = f"{_share(due['credit'])} of the fee back (below {_share(due['tier']['below'])})"
        if due["is_capped"]:
            said += f", capped from {_share(due['tier']['credit'])}"
        if due["amount"] is not None:
            fee = " ".join(part for part in (credit["fee"], credit["currency"]) if part)
            said += f": {due['amount']} of {fee}"
        if credit["claim_until"] is not None:
            said += f", to be claimed until {day_of(credit['claim_until'], zone)}"
        if credit["exclusions"]:
            said += f"; not for: {'; '.join(credit['exclusions'])}"
        lines.append(escape(said))
    return lines


def _remedies(found: Sequence[Found], zone: ZoneInfo) -> list[str]:
    return [escape(f"{one['owner']}, by {day_of(one['by'], zone)}: {one['action']}") for one in found]


def _show_cancellation(console: Console, found: Found, zone: ZoneInfo) -> None:
    names = ", ".join(found["obligations"])
    condition = f"may be ended once {names} was missed {found['missed_in_a_row']} {found['interval']}s in a row"
    row = [day_of(start, zone) for start in found["in_a_row"]]
    if found["is_reached"]:
        console.print(f"  [red]{escape(condition)}: reached, {len(row)} in a row since {row[0]}[/red]")
    else:
        console.print(f"  {escape(condition)}: {len(row)} in a row now")
    for reached in found["reached"]:
        first, last = (day_of(reached["periods"][at], zone) for at in (0, -1))
        console.print(f"  reached on {day_of(reached['at'], zone)}: missed from {first} to {last}")


def _share(text: str) -> str:
    return f"{(Decimal(text) * 100).normalize():f} %"
