"""`leadsla clock`: ask a calendar directly: when is this much working time over, and how much lies between?"""

import re
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import ValidationError

from leadsla.agreements import agreements_of
from leadsla.clock_lines import answer
from leadsla.event_file import Line, Lines, reading
from leadsla.evidence import instant_of
from sla_rules.instants import SECOND, Duration, Instant, format_duration, iso, moment, parse_duration, seconds
from sla_rules.notation import IN_A_FILE, WEEKDAYS
from sla_rules.time.calendar import Calendar, NeverOpenError
from sla_rules.time.working_hours import WorkingHours

WRONG_LINES: Final = 1
UNABLE: Final = 2
LONGEST_LINE: Final = 1024 * 1024
_HOURS: Final = re.compile(
    r"(?P<first>[a-z]{3})(-(?P<last>[a-z]{3}))?(=|\s+)(?P<spans>\d\d:\d\d-\d\d:\d\d(,\d\d:\d\d-\d\d:\d\d)*)"
)

AgreementOption = Annotated[
    Path | None, typer.Option("--agreement", metavar="FILE", help="Ask the calendar of this agreement.")
]
NameOption = Annotated[
    str | None, typer.Option("--calendar", metavar="NAME", help="One of the agreement's other calendars.")
]
ZoneOption = Annotated[str | None, typer.Option("--zone", help="IANA time zone, as Europe/Berlin.")]
HoursOption = Annotated[
    list[str] | None,
    typer.Option("--hours", help="Open hours, as 'mon-fri 09:00-12:30,13:30-18:00'; may be given several times."),
]
InstantArgument = Annotated[str, typer.Argument(metavar="INSTANT", help="As 2026-03-14T15:04:54Z.")]
DurationArgument = Annotated[str, typer.Argument(metavar="DURATION", help="As 1h30m, or seconds.")]

clock = typer.Typer(help="Ask a calendar: working time added, subtracted, between two instants; open or not.")


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
    """Ask a calendar. With --bulk: exit status 1 if any line was wrong, 2 if the file cannot be read."""
    if bulk is None or context.invoked_subcommand is not None:
        return
    try:
        wrong = answer_lines(bulk)
    except (OSError, EOFError, zlib.error) as unreadable:
        typer.echo(f"leadsla clock: {bulk}: {getattr(unreadable, 'strerror', None) or unreadable}", err=True)
        raise typer.Exit(UNABLE) from None
    if wrong:
        typer.echo(f"{wrong} wrong lines", err=True)
        raise typer.Exit(WRONG_LINES)


@clock.command()
def add(
    instant: InstantArgument,
    duration: DurationArgument,
    agreement: AgreementOption = None,
    calendar: NameOption = None,
    zone: ZoneOption = None,
    hours: HoursOption = None,
) -> None:
    """When has this much working time passed since an instant?"""
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
    """From when does this much working time pass until an instant?"""
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
    """How much working time lies between two instants?"""
    asked = calendar_of(agreement, calendar, zone, hours)
    found = asked.between(instant_of(start), instant_of(end))
    sign = "-" if found < 0 else ""
    typer.echo(f"{seconds(found):.6f}".rstrip("0").rstrip(".") + f" s  ({sign}{format_duration(abs(found))})")


@clock.command("open")
def is_open(
    instant: InstantArgument,
    agreement: AgreementOption = None,
    calendar: NameOption = None,
    zone: ZoneOption = None,
    hours: HoursOption = None,
) -> None:
    """Is it open at an instant, and if not, when next?"""
    asked = calendar_of(agreement, calendar, zone, hours)
    at = instant_of(instant)
    if asked.is_open(at):
        typer.echo("open")
        return
    typer.echo("closed, opens next at:")
    _show(asked, lambda: asked.next_open(at))


def answer_lines(file: str) -> int:
    """Answer a file of questions on standard output, as far as it is read; how many lines were wrong.

    Raises:
        OSError: the file cannot be read.

    """
    lines = Lines(LONGEST_LINE)
    wrong = 0
    with reading(file) as source:
        chunk: bytes | None = None
        while chunk != b"":
            chunk = source.read()
            answers = [_answered(line) for line in lines.of(chunk)]
            wrong += sum(not is_right for _, is_right in answers)
            sys.stdout.buffer.write(b"".join(text + b"\n" for text, _ in answers))
            sys.stdout.buffer.flush()
    return wrong


def calendar_of(agreement: Path | None, name: str | None, zone: str | None, hours: list[str] | None) -> Calendar:
    """The calendar that the options name.

    Raises:
        typer.BadParameter: they name none, or a wrong one.
        typer.Exit: the agreement's file is wrong.

    """
    if agreement is not None and zone is None and not hours:
        agreed = agreements_of([agreement])[-1]
        if name is None:
            return Calendar(agreed.calendar)
        if name not in agreed.calendars:
            message = f"no calendar {name!r} in {agreement}; known: {', '.join(agreed.calendars) or 'none'}"
            raise typer.BadParameter(message)
        return Calendar(agreed.calendars[name])
    if agreement is not None or name is not None or zone is None or not hours:
        message = "give either --agreement (and --calendar), or --zone and --hours"
        raise typer.BadParameter(message)
    given = {"time_zone": zone, "weekly_hours": _weekly_hours(hours)}
    try:
        return Calendar(WorkingHours.model_validate(given, context=IN_A_FILE))
    except ValidationError as invalid:
        raise typer.BadParameter("; ".join(error["msg"] for error in invalid.errors())) from None


def _weekly_hours(hours: list[str]) -> dict[str, list[list[str]]]:
    weekly: dict[str, list[list[str]]] = {}
    for text in hours:
        match = _HOURS.fullmatch(text)
        days = match and _days(match["first"], match["last"] or match["first"])
        if not match or not days:
            message = f"{text!r} are no hours; write for example 'mon-fri 09:00-17:00'"
            raise typer.BadParameter(message)
        spans = [span.split("-") for span in match["spans"].split(",")]
        for day in days:
            weekly.setdefault(day, []).extend(spans)
    return weekly


def _days(first: str, last: str) -> list[str]:
    """The days from one to another; past Sunday it goes on with Monday."""
    week: list[str] = list(WEEKDAYS)
    if first not in week or last not in week:
        return []
    begin, end = week.index(first), week.index(last)
    return week[begin : end + 1] if begin <= end else week[begin:] + week[: end + 1]


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
    try:
        found = ask()
        typer.echo(f"{iso(found)}  ({moment(found).astimezone(calendar.zone):%a %Y-%m-%d %H:%M:%S %Z})")
    except (NeverOpenError, OverflowError) as wrong:
        typer.echo(f"leadsla clock: {wrong}", err=True)
        raise typer.Exit(WRONG_LINES) from None
