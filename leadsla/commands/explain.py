"""`leadsla explain`: why this deadline and this verdict? Every number of one lead with what it comes from."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Annotated

import typer

from leadsla.cli.agreements import AgreementPaths, AlsoOption
from leadsla.cli.events import EventsOption
from leadsla.cli.exit_codes import FAILED
from leadsla.cli.instants import UntilOption
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.terminal import say, say_json
from leadsla.console import Console
from leadsla.event_files.question import question_of
from leadsla.tables.explanation import about_of, show_explanation
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import iso
from sla_rules.lead.counted_arrival import counted_arrival
from sla_rules.reports.encode import encode
from sla_rules.reports.explained import ComparedExplanation, Explanation
from sla_rules.reports.explanation import explain
from sla_rules.reports.facts_by_key import Facts, propagate_merges
from sla_rules.reports.replay import watched
from sla_rules.reports.report import Scope
from sla_rules.time.intervals import BEGINNING
from wording.voice import Voice


def explain_lead(
    lead: Annotated[str, typer.Argument(metavar="LEAD", help="The lead's id; `agreement:obligation` of a delivery.")],
    agreements: AgreementPaths = None,
    *,
    events: EventsOption,
    until: UntilOption = None,
    also: AlsoOption = None,
    as_json: Annotated[bool, json_option("one JSON object on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Say why a lead has its deadlines and verdicts: hours, pauses, attempts and terms behind each.

    Exit status: 0, 1 where nothing had been received for the lead, 2 where a file cannot be read or an agreement is wrong.
    """
    voice = voice_of(lang)
    agreed, others, scope, facts, _, told = question_of(agreements, also, events, until)
    found = explanation_of(agreed, lead, facts, told, scope, voice)
    other = explanation_of(others, lead, facts, told, scope, voice) if others else None
    if as_json:
        say_json(encode(found if other is None else ComparedExplanation(explanation=found, also=other), voice.say))
        return
    console = Console(highlight=False, soft_wrap=True)
    show_explanation(console, found, RuleBook(agreed), voice)
    if other is not None:
        console.print(f"\n[bold]{voice.text('explain-other-terms')}[/bold]\n")
        show_explanation(console, other, RuleBook(others), voice)


def explanation_of(
    agreed: Sequence[Agreement], lead: str, facts: Facts, told: Facts, scope: Scope, voice: Voice
) -> Explanation:
    """What the agreements say of a lead, and why; `facts` are those of `told` that had arrived by the end of the scope.

    Raises:
        typer.Exit: with status 1, where nothing had been received for it.

    """
    rules = RuleBook(agreed)
    known = propagate_merges(watched(rules, facts, scope.begin))
    if lead not in known:
        say(f"leadsla explain: {_unknown(rules, lead, known, told, scope, voice)}", err=True)
        raise typer.Exit(FAILED)
    return explain(rules, lead, known[lead], scope.until)


def _unknown(rules: RuleBook, lead: str, known: Facts, told: Facts, scope: Scope, voice: Voice) -> str:
    """Why nothing can be said of a lead: its first event came later, or none ever did."""
    about, later = about_of(rules), propagate_merges(told).get(lead, ())
    if later:
        first = min(counted_arrival(fact, BEGINNING) for fact in later)
        until = iso(scope.until)
        return voice.text("explain-before-first", about=about, lead=repr(lead), until=until, first=iso(first))
    close = get_close_matches(lead, known, n=3)
    hint = f"; {voice.text('explain-did-you-mean', close=', '.join(close))}" if close else ""
    return voice.text("explain-unknown", about=about, lead=repr(lead)) + hint
