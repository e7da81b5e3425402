"""`leadsla check`: is every agreement file right, can the goals be served, and would a worker take the files over?"""

import asyncio
from collections.abc import Sequence
from itertools import zip_longest
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.agreements import AgreementPaths, agreements_of
from leadsla.cli.broker import settings_of
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.terminal import say
from leadsla.tables.agreement import lines_of
from leadsla.tables.edition import edition_lines
from sla_rules.agreement.amendments import amendments, later_editions
from sla_rules.agreement.model import Agreement
from sla_rules.instants import moment
from streams.clock import wall_clock
from streams.kafka.group_memory import remembered
from streams.kafka.known_agreements import agreed, refusal
from streams.kafka.topics import TopicsError
from streams.settings import SettingsError
from wording.voice import Voice

AgainstBroker = Annotated[
    bool, typer.Option("--against-broker", help="Say too whether the workers there have worked with other terms.")
]


def check(agreements: AgreementPaths = None, *, against_broker: AgainstBroker = False, lang: LangOption = None) -> None:
    """Check agreement files: every error at once, with file and line.

    Where an agreement says who serves its leads, it is said whether they can; and what of its calendars has no effect, or will
    not be known. Against a broker (`LEADSLA_BROKER`),
    terms that were rewritten after workers had worked with them are named, and what this release reads otherwise than theirs.

    Exit status: 0, 1 if terms were rewritten or the broker cannot be asked, 2 if a file or a setting is wrong.
    """
    voice = voice_of(lang)
    loaded = agreements_of(agreements)
    today = moment(wall_clock()).date()
    for agreement, following in zip_longest(loaded, loaded[1:]):
        is_replaced = following is not None and following.agreement == agreement.agreement
        for line in lines_of(agreement, voice, today, following.effective_from if is_replaced else None):
            say(line)
    if against_broker:
        _compare(loaded, voice)


def _compare(agreements: Sequence[Agreement], voice: Voice) -> None:
    settings = settings_of()
    try:
        known = agreed(asyncio.run(remembered(settings)))
    except (KafkaError, SettingsError, TopicsError) as wrong:
        say(f"leadsla check: {settings.broker}: {wrong}", err=True)
        raise typer.Exit(UNABLE if isinstance(wrong, SettingsError) else FAILED) from None
    now = settings.new_clock()()
    for line in edition_lines(later_editions(known.values(), now), voice):
        say(line)
    if found := list(amendments(known.values(), agreements, now)):
        say(refusal(found), err=True)
        raise typer.Exit(FAILED)
    say(voice.text("check-taken-over", broker=settings.broker))
