"""A file of events published to its end, and what a command says of it."""

import asyncio
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.broker import quieten_client, trouble
from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.terminal import say
from leadsla.console import Console
from leadsla.event_files.aftermath import Aftermath, letters_from_now
from leadsla.event_files.backfill import Backfill, tell_since
from leadsla.event_files.foreseeing import Acceptance, acceptance, foreseen
from leadsla.event_files.lines import check_whole, reading
from leadsla.event_files.opening import STANDARD_STREAM, EventFileError
from leadsla.event_files.publishing import Tally, publish_lines
from sla_rules.events.vocabulary import Vocabulary
from streams.kafka.listening import ListeningError
from streams.kafka.topics import TopicsError
from streams.settings import Settings, SettingsError

ReadOption = Annotated[
    float,
    typer.Option("--wait", min=0, metavar="SECONDS", help="How long to wait for the service to read what was sent."),
]


def publish_file(
    command: str,
    settings: Settings,
    tally: Tally,
    words: Vocabulary,
    wait: float,
    backfill: Backfill | None,
    *,
    send_invalid: bool = False,
) -> None:
    """Publish the file of a tally, and wait some seconds for what the service makes of it.

    Raises:
        typer.Exit: with status 2, after saying why the file cannot be read or the broker not be reached.

    """
    quieten_client()
    try:
        asyncio.run(_publish(settings, tally, words, wait, backfill, send_invalid=send_invalid))
    except (EventFileError, ListeningError, SettingsError, TopicsError, KafkaError) as wrong:
        say(f"leadsla {command}: {_reason(wrong, settings, tally)}", err=True)
        raise typer.Exit(UNABLE) from None


async def _publish(
    settings: Settings, tally: Tally, words: Vocabulary, wait: float, backfill: Backfill | None, *, send_invalid: bool
) -> None:
    check_whole(tally.file)
    letters = await letters_from_now(settings)
    accepted = await acceptance(settings, words)
    if tally.file != STANDARD_STREAM and not send_invalid:
        _foresee(settings, tally.file, accepted)
    if backfill is not None:
        await tell_since(settings, backfill)
    with reading(tally.file) as source:
        await publish_lines(settings, source, tally, accepted, send_invalid=send_invalid, backfill=backfill is not None)
    if letters is not None:
        tally.became = await letters.became_of(tally.places, wait)


def _foresee(settings: Settings, file: str, accepted: Acceptance) -> None:
    """Say what will not be sent, before anything is; of standard input, which is read once, nobody can say it."""
    with reading(file) as source:
        sentence = foreseen(source, accepted).sentence(settings)
    if sentence is not None:
        say(sentence, err=True)


def _reason(wrong: Exception, settings: Settings, tally: Tally) -> str:
    if not isinstance(wrong, EventFileError):
        return trouble(wrong, settings)
    sent = tally.sent.total()
    again = f"; {sent:,} events before that were sent, and may be sent again" if sent else ""
    return f"{tally.file}: {wrong}{again}"


def show_published(tally: Tally) -> None:
    """Print what was sent, what was refused, and what the service made of it."""
    console = Console(highlight=False, soft_wrap=True)
    rate = tally.sent.total() / tally.seconds if tally.seconds else 0
    console.print(f"[green]sent[/green] {tally.sent.total():,} events in {tally.seconds:.1f} s ({rate:,.0f}/s)")
    for topic, count in sorted(tally.sent.items()):
        console.print(f"  {topic:<16}{count:>10,}")
    if tally.sent_though_invalid:
        console.print(f"[yellow]invalid[/yellow] and sent all the same: {tally.sent_though_invalid:,}")
    if tally.refused:
        console.print(f"[red]refused[/red] {tally.refused.total():,} lines")
        for reason, count in tally.refused.most_common():
            console.print(f"  {reason:<16}{count:>10,}")
    if tally.became is not None:
        _show_aftermath(console, tally.became, tally.group)


def _show_aftermath(console: Console, became: Aftermath, group: str) -> None:
    if became.read:
        console.print(f"[green]read[/green] {became.read:,} of them by the service")
    if became.put_away:
        console.print(f"[red]put away[/red] {became.put_away.total():,} of those; leadsla deadletter list shows them")
        for reason, count in became.put_away.most_common():
            console.print(f"  {reason:<16}{count:>10,}")
    if became.waiting:
        console.print(f"[yellow]waiting[/yellow] {became.waiting:,}: no worker of group {group} has read them yet")
