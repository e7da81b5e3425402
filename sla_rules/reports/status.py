"""What there is to say of the promises in force at an instant: how each stands in the periods that run."""

from collections.abc import Iterator

from sla_rules.agreement.judged_intervals import judged_intervals
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.instants import Instant
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.period_figures import WindowTallies
from sla_rules.reports.promise_status import PromiseStatus
from sla_rules.reports.settlement import Settled, targets
from sla_rules.reports.standing import standing_of
from sla_rules.reports.window import Window
from sla_rules.time.periods import Period


def promises(rules: RuleBook, version: Version, figures: WindowTallies, now: Instant) -> tuple[PromiseStatus, ...]:
    """How the promises of a version in force stand."""
    return tuple(
        promise_status(Window(rules, terms_by(rules, term, now), figures, period, now).settled(), now)
        for term, period in running(version, now)
    )


def running(version: Version, now: Instant) -> Iterator[tuple[Term, Period]]:
    """The promises of a version in force, each in the periods that run and that it is judged by."""
    for term in version.terms:
        for interval in judged_intervals(term.agreement, term.obligation):
            yield term, term.period(interval, now)


def terms_by(rules: RuleBook, term: Term, now: Instant) -> list[Term]:
    """An obligation as it stands in each version that has begun."""
    versions = [one for one in rules.versions[term.name[0]] if one.since <= now]
    return [own for one in versions for own in one.terms if own.name == term.name]


def promise_status(one: Settled, now: Instant) -> PromiseStatus:
    """How a promise stands in a period that runs."""
    term, period, obligation = one.term, one.period, one.term.obligation
    line = goal_line(term, obligation, period) if isinstance(obligation, Volume) else None
    return PromiseStatus(
        obligation=obligation.id,
        kind=obligation.kind,
        provider=obligation.provider,
        recipient=obligation.recipient,
        period=CalendarPeriod.of(period),
        standing=standing_of(term, period, one.known, now),
        targets=tuple(targets(obligation, one.known)),
        goal_to_date=None if line is None else goal_to_date(line, now),
    )
