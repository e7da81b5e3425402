from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.burn import HIGHEST_THRESHOLD, LONGEST, Burn, LeftOut, Tier, fitted
from sla_rules.instants import HOUR, MINUTE
from sla_rules.notation import Granularity

shares = st.decimals(min_value=Decimal("0.001"), max_value=1, places=3)
intervals = st.lists(st.sampled_from(get_args(Granularity)), min_size=1, unique=True)


@given(share=shares, agreed=intervals)
def test_no_burn_alert_is_impossible_or_fires_within_the_allowance(share: Decimal, agreed: list[Granularity]) -> None:
    for fit in fitted(share, agreed):
        if isinstance(fit, Burn):
            assert 0 < fit.threshold <= HIGHEST_THRESHOLD
            assert fit.factor > 1
            assert MINUTE <= fit.short <= fit.long <= LONGEST
        else:
            assert fit.reason


@given(share=shares, agreed=intervals)
def test_a_window_is_lengthened_only_as_far_as_needed(share: Decimal, agreed: list[Granularity]) -> None:
    for fit in fitted(share, agreed):
        if isinstance(fit, Burn) and fit.long > fit.tier.within:
            a_minute_less = fit.factor * fit.long / (fit.long - MINUTE) * (1 - share)
            assert a_minute_less > HIGHEST_THRESHOLD - Decimal("0.001")


def test_ninety_percent_of_a_month_lengthens_the_fast_window_and_keeps_the_steady_one() -> None:
    fast, steady = fitted(Decimal("0.9"), ["day", "month"])

    assert isinstance(fast, Burn)
    assert (fast.long, fast.short, fast.factor, fast.threshold) == (
        108 * MINUTE,
        9 * MINUTE,
        Decimal(8),
        Decimal("0.8"),
    )
    assert isinstance(steady, Burn)
    assert (steady.long, steady.short, steady.factor, steady.threshold) == (
        6 * HOUR,
        30 * MINUTE,
        Decimal(6),
        Decimal("0.6"),
    )


@pytest.mark.parametrize(
    ("share", "interval", "reason"),
    [
        ("1", "month", "each one pages already"),
        ("0.9", "day", "would last longer than the day"),
        ("0.01", "month", "to tell"),
    ],
)
def test_a_tier_that_makes_no_sense_is_left_out_with_its_reason(share: str, interval: Granularity, reason: str) -> None:
    (fit,) = fitted(
        Decimal(share), [interval], [Tier("steady", Decimal("0.02" if interval == "day" else "0.05"), HOUR)]
    )

    assert isinstance(fit, LeftOut)
    assert reason in fit.reason
