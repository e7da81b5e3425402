"""What all tests of one obligation's alerts have in common: scenarios in which an alert fires, or does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from dashboards.alert import Alert
from dashboards.scenario import Firing, Scenario, held, on, served
from dashboards.settings import Settings
from dashboards.wording import title
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Obligation, OfLeads
from sla_rules.instants import Duration
from sla_rules.names import ALL_SEGMENTS

MOST: Final = 1_000_000
"""Leads of one window in a test."""


@dataclass(frozen=True, slots=True)
class Tested:
    """One obligation of one agreement, all `alerts` of which are evaluated `every` so often."""

    agreement: Agreement
    obligation: Obligation
    settings: Settings
    alerts: list[Alert]
    every: Duration

    def late(
        self, alert: Alert, where: Mapping[str, str], named: Mapping[str, str], sentences: tuple[str, str, str]
    ) -> Iterator[Scenario]:
        """Nothing is overdue; something is; something is while a partition is unowned, and hence nothing is told."""
        at = 2 * self.every

        def overdue(first: int, second: int) -> dict[str, str]:
            """Partition 0 changes hands and is seen on two workers, partition 1 is on one."""
            series = {**where, **self.own}
            return {
                on("a", "leadsla_overdue_leads", partition="0", **series): held(first),
                on("b", "leadsla_overdue_leads", partition="0", **series): held(first),
                on("b", "leadsla_overdue_leads", partition="1", **series): held(second),
            }

        none, some, silent = map(self.named, sentences)
        yield Scenario(none, alert.name, at, {**served(), **overdue(0, 0)})
        yield Scenario(some, alert.name, at, {**served(), **overdue(2, 1)}, [Firing(alert, 3, named)])
        yield Scenario(f"{silent} while a partition is unowned", alert.name, at, {**served(missing=1), **overdue(2, 1)})

    def met(self, sentence: str, alert: Alert, series: Mapping[str, str]) -> Scenario:
        """Nothing fires."""
        return Scenario(self.named(sentence), alert.name, self._settled(alert), series)

    def missed(
        self, sentence: str, alert: Alert, series: Mapping[str, str], value: float, window: str | None = None
    ) -> Scenario:
        """The alert fires with a value, for a window."""
        firing = Firing(alert, value, {"window": window or self.obligation.intervals[0]})
        return Scenario(self.named(sentence), alert.name, self._settled(alert), series, [firing])

    def _settled(self, alert: Alert) -> Duration:
        """When an alert that was due from the start has held for long enough."""
        return (ceil(alert.hold / self.every) + 1) * self.every

    def window(self, metric: str, value: float, interval: str | None = None) -> dict[str, str]:
        """A figure of the current window, in one partition."""
        window = interval or self.obligation.intervals[0]
        return {on("a", metric, window=window, partition="0", **self.own): held(text(value))}

    def named(self, sentence: str) -> str:
        """A sentence about the obligation."""
        return f"{title(self.obligation)}: {sentence}"

    def alert(self, name: str, **labels: str) -> Alert:
        """Its alert of a name."""
        wanted = {"obligation": self.obligation.id, **labels}
        return next(a for a in self.alerts if a.name == name and wanted.items() <= a.labels.items())

    @property
    def own(self) -> dict[str, str]:
        """Labels of its series, of one segment."""
        segmented = self.agreement.segments and isinstance(self.obligation, OfLeads)
        segment = self.agreement.segments[0].id if segmented else ALL_SEGMENTS
        return {"agreement": self.agreement.agreement, "obligation": self.obligation.id, "segment": segment}


def at_least(ratio: Fraction, least: int) -> tuple[int, int]:
    """Whole numbers whose quotient is exactly the ratio, the lower one at least so large.

    Of a ratio so fine that it takes more leads than there will ever be, the least quotient of `MOST` that Prometheus, which
    reckons in floating point, does not find below it.
    """
    if ratio.denominator > MOST:
        return ceil(Fraction(float(ratio)) * MOST), MOST
    times = ceil(Fraction(least, ratio.denominator))
    return ratio.numerator * times, ratio.denominator * times


def text(value: float) -> str:
    """A value as it stands in a series."""
    return str(float(value)).removesuffix(".0")
