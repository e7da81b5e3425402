"""`leadsla status`: how does each agreement stand, by what the running service has published?"""

from typing import Annotated

import typer

from leadsla.cli.agreements import AgreementPaths
from leadsla.cli.broker import BrokerOption, settings_of
from leadsla.cli.exit_codes import FAILED
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.service_agreements import agreements_at_hand, service_agreements
from leadsla.cli.terminal import say_json
from leadsla.console import Console
from leadsla.tables.status import show_status
from sla_rules.reports.encode import encode


def status(
    agreements: AgreementPaths = None,
    *,
    name: Annotated[
        str | None,
        typer.Option("--agreement", metavar="NAME", help="Only this agreement.", show_default="all"),
    ] = None,
    broker: BrokerOption = None,
    as_json: Annotated[bool, json_option("one JSON object on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Say how each agreement stands: who keeps it, what may still be missed, what was decided, and what follows.

    By what the running service has decided of all partitions together; no agreement file is needed, and nothing is written. Files
    that are named say which agreements are meant. If the service may not know all, that is said on top.

    Exit status: 0, 1 if any promise is broken in a period that runs, 2 where what is asked cannot be read.
    """
    voice, settings = voice_of(lang), settings_of(broker=broker)
    agreed = agreements_at_hand(agreements, settings)
    named = {agreement.agreement for agreement in agreed} if agreements else None
    if named is not None:
        _check(name, named)
    found = service_agreements("status", settings, agreed, named if name is None else {name}).status
    _check(name, {one.data.agreement for one in found.agreements})
    if as_json:
        say_json(encode(found, voice.say))
    else:
        show_status(Console(highlight=False), found, voice)
    running = (one for one in found.agreements if one.data.status == "active")
    if any(one.status.standing == "broken" for agreement in running for one in agreement.data.promises):
        raise typer.Exit(FAILED)


def _check(name: str | None, known: set[str]) -> None:
    if name is not None and name not in known:
        message = f"{name!r} is none of {', '.join(sorted(known))}"
        raise typer.BadParameter(message, param_hint="--agreement")
