"""The ledger of marketing's side: what its leads came to, period by period, and the goal that follows from it.

At the end of each period the rates are worked out again, by what is known now, and beside it by what was known then: a
lead that becomes a customer next year was none at the end of its month. The close rate and what a customer brings come from matured
cohorts alone: leads of periods that ended at least one average sales cycle ago, at most a year of them, the latest. A
younger cohort has not had its time, and would make the rate too low and the next goal too high. Marketing's share comes
from what was closed in the year up to then. Every rate says of how many it is one; of nothing it is undefined.

A recalculation proposes; what is owed stays as agreed until both sides agree to a new version.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from msgspec.structs import replace

from sla_rules.agreement.goals import Quota, leads_needed
from sla_rules.agreement.obligations import Volume
from sla_rules.evaluation.tallies import Tally, ratio, subtract, total
from sla_rules.events.vocabulary import LEAD
from sla_rules.figures.summary import by_currency
from sla_rules.instants import DAY, Duration, Instant
from sla_rules.names import ALL_SEGMENTS
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.ledger_basis import Basis
from sla_rules.reports.ledger_reasons import (
    FewCustomers,
    LedgerReason,
    NoCurrency,
    NoDealWon,
    NoneConverted,
    NoneDelivered,
    NoneDeliveredThen,
    NoneMatured,
    NoQuota,
    NoRevenue,
    NoRevenueOfMarketing,
    NothingPaid,
    OfSegment,
    OfSegments,
)
from sla_rules.reports.ledger_rows import KnownAtEnd, LedgerFigures, LedgerRow, LedgerSegment, MaturedCohorts
from sla_rules.time.periods import Period

TRUSTED_CUSTOMERS: Final = 30
"""Fewer make a close rate that chance alone moves by a fifth or more: three once asked for 17,684 leads."""

YEAR: Final = 367 * DAY
"""No more than 12 months, 4 quarters or 52 weeks fit in it."""


class Entry(NamedTuple):
    """One period of the goal's interval: the terms in force at its end, and its figures by segment as known."""

    period: Period
    terms: Volume
    by_segment: Mapping[str, Tally]

    def tally(self, segment: str | None) -> Tally:
        """Of one segment, or of all."""
        return total(self.by_segment.values()) if segment is None else self.by_segment.get(segment, {})


def ledger(
    entries: Sequence[Entry], agreed_currency: str | None, now: Instant, about: str = LEAD, first: int = 0
) -> tuple[LedgerRow, ...]:
    """A row for each period from the `first` on, the earliest first. One that is not over is worked out as of `now`.

    `about` is what the agreement is about.
    """
    currency = agreed_currency or _only_currency(entries)
    sums = _Sums(entries)
    return tuple(_Row(entries, number, sums, currency, now, about).row() for number in range(first, len(entries)))


def known_at_end(entries: Sequence[Entry], agreed_currency: str | None, about: str = LEAD) -> KnownAtEnd:
    """The last of some entries, whose figures are those known at its end."""
    currency = agreed_currency or _only_currency(entries)
    last = len(entries) - 1
    row = _Row(entries, last, _Sums(entries), currency, entries[last].period.end, about).row()
    return KnownAtEnd(currency=row.currency, whole=row.whole, segments=row.segments)


