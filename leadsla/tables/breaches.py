"""Breaches on a terminal, and what no figure has in it."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.markup import escape

from leadsla.tables.narrator import Narrator
from leadsla.tables.owners import owner_of
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.reports.result import Breach, LeftOut, Report

SHOWN: Final = 20
"""Breaches that are listed; the others are counted."""


def show_breaches(console: Console, breaches: Sequence[Breach], narrator: Narrator) -> None:
    """Count all, and list the latest of what is still owed."""
    broken = [one for one in breaches if one.tier == DEADLINE_TIER]
    owed = [one for one in broken if one.kind == "breached"]
    counted = narrator.text("replay-breaches", breaches=len(broken))
    of_them = narrator.text(
        "replay-of-breaches",
        resolved=sum(one.kind == "resolved" for one in broken),
        owed=len(owed),
        historic=sum(one.historic for one in broken),
        others=len(breaches) - len(broken),
    )
    console.print(f"\n[bold]{counted}[/bold]: {of_them}")
    for one in owed[-SHOWN:]:
        at = narrator.voice.instant(narrator.local(one.deadline), zone=False)
        who = owner_of(one.rep, one.team, narrator.voice)
        owes = narrator.text("replay-owed", lead=one.lead, cycle=str(one.cycle), who=who)
        console.print(f"  {at}  {escape(one.obligation)}  {escape(owes)}")
    if len(owed) > SHOWN:
        console.print(f"  {narrator.text('replay-more-before', count=len(owed) - SHOWN)}")


def show_left_out(console: Console, report: Report, narrator: Narrator) -> None:
    """What no figure has in it: hand-offs under no agreement, and what a fault in the rules keeps out."""
    if report.uncovered.leads:
        counted = narrator.text("replay-uncovered", count=report.uncovered.leads)
        console.print(f"[yellow]{narrator.text('replay-uncovered-label')}[/yellow]: {counted}")
    _show_leads(console, "replay-quarantined", report.quarantined, narrator)
    _show_leads(console, "replay-unpublished", report.unpublished, narrator)
    if report.unfoldable:
        counted = narrator.text("replay-unfoldable", count=len(report.unfoldable))
        console.print(f"[red]{narrator.text('replay-unfoldable-label')}[/red]: {counted}")
        for event in report.unfoldable[:SHOWN]:
            named = narrator.text(
                "replay-unfoldable-event", source=event.source, id=event.id, lead=event.lead, why=event.why
            )
            console.print(f"  {escape(named)}")


def _show_leads(console: Console, message: str, leads: Sequence[LeftOut], narrator: Narrator) -> None:
    if leads:
        counted = narrator.text(message, leads=len(leads))
        console.print(f"[red]{narrator.text(f'{message}-label')}[/red]: {counted}")
    for one in leads[:SHOWN]:
        console.print(f"  {escape(narrator.text('replay-left-out', lead=one.lead, why=one.why))}")
