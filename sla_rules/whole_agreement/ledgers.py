"""The ledger of each obligation of volume: a row for every period that is over, by what is known now.

A row is worked out from what its own period and those before it came to. So it is only worked out again when that has changed.
"""

from collections.abc import Collection, Iterator

from sla_rules.agreement.obligations import Volume
from sla_rules.instants import Instant
from sla_rules.reports.ledger import Entry, ledger
from sla_rules.whole_agreement.judged_periods import JudgedPeriods, PeriodName
from sla_rules.whole_agreement.records import LedgerData, NextGoal


class Ledgers:
    """Of one agreement, beside its periods."""

    def __init__(self, periods: JudgedPeriods) -> None:
        self._periods = periods
        self.rows: dict[str, dict[PeriodName, LedgerData]] = {}
        """By obligation, the earliest first."""

    def work_out(self, touched: Collection[PeriodName], now: Instant) -> Iterator[tuple[PeriodName, LedgerData]]:
        """Work out again what has changed as of an instant; the rows that are others then."""
        for obligation, terms in self._periods.terms.items():
            if not isinstance(terms[-1].obligation, Volume):
                continue
            before = self.rows.get(obligation, {})
            over = [name for name in self._names(obligation) if self._periods.periods[name].end <= now]
            named = terms[-1].agreement.currency is not None
            changed = [name for name in touched if name.obligation == obligation and (not named or name in before)]
            if changed or before.keys() != set(over):
                found = self._rows(obligation, now)
                self.rows[obligation] = found
                yield from ((name, row) for name, row in found.items() if before.get(name) != row)

    def next_goals(self) -> tuple[NextGoal, ...]:
        """What the last row of each says."""
        latest = ((obligation, list(rows.values())[-1].row) for obligation, rows in self.rows.items() if rows)
        return tuple(
            NextGoal(
                obligation=obligation,
                after=row.period,
                goal=row.whole.goal,
                next_goal=row.whole.next_goal,
                next_goal_at_agreed_share=row.whole.next_goal_at_agreed_share,
                remark=row.whole.remark,
            )
            for obligation, row in latest
        )

    def _names(self, obligation: str) -> Iterator[PeriodName]:
        """The periods that are some of the goal's interval under the terms in force at their ends."""
        for (name, _), line in self._periods.lines.items():
            if name == obligation:
                yield from (one for one in line if self._periods.judged[one].goal is not None)

    def _rows(self, obligation: str, now: Instant) -> dict[PeriodName, LedgerData]:
        entries: list[tuple[PeriodName, Entry]] = []
        for name in self._names(obligation):
            entry = self._periods.window(name, now).entry()
            if entry is not None:
                entries.append((name, entry))
        entries.sort(key=lambda one: one[1].period.end)
        agreed = self._periods.terms[obligation][-1].agreement
        rows = ledger([entry for _, entry in entries], agreed.currency, now, agreed.subject)
        return {
            name: LedgerData(
                agreement=agreed.agreement, obligation=obligation, name=self._periods.called(name), row=row
            )
            for (name, _), row in zip(entries, rows, strict=True)
            if row.status == "over"
        }
