"""How the promises of a running service stand, on one screen."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from leadsla.tables.cells import cut_off
from leadsla.tables.narrator import NOTHING, Narrator
from leadsla.tables.targets import agreed_and_found
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.reports.consequences import Target
from sla_rules.reports.service_status import AgreementStatus, PromiseStatus, ServiceStatus, Standing
from wording.voice import Voice

HEADINGS: Final = (
    "goals-obligation",
    "status-standing",
    "goals-agreed",
    "goals-found",
    "column-goal-to-date",
    "column-period",
    "goals-by",
)
WHOLE: Final = HEADINGS[:2]
"""What is not broken off where the terminal is narrow: which promise it is, and how it stands."""
COLOURS: Final[dict[Standing, str]] = {"kept": "green", "at_risk": "yellow", "broken": "red", "nothing_due": "dim"}


def show_status(console: Console, found: ServiceStatus, rules: RuleBook, voice: Voice) -> None:
    """Print how fresh the figures are, how each promise stands, and what the words mean."""
    if found.latest is None:
        console.print(voice.text("status-no-figures", partitions=found.partitions))
    else:
        ago = voice.duration(max(found.at - found.latest, 0))
        console.print(
            voice.text("status-figures", ago=ago, records=found.records, partitions=found.partitions), style="dim"
        )
    if not found.agreements:
        console.print(voice.text("status-none"))
    for agreement in found.agreements:
        _show_agreement(console, agreement, found, Narrator.of_agreement(rules, agreement.agreement, voice))
    used = {one.standing for agreement in found.agreements for one in agreement.promises}
    for standing in (standing for standing in COLOURS if standing in used):
        meaning = voice.text("status-means", standing=standing)
        console.print(f"  {_word(standing, voice)}: {meaning}")


def _show_agreement(console: Console, agreement: AgreementStatus, found: ServiceStatus, narrator: Narrator) -> None:
    at = narrator.voice.instant(narrator.local(found.at))
    title = narrator.text("status-agreement", version=agreement.version, at=at)
    table = _table(agreement.promises, narrator)
    table.title = f"[bold]{escape(agreement.agreement)}[/bold] {escape(title)}"
    console.print()
    console.print(table)
    if agreement.listening_since is not None:
        since = narrator.voice.instant(narrator.local(agreement.listening_since))
        console.print(f"  {narrator.text('status-listening', since=since)}")
    if silent := found.partitions - agreement.partitions:
        console.print(f"  {narrator.text('status-silent', silent=silent, partitions=found.partitions)}")


def _table(promises: Sequence[PromiseStatus], narrator: Narrator) -> Table:
    table = Table(title_justify="left", title_style="", header_style="dim", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in HEADINGS:
        table.add_column(narrator.text(heading), no_wrap=heading in WHOLE, overflow="fold")
    for one in promises:
        to_date = NOTHING if one.goal_to_date is None else narrator.voice.number(round(one.goal_to_date, 2))
        table.add_row(
            escape(one.obligation),
            _word(one.standing, narrator.voice),
            *agreed_and_found([_cut(target) for target in one.targets], narrator),
            to_date,
            narrator.period(one.period),
            escape(one.provider),
        )
    return table


def _cut(target: Target) -> Target:
    """With what came of a share cut off."""
    if target.name != "share" or target.found is None:
        return target
    return replace(target, found=cut_off(target.found))


def _word(standing: Standing, voice: Voice) -> str:
    return f"[{COLOURS[standing]}]{voice.text('status-word', standing=standing)}[/{COLOURS[standing]}]"
