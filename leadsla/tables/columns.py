"""Which columns stand for an obligation on a terminal: one table of them for each kind."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar, assert_never

from leadsla.tables.cells import (
    ahead_cell,
    average_cell,
    goal_cell,
    load_cell,
    quantity_cell,
    share_cell,
    time_cell,
    uptime_cell,
)
from leadsla.tables.narrator import NOTHING, Narrator
from sla_rules.agreement.obligations import Availability, Deliverable, Depth, Retention, Speed, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.figures.capacity import capacity_for
from sla_rules.figures.obligation_figures import (
    AvailabilityFigures,
    DeliverableFigures,
    DepthFigures,
    ObligationFigures,
    RetentionFigures,
    SpeedFigures,
    VolumeFigures,
)

F = TypeVar("F", SpeedFigures, DepthFigures, VolumeFigures, DeliverableFigures, AvailabilityFigures, RetentionFigures)


class Column(NamedTuple, Generic[F]):
    """A heading, what stands under it, and whether it is laid beside what other terms say."""

    heading: str
    cell: Callable[[F], str]
    compared: bool = False


@dataclass(frozen=True)
class Columns(Generic[F]):
    """The columns of one kind of obligation."""

    of: type[F]
    columns: tuple[Column[F], ...]

    @property
    def headings(self) -> list[str]:
        """What stands above."""
        return [column.heading for column in self.columns]

    @property
    def compared(self) -> "Columns[F]":
        """Those that are laid beside what other terms say."""
        return Columns(self.of, tuple(column for column in self.columns if column.compared))

    def cells(self, figures: ObligationFigures) -> list[str]:
        """What stands in a row; nothing where the obligation was of another kind in that period."""
        if not isinstance(figures, self.of):
            return [NOTHING] * len(self.columns)
        return [column.cell(figures) for column in self.columns]


KindColumns = (
    Columns[SpeedFigures]
    | Columns[DepthFigures]
    | Columns[VolumeFigures]
    | Columns[DeliverableFigures]
    | Columns[AvailabilityFigures]
    | Columns[RetentionFigures]
)


def columns_of(term: Term, narrator: Narrator) -> KindColumns:
    """What is shown of an obligation; red is short of its target."""
    terms = term.obligation
    match terms:
        case Speed():
            return Columns(SpeedFigures, tuple(_speed(terms, narrator)))
        case Depth():
            return Columns(DepthFigures, tuple(_depth(terms, narrator)))
        case Volume():
            has_capacity = capacity_for(term.agreement, terms.id) is not None
            return Columns(VolumeFigures, tuple(_volume(terms, narrator, has_capacity=has_capacity)))
        case Deliverable():
            return Columns(DeliverableFigures, tuple(_deliverable(narrator)))
        case Availability():
            return Columns(AvailabilityFigures, tuple(_availability(terms, narrator)))
        case Retention():
            return Columns(RetentionFigures, tuple(_retention(terms, narrator)))
        case _:
            assert_never(terms)


def is_filled(figures: ObligationFigures) -> bool:
    """Whether there was anything to count."""
    match figures:
        case SpeedFigures() | DepthFigures():
            return bool(figures.leads or figures.excused or figures.unready)
        case VolumeFigures():
            return bool(figures.delivered or figures.unready)
        case DeliverableFigures():
            return bool(figures.due)
        case AvailabilityFigures():
            return bool(figures.available or figures.excused or figures.unready)
        case RetentionFigures():
            return bool(figures.at_start or figures.won or figures.losses or figures.excused or figures.unready)
        case _:
            assert_never(figures)


def _speed(terms: Speed, narrator: Narrator) -> Iterable[Column[SpeedFigures]]:
    say, count = narrator.text, narrator.count
    is_working = terms.deadline.clock == "working"
    target = terms.target
    of_messages = terms.judges == "messages"
    yield Column(say("column-messages" if of_messages else "column-leads"), lambda figures: count(figures.leads))
    followed_up = say("column-answered" if of_messages else "column-followed-up")
    yield Column(followed_up, lambda figures: count(figures.followed_up))
    yield Column(say("column-met"), lambda figures: count(figures.met), compared=True)
    yield Column(say("column-breached"), lambda figures: count(figures.breached), compared=True)
    yield Column(say("column-open"), lambda figures: count(figures.open))
    yield Column(say("column-closed"), lambda figures: count(figures.closed))
    yield Column(say("column-excused"), lambda figures: count(figures.excused))
    yield Column(
        say("column-in-time"),
        lambda figures: share_cell(figures.met, figures.breached, target.share, narrator),
        compared=True,
    )
    yield Column(
        say("column-average"),
        lambda figures: time_cell(
            (figures.working if is_working else figures.wall_clock).average, target.average, narrator
        ),
        compared=True,
    )
    yield Column(
        say("column-p50"),
        lambda figures: time_cell((figures.working if is_working else figures.wall_clock).p50, None, narrator),
    )
    yield Column(
        say("column-p90"),
        lambda figures: time_cell((figures.working if is_working else figures.wall_clock).p90, None, narrator),
    )


def _depth(terms: Depth, narrator: Narrator) -> Iterable[Column[DepthFigures]]:
    say, count = narrator.text, narrator.count
    is_counted = terms.closed_leads == "counted"
    target = terms.target
    yield Column(say("column-leads"), lambda figures: count(figures.leads))
    yield Column(say("column-unconnected"), lambda figures: count(figures.unconnected))
    yield Column(say("column-attempts"), lambda figures: count(figures.attempts))
    yield Column(
        say("column-average"),
        lambda figures: average_cell(
            figures.average_attempts if is_counted else figures.average_attempts_open, target.average, narrator
        ),
        compared=True,
    )
    yield Column(say("column-met"), lambda figures: count(figures.met), compared=True)
    yield Column(say("column-breached"), lambda figures: count(figures.breached), compared=True)
    yield Column(say("column-open"), lambda figures: count(figures.open))
    yield Column(say("column-closed"), lambda figures: count(figures.closed))
    yield Column(say("column-connected"), lambda figures: count(figures.connected))
    yield Column(say("column-excused"), lambda figures: count(figures.excused))
    yield Column(
        say("column-all-attempts"),
        lambda figures: share_cell(figures.met, figures.breached, target.share, narrator),
        compared=True,
    )


def _volume(terms: Volume, narrator: Narrator, *, has_capacity: bool) -> Iterable[Column[VolumeFigures]]:
    say, count = narrator.text, narrator.count
    yield Column(say("column-delivered"), lambda figures: count(figures.delivered), compared=True)
    yield Column(say("column-value"), lambda figures: narrator.voice.money(figures.value), compared=True)
    yield Column(say("column-goal"), lambda figures: goal_cell(figures.goal, narrator), compared=True)
    yield Column(say("column-goal-to-date"), lambda figures: goal_cell(figures.goal_to_date, narrator))
    yield Column(say("column-ahead"), lambda figures: ahead_cell(figures, terms, narrator))
    if has_capacity:
        yield Column(say("column-load"), lambda figures: load_cell(figures, narrator))


def _deliverable(narrator: Narrator) -> Iterable[Column[DeliverableFigures]]:
    say, count = narrator.text, narrator.count
    yield Column(say("column-due"), lambda figures: count(figures.due), compared=True)
    yield Column(say("column-met"), lambda figures: count(figures.met), compared=True)
    yield Column(say("column-breached"), lambda figures: count(figures.breached), compared=True)
    yield Column(say("column-open"), lambda figures: count(figures.open), compared=True)
    yield Column(say("column-quantity"), lambda figures: quantity_cell(figures, narrator))
    yield Column(say("column-to-others"), lambda figures: count(figures.wrong_recipient))


def _availability(terms: Availability, narrator: Narrator) -> Iterable[Column[AvailabilityFigures]]:
    say, count = narrator.text, narrator.count
    yield Column(say("column-available"), lambda figures: time_cell(figures.available, None, narrator))
    yield Column(say("column-downtime"), lambda figures: time_cell(figures.downtime, None, narrator), compared=True)
    yield Column(say("column-excused"), lambda figures: time_cell(figures.excused, None, narrator))
    yield Column(
        say("column-uptime"),
        lambda figures: uptime_cell(figures, terms, narrator),
        compared=True,
    )
    yield Column(say("column-outages"), lambda figures: count(figures.outages), compared=True)
    yield Column(say("column-longest"), lambda figures: time_cell(figures.longest_outage, None, narrator))


def _retention(terms: Retention, narrator: Narrator) -> Iterable[Column[RetentionFigures]]:
    say, count = narrator.text, narrator.count
    yield Column(say("column-at-start"), lambda figures: count(figures.at_start))
    yield Column(say("column-kept"), lambda figures: count(figures.kept), compared=True)
    yield Column(say("column-lost"), lambda figures: count(figures.lost), compared=True)
    yield Column(
        say("column-retention"),
        lambda figures: share_cell(figures.kept, figures.lost, terms.target.share, narrator),
        compared=True,
    )
    yield Column(say("column-won"), lambda figures: count(figures.won))
    yield Column(say("column-excused"), lambda figures: count(figures.excused))
