"""A worker without a broker: a partition between durable topics, which may die at any point of a step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, Self, TypeVar

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.changes import Changes
from sla_rules.engine.partition import BEFORE_ALL, PartitionState
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact, Forwarded
from tests.script import Script
from tests.sla_rules.scratch import Outcome, observed

F = TypeVar("F", Fact, Forwarded)

CrashPoint = Literal["in_outputs", "after_outputs", "in_states", "after_states"]
CRASH_POINTS: tuple[CrashPoint, ...] = ("in_outputs", "after_outputs", "in_states", "after_states")


@dataclass(frozen=True)
class Crash:
    """Where a step ends early, and how many steps before it were done and not acknowledged."""

    point: CrashPoint
    unacknowledged: int = 0


@dataclass(frozen=True)
class Back:
    """A step: by the broker's clock it is `now`, whatever time has come to."""

    now: Instant


@dataclass
class Durable:
    """What the topics hold: the last record of each key."""

    breaches: dict[str, bytes] = field(default_factory=dict)
    figures: dict[WindowKey, Figures] = field(default_factory=dict)
    forwarded: list[tuple[str, Forwarded]] = field(default_factory=list)
    states: dict[bytes, bytes] = field(default_factory=dict)
    clocks: dict[bytes, bytes] = field(default_factory=dict)

    def take_clocks(self, clocks: Mapping[bytes, bytes | None], most: int | None = None) -> None:
        """Write so many records of open clocks; without a value, one is taken out."""
        for lead, record in islice(clocks.items(), most):
            self.clocks.pop(lead, None)
            if record is not None:
                self.clocks[lead] = record


@dataclass
class Worker:
    """Takes steps and makes what follows durable, outputs before states; figures are told with ticks or once behind."""

    rules: RuleBook
    durable: Durable = field(default_factory=Durable)

    def __post_init__(self) -> None:
        self.take_over()

    def take_over(self) -> None:
        """Begin anew with nothing but what is durable."""
        self.partition = PartitionState(self.rules, dict(self.durable.states))
        self.partition.load(self.durable.breaches.values(), self.durable.figures)

    def run(self, script: Script, crashes: Mapping[int, Crash] | None = None) -> Self:
        """Take every step of the script, and die at those named, each time once."""
        pending = dict(crashes or {})
        at = 0
        while at < len(script):
            crash = pending.pop(at, None)
            self.take(script[at], crash.point if crash else None)
            if crash:
                self.take_over()
                at = max(at - crash.unacknowledged, 0)
            else:
                at += 1
        return self.settle()

    def settle(self) -> Self:
        """Take what mergers sent on, until nothing moves."""
        while self.durable.forwarded:
            batch, self.durable.forwarded = self.durable.forwarded, []
            self.take(batch)
        if self.partition.now > BEFORE_ALL:
            self.take(self.partition.now)
        return self

    def take(
        self,
        step: Sequence[tuple[str, Forwarded]] | Instant | Back,
        crash: CrashPoint | None = None,
        scan_budget: int | None = None,
    ) -> Changes:
        """One batch or tick; with a crash, what follows is written up to that point."""
        changes = self._changes(step, scan_budget)
        half = len(changes.notices) // 2 if crash == "in_outputs" else None
        self.durable.breaches.update(islice(changes.notices.items(), half))
        self.durable.take_clocks(changes.clocks, len(changes.clocks) // 2 if crash == "in_outputs" else None)
        if crash == "in_outputs":
            return changes
        for name in changes.forgotten:
            self.durable.breaches.pop(name, None)
        self.durable.forwarded += [(lead.decode(), fact) for lead, facts in changes.forwards.items() for fact in facts]
        windows = self.partition.windows
        if isinstance(step, int) or windows.owes_behind:
            for key in windows.take_changed():
                known = windows.figures(key)
                self.durable.figures[key] = known._replace(current=dict(known.current))
        if crash != "after_outputs":
            self.durable.states.update(
                islice(changes.states.items(), len(changes.states) // 2 if crash == "in_states" else None)
            )
            for lead in changes.left[: len(changes.left) // 2 if crash == "in_states" else None]:
                self.durable.states.pop(lead, None)
        return changes

    def _changes(self, step: Sequence[tuple[str, Forwarded]] | Instant | Back, scan_budget: int | None) -> Changes:
        if isinstance(step, Back):
            return self.partition.set_back(step.now)
        return (
            self.partition.advance_to(step, scan_budget=scan_budget)
            if isinstance(step, int)
            else self.partition.fold(by_lead(step))
        )

    def outcome(self) -> Outcome:
        """What the topics say."""
        figures = {key: found.current for key, found in self.durable.figures.items()}
        return observed(self.durable.states, figures, self.durable.breaches, self.durable.clocks)


def by_lead(batch: Sequence[tuple[str, F]]) -> dict[bytes, list[F]]:
    """A batch as the partition takes it."""
    facts: dict[bytes, list[F]] = {}
    for lead, fact in batch:
        facts.setdefault(lead.encode(), []).append(fact)
    return facts
