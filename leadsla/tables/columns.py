"""Which columns stand for an obligation on a terminal: one table of them for each kind."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar, assert_never

from leadsla.tables.periods import NOTHING
from sla_rules.agreement.obligations import Deliverable, Depth, Speed, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.tallies import VALUE_UNIT
from sla_rules.figures.capacity import capacity_for
from sla_rules.figures.numerals import money
from sla_rules.figures.obligation_figures import (
    DeliverableFigures,
    DepthFigures,
    ObligationFigures,
    SpeedFigures,
    VolumeFigures,
)
from sla_rules.instants import SECOND, Duration, format_duration

F = TypeVar("F", SpeedFigures, DepthFigures, VolumeFigures, DeliverableFigures)


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


KindColumns = Columns[SpeedFigures] | Columns[DepthFigures] | Columns[VolumeFigures] | Columns[DeliverableFigures]


def columns_of(term: Term) -> KindColumns:
    """What is shown of an obligation; red is short of its target."""
    terms = term.obligation
    match terms:
        case Speed():
            return Columns(SpeedFigures, tuple(_speed(terms)))
        case Depth():
            return Columns(DepthFigures, tuple(_depth(terms)))
        case Volume():
            has_capacity = capacity_for(term.agreement, terms.id) is not None
            return Columns(VolumeFigures, tuple(_volume(terms, has_capacity=has_capacity)))
        case Deliverable():
            return Columns(DeliverableFigures, tuple(_deliverable()))
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
        case _:
            assert_never(figures)


def _speed(terms: Speed) -> Iterable[Column[SpeedFigures]]:
    is_working = terms.deadline.clock == "working"
    target = terms.target
    yield Column("leads", lambda figures: _count(figures.leads))
    yield Column("followed up", lambda figures: _count(figures.followed_up))
    yield Column("met", lambda figures: _count(figures.met), compared=True)
    yield Column("breached", lambda figures: _count(figures.breached), compared=True)
    yield Column("open", lambda figures: _count(figures.open))
    yield Column("closed", lambda figures: _count(figures.closed))
    yield Column("excused", lambda figures: _count(figures.excused))
    yield Column("in time", lambda figures: _share(figures.met, figures.breached, target.share), compared=True)
    yield Column(
        "average",
        lambda figures: _time((figures.working if is_working else figures.wall_clock).average, target.average),
        compared=True,
    )
    yield Column("p90", lambda figures: _time((figures.working if is_working else figures.wall_clock).p90, None))


def _depth(terms: Depth) -> Iterable[Column[DepthFigures]]:
    is_counted = terms.closed_leads == "counted"
    target = terms.target
    yield Column("leads", lambda figures: _count(figures.leads))
    yield Column("unconnected", lambda figures: _count(figures.unconnected))
    yield Column("attempts", lambda figures: _count(figures.attempts))
    yield Column(
        "average",
        lambda figures: _average(
            figures.average_attempts if is_counted else figures.average_attempts_open, target.average
        ),
        compared=True,
    )
    yield Column("met", lambda figures: _count(figures.met), compared=True)
    yield Column("breached", lambda figures: _count(figures.breached), compared=True)
    yield Column("open", lambda figures: _count(figures.open))
    yield Column("closed", lambda figures: _count(figures.closed))
    yield Column("connected", lambda figures: _count(figures.connected))
    yield Column("excused", lambda figures: _count(figures.excused))
    yield Column("all attempts", lambda figures: _share(figures.met, figures.breached, target.share), compared=True)


def _volume(terms: Volume, *, has_capacity: bool) -> Iterable[Column[VolumeFigures]]:
    yield Column("delivered", lambda figures: _count(figures.delivered), compared=True)
    yield Column("value", lambda figures: money(figures.value), compared=True)
    yield Column("goal", lambda figures: _goal(figures.goal), compared=True)
    yield Column("goal to date", lambda figures: _goal(figures.goal_to_date))
    yield Column("ahead", lambda figures: _ahead(figures, terms))
    if has_capacity:
        yield Column("load", _load)


def _deliverable() -> Iterable[Column[DeliverableFigures]]:
    yield Column("due", lambda figures: _count(figures.due), compared=True)
    yield Column("met", lambda figures: _count(figures.met), compared=True)
    yield Column("breached", lambda figures: _count(figures.breached), compared=True)
    yield Column("open", lambda figures: _count(figures.open), compared=True)
    yield Column("quantity", lambda figures: f"{_number(figures.quantity)} of {_number(figures.wanted)}")
    yield Column("to others", lambda figures: _count(figures.wrong_recipient))


def _count(found: int) -> str:
    return f"{found:,}"


def _number(found: Fraction) -> str:
    return f"{float(found):,.10g}"


def _share(met: int, breached: int, target: Decimal | None) -> str:
    if not met + breached:
        return NOTHING
    share = Fraction(met, met + breached)
    return _coloured(f"{float(share):.1%}", None if target is None else share >= Fraction(target))


def _time(found: Fraction | float | None, most: Duration | None) -> str:
    if found is None:
        return NOTHING
    return _coloured(format_duration(round(found / SECOND) * SECOND), None if most is None else found <= most)


def _average(found: Fraction | None, least: Decimal | None) -> str:
    if found is None:
        return NOTHING
    return _coloured(f"{float(found):.2f}", None if least is None else found >= Fraction(least))


def _goal(goal: Fraction | None) -> str:
    return NOTHING if goal is None else _number(goal)


def _load(figures: VolumeFigures) -> str:
    """Of the leads that the reps can serve; more is too much."""
    if figures.capacity is None:
        return NOTHING
    load = figures.load
    said = NOTHING if load is None else _coloured(f"{float(load):.0%}", load <= 1)
    return f"{said} of {figures.capacity:,}"


def _ahead(figures: VolumeFigures, terms: Volume) -> str:
    if figures.goal_to_date is None:
        return NOTHING
    actual = Fraction(figures.value, VALUE_UNIT) if terms.measure == "value" else figures.delivered
    ahead = actual - figures.goal_to_date
    return _coloured(f"{float(ahead):+,.1f}", ahead >= 0)


def _coloured(text: str, is_good: bool | None) -> str:  # noqa: FBT001 - None is neither
    return text if is_good is None else f"[{'green' if is_good else 'red'}]{text}[/]"
