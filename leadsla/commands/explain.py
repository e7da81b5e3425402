"""`leadsla explain`: why this deadline and this verdict? Every number of one lead with what it comes from."""

from pathlib import Path
from typing import Annotated

import typer

from leadsla.cli.agreements import AgreementPaths, AlsoOption, agreements_of, beside
from leadsla.cli.broker import BrokerOption, settings_of
from leadsla.cli.events import EVENTS
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.instants import bounded_instant_of, until_option
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.terminal import say, say_json
from leadsla.console import Console
from leadsla.event_files.question import question_of
from leadsla.explaining.answer import Answer, NothingKnown
from leadsla.explaining.of_file import explained_by_file
from leadsla.explaining.of_service import explained_by_service
from leadsla.tables.explanation import show_explanation
from sla_rules.reports.encode import encode
from sla_rules.reports.explained import ComparedExplanation
from wording.voice import Voice


def explain_lead(
    lead: Annotated[
        str, typer.Argument(metavar="LEAD", help="The lead's id; `agreement:obligation` of a delivery or a remedy.")
    ],
    agreements: AgreementPaths = None,
    *,
    events: Annotated[
        str | None,
        typer.Option(
            "--events",
            help=EVENTS,
            show_default="what the service keeps of the lead",
        ),
    ] = None,
    broker: BrokerOption = None,
    until: Annotated[str | None, until_option("the last event; now, of the service")] = None,
    also: AlsoOption = None,
    as_json: Annotated[bool, json_option("one JSON object on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Say why a lead has its deadlines and verdicts: hours, pauses, attempts and terms behind each.

    By a file of events as of its last one; or, without a file, by what the running service keeps of the lead as of
    now, by the agreements of LEADSLA_AGREEMENTS where none are named.

    Exit status: 0, 1 where nothing had been received for the lead, 2 where what is asked cannot be read.
    """
    voice = voice_of(lang)
    try:
        if events is None:
            answers = _by_service(lead, agreements, also, broker, until, voice)
        elif broker is None:
            answers = explained_by_file(question_of(agreements, also, events, until), lead, voice)
        else:
            message = "either a file of events is asked, by --events, or the service, by --broker"
            raise typer.BadParameter(message)
    except NothingKnown as nothing:
        say(f"leadsla explain: {nothing}", err=True)
        raise typer.Exit(FAILED) from None
    found = [answer.found for answer in answers]
    if as_json:
        one = found[0] if len(found) == 1 else ComparedExplanation(explanation=found[0], also=found[1])
        say_json(encode(one, voice.say))
        return
    console = Console(highlight=False, soft_wrap=True)
    show_explanation(console, found[0], answers[0].rules, voice)
    for other in answers[1:]:
        console.print(f"\n[bold]{voice.text('explain-other-terms')}[/bold]\n")
        show_explanation(console, other.found, other.rules, voice)


def _by_service(
    lead: str, agreements: list[Path] | None, also: Path | None, broker: str | None, until: str | None, voice: Voice
) -> list[Answer]:
    settings = settings_of(broker=broker)
    if "broker" not in settings.model_fields_set:
        say("leadsla explain: say which events by --events, or which service by --broker or LEADSLA_BROKER", err=True)
        raise typer.Exit(UNABLE)
    agreed = agreements_of(agreements or [settings.agreements])
    others = beside(agreed, also)
    return explained_by_service(
        settings, [agreed, others] if others else [agreed], lead, bounded_instant_of(until), voice
    )
