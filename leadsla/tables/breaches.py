"""Breaches on a terminal, and what no figure has in it."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape

from leadsla.tables.periods import local
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.reports.result import Breach, Report

SHOWN: Final = 20
"""Breaches that are listed; the others are counted."""


def show_breaches(console: Console, breaches: Sequence[Breach], zone: ZoneInfo) -> None:
    """Count all, and list the latest of what is still owed."""
    broken = [one for one in breaches if one.tier == DEADLINE_TIER]
    resolved = sum(one.kind == "resolved" for one in broken)
    owed = [one for one in broken if one.kind == "breached"]
    historic = sum(one.historic for one in broken)
    console.print(
        f"\n[bold]{len(broken):,} breach{'' if len(broken) == 1 else 'es'}[/bold]: {resolved:,} made up for late, {len(owed):,} still owed;"
        f" {historic:,} of them were loaded as history; and {len(breaches) - len(broken):,} warnings and escalations"
    )
    for one in owed[-SHOWN:]:
        who = " of ".join(name for name in (one.rep, one.team) if name) or "nobody"
        console.print(
            f"  {local(one.deadline, zone):%a %Y-%m-%d %H:%M:%S}  {escape(one.obligation)}  lead {escape(one.lead)}"
            f" (cycle {one.cycle}), owed by {escape(who)}"
        )
    if len(owed) > SHOWN:
        console.print(f"  ... and {len(owed) - SHOWN:,} before them")


def show_left_out(console: Console, report: Report) -> None:
    """What no figure has in it: hand-offs under no agreement, and what a fault in the rules keeps out."""
    if report.uncovered.leads:
        console.print(
            f"[yellow]under no agreement[/yellow]: {report.uncovered.leads:,} hand-offs, which count for no one"
        )
    for leads, said in (
        (report.quarantined, "[red]in quarantine[/red]: {:,} leads that cannot be judged, and count for nothing"),
        (
            report.unpublished,
            "[red]left out of what was published[/red]: {:,} leads that cannot be judged as of the end of a period",
        ),
    ):
        if leads:
            console.print(said.format(len(leads)))
        for one in leads[:SHOWN]:
            console.print(f"  lead {escape(one.lead)}: {escape(one.why)}")
    if report.unfoldable:
        console.print(f"[red]left out[/red]: {len(report.unfoldable):,} events that cannot be merged")
        for event in report.unfoldable[:SHOWN]:
            console.print(f"  {escape(event.source)} {escape(event.id)} of {escape(event.lead)}: {escape(event.why)}")
