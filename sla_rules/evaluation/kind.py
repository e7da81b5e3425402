"""What a kind of obligation is: the record that each kind's module gives, and that everybody else goes by."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import FiguredContribution, SumAt
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.cycles import Life
from sla_rules.lead.facts import Fact
from sla_rules.time.intervals import Interval

Terms = TypeVar("Terms")
"""The kind's terms, as they stand in an agreement."""
Given = TypeVar("Given")
"""The contributions it gives."""


class Dates(NamedTuple, Generic[Terms]):
    """For a kind that judges dates: what is due when, since no lead says so."""

    due: Callable[[Term, Terms], Iterator[Instant]]
    """The instants at which something is due while a version is in force, rising, without end where none is agreed."""
    cycles: Callable[[Term, Terms, Sequence[Fact], Instant, Term | None], Iterator[Cycle]]
    """One for each of them that has come by an instant and one for the next, with the facts that are about it as `marks`.

    The last argument is the version before.
    """


class Watching(NamedTuple, Generic[Terms]):
    """For a kind that judges watches: from when to when there is one, and what is said of it."""

    watches: Callable[[Life], Iterator[tuple[Cycle, Interval]]]
    """Each as a cycle, in order, with the span of time in which versions judge it."""
    judge: Callable[[CycleEvaluation, Terms, Life, Interval, Instant], Iterator[tuple[CycleEvaluation, Assessment]]]
    """What is said of one, whose cycle is evaluated, in the part of that span in which a version is in force; as of an instant."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind(Generic[Terms, Given]):
    """How obligations of one kind judge and count. Which cycles they judge, their terms say themselves (`judges`)."""

    assess: Callable[[CycleEvaluation, Terms, Instant], Assessment]
    """The verdict on one cycle as of an instant."""
    once: bool
    """Whether a lead is judged at its first qualifying hand-off alone."""
    count: Callable[[Given, Terms, int, SumAt], None]
    """Count what a contribution adds to figures so many times, each part at the instant whose periods it belongs to."""
    gives: tuple[type[FiguredContribution], ...]
    """The classes of its contributions, but for that of leads that are not ready."""
    always_by_day: bool
    """Whether its figures are kept by day, whatever intervals are agreed."""
    dates: Dates[Terms] | None = None
    """Of a kind that judges dates."""
    promise: Callable[[CycleEvaluation, Terms], tuple[Instant | None, Instant | None]] | None = None
    """Of a kind that follows fields: when what was promised is due in a cycle, and when it was done."""
    watched: Watching[Terms] | None = None
    """Of a kind that judges watches."""