class _Sums:
    """Sums over runs of entries: one running sum less another."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._upto: dict[str | None, list[Tally]] = {}
        for segment in (None, *dict.fromkeys(name for entry in entries for name in entry.by_segment)):
            upto: list[Tally] = [{}]
            for entry in entries:
                upto.append(total((upto[-1], entry.tally(segment))))
            self._upto[segment] = upto

    def of(self, segment: str | None, run: range) -> Tally:
        """Of the entries of a run, by number."""
        if not run:
            return {}
        found = dict(self._upto[segment][run.stop])
        subtract(found, self._upto[segment][run.start])
        return found


def _only_currency(entries: Iterable[Entry]) -> str | None:
    """Where none is agreed, that of all deals; of several none."""
    names = {
        name.rpartition(":")[2]
        for entry in entries
        for name in entry.tally(None)
        if name.startswith(("revenue:", "other_revenue:", "customer_revenue:"))
    }
    return names.pop() if len(names) == 1 else None


class _Row:
    """One of the periods, worked out from itself and those before it."""

    def __init__(
        self, entries: Sequence[Entry], number: int, sums: _Sums, currency: str | None, now: Instant, about: str
    ) -> None:
        self._about, self._number = about, number
        self._entries, self._entry, self._sums, self._currency = entries, entries[number], sums, currency
        self._is_over = self._entry.period.end <= now
        self._as_of = min(self._entry.period.end, now)
        self._recent = self._year_to(number)
        closed = sums.of(None, self._recent)
        self._cycles = closed.get("sales_cycles", 0)
        self._cycle: Duration | None = (
            None if not self._cycles else round(Fraction(closed.get("sales_cycle_sum", 0), self._cycles))
        )
        self._matured = self._cohorts(number)

    def row(self) -> LedgerRow:
        """All segments together, and each by itself."""
        known = (name for number in self._recent for name in self._entries[number].by_segment)
        names = [name for name in dict.fromkeys(known) if name != ALL_SEGMENTS]
        segments = {name: self._figures(name) for name in names}
        whole = self._figures(None)
        if isinstance(self._entry.terms.goal_from, Mapping):
            whole = _added(whole, segments, self._entry.terms.goal_from)
        return LedgerRow(
            period=CalendarPeriod.of(self._entry.period),
            status="over" if self._is_over else "open",
            currency=self._currency,
            whole=whole,
            segments=tuple(LedgerSegment(segment=name, figures=figures) for name, figures in segments.items()),
        )

    def _year_to(self, number: int) -> range:
        """The entries of a year, up to and with this one."""
        end = self._entries[number].period.end
        first = next(first for first in range(number + 1) if end - self._entries[first].period.start <= YEAR)
        return range(first, number + 1)

    def _cohorts(self, number: int) -> range:
        """The matured ones."""
        cycle = self._cycle
        old = [n for n in range(number + 1) if cycle is not None and self._end(n) + cycle <= self._as_of]
        return self._year_to(old[-1]) if old else range(0)

    def _end(self, number: int) -> Instant:
        return self._entries[number].period.end

    def _basis(self, segment: str | None) -> Basis:
        cohorts = self._sums.of(segment, self._matured)
        closed = self._sums.of(segment, self._recent)
        matured = [self._entries[number].period for number in self._matured]
        ours = closed.get(f"revenue:{self._currency}", 0)
        return Basis(
            since=matured[0].start if matured else None,
            until=matured[-1].end if matured else None,
            leads=cohorts.get("delivered", 0),
            value=cohorts.get("value", 0),
            converted=cohorts.get("converted", 0),
            customers=cohorts.get(f"customers:{self._currency}", 0),
            customer_revenue=cohorts.get(f"customer_revenue:{self._currency}", 0),
            revenue=ours,
            all_revenue=ours + closed.get(f"other_revenue:{self._currency}", 0),
        )

    def _figures(self, segment: str | None) -> LedgerFigures:
        tally = self._entry.tally(segment)
        leads, converted = tally.get("delivered", 0), tally.get("converted", 0)
        basis = self._basis(segment)
        quota = _quota(self._entry.terms, segment)
        measured, agreed = _next_goals(quota, basis)
        return LedgerFigures(
            leads=leads,
            value=tally.get("value", 0),
            converted=converted,
            close_rate_so_far=Fraction(converted, leads) if leads else None,
            customer_revenue=by_currency(tally, "customer_revenue"),
            won=tally.get("won", 0),
            lost=tally.get("lost", 0),
            revenue=by_currency(tally, "revenue"),
            all_won=tally.get("won", 0) + tally.get("other_won", 0),
            all_revenue=by_currency(_all_revenue(tally), "all"),
            average_sales_cycle=ratio(tally, "sales_cycle_sum", "sales_cycles"),
            matured=self._cohorts_of(basis),
            goal=None if quota is None else quota.leads_needed,
            next_goal=measured,
            next_goal_at_agreed_share=agreed,
            next_value=_worth(measured, basis),
            next_value_at_agreed_share=_worth(agreed, basis),
            remark=self._remark(segment, quota, basis),
        )

    def _cohorts_of(self, basis: Basis) -> MaturedCohorts:
        return MaturedCohorts(
            since=basis.since,
            until=basis.until,
            leads=basis.leads,
            converted=basis.converted,
            close_rate=basis.close_rate,
            average_deal=basis.average_deal,
            marketing_share=basis.marketing_share,
            value_per_lead=basis.value_per_lead,
            sales_cycle=self._cycle,
            sales_cycles=self._cycles,
            is_small=0 < basis.converted < TRUSTED_CUSTOMERS,
        )

    def _remark(self, segment: str | None, quota: Quota | None, basis: Basis) -> LedgerReason | None:
        """Why there is no next goal, or why not to trust it: the first reason that holds."""
        return self._no_rate(segment, basis) or self._no_price(basis) or self._no_trust(segment, quota, basis)

    def _no_rate(self, segment: str | None, basis: Basis) -> LedgerReason | None:
        if not self._sums.of(segment, range(self._number + 1)).get("delivered"):
            return NoneDelivered(self._about)
        if self._cycle is None:
            return NoDealWon(self._about)
        if not self._matured:
            return NoneMatured(self._about)
        if not basis.leads:
            return NoneDeliveredThen(self._about)
        return NoneConverted(self._about, basis.leads) if basis.close_rate is None else None

    def _no_price(self, basis: Basis) -> LedgerReason | None:
        if self._currency is None:
            return NoCurrency()
        if basis.average_deal is None:
            return NothingPaid(self._currency)
        if basis.marketing_share is None:
            return NoRevenue(self._currency)
        return None if basis.marketing_share else NoRevenueOfMarketing()

    def _no_trust(self, segment: str | None, quota: Quota | None, basis: Basis) -> LedgerReason | None:
        if basis.converted < TRUSTED_CUSTOMERS:
            return FewCustomers(self._about, basis.converted, basis.leads, TRUSTED_CUSTOMERS)
        return NoQuota() if quota is None and segment is None else None


def _quota(terms: Volume, segment: str | None) -> Quota | None:
    if isinstance(terms.goal_from, Mapping):
        return None if segment is None else terms.goal_from.get(segment)
    return terms.goal_from if segment is None else None


def _next_goals(quota: Quota | None, basis: Basis) -> tuple[int | None, int | None]:
    """The next goal by marketing's share as it was, and by the share agreed."""
    if quota is None or basis.close_rate is None or basis.average_deal is None:
        return None, None
    revenue, deal, rate = Fraction(quota.revenue), basis.average_deal, basis.close_rate
    share = basis.marketing_share
    measured = None if not share else leads_needed(revenue, share, deal, rate)
    return measured, leads_needed(revenue, Fraction(quota.marketing_share), deal, rate)


