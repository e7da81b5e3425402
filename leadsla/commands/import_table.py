"""`leadsla import`: a table of leads or of what happened to them, as a CRM exports it, becomes a file of events."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

import typer

from leadsla.cli.agreements import agreements_of
from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.progress import progress
from leadsla.cli.terminal import say, say_json
from leadsla.event_files.opening import STANDARD_STREAM
from leadsla.event_files.whole import writing_whole
from leadsla.importing.date_forms import check_form
from leadsla.importing.opening import opened_table
from leadsla.importing.questions import questions
from leadsla.importing.reading import Reading, UnreadyError, reading_of
from leadsla.importing.rows import RowRefused, Rows, Tally, take_all
from leadsla.importing.said_before import SaidBefore
from leadsla.importing.shown import NAMED, event_lines, refused_line, summary, summary_lines
from leadsla.importing.table import Row, TableError
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.vocabulary import ABOUT_LEADS, Vocabulary
from sla_rules.time.zones import zone as known_zone
from streams.clock import wall_clock
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
    preview: Annotated[
        bool, typer.Option("--preview", help="Write nothing; show the first events, and every row that is refused.")
    ] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Leave out rows that are refused, and write the others.")
    ] = False,
    agreements: Annotated[
        list[Path] | None,
        typer.Option(
            "--agreements",
            help="Agreement files or folders whose own events are known, too; unless given, those about leads alone.",
        ),
    ] = None,
    as_json: Annotated[bool, json_option("the summary as JSON on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Make events of a table: one row a lead, or one row an event.

    Without a mapping one is guessed from what the columns are called, and shown. Only columns that the mapping names leave the
    table. Rows that cannot be read are named by row and column, and nothing is written then.

    Exit status: 0, 2 if the file or the mapping cannot be read, something has to be said first, or a row is refused.
    """
    voice = voice_of(lang)
    words = RuleBook(agreements_of(agreements)).vocabulary if agreements else ABOUT_LEADS
    try:
        reading = reading_of(file, mapping, zone, dates or (), words)
        _show_reading(reading, file, voice, asked=out is None and not preview)
        if out is None and not preview:
            return
        _ask(reading, voice)
        work = _Import(file, reading, words, voice)
        if preview or out is None:
            shown = 0 if as_json else PREVIEWED
            tally = work.read(lambda row, lines: _show_events(row, lines, shown, voice))
            _report(tally, work, "import-previewed", as_json=as_json, out=None)
            _refuse_any(tally, work, skip_refused=skip_refused)
            return
        with writing_whole(out) as events:
            tally = work.read(lambda _, lines: events.write(b"".join(line + b"\n" for line in lines)))
            _refuse_any(tally, work, skip_refused=skip_refused, as_json=as_json)
        _report(tally, work, "import-written", as_json=as_json, out=out)
    except UnreadyError as wrong:
        say(wrong, err=True)
        raise typer.Exit(UNABLE) from None
    except TableError as wrong:
        say(f"leadsla import: {file}: {wrong}", err=True)
        raise typer.Exit(UNABLE) from None
    except OSError as wrong:
        say(f"leadsla import: {out}: {wrong.strerror or wrong}", err=True)
        raise typer.Exit(UNABLE) from None


@dataclass(slots=True)
class _Import:
    """Reads the table once more, from its first row to its last."""

    file: str
    reading: Reading
    words: Vocabulary
    voice: Voice
    named: list[RowRefused] = field(default_factory=list)

    def read(self, take: Callable[[Row, Sequence[bytes]], object]) -> Tally:
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


def _refuse_any(tally: Tally, work: _Import, *, skip_refused: bool, as_json: bool = False) -> None:
    """Leave with status 2 if a row is refused, and none may be left out."""
    if not tally.refused or skip_refused:
        return
    if as_json:
        say_json(json.dumps({**summary(tally, work.named, work.voice), "out": None}, ensure_ascii=False))
    say(work.voice.text("import-nothing-written", refused=tally.refused.total(), rows=tally.rows), err=True)
    raise typer.Exit(UNABLE)


def _report(tally: Tally, work: _Import, done: str, *, as_json: bool, out: str | None) -> None:
    if as_json:
        say_json(json.dumps({**summary(tally, work.named, work.voice), "out": out}, ensure_ascii=False))
        return
    to_stderr = out == STANDARD_STREAM
    say(work.voice.text(done, rows=tally.rows, events=tally.events.total(), out=out), err=to_stderr)
    for line in summary_lines(tally, work.voice):
        say(line, err=to_stderr)
