"""`leadsla close-deal`: a deal was won or lost, and no CRM says so."""

from collections.abc import Iterable
from typing import Annotated

import typer

from leadsla.cli.broker import BrokerOption
from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption
from leadsla.cli.terminal import say
from leadsla.hand_events.options import (
    WAIT,
    AgainOption,
    AgreementsOption,
    AtOption,
    WaitOption,
    YesOption,
    handing_in,
    occasion_of,
    refusing,
)
from sla_rules.agreement.model import Agreement
from sla_rules.instants import moment

DEAL = "deal.closed.v1"


def close_deal(
    leads: Annotated[list[str], typer.Argument(metavar="LEAD...", help="Its leads; the deal counts for the first.")],
    amount: Annotated[str, typer.Option("--amount", help="What it is worth, as 1200.50.")],
    currency: Annotated[
        str | None, typer.Option("--currency", help="As EUR.", show_default="that of the agreements")
    ] = None,
    deal: Annotated[
        str | None,
        typer.Option("--deal", help="The deal's id; what is told of it last holds.", show_default="the first lead's"),
    ] = None,
    at: AtOption = None,
    agreements: AgreementsOption = None,
    broker: BrokerOption = None,
    *,
    won: Annotated[bool, typer.Option("--won/--lost", help="Whether it was won.", show_default=False)],
    yes: YesOption = False,
    again: AgainOption = False,
    wait: WaitOption = WAIT,
    as_json: Annotated[bool, json_option("the event and what became of it as JSON on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Tell that a deal was won or lost.

    Exit status: 0, 1 if the workers do not take it, 2 if there is no such event, or the broker cannot be reached.
    """
    occasion = occasion_of("close-deal", agreements, broker, at, lang)
    known = currency or _currency(version.agreement for some in occasion.rules.versions.values() for version in some)
    if known is None:
        say("leadsla close-deal: say in which currency, as --currency EUR: the agreements do not name one", err=True)
        raise typer.Exit(UNABLE)
    data = {
        "outcome": "won" if won else "lost",
        "amount": amount,
        "currency": known,
        "deal_id": deal or leads[0],
        "lead_ids": leads,
    }
    with refusing(occasion.command):
        one = occasion.event(DEAL, leads[0], data)
    work = handing_in(occasion, one, yes=yes, again=again, as_json=as_json, wait=wait)
    voice = occasion.voice
    words = voice.text(
        "hand-deal",
        deal=str(data["deal_id"]),
        leads=", ".join(leads),
        outcome=str(data["outcome"]),
        amount=amount,
        currency=known,
        at=voice.instant(moment(occasion.time)),
    )
    work.hand_in([words])


def _currency(agreements: Iterable[Agreement]) -> str | None:
    """The one that all agreements with a currency have."""
    named = {agreement.currency for agreement in agreements} - {None}
    return named.pop() if len(named) == 1 else None
