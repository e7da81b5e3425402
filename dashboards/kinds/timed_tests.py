"""Tests of the alerts that the kinds with a deadline share."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

from dashboards.alert_names import BURN, OVERDUE, SHARE_LOW
from dashboards.burn import Burn, burns
from dashboards.kinds.tested import Tested, at_least
from dashboards.scenario import STEP, Firing, Scenario, held, on, served

TEAM: Final = "team-a"


def overdue(tested: Tested) -> Iterator[Scenario]:
    """No lead is overdue; some are, and page at once."""
    return tested.late(
        tested.alert(OVERDUE),
        {"team": TEAM},
        {"team": TEAM},
        ("no lead is overdue", "overdue leads page at once, each counted once", "overdue leads wait"),
    )


def shares(tested: Tested, share: Decimal | None) -> Iterator[Scenario]:
    """The share in time is as agreed or not, over a window and at the pace of late."""
    if share is not None:
        yield from _share_low(tested, share)
        for burn in burns(tested.obligation):
            yield from _burning(tested, burn)


def _share_low(tested: Tested, share: Decimal) -> Iterator[Scenario]:
    alert = tested.alert(SHARE_LOW)
    in_time, decided = at_least(Fraction(share), tested.settings.minimum_decided)

    def decided_leads(within: int, late: int) -> dict[str, str]:
        return {
            **served(),
            on("a", "leadsla_target_within_ratio", **tested.own): held(share),
            **tested.window("leadsla_window_within_target_leads", within),
            **tested.window("leadsla_window_breached_leads", late),
            **tested.window("leadsla_window_open_leads", 100),
        }

    yield tested.met("the share is exactly the target", alert, decided_leads(in_time, decided - in_time))
    yield tested.missed(
        "one lead too few was in time",
        alert,
        decided_leads(in_time - 1, decided - in_time + 1),
        (in_time - 1) / decided,
    )
    yield tested.met("too few leads for a share", alert, decided_leads(0, tested.settings.minimum_decided - 1))


def _burning(tested: Tested, burn: Burn) -> Iterator[Scenario]:
    late, decided = at_least(Fraction(burn.threshold), tested.settings.minimum_decided)
    few = tested.settings.minimum_decided - 1
    for sentence, late_now, decided_now in (
        ("the share of late leads is exactly at the threshold", late, decided),
        ("one more lead is late", late + 1, decided),
        ("too few leads to tell", few, few),
    ):
        yield _lately(tested, burn, sentence, late_now, decided_now)


def _lately(tested: Tested, burn: Burn, sentence: str, late: int, decided: int) -> Scenario:
    """Nothing for the length of the long window, then everything at once; a faster tier may see it too."""
    at = (ceil(burn.long / tested.every) + 1) * tested.every
    before = at // STEP
    window = {"window": burn.interval, "partition": "0", **tested.own}
    series = {
        **served(scrapes=before),
        on("a", "leadsla_window_breached_leads", **window): f"0x{before - 1} {late}",
        on("a", "leadsla_window_within_target_leads", **window): f"0x{before - 1} {decided - late}",
    }
    firing = [
        Firing(tested.alert(BURN, pace=seen.tier.name), late / decided)
        for seen in burns(tested.obligation)
        if seen.long <= at and decided >= tested.settings.minimum_decided and late > seen.threshold * decided
    ]
    return Scenario(tested.named(f"{burn.tier.name} pace: {sentence}"), BURN, at, series, firing)
