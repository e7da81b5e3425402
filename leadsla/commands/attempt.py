"""`leadsla attempt`: somebody tried to reach a lead, and no CRM says so."""

from typing import Annotated

import typer

from leadsla.cli.broker import BrokerOption
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption
from leadsla.hand_events.options import (
    WAIT,
    AgainOption,
    AgreementsOption,
    AtOption,
    SubjectOption,
    WaitOption,
    YesOption,
    event_about,
    handing_in,
    occasion_of,
)
from sla_rules.events.vocabulary import LEAD
from sla_rules.instants import SECOND, Duration, moment, parse_duration, seconds


def _duration(text: str | None) -> Duration | None:
    if text is None:
        return None
    try:
        return int(text) * SECOND if text.isdecimal() else parse_duration(text)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None


def attempt(
    lead: Annotated[str, typer.Argument(metavar="LEAD", help="The lead's id.")],
    channel: Annotated[str, typer.Option("--channel", help="By what: phone, email, chat ...")],
    outcome: Annotated[
        str | None,
        typer.Option(
            "--outcome",
            help="What came of it: connected, voicemail, no_answer, replied, bounced, failed, wrong_number.",
        ),
    ] = None,
    rep: Annotated[str | None, typer.Option("--rep", help="Who tried.")] = None,
    duration: Annotated[
        str | None, typer.Option("--duration", help="How long it took, in seconds or as 2m30s.")
    ] = None,
    direction: Annotated[
        str, typer.Option("--direction", help="outbound, or inbound where the lead called.")
    ] = "outbound",
    subject: SubjectOption = LEAD,
    at: AtOption = None,
    agreements: AgreementsOption = None,
    broker: BrokerOption = None,
    *,
    yes: YesOption = False,
    again: AgainOption = False,
    wait: WaitOption = WAIT,
    as_json: Annotated[bool, json_option("the event and what became of it as JSON on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Tell of an attempt to reach a lead, or of the lead's own call.

    Exit status: 0, 1 if the workers do not take it, 2 if there is no such event, or the broker cannot be reached.
    """
    took = _duration(duration)
    occasion = occasion_of("attempt", agreements, broker, at, lang)
    data = {
        "channel": channel,
        "direction": direction,
        "outcome": outcome,
        "rep_id": rep,
        "duration_seconds": None if took is None else seconds(took),
    }
    one = event_about(occasion, "attempted", subject, lead, data)
    work = handing_in(occasion, one, yes=yes, again=again, as_json=as_json, wait=wait)
    voice = occasion.voice
    words = voice.text(
        "hand-attempt",
        about=subject,
        lead=lead,
        channel=channel,
        direction=direction,
        at=voice.instant(moment(occasion.time)),
        rep=rep,
        outcome=outcome,
        took=None if took is None else voice.duration(took),
    )
    work.hand_in([words])
