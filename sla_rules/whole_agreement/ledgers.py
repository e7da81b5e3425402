"""The ledger of each obligation of volume: a row for every period that is over, by what is known now.

A row is worked out from what its own period and those before it came to. So it is only worked out again when that has changed.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from sla_rules.agreement.obligations import Volume
from sla_rules.instants import Instant
from sla_rules.reports.ledger import ledger
from sla_rules.whole_agreement.judged_periods import JudgedPeriods, PeriodName
from sla_rules.whole_agreement.records import LedgerData, NextGoal


class Ledgers:
    """Of one agreement, beside its periods."""

    def __init__(self, periods: JudgedPeriods) -> None:
        self._periods = periods
        self.rows: dict[str, dict[PeriodName, LedgerData]] = {}
        """By obligation, the earliest first."""

    def work_out(self, touched: AbstractSet[PeriodName], now: Instant) -> Iterator[tuple[PeriodName, LedgerData]]:
        """Work out again what has changed as of an instant; the rows that are others then."""
        for obligation, terms in self._periods.terms.items():
            if isinstance(terms[-1].obligation, Volume):
                yield from self._work_out(obligation, touched, now)

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

    def _work_out(
        self, obligation: str, touched: AbstractSet[PeriodName], now: Instant
    ) -> Iterator[tuple[PeriodName, LedgerData]]:
        before, names = self.rows.get(obligation, {}), self._names(obligation)
        over = sum(self._periods.periods[name].end <= now for name in names)
        others = [number for number, name in enumerate(names[:over]) if name in touched or name not in before]
        agreed = self._periods.terms[obligation][-1].agreement
        if agreed.currency is None and not touched.isdisjoint(names):
            others = [0]  # what currency all deals are in, any of them may say
        if not others and len(before) == over:
            return
        first = min(others, default=over)
        entries = [entry for name in names if (entry := self._periods.window(name, now).entry()) is not None]
        rows = ledger(entries, agreed.currency, now, agreed.subject, first)
        found = {
            name: LedgerData(
                agreement=agreed.agreement, obligation=obligation, name=self._periods.called(name), row=row
            )
            for name, row in zip(names[first:over], rows, strict=False)
        }
        self.rows[obligation] = {**{name: before[name] for name in names[:first]}, **found}
        yield from ((name, row) for name, row in found.items() if before.get(name) != row)

    def _names(self, obligation: str) -> list[PeriodName]:
        """The periods of the goal's interval under the terms in force at their ends, the earliest first."""
        lines = [line for (name, _), line in self._periods.lines.items() if name == obligation]
        names = [name for line in lines for name in line if self._is_of_a_volume(name)]
        return sorted(names, key=lambda name: self._periods.periods[name].end)

    def _is_of_a_volume(self, name: PeriodName) -> bool:
        """Whether a goal is judged by it; the promise may have been of another kind before."""
        settled, goal = self._periods.judged[name]
        return goal is not None and isinstance(settled.term.obligation, Volume)
