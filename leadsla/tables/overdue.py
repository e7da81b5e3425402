"""Who is overdue and who runs out next, on one screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.freshness import show_freshness
from leadsla.tables.narrator import NOTHING
from leadsla.tables.owners import owner_of
from sla_rules.instants import DAY, Duration, Instant, moment
from sla_rules.reports.open_clocks import OpenClocks, State, TimedClock
from wording.voice import Voice

HEADINGS: Final = ("overdue-state", "overdue-lead", "overdue-promise", "overdue-owner", "overdue-deadline")
COLOURS: Final[dict[State, str]] = {
    "overdue": "red",
    "due": "red",
    "at_risk": "yellow",
    "running": "green",
    "paused": "dim",
}
_WEEKDAY_SAYS_IT: Final[Duration] = 6 * DAY
"""No other day of that name is as near."""


def show_overdue(console: Console, found: OpenClocks, voice: Voice, zone: tzinfo | None = None) -> None:
    """Print whether the service sees all, how many clocks are in which state, and those that are urgent.

    Instants are shown in a zone; without one, in this machine's.
    """
    show_freshness(console, found.service, voice)
    said = _Said(found, voice, zone)
    console.print(escape(voice.text("overdue-as-of", at=voice.instant(said.local(found.at)))), style="dim")
    console.print(voice.text("overdue-count", **found.count))
    if found.clocks:
        console.print(_table(found.clocks, said))
    elif not found.left_out:
        console.print(voice.text("overdue-none"))
    if found.left_out:
        console.print(voice.text("overdue-more", count=found.left_out))
    if found.historic:
        console.print(voice.text("overdue-historic", count=found.historic))


@dataclass(frozen=True, slots=True)
class _Said:
    """Says what stands in a row, as of when it was found."""

    found: OpenClocks
    voice: Voice
    zone: tzinfo | None

    def local(self, at: Instant) -> datetime:
        return moment(at).astimezone(self.zone)

    def at(self, at: Instant, *, zone: bool) -> str:
        """The day of the week and the time, where no other day can be meant."""
        if abs(at - self.found.at) < _WEEKDAY_SAYS_IT:
            return self.voice.time_of_week(self.local(at), zone=zone)
        return self.voice.instant(self.local(at), weekday=False, seconds=False, zone=zone)

    def state(self, clock: TimedClock) -> str:
        said = self.voice.text(
            "overdue-word",
            state=clock.state,
            by=None if clock.overdue_by is None else self.voice.roughly(clock.overdue_by),
            left=None if clock.left is None else self.voice.roughly(clock.left),
            until=None if clock.resumes is None else self.at(clock.resumes, zone=False),
        )
        return f"[{COLOURS[clock.state]}]{escape(said)}[/]"


def _table(clocks: Sequence[TimedClock], said: _Said) -> Table:
    table = Table(header_style="dim", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in HEADINGS:
        table.add_column(said.voice.text(heading), overflow="fold")
    several = len({one.agreement for one in clocks}) > 1
    for one in clocks:
        table.add_row(
            said.state(one),
            escape(one.lead),
            escape(f"{one.agreement} {one.obligation}" if several else one.obligation),
            escape(owner_of(one.rep_id, one.team, said.voice, nobody=one.provider)),
            NOTHING if one.deadline is None else escape(said.at(one.deadline, zone=True)),
        )
    return table
