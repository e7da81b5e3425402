"""A calendar as options: one of an agreement, or a zone and its open hours."""

import re
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import ValidationError

from leadsla.cli.agreements import agreements_of
from sla_rules.notation import IN_A_FILE, WEEKDAYS
from sla_rules.time.calendar import Calendar
from sla_rules.time.working_hours import WorkingHours

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
_HOURS: Final = re.compile(
    r"(?P<first>[a-z]{3})(-(?P<last>[a-z]{3}))?(=|\s+)(?P<spans>[T\d:]+-[T\d:]+(,[T\d:]+-[T\d:]+)*)"
)


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
