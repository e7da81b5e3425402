"""Whether what is shown may be out of date, said before it."""

from rich.console import Console
from rich.markup import escape

from sla_rules.reports.freshness import Freshness
from wording.voice import Voice


def show_freshness(console: Console, found: Freshness, voice: Voice) -> None:
    """Say what a service is blind by, and what is missing beside; nothing where it sees all."""
    if found.is_blind:
        why = "; ".join(map(voice.say, found.why))
        console.print(f"[bold red]{escape(voice.text('freshness-blind', why=why))}[/]")
    for remark in found.remarks:
        console.print(f"[yellow]{escape(voice.say(remark))}[/]")
