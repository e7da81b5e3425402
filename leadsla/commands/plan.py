"""`leadsla plan`: how many leads marketing has to deliver, from what sales has to sell."""

import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from leadsla.cli.agreements import agreements_of
from leadsla.cli.events import EVENTS
from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.instants import UntilOption
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.terminal import say, say_json
from leadsla.console import Console
from leadsla.planning.chosen import Chosen, chosen_goal
from leadsla.planning.given import GivenError, given
from leadsla.planning.measured import Measured, by_events, by_service
from leadsla.planning.proposal import Proposal, check_new, proposal, said_of
from leadsla.planning.serving import Reps
from leadsla.planning.workbook import workbook
from leadsla.planning.working_out import Asked, WorkedOut, from_agreement, without_agreement
from leadsla.tables.narrator import Narrator
from leadsla.tables.plan import show_plan
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import moment
from sla_rules.notation import Granularity, date_of
from sla_rules.reports.encode import encode
from sla_rules.reports.plan import UnplannableError
from streams.clock import wall_clock
from wording.voice import Voice

_SCREEN: Final = 80
"""Columns, where the output is no terminal."""

Number = str | None
"""As somebody wrote it; what is wrong with it is said in the words of agreement files."""


def plan(
    *,
    quota: Annotated[
        Number, typer.Option("--quota", metavar="MONEY", help="What sales has to sell in one interval.")
    ] = None,
    share: Annotated[
        Number,
        typer.Option(
            "--share",
            metavar="SHARE",
            help="Which share of it has to come from marketing's leads.",
            show_default="100%",
        ),
    ] = None,
    deal: Annotated[Number, typer.Option("--deal", metavar="MONEY", help="What one customer brings.")] = None,
    close_rate: Annotated[
        Number, typer.Option("--close-rate", metavar="SHARE", help="Which share of the leads become customers.")
    ] = None,
    segment: Annotated[
        list[str] | None,
        typer.Option(
            "--segment",
            metavar="NAME:PART=NUMBER,...",
            help="Numbers of a region or segment, as north:quota=3000,deal=100,close-rate=40%,value=50; once for each. "
            "What it leaves out is that of the other options; value is what one of its leads is worth.",
        ),
    ] = None,
    currency: Annotated[str | None, typer.Option("--currency", metavar="CODE", help="Of all money, as EUR.")] = None,
    interval: Annotated[
        Granularity | None, typer.Option("--interval", help="Which period the quota is for.", show_default="month")
    ] = None,
    goal_line: Annotated[
        Literal["calendar_days", "working_days"] | None,
        typer.Option("--goal-line", help="Which days the goal is spread over.", show_default="calendar_days"),
    ] = None,
    reps: Annotated[int | None, typer.Option("--reps", help="How many reps serve the leads.")] = None,
    attempts: Annotated[
        Number, typer.Option("--attempts", metavar="NUMBER", help="Attempts that a lead takes on average.")
    ] = None,
    minutes: Annotated[Number, typer.Option("--minutes", metavar="NUMBER", help="Working time of one attempt.")] = None,
    time_share: Annotated[
        Number,
        typer.Option(
            "--time-share", metavar="SHARE", help="Share of the reps' time for these leads.", show_default="100%"
        ),
    ] = None,
    agreement_files: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="AGREEMENT", help="Plan the goal of this agreement file, or of one in this folder."
        ),
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="NAME", help="Which agreement.", show_default="the only one")
    ] = None,
    obligation: Annotated[
        str | None, typer.Option("--obligation", metavar="ID", help="Which goal of it.", show_default="the only one")
    ] = None,
    events: Annotated[str | None, typer.Option("--events", help=f"Measure the rates by a file. {EVENTS}")] = None,
    until: UntilOption = None,
    broker: Annotated[
        str | None,
        typer.Option("--broker", help="Measure the rates by the running service's figures there, host:port."),
    ] = None,
    effective_from: Annotated[
        datetime | None,
        typer.Option(
            "--effective-from",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="The first day of the plan, as 2026-04-01.",
            show_default="of the next period",
        ),
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a spreadsheet that goes on calculating.")
    ] = None,
    propose: Annotated[
        Path | None,
        typer.Option("--propose", metavar="FILE", help="Write a new version of the agreement with this goal."),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--version", metavar="NAME", help="Its name.", show_default="year and month of its first day"),
    ] = None,
    as_json: Annotated[bool, json_option("the plan as one JSON object on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Work out how many leads marketing has to deliver, and how many of them by each day.

    Quota x marketing's share / average deal / close rate, rounded up: from numbers, from an agreement (--from), or from what an
    agreement's leads came to (--events, --broker). Says too what another close rate would change, and whether the reps can
    serve the leads. Numbers given go before those of the agreement and those measured. Nothing takes effect by it; a proposed
    version does once somebody deploys its file.

    Exit status: 0, 2 if a number or a file is wrong, or is there already.
    """
    voice = voice_of(lang)
    try:
        asked = Asked(
            given({"quota": quota, "share": share, "deal": deal, "close-rate": close_rate}, segment or ()),
            Reps(reps, attempts, minutes, time_share),
            currency,
            None if effective_from is None else _day(effective_from.date()),
            wall_clock(),
        )
        measured = _measured(agreement_files, agreement, obligation, events, until, broker)
        goal = _goal(measured, agreement_files, agreement, obligation)
        if goal is None:
            found = without_agreement(asked, interval or "month", goal_line or "calendar_days")
        else:
            _refuse({"--interval": interval, "--goal-line": goal_line})
            found = from_agreement(asked, goal, measured)
        proposed = None if propose is None else _proposal(goal, found, asked, version)
        for file, option in ((xlsx, "--xlsx"), (propose, "--propose")):
            check_new(file, option)
    except GivenError as wrong:
        raise typer.BadParameter(str(wrong), param_hint=wrong.option) from None
    except UnplannableError as wrong:
        say(f"leadsla plan: {wrong}", err=True)
        raise typer.Exit(UNABLE) from None
    narrator = Narrator.of_agreement(RuleBook([found.agreement]), found.agreement.agreement, voice)
    if as_json:
        say_json(encode(found.plan, voice.say))
    else:
        show_plan(Console(highlight=False, width=None if sys.stdout.isatty() else _SCREEN), found.plan, narrator)
    if xlsx is not None:
        _write(xlsx, workbook(found.plan, _title(found, voice), narrator, moment(asked.now)))
        say(voice.text("plan-written", file=str(xlsx)), err=True)
    if propose is not None and proposed is not None:
        _write(propose, proposed.after.encode())
        for line in said_of(proposed, propose, voice):
            say(line, err=as_json)


def _measured(
    files: Path | None,
    agreement: str | None,
    obligation: str | None,
    events: str | None,
    until: str | None,
    broker: str | None,
) -> Measured | None:
    if events is not None and broker is not None:
        raise GivenError(
            "--events", "rates are measured by a file or by the running service; leave out --broker or --events"
        )
    if until is not None and events is None:
        raise GivenError("--until", "goes with --events")
    paths = None if files is None else [files]
    if events is not None:
        return by_events(paths, agreement, obligation, events, until)
    return None if broker is None else by_service(paths, agreement, obligation, broker)


def _goal(
    measured: Measured | None, files: Path | None, agreement: str | None, obligation: str | None
) -> Chosen | None:
    """The goal of an agreement that is meant, if one is."""
    if measured is not None:
        return measured.goal
    if files is not None:
        return chosen_goal([files], agreements_of([files]), agreement, obligation)
    for option, value in (("--agreement", agreement), ("--obligation", obligation)):
        if value is not None:
            raise GivenError(option, "goes with --from, --events or --broker")
    return None


def _refuse(given_too: Mapping[str, str | None]) -> None:
    """What stands in the agreement."""
    for option, value in given_too.items():
        if value is not None:
            raise GivenError(option, "stands in the agreement; leave it out")


def _proposal(goal: Chosen | None, found: WorkedOut, asked: Asked, version: str | None) -> Proposal:
    if goal is None:
        raise GivenError("--propose", "writes a new version of an agreement; say of which one, by --from")
    if asked.numbers.worth:
        raise GivenError("--segment", "what a lead is worth is no part of its goal; change `value` in the file")
    return proposal(goal, found.quotas, found.agreement.effective_from, version)


def _title(found: WorkedOut, voice: Voice) -> str:
    return found.agreement.title if found.plan.agreement is not None else voice.text("plan-sheet")


def _write(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as opened:
            opened.write(content)
    except OSError as wrong:
        say(f"leadsla plan: {file}: {wrong.strerror or wrong}", err=True)
        raise typer.Exit(UNABLE) from None


def _day(day: date) -> date:
    try:
        return date_of(day)
    except ValueError as wrong:
        raise GivenError("--effective-from", str(wrong)) from None
