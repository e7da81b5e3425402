"""How each promise of an agreement stands in the periods that run, and what is ahead of it."""

from collections.abc import Collection
from fractions import Fraction

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.figures.capacity import capacity_for, leads_served
from sla_rules.instants import Instant
from sla_rules.reports.period_figures import WindowTallies
from sla_rules.reports.status import promise_status, running, terms_by
from sla_rules.reports.window import Window
from sla_rules.time.periods import Period
from sla_rules.whole_agreement.budgets import downtime_budget, lead_budget
from sla_rules.whole_agreement.projection import projection
from sla_rules.whole_agreement.records import RunningPromise


class RunningPromises:
    """Of one agreement; only those that something changed for are looked at again."""

    def __init__(self, rules: RuleBook, figures: WindowTallies) -> None:
        self._rules, self._figures = rules, figures
        self._at: Instant | None = None
        self._found: dict[tuple[int, Period], RunningPromise] = {}

    def promises(self, version: Version, at: Instant, touched: Collection[str]) -> tuple[RunningPromise, ...]:
        """Those of the version in force, as of an instant; figures changed of the obligations that were touched."""
        before = self._found if at == self._at else {}
        self._at, self._found = at, {}
        for term, period in running(version, at):
            known = None if term.obligation.id in touched else before.get((term.index, period))
            self._found[term.index, period] = known or self._promise(term, period, at)
        return tuple(self._found.values())

    def _promise(self, term: Term, period: Period, at: Instant) -> RunningPromise:
        window = Window(self._rules, terms_by(self._rules, term, at), self._figures, period, at)
        settled, terms = window.settled(), term.obligation
        capacity = capacity_for(term.agreement, terms.id)
        served = None if capacity is None else leads_served(term, capacity, period)
        projected = None
        if isinstance(terms, Volume):
            projected = projection(term, terms, period, window.days_known(window.segments), at)
        return RunningPromise(
            status=promise_status(settled, at),
            budget=lead_budget(terms, settled.known),
            downtime_budget=downtime_budget(terms, period, settled.known),
            projection=projected,
            capacity=served,
            load=Fraction(settled.known.get("delivered", 0), served) if served else None,
        )
