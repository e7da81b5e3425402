"""`leadsla status`: how does each promise stand, by what the running service has published?"""

from typing import Annotated

import typer

from leadsla.cli.agreements import AgreementPaths, agreements_of
from leadsla.cli.broker import BrokerOption, settings_of
from leadsla.cli.exit_codes import FAILED
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.service_figures import service_figures
from leadsla.cli.terminal import say_json
from leadsla.console import Console
from leadsla.tables.status import show_status
from sla_rules.reports.encode import encode
from sla_rules.reports.status import service_status


def status(
    agreements: AgreementPaths = None,
    *,
    name: Annotated[
        str | None,
        typer.Option("--agreement", metavar="NAME", help="Only this agreement.", show_default="all in force"),
    ] = None,
    broker: BrokerOption = None,
    as_json: Annotated[bool, json_option("one JSON object on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Say how each promise in force stands in the period that runs: kept, at risk or broken.

    By the figures that the running service has published, of all partitions together; by the agreements of
    LEADSLA_AGREEMENTS where none are named. Nothing is written.

    Exit status: 0, 1 if any promise is broken, 2 where what is asked cannot be read.
    """
    voice, settings = voice_of(lang), settings_of(broker=broker)
    agreed = agreements_of(agreements or [settings.agreements])
    known = {agreement.agreement for agreement in agreed}
    if name is not None and name not in known:
        message = f"{name!r} is none of {', '.join(sorted(known))}"
        raise typer.BadParameter(message, param_hint="--agreement")
    rules, figures, reading = service_figures("status", settings, agreed)
    found = service_status(rules, figures, reading, settings.new_clock()(), None if name is None else {name})
    if as_json:
        say_json(encode(found))
    else:
        show_status(Console(highlight=False, soft_wrap=True), found, rules, voice)
    if any(one.standing == "broken" for agreement in found.agreements for one in agreement.promises):
        raise typer.Exit(FAILED)
