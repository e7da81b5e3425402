"""What there is to draw of a kind of obligation: the record that each kind's module gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from dashboards.alert import Alert
from dashboards.boards.figures import Figures
from dashboards.kinds.obliged import Obliged
from dashboards.kinds.tested import Tested
from dashboards.layout import Sized
from dashboards.scenario import Scenario

Terms = TypeVar("Terms")
"""The kind's terms, as they stand in an agreement."""


@dataclass(frozen=True, slots=True)
class Drawing(Generic[Terms]):
    """How obligations of one kind are told of, drawn and watched."""

    promise: Callable[[Terms], Iterator[str]]
    """What is owed, with its target: half sentences of Markdown."""
    remarks: Callable[[Terms], Iterator[str]]
    """Whole sentences on what is particular."""
    panels: Callable[[Figures, Terms], Iterator[Sized]]
    """Its part of the agreement's board, the heading first."""
    alerts: Callable[[Obliged, Terms], Iterator[Alert]]
    """Its alerts, the page first."""
    tests: Callable[[Tested, Terms], Iterator[Scenario]]
    """Tests of its alerts: exactly at the target nothing fires, just beyond it everything does."""
