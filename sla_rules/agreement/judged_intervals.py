"""By which of its intervals an obligation's goal is judged, met or missed.

Volume by its own, other obligations by the month (or, if they are not counted by month, by their longest interval), and by those
that credits or the cancellation name.
"""

from typing import Final, get_args

from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Obligation, Volume
from sla_rules.notation import Granularity

INTERVALS: Final[tuple[Granularity, ...]] = get_args(Granularity)
"""All that there are, shortest first."""


def judged_intervals(agreement: Agreement, terms: Obligation) -> tuple[Granularity, ...]:
    """The intervals that the goal of an obligation is judged by, shortest first."""
    if isinstance(terms, Volume):
        return (terms.interval,)
    named = {credit.interval for credit in agreement.credits if credit.obligation == terms.id}
    if agreement.cancellation is not None and terms.id in agreement.cancellation.obligations:
        named.add(agreement.cancellation.interval)
    longest = max(terms.intervals, key=INTERVALS.index)
    named.add("month" if "month" in terms.intervals else longest)
    return tuple(interval for interval in INTERVALS if interval in named)
