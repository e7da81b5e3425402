"""`leadsla excuse`: a lead is waived by somebody, with a reason."""

import getpass
from typing import Annotated

import typer

from leadsla.cli.broker import BrokerOption
from leadsla.cli.instants import bounded_instant_of
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
from sla_rules.instants import iso, moment


def excuse(
    lead: Annotated[str, typer.Argument(metavar="LEAD", help="The lead's id.")],
    reason: Annotated[str, typer.Option("--reason", help="Why nothing is owed for it.")],
    by: Annotated[str | None, typer.Option("--by", help="Who says so.", show_default="who is logged in")] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="INSTANT", help="Only the time from here on, with --until.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="INSTANT", help="Up to here, with --from.")] = None,
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
    """Waive what is owed for a lead: it is counted apart, neither met nor breached. A span of time can be waived alone.

    Exit status: 0, 1 if the workers do not take it, 2 if there is no such event, or the broker cannot be reached.
    """
    occasion = occasion_of("excuse", agreements, broker, at, lang)
    span = {"from": bounded_instant_of(since), "until": bounded_instant_of(until)}
    said = {"reason": reason, "by": by or getpass.getuser()}
    data = said | {name: None if instant is None else iso(instant) for name, instant in span.items()}
    one = event_about(occasion, "excused", subject, lead, data)
    work = handing_in(occasion, one, yes=yes, again=again, as_json=as_json, wait=wait)
    voice = occasion.voice
    begins, ends = (None if instant is None else voice.instant(moment(instant)) for instant in span.values())
    when = voice.instant(moment(occasion.time))
    work.hand_in([voice.text("hand-excuse", about=subject, lead=lead, at=when, begins=begins, ends=ends, **said)])
