"""Goals met and missed on a terminal, and what follows: credits, remedies, the right to end the agreement."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.narrator import NOTHING, Narrator
from leadsla.tables.targets import agreed_and_found, percent
from sla_rules.reports.consequences import (
    CancellationStatus,
    Consequences,
    Credit,
    CreditDue,
    RemedyDue,
    Result,
    Tier,
)

HEADINGS: Final = (
    "column-period",
    "goals-obligation",
    "goals-by",
    "goals-for",
    "goals-agreed",
    "goals-found",
    "goals-goal",
    "goals-what-follows",
)


def show_consequences(console: Console, consequences: Consequences, narrator: Narrator) -> None:
    """Print what published figures entail, what is known now beside it where that says otherwise."""
    table = Table(
        title=f"[bold]{narrator.text('goals-label')}[/bold]: {narrator.text('goals-title')}",
        title_justify="left",
        title_style="",
        header_style="dim",
    )
    for heading in HEADINGS:
        table.add_column(narrator.text(heading), no_wrap=heading in HEADINGS[:2])
    for goal in consequences.periods:
        published, known = goal.published, goal.known
        head = [narrator.period(goal.period), *map(escape, (goal.obligation, goal.provider, goal.recipient))]
        if published is None:
            when = narrator.text("goals-published-on", day=narrator.day(goal.published_at))
            table.add_row(
                *head, *agreed_and_found(known.targets, narrator), narrator.text("goals-open"), when, style="dim"
            )
            continue
        follows = [*said_of_credits(goal.credits, narrator), *(_remedy(one, narrator) for one in goal.remedies)]
        result = _result(published.result, narrator)
        if goal.history:
            result = narrator.text("period-of-history", status=result)
        table.add_row(*head, *agreed_and_found(published.targets, narrator), result, "\n".join(follows) or NOTHING)
        if known != published:
            now = narrator.text("goals-now", result=known.result)
            table.add_row("", "", "", "", *agreed_and_found(known.targets, narrator), now, NOTHING, style="dim")
    console.print()
    console.print(table if table.row_count else narrator.text("goals-none"))
    if consequences.cancellation is not None:
        _show_cancellation(console, consequences.cancellation, narrator)


def _result(result: Result | None, narrator: Narrator) -> str:
    match result:
        case "met":
            return f"[green]{narrator.text('goals-met')}[/green]"
        case "missed":
            return f"[red]{narrator.text('goals-missed')}[/red]"
        case None:
            return narrator.text("goals-nothing-due")


def said_of_credits(found: Sequence[Credit], narrator: Narrator) -> list[str]:
    """What is given back by the figures published, with nothing of those credits that no step applies to."""
    return [
        escape(_credit(credit, credit.published, credit.published.tier, narrator))
        for credit in found
        if credit.published is not None and credit.published.tier is not None
    ]


def _credit(credit: Credit, due: CreditDue, tier: Tier, narrator: Narrator) -> str:
    amount = fee = None
    if due.amount is not None and credit.fee is not None:
        amount = narrator.voice.money(due.amount)
        fee = " ".join(part for part in (narrator.voice.number(Fraction(credit.fee)), credit.currency) if part)
    return narrator.text(
        "goals-credit",
        share=percent(due.credit, narrator),
        below=percent(tier.below, narrator),
        capped_from=percent(tier.credit, narrator) if due.is_capped else None,
        amount=amount,
        fee=fee,
        claim_until=None if credit.claim_until is None else narrator.day(credit.claim_until),
        exclusions="; ".join(credit.exclusions) or None,
    )


def _remedy(one: RemedyDue, narrator: Narrator) -> str:
    said = escape(
        narrator.text(
            "goals-remedy",
            owner=one.owner,
            day=narrator.day(one.by),
            action=one.action,
            status=one.status,
            done=None if one.confirmed_at is None else narrator.day(one.confirmed_at),
            done_by=one.confirmed_by,
            late=None if one.late_by is None else narrator.voice.duration(one.late_by),
        )
    )
    return f"[red]{said}[/red]" if one.status == "overdue" else said


def _show_cancellation(console: Console, found: CancellationStatus, narrator: Narrator) -> None:
    console.print(f"  {said_of_cancellation(found, narrator)}")
    for one in found.reached:
        first, last = (narrator.day(one.periods[at]) for at in (0, -1))
        console.print(f"  {narrator.text('goals-end-reached-on', day=narrator.day(one.at), first=first, last=last)}")


def said_of_cancellation(found: CancellationStatus, narrator: Narrator) -> str:
    """When the agreement may be ended, and how near that is."""
    names = ", ".join(found.obligations)
    condition = narrator.text(
        "goals-may-be-ended", obligations=names, count=found.missed_in_a_row, interval=found.interval
    )
    row = len(found.in_a_row)
    if not found.is_reached:
        return escape(narrator.text("goals-end-not-reached", condition=condition, row=row))
    since = narrator.day(found.in_a_row[0])
    return f"[red]{escape(narrator.text('goals-end-reached', condition=condition, row=row, since=since))}[/red]"
