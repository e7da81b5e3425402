"""The board of one agreement: what is owed, and how it goes, for both parties to look at together."""

from collections.abc import Iterator
from typing import Any

from dashboards.boards.board import board, choice, several
from dashboards.boards.depth import depth
from dashboards.boards.figures import Figures
from dashboards.boards.health import health
from dashboards.boards.speed import speed
from dashboards.boards.volume import volume
from dashboards.burn import PERIODS
from dashboards.layout import Sized
from dashboards.panels import text
from dashboards.settings import Settings
from dashboards.uids import board_uid
from dashboards.wording import deadline, due_times, number, party, percentage, spoken, title
from sla_rules.agreement import Agreement
from sla_rules.names import UNMATCHED
from sla_rules.notation import Interval
from sla_rules.terms import Deliverable, Depth, Obligation, Speed, Volume


def agreement_board(agreement: Agreement, settings: Settings) -> str:
    """The file of the board."""
    return board(
        board_uid(agreement.agreement),
        agreement.title,
        agreement.summary.strip(),
        agreement.calendar.time_zone,
        list(_variables(agreement)),
        _panels(agreement),
        settings,
    )


def _variables(agreement: Agreement) -> Iterator[Any]:
    used: set[Interval] = {interval for o in agreement.obligations for interval in o.intervals}
    windows = sorted(used, key=lambda one: PERIODS[one])
    yield choice("window", "Window", windows, "month" if "month" in used else windows[-1])
    if agreement.segments:
        yield several("segment", "Segment", [*(segment.id for segment in agreement.segments), UNMATCHED])


def _panels(agreement: Agreement) -> Iterator[Sized]:
    yield Sized(text("What was agreed", _agreed(agreement)), 24, 3 + len(agreement.obligations))
    for obligation in agreement.obligations:
        figures = Figures(agreement, obligation)
        match obligation:
            case Speed():
                yield from speed(figures, obligation)
            case Depth():
                yield from depth(figures, obligation)
            case Volume():
                yield from volume(figures, obligation)
    yield from health()


def _agreed(agreement: Agreement) -> str:
    lines = [
        f"- **{title(one)}** ({party(agreement, one.provider)} for {party(agreement, one.recipient)}): {_terms(one)}"
        for one in agreement.obligations
    ]
    return "\n".join([agreement.summary.strip(), "", *lines, "", f"Version {agreement.version}."])


def _terms(obligation: Obligation) -> str:
    if isinstance(obligation, Volume):
        what = "leads" if obligation.measure == "leads" else "worth of leads"
        return f"{number(obligation.agreed)} {what} a {obligation.interval}"
    if isinstance(obligation, Deliverable):
        return f"{number(obligation.quantity)} each time, {due_times(obligation.due)}"
    within, target = deadline(obligation.deadline), obligation.target
    if isinstance(obligation, Speed):
        wanted = [f"a first follow-up within {within}"]
        average = spoken(obligation.target.average) if obligation.target.average is not None else None
    else:
        wanted = [f"{obligation.attempts} attempts within {within}"]
        average = number(obligation.target.average) if obligation.target.average is not None else None
    wanted += [f"{percentage(target.share)} of the leads in time"] if target.share is not None else []
    wanted += [f"{average} on average"] if average is not None else []
    return ", ".join(wanted)
