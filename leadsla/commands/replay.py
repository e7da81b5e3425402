"""`leadsla replay`: figures, breaches and verdicts from a file of events, straight from the rules, without a broker."""

from collections.abc import Sequence
from typing import Annotated

import typer

from leadsla.cli.agreements import AgreementPaths, AlsoOption
from leadsla.cli.events import EventsOption
from leadsla.cli.instants import ListeningSinceOption, UntilOption
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.terminal import say_json
from leadsla.event_files.outcome import outcome_of
from leadsla.event_files.question import question_of
from leadsla.tables.report import Replayed, show
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.reports.encode import encode
from sla_rules.reports.facts_by_key import Facts
from sla_rules.reports.report import Scope, report
from sla_rules.reports.result import ComparedReport


def replay_file(
    agreements: AgreementPaths = None,
    *,
    events: EventsOption,
    until: UntilOption = None,
    listening_since: ListeningSinceOption = None,
    also: AlsoOption = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes to share the leads among.")] = 1,
    as_json: Annotated[bool, json_option("one JSON object an agreement on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """Work out figures, breaches and verdicts from a file of events, as they stand at an instant.

    Exit status: 0 even where lines were bad (they are named), 2 where a file cannot be read or an agreement is wrong.
    """
    voice = voice_of(lang)
    agreed, others, scope, facts, since, _ = question_of(agreements, also, events, until, listening_since)
    replayed = _replayed(RuleBook(agreed, listening_since=since), agreed, facts, scope, jobs)
    by_other_terms: dict[str, Replayed] = {}
    if others:
        laid_beside = _replayed(RuleBook(others, listening_since=since), others, facts, scope, jobs)
        by_other_terms = {one.report.agreement: one for one in laid_beside}
    found = [(one, by_other_terms.get(one.report.agreement)) for one in replayed]
    if not as_json:
        show(found, len(facts), voice)
        return
    for one, other in found:
        theirs = None if other is None else other.report
        say_json(encode(ComparedReport(report=one.report, also=theirs) if others else one.report, voice.say))


def _replayed(rules: RuleBook, agreed: Sequence[Agreement], facts: Facts, scope: Scope, jobs: int) -> list[Replayed]:
    outcome = outcome_of(agreed, rules, facts, scope, jobs)
    return [Replayed(rules, report(rules, name, outcome, scope)) for name in rules.versions]
