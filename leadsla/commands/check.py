"""`leadsla check`: is every agreement file right, can the goals be served, and would a worker take the files over?"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.agreements import AGREEMENTS, AgreementPaths, agreements_of
from leadsla.cli.broker import settings_of
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.json_output import json_option
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.operations import OpsEmails, OpsWebhooks
from leadsla.cli.terminal import say, say_json
from leadsla.tables.agreement import lines_of
from leadsla.tables.edition import edition_lines
from sla_rules.agreement.amendments import amendments, later_editions
from sla_rules.agreement.file import AgreementErrors, load_agreements
from sla_rules.agreement.model import Agreement
from sla_rules.instants import moment
from sla_rules.reports.checked import Checked, FileError
from sla_rules.reports.checking import checked
from sla_rules.reports.encode import encode
from streams.clock import wall_clock
from streams.kafka.group_memory import remembered
from streams.kafka.known_agreements import agreed, refusal
from streams.kafka.topics import TopicsError
from streams.settings import SettingsError
from wording.voice import Voice

AgainstBroker = Annotated[
    bool, typer.Option("--against-broker", help="Say too whether the workers there have worked with other terms.")
]


def check(
    agreements: AgreementPaths = None,
    *,
    against_broker: AgainstBroker = False,
    as_json: Annotated[
        bool,
        json_option(
            "what is said of the agreements, or all that is wrong with their files, as one JSON object on stdout"
        ),
    ] = False,
    ops_webhook: OpsWebhooks = None,
    ops_email: OpsEmails = None,
    lang: LangOption = None,
) -> None:
    """Check agreement files: every error at once, with file and line.

    Each deadline is worked out for a start late on the last working day before a closed one. Where an agreement says who
    serves its leads, it is said whether they can. Notes say which parts of an agreement are missing, and what of its calendars has
    no effect or will not be known; they are no errors. Against a broker (`LEADSLA_BROKER`), terms that were rewritten after
    workers had worked with them are named, and what this release reads otherwise than theirs; with `--json` on stderr. If nobody
    is named who runs the service, stderr says that its alerts reach nobody.

    Exit status: 0, 1 if terms were rewritten or the broker cannot be asked, 2 if a file or a setting is wrong.
    """
    voice = voice_of(lang)
    loaded = _loaded(agreements) if as_json else agreements_of(agreements)
    today = moment(wall_clock()).date()
    found = list(_with_their_ends(loaded))
    if as_json:
        said = Checked(agreements=tuple(checked(agreement, today, until) for agreement, until in found))
        say_json(encode(said, voice.say))
    else:
        for agreement, until in found:
            for line in lines_of(agreement, voice, today, until):
                say(line)
    if not (ops_webhook or ops_email):
        say(voice.text("no-operations"), err=True)
    if against_broker:
        _compare(loaded, voice, err=as_json)


def _loaded(paths: Sequence[Path] | None) -> Sequence[Agreement]:
    try:
        return load_agreements(paths or [AGREEMENTS])
    except AgreementErrors as wrong:
        say_json(encode(Checked(errors=tuple(FileError(one.file, one.line, one.message) for one in wrong.errors))))
        raise typer.Exit(UNABLE) from None


def _with_their_ends(loaded: Sequence[Agreement]) -> Iterator[tuple[Agreement, date | None]]:
    """Each version with the day from which another one holds."""
    for agreement, following in zip_longest(loaded, loaded[1:]):
        is_replaced = following is not None and following.agreement == agreement.agreement
        yield agreement, following.effective_from if is_replaced else None


def _compare(agreements: Sequence[Agreement], voice: Voice, *, err: bool) -> None:
    settings = settings_of()
    try:
        known = agreed(asyncio.run(remembered(settings)))
    except (KafkaError, SettingsError, TopicsError) as wrong:
        say(f"leadsla check: {settings.broker}: {wrong}", err=True)
        raise typer.Exit(UNABLE if isinstance(wrong, SettingsError) else FAILED) from None
    now = settings.new_clock()()
    for line in edition_lines(later_editions(known.values(), now), voice):
        say(line, err=err)
    if found := list(amendments(known.values(), agreements, now)):
        say(refusal(found), err=True)
        raise typer.Exit(FAILED)
    say(voice.text("check-taken-over", broker=settings.broker), err=err)
