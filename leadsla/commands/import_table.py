"""`leadsla import`: a table of leads or of what happened to them, as a CRM exports it, becomes a file of events."""

from pathlib import Path
from typing import Annotated

import typer

from leadsla.cli.agreements import WordsOption, words_of
from leadsla.cli.broker import BrokerOption, settings_of
from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.terminal import say
from leadsla.event_files.backfill import BackfillOption, ListeningOption, backfill_of
from leadsla.event_files.published import ReadOption
from leadsla.importing.date_forms import check_form
from leadsla.importing.import_run import ImportRun
from leadsla.importing.questions import questions
from leadsla.importing.reading import Reading, UnreadyError, reading_of
from leadsla.importing.table import TableError
from sla_rules.time.zones import zone as known_zone
from wording.voice import Voice


def _zone(name: str | None) -> str | None:
    try:
        return None if name is None else known_zone(name)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _forms(forms: list[str] | None) -> list[str] | None:
    try:
        return None if forms is None else [check_form(form) for form in forms]
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None


def import_table(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV, or a sheet of Excel's or OpenDocument's.")],
    *,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping", metavar="YAML", help="Which column says what.", show_default="guessed from the names"
        ),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option("--zone", callback=_zone, metavar="ZONE", help="Of dates without an offset, as Europe/Berlin."),
    ] = None,
    dates: Annotated[
        list[str] | None,
        typer.Option(
            "--dates",
            callback=_forms,
            metavar="FORM",
            help="How dates are written, as '%d/%m/%Y %H:%M'; once for each form.",
            show_default="year, month, day",
        ),
    ] = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="FILE", help="File of events; packed if it ends in .gz; - is stdout.")
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish the events, as leadsla publish does with a file.")
    ] = False,
    backfill: BackfillOption = False,
    listening_since: ListeningOption = None,
    broker: BrokerOption = None,
    wait: ReadOption = 10.0,
    preview: Annotated[
        bool, typer.Option("--preview", help="Write nothing; show the first events, and what is refused of all rows.")
    ] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Leave out rows that are refused, and write the others.")
    ] = False,
    agreements: WordsOption = None,
    as_json: Annotated[bool, json_option("the summary as JSON on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Make events of a table: one row a lead, or one row an event.

    Without a mapping one is guessed from what the columns are called, and shown. Only columns that the mapping names leave the
    table. Rows that cannot be read are named by row and column, and nothing is written then.

    Exit status: 0, 1 if the service would put events away that were to be published, 2 if the file or the mapping cannot be
    read, something has to be said first, a row is refused, or the broker cannot be reached.
    """
    if sum((out is not None, publish, preview)) > 1:
        message = "--out, --publish and --preview exclude each other"
        raise typer.BadParameter(message)
    if (backfill or broker is not None or listening_since is not None) and not publish:
        message = "--backfill and --broker go with --publish, and so does --listening-since"
        raise typer.BadParameter(message)
    voice = voice_of(lang)
    words = words_of(agreements)
    settings = settings_of(broker=broker) if publish else None
    history = None if settings is None else backfill_of(settings, agreements, listening_since, backfill=backfill)
    try:
        reading = reading_of(file, mapping, zone, dates or (), words)
        is_asked = out is None and not preview and not publish
        _show_reading(reading, file, voice, asked=is_asked)
        if is_asked:
            return
        _ask(reading, voice)
        work = ImportRun(file, reading, words, voice, skip_refused=skip_refused, as_json=as_json)
        if settings is not None:
            work.publish(settings, wait, history)
        elif out is not None:
            work.write(out)
        else:
            work.preview()
    except UnreadyError as wrong:
        say(wrong, err=True)
        raise typer.Exit(UNABLE) from None
    except TableError as wrong:
        say(f"leadsla import: {file}: {wrong}", err=True)
        raise typer.Exit(UNABLE) from None
    except OSError as wrong:
        say(f"leadsla import: {wrong.filename or out}: {wrong.strerror or wrong}", err=True)
        raise typer.Exit(UNABLE) from None


def _show_reading(reading: Reading, file: str, voice: Voice, *, asked: bool) -> None:
    """What the file is taken for; and the mapping, if it is a guess: on stdout, if it is all that is asked for."""
    say(voice.text("import-read-as", file=file, **{"as": ", ".join(reading.read_as)}), err=True)
    if reading.guessed is not None:
        say(reading.guessed.rstrip("\n"), err=not asked)
        say(voice.text("import-how-on" if asked else "import-guessed"), err=True)


def _ask(reading: Reading, voice: Voice) -> None:
    if asked := list(questions(reading.compiled, reading.header, reading.sample, voice)):
        say("\n".join(asked), err=True)
        raise typer.Exit(UNABLE)
