"""Tests of each agreement's alerts, for promtool: exactly at the target nothing fires, just beyond it everything does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

from dashboards.alert import Alert
from dashboards.alert_rules import BEHIND, BURN, OVERDUE, SHALLOW, SHARE_LOW, SLOW, UNDELIVERED, alert_rules
from dashboards.burn import Burn, burns
from dashboards.rule_files import SHARED_FILE, generated_from, group_of
from dashboards.scenario import STEP, Firing, Scenario, held, on, served, test_file
from dashboards.service_tests import SHARED_GROUPS
from dashboards.settings import Settings
from dashboards.wording import title
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Deliverable, Depth, Obligation, Speed, Volume
from sla_rules.instants import MINUTE, Duration, seconds
from sla_rules.names import ALL_SEGMENTS, NO_TEAM

TEAM: Final = "team-a"
LONGEST_EVERY: Final = 4 * MINUTE
"""Prometheus looks back five minutes, so rules have to be evaluated more often than that."""
EVALUATIONS: Final = 100


def agreement_tests(agreement: Agreement, settings: Settings) -> str:
    """The test file of one agreement."""
    alerts = list(alert_rules(agreement, settings))
    every = _every(agreement)
    scenarios = [
        scenario
        for obligation in agreement.obligations
        for scenario in _Tested(agreement, obligation, settings, alerts, every).scenarios()
    ]
    return test_file(
        scenarios,
        [SHARED_FILE, agreement.agreement],
        [*SHARED_GROUPS, group_of(agreement)],
        every,
        generated_from(agreement),
    )


def _every(agreement: Agreement) -> Duration:
    """Minutes, unless a burn alert looks back so far that they would take long."""
    longest = max((burn.long for o in agreement.obligations for burn in burns(o)), default=0)
    return min(max(longest // EVALUATIONS // MINUTE, 1) * MINUTE, LONGEST_EVERY)


@dataclass(frozen=True, slots=True)
class _Tested:
    agreement: Agreement
    obligation: Obligation
    settings: Settings
    alerts: list[Alert]
    every: Duration

    def scenarios(self) -> Iterator[Scenario]:
        match self.obligation:
            case Speed() as speed:
                yield from self._overdue()
                if speed.target.average is not None:
                    yield from self._slow(seconds(speed.target.average))
                yield from self._shares(speed.target.share)
            case Depth() as depth:
                yield from self._overdue()
                if depth.target.average is not None:
                    yield from self._shallow(depth.target.average)
                yield from self._shares(depth.target.share)
            case Volume() as volume:
                yield from self._behind(volume)
            case Deliverable():
                yield from self._undelivered()

    def _shares(self, share: Decimal | None) -> Iterator[Scenario]:
        if share is not None:
            yield from self._share_low(share)
            for burn in burns(self.obligation):
                yield from self._burning(burn)

    def _overdue(self) -> Iterator[Scenario]:
        yield from self._late(
            self._alert(OVERDUE),
            {"team": TEAM},
            {"team": TEAM},
            ("no lead is overdue", "overdue leads page at once, each counted once", "overdue leads wait"),
        )

    def _undelivered(self) -> Iterator[Scenario]:
        """What is due is handed to no team, and the page names none."""
        yield from self._late(
            self._alert(UNDELIVERED),
            {"team": NO_TEAM},
            {},
            ("no delivery is overdue", "overdue deliveries page at once, each counted once", "overdue deliveries wait"),
        )

    def _late(
        self, alert: Alert, where: Mapping[str, str], named: Mapping[str, str], sentences: tuple[str, str, str]
    ) -> Iterator[Scenario]:
        at = 2 * self.every

        def overdue(first: int, second: int) -> dict[str, str]:
            """Partition 0 changes hands and is seen on two workers, partition 1 is on one."""
            series = {**where, **self._segment}
            return {
                on("a", "leadsla_overdue_leads", partition="0", **series): held(first),
                on("b", "leadsla_overdue_leads", partition="0", **series): held(first),
                on("b", "leadsla_overdue_leads", partition="1", **series): held(second),
            }

        none, some, silent = map(self._named, sentences)
        yield Scenario(none, alert.name, at, {**served(), **overdue(0, 0)})
        yield Scenario(some, alert.name, at, {**served(), **overdue(2, 1)}, [Firing(alert, 3, named)])
        yield Scenario(f"{silent} while a partition is unowned", alert.name, at, {**served(missing=1), **overdue(2, 1)})

    def _slow(self, target: float) -> Iterator[Scenario]:
        alert, enough = self._alert(SLOW), self.settings.minimum_decided

        def followed_up(leads: int, total: float) -> dict[str, str]:
            return {
                **served(),
                on("a", "leadsla_target_follow_up_seconds", **self._segment): held(_text(target)),
                **self._window("leadsla_window_follow_ups", leads),
                **self._window("leadsla_window_follow_up_duration_seconds", total),
            }

        yield self._met("the average is exactly the target", alert, followed_up(enough, enough * target))
        yield self._missed(
            "the average is a second per lead above the target",
            alert,
            followed_up(enough, enough * (target + 1)),
            target + 1,
        )
        yield self._met(
            "too few leads for an average", alert, followed_up(enough - 1, (enough - 1) * (target + 1) * 10)
        )

    def _share_low(self, share: Decimal) -> Iterator[Scenario]:
        alert = self._alert(SHARE_LOW)
        in_time, decided = _at_least(Fraction(share), self.settings.minimum_decided)

        def decided_leads(within: int, late: int) -> dict[str, str]:
            return {
                **served(),
                on("a", "leadsla_target_within_ratio", **self._segment): held(share),
                **self._window("leadsla_window_within_target_leads", within),
                **self._window("leadsla_window_breached_leads", late),
                **self._window("leadsla_window_open_leads", 100),
            }

        yield self._met("the share is exactly the target", alert, decided_leads(in_time, decided - in_time))
        yield self._missed(
            "one lead too few was in time",
            alert,
            decided_leads(in_time - 1, decided - in_time + 1),
            (in_time - 1) / decided,
        )
        yield self._met("too few leads for a share", alert, decided_leads(0, self.settings.minimum_decided - 1))

    def _shallow(self, average: Decimal) -> Iterator[Scenario]:
        alert = self._alert(SHALLOW)
        attempts, leads = _at_least(Fraction(average), self.settings.minimum_decided)

        def attempted(count: int, undecided: int) -> dict[str, str]:
            return {
                **served(),
                on("a", "leadsla_target_attempts", **self._segment): held(average),
                **self._window("leadsla_window_unconnected_leads", leads),
                **self._window("leadsla_window_unconnected_attempts", count),
                **self._window("leadsla_window_open_leads", undecided),
            }

        yield self._met("the average is exactly the target", alert, attempted(attempts, 0))
        yield self._missed("one attempt is missing for good", alert, attempted(attempts - 1, 0), (attempts - 1) / leads)
        yield self._met("leads that still have time can make up for it", alert, attempted(attempts - 1, 1))

    def _behind(self, volume: Volume) -> Iterator[Scenario]:
        alert = self._alert(BEHIND)
        line = Decimal(1000)
        enough = int(line * self.settings.goal_tolerance)

        def delivered(leads: int) -> dict[str, str]:
            metric = "leadsla_target_leads_to_date"
            return {
                **served(),
                on("a", metric, window=volume.interval, **self._segment): held(line),
                **self._window("leadsla_window_leads", leads, volume.interval),
            }

        yield self._met("delivery is exactly at what is tolerated", alert, delivered(enough))
        yield self._missed(
            "one lead less than tolerated is delivered", alert, delivered(enough - 1), enough - 1, volume.interval
        )

    def _burning(self, burn: Burn) -> Iterator[Scenario]:
        late, decided = _at_least(Fraction(burn.threshold), self.settings.minimum_decided)
        few = self.settings.minimum_decided - 1
        for sentence, late_now, decided_now in (
            ("the share of late leads is exactly at the threshold", late, decided),
            ("one more lead is late", late + 1, decided),
            ("too few leads to tell", few, few),
        ):
            yield self._lately(burn, sentence, late_now, decided_now)

    def _lately(self, burn: Burn, sentence: str, late: int, decided: int) -> Scenario:
        """Nothing for the length of the long window, then everything at once; a faster tier may see it too."""
        at = (ceil(burn.long / self.every) + 1) * self.every
        before = at // STEP
        window = {"window": burn.interval, "partition": "0", **self._segment}
        series = {
            **served(scrapes=before),
            on("a", "leadsla_window_breached_leads", **window): f"0x{before - 1} {late}",
            on("a", "leadsla_window_within_target_leads", **window): f"0x{before - 1} {decided - late}",
        }
        firing = [
            Firing(self._alert(BURN, pace=seen.tier.name), late / decided)
            for seen in burns(self.obligation)
            if seen.long <= at and decided >= self.settings.minimum_decided and late > seen.threshold * decided
        ]
        return Scenario(self._named(f"{burn.tier.name} pace: {sentence}"), BURN, at, series, firing)

    def _met(self, sentence: str, alert: Alert, series: Mapping[str, str]) -> Scenario:
        return Scenario(self._named(sentence), alert.name, self._settled(alert), series)

    def _missed(
        self, sentence: str, alert: Alert, series: Mapping[str, str], value: float, window: str | None = None
    ) -> Scenario:
        firing = Firing(alert, value, {"window": window or self.obligation.intervals[0]})
        return Scenario(self._named(sentence), alert.name, self._settled(alert), series, [firing])

    def _settled(self, alert: Alert) -> Duration:
        """When an alert that was due from the start has held for long enough."""
        return (ceil(alert.hold / self.every) + 1) * self.every

    def _window(self, metric: str, value: float, interval: str | None = None) -> dict[str, str]:
        """A figure of the current window, in one partition."""
        window = interval or self.obligation.intervals[0]
        return {on("a", metric, window=window, partition="0", **self._segment): held(_text(value))}

    def _named(self, sentence: str) -> str:
        return f"{title(self.obligation)}: {sentence}"

    def _alert(self, name: str, **labels: str) -> Alert:
        wanted = {"obligation": self.obligation.id, **labels}
        return next(a for a in self.alerts if a.name == name and wanted.items() <= a.labels.items())

    @property
    def _segment(self) -> dict[str, str]:
        segmented = self.agreement.segments and not isinstance(self.obligation, Deliverable)
        segment = self.agreement.segments[0].id if segmented else ALL_SEGMENTS
        return {"agreement": self.agreement.agreement, "obligation": self.obligation.id, "segment": segment}


def _at_least(ratio: Fraction, least: int) -> tuple[int, int]:
    """Whole numbers whose quotient is exactly the ratio, the lower one at least so large."""
    times = ceil(Fraction(least, ratio.denominator))
    return ratio.numerator * times, ratio.denominator * times


def _text(value: float) -> str:
    return str(float(value)).removesuffix(".0")
