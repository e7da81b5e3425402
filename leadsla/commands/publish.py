"""`leadsla publish`: put a file of events on a broker, each where it belongs, and say what was refused and why."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.agreements import agreements_of
from leadsla.cli.broker import BrokerOption, settings_of, trouble
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.json_output import json_option
from leadsla.cli.terminal import say, say_json
from leadsla.console import Console
from leadsla.event_files.lines import check_whole, reading
from leadsla.event_files.opening import EventFileError
from leadsla.event_files.publishing import Tally, publish_lines
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.vocabulary import ABOUT_LEADS
from streams.kafka.topics import TopicsError
from streams.settings import Settings, SettingsError


def publish(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Events, one CloudEvent a line, packed by gzip or not; - is stdin.")
    ],
    broker: BrokerOption = None,
    *,
    agreements: Annotated[
        list[Path] | None,
        typer.Option(
            "--agreements",
            help="Agreement files or folders whose own events are known, too; unless given, those about leads alone.",
        ),
    ] = None,
    send_invalid: Annotated[
        bool, typer.Option("--send-invalid", help="Send invalid lines too, so that the service rejects them itself.")
    ] = False,
    as_json: Annotated[bool, json_option("the summary as JSON on stdout")] = False,
) -> None:
    """Publish a file of events: each valid line to the topic of its type, under its lead's key.

    Exit status: 0 all sent, 1 some lines refused, 2 the file cannot be read or the broker not be reached.
    """
    # The client logs what is raised, too; here it is said once.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    settings = settings_of(broker=broker)
    words = RuleBook(agreements_of(agreements)).vocabulary if agreements else ABOUT_LEADS
    tally = Tally(file)
    try:
        check_whole(file)
        with reading(file) as source:
            asyncio.run(publish_lines(settings, source, tally, words, send_invalid=send_invalid))
    except (EventFileError, SettingsError, TopicsError, KafkaError) as wrong:
        say(f"leadsla publish: {_reason(wrong, settings, tally)}", err=True)
        raise typer.Exit(UNABLE) from None
    if as_json:
        say_json(json.dumps(tally.as_json()))
    else:
        _show(tally)
    if tally.refused:
        raise typer.Exit(FAILED)


def _reason(wrong: Exception, settings: Settings, tally: Tally) -> str:
    if not isinstance(wrong, EventFileError):
        return trouble(wrong, settings)
    sent = tally.sent.total()
    again = f"; {sent:,} events before that were sent, and may be sent again" if sent else ""
    return f"{tally.file}: {wrong}{again}"


def _show(tally: Tally) -> None:
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