def _worth(leads: int | None, basis: Basis) -> int | None:
    """So many leads of the mix of the matured cohorts in millionths of value; None where no lead has one."""
    if leads is None or not basis.leads or not basis.value:
        return None
    return round(Fraction(leads * basis.value, basis.leads))


def _added(whole: LedgerFigures, segments: Mapping[str, LedgerFigures], quotas: Mapping[str, Quota]) -> LedgerFigures:
    """Each segment's goal is rounded up by itself, then they are added."""
    parts = {name: figures for name, figures in segments.items() if name in quotas}
    missing = len(quotas) - len(parts)
    found = parts.values()
    remarks = tuple(
        OfSegment(name, part.remark)
        for name, part in parts.items()
        if part.remark is not None and not isinstance(part.remark, OfSegments)
    )
    return replace(
        whole,
        goal=sum(quota.leads_needed for quota in quotas.values()),
        next_goal=_sum([part.next_goal for part in found], missing),
        next_goal_at_agreed_share=_sum([part.next_goal_at_agreed_share for part in found], missing),
        next_value=_sum([part.next_value for part in found], missing),
        next_value_at_agreed_share=_sum([part.next_value_at_agreed_share for part in found], missing),
        remark=OfSegments(remarks) if remarks else None,
    )


def _sum(parts: Sequence[int | None], missing: int) -> int | None:
    """Of a sum with an unknown or a missing part nothing is known."""
    known = [part for part in parts if part is not None]
    return None if missing or len(known) < len(parts) else sum(known)


def _all_revenue(tally: Tally) -> Tally:
    names = ((name, name.removeprefix("other_")) for name in tally)
    parts = [{f"all:{of.partition(':')[2]}": tally[name]} for name, of in names if of.startswith("revenue:")]
    return total(parts)
