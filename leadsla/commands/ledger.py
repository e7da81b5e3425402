"""`leadsla ledger`: what came of each month's leads, what was decided, and the goal that follows."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from leadsla.cli.broker import BrokerOption, settings_of
from leadsla.cli.events import EVENTS
from leadsla.cli.instants import ListeningSinceOption, UntilOption
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.service_agreements import agreements_at_hand, service_agreements
from leadsla.cli.terminal import say_json
from leadsla.console import Console
from leadsla.event_files.outcome import outcome_of
from leadsla.event_files.question import question_of
from leadsla.tables.monthly_ledger import show_monthly_ledger
from leadsla.tables.narrator import Narrator
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.reports.encode import encode
from sla_rules.reports.monthly_ledger import AgreementLedger, ledger_of_report
from sla_rules.reports.report import report
from sla_rules.spelling import unknown
from sla_rules.whole_agreement.known_ledger import ledger_of_known
from streams.settings import Settings
from wording.voice import Voice


class _Found(NamedTuple):
    """A ledger, and who says what stands in it."""

    ledger: AgreementLedger
    narrator: Narrator


def ledger(
    agreement: Annotated[str, typer.Argument(metavar="AGREEMENT", help="Its name, or its file.")],
    *,
    events: Annotated[
        str | None, typer.Option("--events", help=f"By a file, instead of by the running service. {EVENTS}")
    ] = None,
    until: UntilOption = None,
    listening_since: ListeningSinceOption = None,
    broker: BrokerOption = None,
    as_json: Annotated[bool, json_option("one JSON object on stdout")] = False,
    lang: LangOption = None,
) -> None:
    """List what came of each month's leads, whether its goal was met, the credits, and the goal that follows.

    By what the running service has decided, for which a name is enough; or by a file of events, as `leadsla replay` does, and the
    agreement's file: of a name that is looked for among those of LEADSLA_AGREEMENTS. Months are those of the goal, which may be weeks.

    Exit status: 0, 2 where what is asked cannot be read.
    """
    voice, settings = voice_of(lang), settings_of(broker=broker)
    if events is None:
        found = _by_service(agreement, settings, voice)
    else:
        found = _by_events(agreement, settings, events, until, listening_since, voice)
    if as_json:
        say_json(encode(found.ledger, voice.say))
    else:
        show_monthly_ledger(Console(highlight=False), found.ledger, found.narrator)


def _by_service(asked: str, settings: Settings, voice: Voice) -> _Found:
    paths = _file(asked)
    agreed = agreements_at_hand(paths, settings)
    name = _only([one.agreement for one in agreed]) if paths else asked
    known, status = service_agreements("ledger", settings, agreed, {name})
    if name not in known:
        raise _unknown(name, {one.agreement for one in agreed})
    ledger = ledger_of_known(known[name], status.at, status.service)
    return _Found(ledger, Narrator.of_record(known[name].data, voice))


def _by_events(
    asked: str, settings: Settings, events: str, until: str | None, listening_since: str | None, voice: Voice
) -> _Found:
    question = question_of(_file(asked) or [settings.agreements], None, events, until, listening_since)
    rules = RuleBook(question.agreed, listening_since=question.listening_since)
    name = _only(list(rules.versions)) if _file(asked) else asked
    if name not in rules.versions:
        raise _unknown(name, rules.versions)
    outcome = outcome_of(question.agreed, rules, question.facts, question.scope, 1)
    ledger = ledger_of_report(rules, report(rules, name, outcome, question.scope))
    return _Found(ledger, Narrator.of_agreement(rules, name, voice))


def _file(asked: str) -> list[Path] | None:
    """The file that is asked for; None where a name is."""
    path = Path(asked)
    return [path] if path.is_file() or path.suffix in {".yaml", ".yml"} else None


def _only(names: Iterable[str]) -> str:
    """The only agreement of a file.

    Raises:
        typer.BadParameter: there are several in it.

    """
    first, *others = dict.fromkeys(names)
    if others:
        message = f"several agreements stand in it: {', '.join([first, *others])}"
        raise typer.BadParameter(message, param_hint="AGREEMENT")
    return first


def _unknown(name: str, known: Iterable[str]) -> typer.BadParameter:
    return typer.BadParameter(unknown("agreement", name, known), param_hint="AGREEMENT")
