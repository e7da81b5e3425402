"""What the rates of a goal are measured by: a file of events, or what the running service has published."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from leadsla.cli.agreements import AGREEMENTS, agreements_of
from leadsla.cli.broker import settings_of
from leadsla.cli.service_figures import service_figures
from leadsla.event_files.outcome import outcome_of
from leadsla.event_files.question import question_of
from leadsla.planning.chosen import Chosen, chosen_goal
from sla_rules.agreement.goals import Quota
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import Instant
from sla_rules.reports.period_figures import WindowTallies
from sla_rules.reports.planned import Recalculation
from sla_rules.reports.recalculation import ledger_known, recalculated


class Measured(NamedTuple):
    """The goal that is meant, what is known of it, and as of when."""

    goal: Chosen
    rules: RuleBook
    figures: WindowTallies
    until: Instant

    def recalculate(self, quotas: Mapping[str | None, Quota]) -> tuple[Mapping[str | None, Quota], Recalculation]:
        """The quotas by the newest rates that can be trusted, and what these come from."""
        name = (self.goal.agreement.agreement, self.goal.obligation.id)
        rows = ledger_known(self.rules, name, self.figures, self.until)
        if not rows:
            return quotas, Recalculation(at=self.until, currency=self.goal.agreement.currency, parts=())
        return recalculated(quotas, rows[-1], self.until)


def by_events(
    paths: list[Path] | None, agreement: str | None, obligation: str | None, events: str, until: str | None
) -> Measured:
    """By a file of events.

    Raises:
        typer.Exit: with status 2, after saying what is wrong with a file.
        GivenError: it is not clear which goal is meant.

    """
    asked = question_of(paths, None, events, until)
    goal = chosen_goal(paths or [AGREEMENTS], asked.agreed, agreement, obligation)
    rules = RuleBook(goal.versions)
    outcome = outcome_of(goal.versions, rules, asked.facts, asked.scope, 1)
    return Measured(goal, rules, outcome, asked.scope.until)


def by_service(paths: list[Path] | None, agreement: str | None, obligation: str | None, broker: str) -> Measured:
    """By the records of `sla-periods`, as of now.

    Raises:
        typer.Exit: with status 2, after saying what is wrong with a file, or why the topics cannot be read.
        GivenError: it is not clear which goal is meant.

    """
    settings = settings_of(broker=broker)
    files = paths or [settings.agreements]
    goal = chosen_goal(files, agreements_of(files), agreement, obligation)
    rules, figures, *_ = service_figures("plan", settings, goal.versions)
    return Measured(goal, rules, figures, settings.new_clock()())
