"""`leadsla confirm`: something that was due has been delivered, and no CRM says so."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer

from leadsla.cli.broker import BrokerOption
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption
from leadsla.hand_events.deliveries import Chosen, Due, check_recipient, due_on, next_due, terms_of
from leadsla.hand_events.events import HandEvent
from leadsla.hand_events.options import (
    WAIT,
    AgainOption,
    AgreementsOption,
    AtOption,
    Occasion,
    WaitOption,
    YesOption,
    handing_in,
    occasion_of,
    refusing,
)
from leadsla.hand_events.remedies import Done
from leadsla.tables.narrator import Narrator

DELIVERABLE = "deliverable.confirmed.v1"
REMEDY = "remedy.confirmed.v1"
NOT_BOTH = "--due, --quantity and --to are of a delivery; --owner is of a --remedy, which is confirmed by itself"


def confirm(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT", help="The agreement's id.")],
    obligation: Annotated[str, typer.Argument(metavar="OBLIGATION", help="The id of one of its obligations.")],
    due: Annotated[
        datetime | None,
        typer.Option(
            "--due",
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="The date that it was due on, as 2026-03-14.",
            show_default="the next",
        ),
    ] = None,
    quantity: Annotated[
        float | None, typer.Option("--quantity", min=0, help="How much of it.", show_default="all that is due")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="Who got it, as the agreement names them.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who delivered it, or did what was to be done.")] = None,
    remedy: Annotated[
        str | None,
        typer.Option(
            "--remedy",
            metavar="PERIOD",
            help="That a remedy was carried out, no delivery: for which period, as 2026-03, 2026-W10, 2026-Q1.",
        ),
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", help="Whose remedy it is.", show_default="all of that period")
    ] = None,
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
    """Confirm that a deliverable was delivered, or with --remedy that what a missed goal calls for was done.

    The same for the same date or period is published once: for another part of as much, say --again.

    Exit status: 0, 1 if the workers do not take it, 2 if there is no such thing, or the broker cannot be reached.
    """
    occasion = occasion_of("confirm", agreements, broker, at, lang)
    told_by = ("time",) if again else ()
    if remedy is not None or owner is not None:
        if remedy is None or due is not None or quantity is not None or to is not None:
            raise typer.BadParameter(NOT_BOTH)
        with refusing(occasion.command):
            done = Done(agreement, obligation, remedy, owner, by)
            one = occasion.event(REMEDY, done.key, done.data(occasion.rules), told_by)
        work = handing_in(occasion, one, yes=yes, again=again, as_json=as_json, wait=wait)
        work.hand_in(list(_words_of_remedies(done, one, occasion)))
        return
    with refusing(occasion.command):
        terms = terms_of(occasion.rules, agreement, obligation)
        chosen = (
            next_due(terms, occasion.time) if due is None else Chosen(due_on(terms, due.date(), occasion.time), None)
        )
        check_recipient(chosen.due, to)
        data = {
            "agreement": agreement,
            "obligation": obligation,
            "quantity": float(_wanted(chosen.due, to)) if quantity is None else quantity,
            "due": chosen.due.day.isoformat(),
            "to": to,
            "by": by,
        }
        one = occasion.event(DELIVERABLE, f"{agreement}:{obligation}", data, told_by)
    work = handing_in(occasion, one, yes=yes, again=again, as_json=as_json, wait=wait)
    work.hand_in(list(_words(chosen, one, occasion)))


def _words_of_remedies(done: Done, one: HandEvent, occasion: Occasion) -> Iterator[str]:
    voice, data = occasion.voice, one.event["data"]
    narrator = Narrator.of_agreement(occasion.rules, done.agreement, voice)
    yield voice.text(
        "hand-remedy",
        agreement=done.agreement,
        obligation=done.obligation,
        period=done.period,
        at=voice.instant(narrator.local(occasion.time)),
        by=data["by"],
    )
    for remedy in done.remedies(occasion.rules):
        yield f"{remedy.owner}: {remedy.action}"


def _wanted(due: Due, to: str | None) -> Decimal:
    """What one recipient is to get, or all together."""
    terms = due.terms
    return terms.to[to] if to is not None and isinstance(terms.to, Mapping) else terms.wanted


def _words(chosen: Chosen, one: HandEvent, occasion: Occasion) -> Iterator[str]:
    voice, data = occasion.voice, one.event["data"]
    narrator = Narrator.of_term(chosen.due.term, voice)
    yield voice.text(
        "hand-confirm",
        agreement=data["agreement"],
        obligation=data["obligation"],
        quantity=voice.number(data["quantity"]),
        wanted=voice.number(chosen.due.terms.wanted),
        due=voice.instant(narrator.local(chosen.due.at)),
        at=voice.instant(narrator.local(occasion.time)),
        to=data.get("to"),
        by=data.get("by"),
    )
    if chosen.passed is not None:
        yield voice.text("hand-passed", due=chosen.passed.day.isoformat())
