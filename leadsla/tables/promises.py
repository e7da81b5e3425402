"""The promises of an agreement in the periods that run: who keeps them, and what is still ahead."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace
from rich.markup import escape
from rich.table import Table

from leadsla.tables.cells import cut_off
from leadsla.tables.narrator import Narrator
from leadsla.tables.targets import agreed_and_found
from sla_rules.reports.consequences import Target
from sla_rules.reports.promise_status import Standing
from sla_rules.whole_agreement.records import DowntimeBudget, LeadBudget, RunningPromise
from wording.voice import Voice

COLOURS: Final[dict[Standing, str]] = {"broken": "red", "at_risk": "yellow", "kept": "green", "nothing_due": "dim"}
"""The worst first."""


def who_keeps_it(promises: Sequence[RunningPromise], narrator: Narrator) -> str:
    """Whether both sides keep it; else what of each, in the colour of the worst."""
    worst = {party: _worst([one for one in promises if one.status.provider == party]) for party in _parties(promises)}
    if not set(worst.values()) - {"kept", "nothing_due"} and len(worst) > 1:
        standing: Standing = "kept" if "kept" in worst.values() else "nothing_due"
        return _coloured(standing, narrator.text("status-both", standing=standing))
    return "; ".join(
        _coloured(
            standing,
            narrator.text(
                "status-party",
                standing=standing,
                party=party,
                promises=", ".join(
                    dict.fromkeys(
                        one.status.obligation
                        for one in promises
                        if (one.status.provider, one.status.standing) == (party, standing)
                    )
                ),
            ),
        )
        for party, standing in worst.items()
    )


def promises_table(promises: Sequence[RunningPromise], narrator: Narrator) -> Table:
    """A row for each promise and period, by whose it is."""
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(f"  {narrator.text('goals-obligation')}", overflow="fold")
    table.add_column(narrator.text("status-standing"), no_wrap=True)
    for heading in ("goals-agreed", "goals-found"):
        table.add_column(narrator.text(heading), justify="right", no_wrap=True)
    table.add_column(narrator.text("column-period"), overflow="fold")
    for party in _parties(promises):
        table.add_row(f"  [bold]{escape(narrator.text('status-owes', party=party))}[/bold]")
        for one in promises:
            if one.status.provider == party:
                table.add_row(
                    f"   {escape(one.status.obligation)}",
                    said_of_standing(one.status.standing, narrator.voice),
                    *agreed_and_found([_cut(target) for target in one.status.targets], narrator),
                    ": ".join(filter(None, (narrator.period(one.status.period), ", ".join(_ahead(one, narrator))))),
                )
    return table


def said_of_standing(standing: Standing, voice: Voice) -> str:
    """How a promise stands, in its colour."""
    return _coloured(standing, voice.text("status-word", standing=standing))


def _parties(promises: Sequence[RunningPromise]) -> list[str]:
    return list(dict.fromkeys(one.status.provider for one in promises))


def _worst(promises: Sequence[RunningPromise]) -> Standing:
    found = {one.status.standing for one in promises}
    return next(standing for standing in COLOURS if standing in found)


def _coloured(standing: Standing, text: str) -> str:
    return f"[{COLOURS[standing]}]{escape(text)}[/]"


def _cut(target: Target) -> Target:
    """With what came of a share cut off."""
    if target.name != "share" or target.found is None:
        return target
    return replace(target, found=cut_off(target.found))


def _ahead(one: RunningPromise, narrator: Narrator) -> Iterator[str]:
    """What may still be missed, or has to come."""
    voice = narrator.voice
    if one.status.goal_to_date is not None:
        yield narrator.text("status-due-to-date", due=voice.fixed(one.status.goal_to_date, 1))
    if one.projection is not None:
        yield narrator.text("status-projection", found=voice.fixed(one.projection, 0))
    if one.load is not None and one.load > 1:
        yield f"[red]{narrator.text('status-load', load=voice.percentage(one.load, 0))}[/red]"
    if one.budget is not None and (one.budget.allowed or one.budget.used):
        yield _budget(one.budget, narrator)
    if one.downtime_budget is not None:
        yield _downtime(one.downtime_budget, narrator)


def _budget(budget: LeadBudget, narrator: Narrator) -> str:
    if budget.is_out_of_reach:
        return narrator.text("status-overspent", used=budget.used, allowed=budget.allowed)
    return narrator.text("status-budget", left=budget.left)


def _downtime(budget: DowntimeBudget, narrator: Narrator) -> str:
    roughly = narrator.voice.roughly
    if budget.is_out_of_reach:
        return narrator.text("status-down-too-long", used=roughly(budget.used), allowed=roughly(budget.allowed))
    return narrator.text("status-downtime", left=roughly(budget.left))
