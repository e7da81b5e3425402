"""`leadsla clock`: ask a calendar directly: when is this much working time over, and how much lies between?"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer

from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.instants import instant_of
from leadsla.cli.terminal import say
from leadsla.clock.calendar_options import AgreementOption, HoursOption, NameOption, ZoneOption, calendar_of
from leadsla.clock.lines import answer
from leadsla.event_files.lines import Line, Lines
from leadsla.event_files.opening import EventFileError, opened
from sla_rules.instants import SECOND, Duration, Instant, format_duration, iso, moment, parse_duration, seconds
from sla_rules.time.calendar import Calendar, NeverOpenError

LONGEST_LINE: Final = 1024 * 1024

InstantArgument = Annotated[str, typer.Argument(metavar="INSTANT", help="As 2026-03-14T15:04:54Z.")]
DurationArgument = Annotated[str, typer.Argument(metavar="DURATION", help="As 1h30m, or seconds.")]

clock = typer.Typer()


@clock.callback(invoke_without_command=True, no_args_is_help=True)
def ask_in_bulk(
    context: typer.Context,
    bulk: Annotated[
        str | None,
        typer.Option(
            "--bulk",
            metavar="FILE",
            help="Answer JSON lines, each with its calendar, its operation (add, subtract, between, is_open) and input;"
            " - is stdin.",
        ),
    ] = None,
) -> None:
    """Ask a calendar: working time added, subtracted, between two instants; open or not.

    Exit status with --bulk: 0, 1 if any line was wrong, 2 if the file cannot be read.
    """
    if bulk is None or context.invoked_subcommand is not None:
        return
    try:
        wrong = answer_lines(bulk)
    except EventFileError as unreadable:
        say(f"leadsla clock: {bulk}: {unreadable}", err=True)
        raise typer.Exit(UNABLE) from None
    if wrong:
        say(f"{wrong} wrong lines", err=True)
        raise typer.Exit(FAILED)


@clock.command()
def add(
    instant: InstantArgument,
    duration: DurationArgument,
    agreement: AgreementOption = None,
    calendar: NameOption = None,
    zone: ZoneOption = None,
    hours: HoursOption = None,
) -> None:
    """When has this much working time passed since an instant?

    Exit status: 0, 1 if there is no such instant, 2 if an option is wrong.
    """
    asked = calendar_of(agreement, calendar, zone, hours)
    _show(asked, lambda: asked.add(instant_of(instant), _duration(duration)))


@clock.command()
def subtract(
    instant: InstantArgument,
    duration: DurationArgument,
    agreement: AgreementOption = None,
    calendar: NameOption = None,
    zone: ZoneOption = None,
    hours: HoursOption = None,
) -> None:
    """From when does this much working time pass until an instant?

    Exit status: 0, 1 if there is no such instant, 2 if an option is wrong.
    """
    asked = calendar_of(agreement, calendar, zone, hours)
    _show(asked, lambda: asked.subtract(instant_of(instant), _duration(duration)))


@clock.command()
def between(
    start: Annotated[str, typer.Argument(metavar="START", help="As 2026-03-14T15:04:54Z.")],
    end: Annotated[str, typer.Argument(metavar="END", help="As 2026-03-14T15:04:54Z.")],
    agreement: AgreementOption = None,
    calendar: NameOption = None,
    zone: ZoneOption = None,
    hours: HoursOption = None,
) -> None:
    """How much working time lies between two instants?

    Exit status: 0, 1 if the calendar does not reach so far, 2 if an option is wrong.
    """
    asked = calendar_of(agreement, calendar, zone, hours)
    with _no_answer():
        found = asked.between(instant_of(start), instant_of(end))
    sign = "-" if found < 0 else ""
    say(f"{seconds(found):.6f}".rstrip("0").rstrip(".") + f" s  ({sign}{format_duration(abs(found))})")


@clock.command("open")
def is_open(
    instant: InstantArgument,
    agreement: AgreementOption = None,
    calendar: NameOption = None,
    zone: ZoneOption = None,
    hours: HoursOption = None,
) -> None:
    """Is it open at an instant, and if not, when next?

    Exit status: 0 open or not, 1 if it never opens again, 2 if an option is wrong.
    """
    asked = calendar_of(agreement, calendar, zone, hours)
    at = instant_of(instant)
    with _no_answer():
        if asked.is_open(at):
            say("open")
            return
    say("closed, opens next at:")
    _show(asked, lambda: asked.next_open(at))


def answer_lines(file: str) -> int:
    """Answer a file of questions on standard output, as far as it is read; how many lines were wrong.

    Raises:
        EventFileError: the file cannot be read.

    """
    lines = Lines(LONGEST_LINE)
    wrong = 0
    with opened(file) as source:
        chunk: bytes | None = None
        while chunk != b"":
            chunk = source.read()
            answers = [_answered(line) for line in lines.of(chunk)]
            wrong += sum(not is_right for _, is_right in answers)
            sys.stdout.buffer.write(b"".join(text + b"\n" for text, _ in answers))
            sys.stdout.buffer.flush()
    return wrong


def _answered(line: Line) -> tuple[bytes, bool]:
    if line.cut:
        return b'{"error":"the line is longer than %d bytes"}' % LONGEST_LINE, False
    return answer(line.text)


def _duration(text: str) -> Duration:
    try:
        return round(float(text) * SECOND) if re.fullmatch(r"\d+(\.\d+)?", text) else parse_duration(text)
    except (ValueError, OverflowError) as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _show(calendar: Calendar, ask: Callable[[], Instant]) -> None:
    """Print an instant, in UTC and on the calendar's own clocks."""
    with _no_answer():
        found = ask()
        local = moment(found).astimezone(calendar.zone)
        say(f"{iso(found)}  ({local:%a} {local.replace(tzinfo=None).isoformat(' ')} {local:%Z})")


@contextmanager
def _no_answer() -> Iterator[None]:
    """Say it and end where a calendar has no answer."""
    try:
        yield
    except (NeverOpenError, OverflowError) as wrong:
        say(f"leadsla clock: {wrong}", err=True)
        raise typer.Exit(FAILED) from None
