"""Options that the commands for events made by hand share, and what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from leadsla.cli.agreements import agreements_of
from leadsla.cli.broker import settings_of
from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.instants import bounded_instant_of
from leadsla.cli.language import voice_of
from leadsla.cli.terminal import say
from leadsla.hand_events.deliveries import NothingToConfirm
from leadsla.hand_events.events import HandEvent, NotAnEvent, hand_event, type_for
from leadsla.hand_events.handing_in import HandingIn
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.rejection import RejectionError
from sla_rules.events.vocabulary import Part
from sla_rules.instants import Instant
from streams.settings import Settings
from wording.voice import Voice

AgreementsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--agreements",
        metavar="PATH",
        help="Agreement files or folders of them.",
        show_default="those of LEADSLA_AGREEMENTS, else agreements/",
    ),
]
SubjectOption = Annotated[
    str, typer.Option("--subject", help="What it is about, if an agreement is about something else: ticket.")
]
AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="INSTANT", help="When it happened, as 2026-03-14T15:04:54Z.", show_default="now"),
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Publish without asking.")]
AgainOption = Annotated[
    bool, typer.Option("--again", help="It happened once more; without it, the same within a minute is not published.")
]
WaitOption = Annotated[
    float, typer.Option("--wait", min=0, max=3_600, help="Seconds to wait until the workers have taken it.")
]
WAIT = 30.0


class Occasion(NamedTuple):
    """Which command makes an event, by which agreements and settings, and when it happened."""

    command: str
    settings: Settings
    rules: RuleBook
    voice: Voice
    now: Instant
    time: Instant

    def event(self, kind: str, subject: str, data: Mapping[str, Any], told_by: Sequence[str] = ("time",)) -> HandEvent:
        """The event that happened then; `told_by` names what else than its words makes it another one.

        Raises:
            RejectionError: the workers would not take it.

        """
        return hand_event(kind, subject, self.time, data, self.rules.vocabulary, self.now, told_by, self.rules)


def occasion_of(
    command: str, agreements: list[Path] | None, broker: str | None, at: str | None, lang: str | None
) -> Occasion:
    """What the shared options come to.

    Raises:
        typer.Exit: with status 2, where a setting or an agreement is wrong.
        typer.BadParameter: `at` is no instant.

    """
    settings = settings_of(broker=broker)
    rules = RuleBook(agreements_of(agreements or [settings.agreements]))
    now = settings.new_clock()()
    time = bounded_instant_of(at)
    return Occasion(command, settings, rules, voice_of(lang), now, now if time is None else time)


@contextmanager
def refusing(command: str) -> Iterator[None]:
    """While an event is made.

    Raises:
        typer.Exit: with status 2, after saying why there is none.

    """
    try:
        yield
    except RejectionError as rejected:
        why = rejected.detail
    except (NotAnEvent, NothingToConfirm) as wrong:
        why = str(wrong)
    else:
        return
    say(f"leadsla {command}: {why}", err=True)
    raise typer.Exit(UNABLE)


def event_about(occasion: Occasion, part: Part, subject: str, name: str, data: Mapping[str, Any]) -> HandEvent:
    """The event that does something to the clocks of a lead, or of what else agreements are about.

    Raises:
        typer.Exit: with status 2, where there is no such event.

    """
    with refusing(occasion.command):
        return occasion.event(type_for(part, subject, occasion.rules.vocabulary), name, data)


def handing_in(occasion: Occasion, one: HandEvent, *, yes: bool, again: bool, as_json: bool, wait: float) -> HandingIn:
    """How the event goes out."""
    return HandingIn(occasion.command, occasion.settings, occasion.voice, one, yes, again, as_json, wait)
