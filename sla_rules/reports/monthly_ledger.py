"""The ledger of an agreement, period by period, with what was decided of each, as results hold it."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.units import Inline, Time
from sla_rules.instants import Instant, moment
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.consequences import SettledGoal
from sla_rules.reports.freshness import Freshness
from sla_rules.reports.ledger_rows import LedgerRow
from sla_rules.reports.result import Report
from sla_rules.time.period_names import period_name


class LedgerPeriod(Struct, frozen=True, kw_only=True):
    """A period that is over: what its leads came to by what is known now, and whether the goal was met."""

    name: str
    """What the period is called: `2026-03`."""
    row: Inline[LedgerRow]
    judged: SettledGoal | None
    """Whether the goal was met, by the figures published, and what follows; None until they are, by every partition."""


class ObligationLedger(Struct, frozen=True, kw_only=True):
    """The ledger of one obligation of volume."""

    obligation: str
    """Identifier of the obligation."""
    periods: tuple[LedgerPeriod, ...]
    """Those of the goal's own interval that are over, the earliest first, from the first with any lead."""


class AgreementLedger(Struct, frozen=True, kw_only=True):
    """What the leads of an agreement came to."""

    agreement: str
    """Identifier of the agreement."""
    subject: str
    """What it is about: `lead`, `ticket` ..."""
    at: Time = field(name="as_of")
    """As of when."""
    service: Freshness | None
    """How far the service is; None of a file of events."""
    obligations: tuple[ObligationLedger, ...]
    """Each of volume that has a period that is over, by its identifier."""


class NamedRow(NamedTuple):
    """A row of the ledger of an obligation, and what its period is called."""

    obligation: str
    name: str
    row: LedgerRow


def agreement_ledger(
    agreement: str,
    subject: str,
    rows: Iterable[NamedRow],
    decided: Iterable[SettledGoal],
    at: Instant,
    service: Freshness | None = None,
) -> AgreementLedger:
    """The ledger of an agreement from its rows, those of an obligation the earliest first, and the periods that are decided."""
    judged = {(one.obligation, one.period): one for one in decided if one.published is not None}
    by_obligation: dict[str, list[LedgerPeriod]] = {}
    for obligation, name, row in rows:
        periods = by_obligation.setdefault(obligation, [])
        if periods or row.whole.leads or row.whole.all_won:
            one = LedgerPeriod(name=name, row=replace(row, at_end=None), judged=judged.get((obligation, row.period)))
            periods.append(one)
    return AgreementLedger(
        agreement=agreement,
        subject=subject,
        at=at,
        service=service,
        obligations=tuple(
            ObligationLedger(obligation=name, periods=tuple(periods)) for name, periods in sorted(by_obligation.items())
        ),
    )


def ledger_of_report(rules: RuleBook, found: Report) -> AgreementLedger:
    """The ledger of an agreement by a report of it."""
    latest = rules.versions[found.agreement][-1]
    zone, year_begins = rules.zone_of(found.agreement), latest.terms[0].year_begins

    def name(period: CalendarPeriod) -> str:
        return period_name(period.interval, moment(period.start).astimezone(zone).date(), year_begins)

    rows = (
        NamedRow(one.id, name(row.period), row)
        for one in found.obligations
        for row in one.ledger or ()
        if row.status == "over"
    )
    decided = found.consequences.periods
    return agreement_ledger(found.agreement, latest.agreement.subject, rows, decided, found.until)
