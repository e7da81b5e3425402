"""The right to end an agreement: how many periods were missed one after the other."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sla_rules.agreement.consequences import Cancellation
from sla_rules.instants import Instant
from sla_rules.reports.consequences import CancellationStatus, RowOfMisses
from sla_rules.time.periods import Period


class CountedPeriod(NamedTuple):
    """A published period that the right goes by."""

    period: Period
    is_missed: bool
    published_at: Instant
    history: bool


def cancellation_status(terms: Cancellation, periods: Sequence[CountedPeriod]) -> CancellationStatus:
    """How near the right is, by periods in order."""
    rows = rows_of_misses(periods)
    latest = rows[-1] if rows and rows[-1][-1] == periods[-1] else []
    return CancellationStatus(
        missed_in_a_row=terms.missed_in_a_row,
        interval=terms.interval,
        obligations=terms.obligations,
        in_a_row=tuple(one.period.start for one in latest),
        is_reached=terms.is_reached(one.is_missed for one in periods),
        reached=tuple(
            RowOfMisses(at=row[terms.missed_in_a_row - 1].published_at, periods=tuple(one.period.start for one in row))
            for row in rows
            if len(row) >= terms.missed_in_a_row
        ),
    )


def rows_of_misses(periods: Sequence[CountedPeriod]) -> list[list[CountedPeriod]]:
    """The periods missed one after the other, each row as long as it goes."""
    return [list(row) for is_missed, row in groupby(periods, key=attrgetter("is_missed")) if is_missed]
