"""What a report is made from: figures by window and what stands beside them, wherever they were worked out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.windows import ObligationPeriod, WindowKey
from sla_rules.instants import Instant
from sla_rules.reports.result import Unfoldable


class WindowTallies(Protocol):
    """What windows come to as of an instant. One without a tally has nothing in it."""

    @property
    def current(self) -> Mapping[WindowKey, Tally]:
        """What is known now; deliveries of every day among it."""

    @property
    def published(self) -> Mapping[WindowKey, Tally]:
        """What was published of periods whose grace is over."""

    @property
    def confirmed(self) -> Mapping[ObligationPeriod, Collection[ConfirmedRemedy]]:
        """The remedies that were carried out, by the period whose goal was missed."""

    @property
    def published_by_day(self) -> Mapping[WindowKey, Mapping[date, Tally]]:
        """Of the volume published for a goal's period, what fell on which day."""


class PeriodFigures(WindowTallies, Protocol):
    """The figures of agreements as of an instant."""

    @property
    def learned(self) -> Mapping[Instant, Mapping[WindowKey, Tally]] | None:
        """By the end of a goal's period, what windows of that goal had come to since the end before; None if unknown.

        Summed up to an end, it is what was known then.
        """

    @property
    def notices(self) -> Sequence[Notice]:
        """Every notice that stands."""

    @property
    def uncovered(self) -> int:
        """Cycles that no agreement applies to."""

    @property
    def quarantined(self) -> Mapping[str, str]:
        """Leads that cannot be judged, with why."""

    @property
    def unpublished(self) -> Mapping[str, str]:
        """Leads that could not be judged as of the end of a period, with why."""

    @property
    def unfoldable(self) -> Sequence[Unfoldable]:
        """Events that cannot be merged."""
