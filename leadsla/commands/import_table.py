"""`leadsla import`: a table of leads or of what happened to them, as a CRM exports it, becomes a file of events."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Annotated, Final

import typer

from leadsla.cli.agreements import WordsOption, words_of
from leadsla.cli.broker import BrokerOption, settings_of
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.progress import progress
from leadsla.cli.terminal import say, say_json
from leadsla.event_files.opening import STANDARD_STREAM
from leadsla.event_files.published import BackfillOption, ReadOption, publish_file, show_published
from leadsla.event_files.publishing import Tally as Published
from leadsla.event_files.whole import writing_whole
from leadsla.importing.date_forms import check_form
from leadsla.importing.opening import opened_table
from leadsla.importing.questions import questions
from leadsla.importing.reading import Reading, UnreadyError, reading_of
from leadsla.importing.rows import RowRefused, Rows, Tally, take_all
from leadsla.importing.said_before import SaidBefore
from leadsla.importing.shown import NAMED, event_lines, refused_line, summary, summary_lines
from leadsla.importing.table import Row, TableError
from sla_rules.events.vocabulary import Vocabulary
from sla_rules.time.zones import zone as known_zone
from streams.clock import wall_clock
from streams.settings import Settings
from wording.voice import Voice

PREVIEWED: Final = 5
"""Rows whose events are shown."""


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
    if (backfill or broker is not None) and not publish:
        message = "--backfill and --broker go with --publish"
        raise typer.BadParameter(message)
    voice = voice_of(lang)
    words = words_of(agreements)
    settings = settings_of(broker=broker) if publish else None
    try:
        reading = reading_of(file, mapping, zone, dates or (), words)
        _show_reading(reading, file, voice, asked=out is None and not preview and not publish)
        if out is None and not preview and not publish:
            return
        _ask(reading, voice)
        work = _Import(file, reading, words, voice, skip_refused=skip_refused, as_json=as_json)
        if settings is not None:
            work.publish(settings, wait, backfill=backfill)
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


@dataclass(slots=True)
class _Import:
    """Reads the table once more, from its first row to its last, and takes its events somewhere."""

    file: str
    reading: Reading
    words: Vocabulary
    voice: Voice
    skip_refused: bool
    as_json: bool
    named: list[RowRefused] = field(default_factory=list)

    def preview(self) -> None:
        """Show the events of the first rows, and what is refused of all."""
        shown = 0 if self.as_json else PREVIEWED
        tally = self._read(lambda row, lines: _show_events(row, lines, shown, self.voice))
        if self.as_json:
            self._report_json(tally)
        else:
            self._report(tally, "import-previewed")
        self._refuse_any(tally)

    def write(self, out: str) -> None:
        """Write the events to a file, all or none."""
        with writing_whole(out) as events:
            tally = self._read(_into(events))
            self._refuse_any(tally, out=None)
        if self.as_json:
            self._report_json(tally, out=out)
        else:
            self._report(tally, "import-written", out=out)

    def publish(self, settings: Settings, wait: float, *, backfill: bool) -> None:
        """Publish the events by way of a file that is gone afterwards, all or none."""
        with TemporaryDirectory() as folder:
            events = f"{folder}/events.jsonl.gz"
            with writing_whole(events) as file:
                tally = self._read(_into(file))
                self._refuse_any(tally, out=None)
            published = Published(events, settings.group)
            publish_file("import", settings, published, self.words, wait, backfill=backfill)
        if self.as_json:
            self._report_json(tally, published={**published.as_json(), "file": self.file})
        else:
            self._report(tally, "import-published")
            show_published(published)
        if published.refused:
            raise typer.Exit(FAILED)

    def _read(self, take: Callable[[Row, Sequence[bytes]], object]) -> Tally:
        """What becomes of the rows; those that are refused are named on standard error.

        Raises:
            TableError: the table cannot be read to its end.

        """
        with opened_table(self.file, self.reading.layout) as table, SaidBefore() as said, progress() as shown:
            task = shown.add_task("importing", total=table.size, done="")
            rows = Rows(self.reading.compiled, self.words, wall_clock(), said)

            def refuse(refused: RowRefused) -> None:
                if len(self.named) < NAMED:
                    self.named.append(refused)
                    say(refused_line(refused, self.voice), err=True)

            def show() -> None:
                shown.update(task, completed=table.position(), done=f"{rows.tally.rows:,} rows")

            return take_all(rows, table.rows, take, refuse, show)

    def _refuse_any(self, tally: Tally, **said: object) -> None:
        """Leave with status 2 if a row is refused, and none may be left out; with what is said in JSON."""
        if not tally.refused or self.skip_refused:
            return
        if self.as_json and said:
            self._report_json(tally, **said)
        text = self.voice.text("import-nothing-written", refused=tally.refused.total(), rows=tally.rows)
        say(text, err=True)
        raise typer.Exit(UNABLE)

    def _report(self, tally: Tally, done: str, *, out: str | None = None) -> None:
        to_stderr = out == STANDARD_STREAM
        say(self.voice.text(done, rows=tally.rows, events=tally.events.total(), out=out), err=to_stderr)
        for line in summary_lines(tally, self.voice):
            say(line, err=to_stderr)

    def _report_json(self, tally: Tally, **said: object) -> None:
        say_json(json.dumps({**summary(tally, self.named, self.voice), **said}, ensure_ascii=False))


def _into(file: IO[bytes]) -> Callable[[Row, Sequence[bytes]], object]:
    return lambda _, lines: file.write(b"".join(line + b"\n" for line in lines))


def _show_events(row: Row, lines: Sequence[bytes], rows: int, voice: Voice) -> None:
    """Show the events of the first rows below the header."""
    if lines and row.number <= rows + 1:
        say("\n".join(event_lines(row.number, lines, voice)))


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
