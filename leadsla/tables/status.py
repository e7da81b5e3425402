"""How the agreements of a running service stand, on one screen."""

from rich.console import Console
from rich.markup import escape

from leadsla.tables.decided import decided_table
from leadsla.tables.freshness import show_freshness
from leadsla.tables.narrator import Narrator
from leadsla.tables.promises import COLOURS, promises_table, said_of_standing, who_keeps_it
from sla_rules.whole_agreement.service_status import AgreementStatus, ServiceStatus
from wording.voice import Voice


def show_status(console: Console, found: ServiceStatus, voice: Voice) -> None:
    """Print how fresh all is, how each agreement stands and what follows from it, and what the words mean."""
    show_freshness(console, found.service, voice)
    if found.latest is not None:
        ago = voice.roughly(max(found.at - found.latest, 0))
        console.print(voice.text("status-last-change", ago=ago), style="dim")
    if not found.agreements:
        console.print(voice.text("status-none"))
    for agreement in found.agreements:
        console.print()
        _show_agreement(console, agreement, found, Narrator.of_record(agreement.data, voice))
    used = {
        one.status.standing
        for agreement in found.agreements
        if agreement.data.status == "active"
        for one in agreement.data.promises
    }
    if used:
        console.print()
    for standing in (standing for standing in COLOURS if standing in used):
        meaning = voice.text("status-means", standing=standing)
        console.print(f"[dim]{said_of_standing(standing, voice)}: {meaning}[/dim]")


def _show_agreement(console: Console, agreement: AgreementStatus, found: ServiceStatus, narrator: Narrator) -> None:
    data = agreement.data
    is_active = data.status == "active"
    stands = who_keeps_it(data.promises, narrator) if is_active else narrator.text("status-withdrawn")
    console.print(f"[bold]{escape(data.agreement)} {escape(data.version)}[/bold]: {stands}")
    at = narrator.voice.instant(narrator.local(found.at), seconds=False)
    since = data.listening_since
    listening = None if since is None else narrator.day(since)
    console.print(f"  {narrator.text('status-as-of', at=at, since=listening)}", style="dim")
    if agreement.owner != "up_to_date":
        why = narrator.text("status-owner", owner=agreement.owner, day=narrator.day(data.as_of))
        console.print(f"  [yellow]{why}[/yellow]")
    if is_active:
        console.print(promises_table(data.promises, narrator))
    decided = decided_table(data, agreement.periods, found.at, narrator)
    if decided.row_count:
        console.print()
        console.print(decided)
