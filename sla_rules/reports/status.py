"""What there is to say of the promises in force at an instant: how each stands in the periods that run."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.instants import Instant
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.period_figures import WindowTallies
from sla_rules.reports.service_status import AgreementStatus, PromiseStatus, ServiceStatus
from sla_rules.reports.settlement import judged_intervals, targets
from sla_rules.reports.standing import standing_of
from sla_rules.reports.topic_tallies import TopicTallies
from sla_rules.reports.window import Window
from sla_rules.time.periods import Period


class Reading(NamedTuple):
    """How much was read of the topic: of so many partitions so many figures, the newest of `latest`."""

    partitions: int
    records: int
    latest: Instant | None


def service_status(
    rules: RuleBook, figures: TopicTallies, reading: Reading, now: Instant, agreements: Collection[str] | None = None
) -> ServiceStatus:
    """How the promises of all agreements in force stand, or of those named."""
    return ServiceStatus(
        at=now,
        partitions=reading.partitions,
        records=reading.records,
        latest=reading.latest,
        agreements=tuple(
            AgreementStatus(
                agreement=version.agreement.agreement,
                version=version.agreement.version,
                listening_since=rules.listening_since.get(version.agreement.agreement),
                partitions=len(_partitions(version, figures, now)),
                promises=promises(rules, version, figures, now),
            )
            for version in rules.in_force(now)
            if agreements is None or version.agreement.agreement in agreements
        ),
    )


def promises(rules: RuleBook, version: Version, figures: WindowTallies, now: Instant) -> tuple[PromiseStatus, ...]:
    """How the promises of a version in force stand."""
    versions = [one for one in rules.versions[version.agreement.agreement] if one.since <= now]
    return tuple(
        _promise(rules, [own for one in versions for own in one.terms if own.name == term.name], figures, period, now)
        for term, period in _running(version, now)
    )


def _running(version: Version, now: Instant) -> Iterator[tuple[Term, Period]]:
    for term in version.terms:
        for interval in judged_intervals(term.agreement, term.obligation):
            yield term, term.period(interval, now)


def _partitions(version: Version, figures: TopicTallies, now: Instant) -> set[int]:
    running = {(*term.name, period.interval, period.first) for term, period in _running(version, now)}
    return {
        partition
        for key, partitions in figures.by_partition.items()
        if (key.agreement, key.obligation, key.interval, key.first) in running
        for partition in partitions
    }


def _promise(
    rules: RuleBook, terms: Sequence[Term], figures: WindowTallies, period: Period, now: Instant
) -> PromiseStatus:
    term = terms[-1]
    obligation, known = term.obligation, Window(rules, terms, figures, period, now).settled().known
    line = goal_line(term, obligation, period) if isinstance(obligation, Volume) else None
    return PromiseStatus(
        obligation=obligation.id,
        kind=obligation.kind,
        provider=obligation.provider,
        recipient=obligation.recipient,
        period=CalendarPeriod.of(period),
        standing=standing_of(term, period, known, now),
        targets=tuple(targets(obligation, known)),
        goal_to_date=None if line is None else goal_to_date(line, now),
    )
