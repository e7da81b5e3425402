"""`leadsla overdue`: who is overdue now, and who runs out next, by what the running service says?"""

import asyncio
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from leadsla.cli.broker import BrokerOption, asking, settings_of
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.progress import reading
from leadsla.cli.terminal import say_json
from leadsla.console import Console
from leadsla.tables.overdue import show_overdue
from sla_rules.reports.encode import encode
from sla_rules.reports.open_clocks import Selection, open_clocks
from streams.partitions.kept_clocks import KeptClocks, kept_clocks
from streams.settings import Settings


def _zone(name: str | None) -> str | None:
    if name is not None:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = f"{name!r} is no IANA time zone, as Europe/Berlin"
            raise typer.BadParameter(message) from None
    return name


def overdue(
    *,
    team: Annotated[str | None, typer.Option("--team", help="Only what this team owes.", show_default="all")] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", help="Only under this agreement.", show_default="all")
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="REP", help="Only leads of this rep.", show_default="all")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most clocks to list.")] = 50,
    zone: Annotated[
        str | None,
        typer.Option("--zone", callback=_zone, help="IANA time zone of what is shown; else this machine's."),
    ] = None,
    broker: BrokerOption = None,
    as_json: Annotated[bool, json_option("one JSON object on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """List who is overdue now and whose clock runs out next, the most urgent first.

    By what the running service writes: no agreement is needed, and nothing is written. Overdue is what the service has found to be
    missed; what has passed and was not judged yet is due. If the service may not know all, that is said on top.

    Exit status: 0 nothing is overdue, 1 something is, 2 nobody can tell: the topics cannot be read, or nothing is overdue that the
    service knows of, and it may not know all.
    """
    voice, settings = voice_of(lang), settings_of(broker=broker)
    with asking("overdue", settings):
        kept = asyncio.run(_read(settings))
    found = open_clocks(kept.records, kept.breached, kept.service, kept.at, Selection(team, agreement, owner), limit)
    if as_json:
        say_json(encode(found, voice.say))
    else:
        console = Console(highlight=False, soft_wrap=True)
        show_overdue(console, found, voice, None if zone is None else ZoneInfo(zone))
    if found.count["overdue"]:
        raise typer.Exit(FAILED)
    if found.service.is_blind:
        raise typer.Exit(UNABLE)


async def _read(settings: Settings) -> KeptClocks:
    with reading() as shown:
        return await kept_clocks(settings, shown)
