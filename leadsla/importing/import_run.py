"""One run of an import: the table is read once more, from its first row to its last, and its events are taken somewhere."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import IO, Final

import typer

from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.progress import progress
from leadsla.cli.terminal import say, say_json
from leadsla.event_files.backfill import Backfill
from leadsla.event_files.opening import STANDARD_STREAM
from leadsla.event_files.published import publish_file, show_published
from leadsla.event_files.publishing import Tally as Published
from leadsla.event_files.whole import writing_whole
from leadsla.importing.opening import opened_table
from leadsla.importing.reading import Reading
from leadsla.importing.rows import RowRefused, Rows, Tally, take_all
from leadsla.importing.said_before import SaidBefore
from leadsla.importing.shown import NAMED, event_lines, refused_line, summary, summary_lines
from leadsla.importing.table import Row
from sla_rules.events.vocabulary import Vocabulary
from streams.clock import wall_clock
from streams.settings import Settings
from wording.voice import Voice

PREVIEWED: Final = 5
"""Rows whose events are shown."""


@dataclass(slots=True)
class ImportRun:
    """What is imported, and how; `named` are the first of the rows that are refused."""

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

    def publish(self, settings: Settings, wait: float, backfill: Backfill | None) -> None:
        """Publish the events by way of a file that is gone afterwards, all or none."""
        with TemporaryDirectory() as folder:
            events = f"{folder}/events.jsonl.gz"
            with writing_whole(events) as file:
                tally = self._read(_into(file))
                self._refuse_any(tally, out=None)
            published = Published(events, settings.group)
            publish_file("import", settings, published, self.words, wait, backfill)
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
