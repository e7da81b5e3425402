"""The quotas of a goal by the newest rates: close rate and average deal of matured leads, where they are enough to be trusted.

What has to be sold and marketing's share of it stay as agreed: both are what the parties want, and no rates. The share as it was is
shown, and what the goal would be by it: whoever brings less would owe less.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import count
from math import ceil
from typing import Final

from sla_rules.agreement.goals import Quota, leads_needed
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.instants import Instant
from sla_rules.notation import shortest
from sla_rules.reports.goal_ledger import entries_of
from sla_rules.reports.ledger import ledger
from sla_rules.reports.ledger_rows import LedgerFigures, LedgerRow
from sla_rules.reports.period_figures import WindowTallies
from sla_rules.reports.planned import RecalculatedPart, Recalculation
from sla_rules.reports.report import Scope, periods_between
from sla_rules.reports.window import Window
from sla_rules.time.periods import start_of

_SHARE_DECIMALS: Final = 4
_MONEY_DECIMALS: Final = 2


def ledger_known(
    rules: RuleBook, name: tuple[str, str], figures: WindowTallies, until: Instant
) -> tuple[LedgerRow, ...]:
    """The ledger of an obligation of volume by the figures that there are, from the first of its periods with any."""
    terms = [term for term in rules.terms if term.name == name and term.since <= until]
    firsts = [
        key.first
        for tallies in (figures.current, figures.published)
        for key in tallies
        if (key.agreement, key.obligation) == name
    ]
    if not terms or not firsts:
        return ()
    begin = min(start_of(min(firsts), terms[-1].zone), until)
    entries = entries_of(_windows(rules, terms, figures, Scope(begin, until)))
    agreed = terms[-1].agreement
    return ledger(entries, agreed.currency, until, agreed.subject)


def _windows(rules: RuleBook, terms: Sequence[Term], figures: WindowTallies, scope: Scope) -> Iterator[Window]:
    for interval in {term.obligation.interval for term in terms if isinstance(term.obligation, Volume)}:
        for period in periods_between(rules, terms, interval, scope):
            yield Window(rules, terms, figures, period, scope.until)


def recalculated(
    quotas: Mapping[str | None, Quota], row: LedgerRow, until: Instant
) -> tuple[Mapping[str | None, Quota], Recalculation]:
    """The quotas by the rates of a row of the ledger, and what these were measured from; untrusted rates are left as agreed."""
    by_segment = {one.segment: one.figures for one in row.segments}
    found: dict[str | None, Quota] = {}
    parts = []
    for segment, quota in quotas.items():
        figures = row.whole if segment is None else by_segment.get(segment)
        if figures is None:
            found[segment] = quota
            continue
        found[segment] = _by_rates(quota, figures)
        parts.append(_part(segment, figures))
    return found, Recalculation(at=until, currency=row.currency, parts=tuple(parts))


def _is_trusted(figures: LedgerFigures) -> bool:
    rates = figures.matured
    return rates.close_rate is not None and rates.average_deal is not None and not rates.is_small


def _part(segment: str | None, figures: LedgerFigures) -> RecalculatedPart:
    rates = figures.matured
    return RecalculatedPart(
        segment=segment,
        matured=rates,
        is_taken=_is_trusted(figures),
        remark=figures.remark,
        leads_needed_by_rates=figures.next_goal_at_agreed_share,
        leads_needed_at_measured_share=figures.next_goal,
    )


def _by_rates(quota: Quota, figures: LedgerFigures) -> Quota:
    rate, deal = figures.matured.close_rate, figures.matured.average_deal
    if rate is None or deal is None or not _is_trusted(figures):
        return quota
    return written(quota, rate, deal)


def written(quota: Quota, close_rate: Fraction, average_deal: Fraction) -> Quota:
    """A quota by measured rates, with as many decimals as it takes for the same goal to follow from it as from the exact rates.

    Rates are rounded up: a little more than the rate gives a little less than the exact number of leads, which is rounded up too.
    """
    wanted = leads_needed(quota.revenue_goal, Fraction(1), average_deal, close_rate)
    tried = (
        quota.model_copy(
            update={
                "close_rate": _up(close_rate, _SHARE_DECIMALS + more),
                "average_deal": _up(average_deal, _MONEY_DECIMALS + more),
            }
        )
        for more in count()
    )
    return next(found for found in tried if found.leads_needed == wanted)


def _up(number: Fraction, decimals: int) -> Decimal:
    return shortest(Decimal(f"{ceil(number * 10**decimals)}e-{decimals}"))
