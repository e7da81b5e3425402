"""When is a month's allowance of late leads being used up too fast?

A share of 90 % allows one lead in ten to be late. A tier says: warn when so much of a period's allowance would be gone
within so little time. Its factor is `spent x period / long window`, its threshold `factor x (1 - share)`, the share of
late leads above which it warns. At 1 or more that can never be exceeded, and an alert that cannot fire is worse than
none, because somebody trusts it. So a window is lengthened until the threshold is 0.8, and a tier that makes no sense
even then is left out, with its reason.

The period counts hours of the wall: where leads are decided in working hours only, the allowance is used up faster than
a tier says, and it warns late rather than for nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from typing import Final

from dashboards.queries import Recorded, by, recorded
from sla_rules.agreement.obligations import Obligation
from sla_rules.instants import DAY, HOUR, MINUTE, Duration, format_duration
from sla_rules.notation import Granularity

HIGHEST_THRESHOLD: Final = Decimal("0.8")
_PLACES: Final = Decimal("0.0001")
PERIODS: Final[dict[Granularity, Duration]] = {
    "day": DAY,
    "week": 7 * DAY,
    "month": 30 * DAY,
    "quarter": 91 * DAY,
    "year": 365 * DAY,
}
LONGEST: Final = DAY
"""What takes longer to notice is seen in the share of the week or month anyway."""
SHORT_PART: Final = 12
"""The short window, which ends the alert soon after the cause, is this fraction of the long one."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Spending this share of the allowance within this time is too fast."""

    name: str
    spent: Decimal
    within: Duration


TIERS: Final = (Tier("fast", Decimal("0.02"), HOUR), Tier("steady", Decimal("0.05"), 6 * HOUR))


@dataclass(frozen=True, slots=True)
class Burn:
    """A tier fitted to a target: late shares above `threshold` over both windows."""

    tier: Tier
    interval: Granularity
    long: Duration
    short: Duration
    factor: Decimal
    threshold: Decimal

    def late(self, span: Duration) -> str:
        """Recorded name of the leads that became late within a span."""
        return f"obligation:leadsla_breached_leads:gain{format_duration(span)}"

    def decided(self, span: Duration) -> str:
        """Recorded name of the leads that were decided, in time or not, within a span."""
        return f"obligation:leadsla_decided_leads:gain{format_duration(span)}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A tier that no alert can be made of, and why."""

    tier: Tier
    reason: str


def burns(obligation: Obligation) -> Iterator[Burn]:
    """The tiers that an obligation's share allows."""
    if obligation.share_in_time is not None:
        for fit in fitted(obligation.share_in_time, obligation.intervals):
            if isinstance(fit, Burn):
                yield fit


def gains(agreement: str, obligation: Obligation) -> Iterator[Recorded]:
    """What the obligation's burn alerts ask for: differences of the running window, partition by partition.

    Where a window starts again, or a partition was away at the start of the span, nothing counts: too few rather than
    too many.
    """
    labels = ("agreement", "obligation")
    for burn in burns(obligation):
        window = {"agreement": agreement, "obligation": obligation.id, "window": burn.interval}
        for span in (burn.long, burn.short):
            late, in_time = (
                by("sum", labels, f"clamp_min({now} - {now} offset {format_duration(span)}, 0)")
                for metric in ("leadsla_window_breached_leads", "leadsla_window_within_target_leads")
                for now in (recorded(metric, "obligation", "window", "partition", **window),)
            )
            yield Recorded(burn.late(span), labels, late)
            yield Recorded(burn.decided(span), labels, f"{late} + {in_time}")


def fitted(share: Decimal, intervals: Sequence[Granularity], tiers: Sequence[Tier] = TIERS) -> Iterator[Burn | LeftOut]:
    """The tiers fitted to a share within the longest interval agreed."""
    interval = max(intervals, key=lambda one: PERIODS[one])
    for tier in tiers:
        yield _fit(tier, 1 - share, interval)


def _fit(tier: Tier, allowance: Decimal, interval: Granularity) -> Burn | LeftOut:
    period = PERIODS[interval]
    if not allowance:
        return LeftOut(tier, "a share of 100 % allows no late lead, so each one pages already")
    shortest = tier.spent * period * allowance / HIGHEST_THRESHOLD
    long = max(tier.within, int((shortest / MINUTE).to_integral_value(ROUND_CEILING)) * MINUTE)
    if long > LONGEST:
        return LeftOut(tier, f"so many late leads are allowed that it would take {format_duration(long)} to tell")
    factor = (tier.spent * period / long).quantize(_PLACES)
    if factor <= 1:
        return LeftOut(tier, f"at this speed the allowance of a {interval} would last longer than the {interval}")
    short = max(MINUTE, -(-long // SHORT_PART // MINUTE) * MINUTE)
    return Burn(tier, interval, long, short, factor, (factor * allowance).quantize(_PLACES, ROUND_DOWN))
