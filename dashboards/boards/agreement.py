"""The board of one agreement: what is owed, and how it goes, for both parties to look at together."""

from collections.abc import Iterator
from html import unescape
from math import ceil
from typing import Any, Final

from dashboards.agreed import agreed
from dashboards.boards.board import board, choice, several
from dashboards.boards.figures import Figures
from dashboards.boards.flags import flags
from dashboards.boards.health import health
from dashboards.burn import PERIODS
from dashboards.escaping import markdown, paragraphs
from dashboards.kinds.table import drawing_of
from dashboards.layout import Sized
from dashboards.panels import text
from dashboards.settings import Settings
from dashboards.uids import board_uid
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import OfLeads
from sla_rules.names import UNMATCHED
from sla_rules.notation import Granularity

LINE_LENGTH: Final = 170
"""Letters on one line of a text as wide as the board, on a small screen."""


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
        _intervals(agreement),
        agreement.year_begins,
    )


def _intervals(agreement: Agreement) -> set[Granularity]:
    return {interval for obligation in agreement.obligations for interval in obligation.intervals}


def _variables(agreement: Agreement) -> Iterator[Any]:
    used = _intervals(agreement)
    windows = sorted(used, key=lambda one: PERIODS[one])
    yield choice("window", "Window", windows, "month" if "month" in used else windows[-1])
    if agreement.segments and any(isinstance(one, OfLeads) for one in agreement.obligations):
        yield several("segment", "Segment", [*(segment.id for segment in agreement.segments), UNMATCHED])


def _panels(agreement: Agreement) -> Iterator[Sized]:
    yield _agreed(agreement)
    for obligation in agreement.obligations:
        yield from drawing_of(obligation).panels(Figures(agreement, obligation), obligation)
    yield from flags(agreement)
    yield from health()


def _agreed(agreement: Agreement) -> Sized:
    """As high as its lines, those that wrap counted by their length; three of them take the room of two rows of the grid."""
    promises = list(agreed(agreement))
    lines = sum(ceil(len(unescape(line)) / LINE_LENGTH) for line in (agreement.summary, *promises))
    words = [paragraphs(agreement.summary), "", *promises, "", f"Version {markdown(agreement.version)}."]
    return Sized(text("What was agreed", "\n".join(words)), 24, 3 + ceil(lines * 2 / 3))
