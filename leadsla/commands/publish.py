"""`leadsla publish`: put a file of events on a broker, each where it belongs, and say what was refused and why."""

import json
from typing import Annotated

import typer

from leadsla.cli.agreements import WordsOption, words_of
from leadsla.cli.broker import BrokerOption, settings_of
from leadsla.cli.events import EVENTS
from leadsla.cli.exit_codes import FAILED
from leadsla.cli.json_output import json_option
from leadsla.cli.terminal import say_json
from leadsla.event_files.backfill import BackfillOption, ListeningOption, backfill_of
from leadsla.event_files.published import ReadOption, publish_file, show_published
from leadsla.event_files.publishing import Tally


def publish(
    file: Annotated[str, typer.Argument(metavar="FILE", help=EVENTS)],
    broker: BrokerOption = None,
    *,
    agreements: WordsOption = None,
    send_invalid: Annotated[
        bool, typer.Option("--send-invalid", help="Send invalid lines too, so that the service rejects them itself.")
    ] = False,
    backfill: BackfillOption = False,
    listening_since: ListeningOption = None,
    wait: ReadOption = 10.0,
    as_json: Annotated[bool, json_option("the summary as JSON on stdout")] = False,
) -> None:
    """Publish a file of events: each valid line to the topic of its type, under its lead's key.

    It says beforehand what the service would put away and which setting would have it taken, and afterwards what the
    service has made of it.

    Exit status: 0 all sent, 1 some lines refused, 2 the file cannot be read or the broker not be reached.
    """
    settings = settings_of(broker=broker)
    words = words_of(agreements)
    tally = Tally(file, settings.group)
    history = backfill_of(settings, agreements, listening_since, backfill=backfill)
    publish_file("publish", settings, tally, words, wait, history, send_invalid=send_invalid)
    if as_json:
        say_json(json.dumps(tally.as_json()))
    else:
        show_published(tally)
    if tally.refused:
        raise typer.Exit(FAILED)
