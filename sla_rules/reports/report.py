"""The report of an agreement: by obligation, period and segment, as published and as known now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sla_rules.agreement.judged_intervals import INTERVALS
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term, Version
from sla_rules.evaluation.notices import Notice
from sla_rules.instants import Instant
from sla_rules.names import ALL_SEGMENTS
from sla_rules.notation import Granularity
from sla_rules.reports.agreement_events import agreement_events
from sla_rules.reports.explained_events import EventName
from sla_rules.reports.goal_ledger import goal_ledger
from sla_rules.reports.period_figures import PeriodFigures
from sla_rules.reports.result import Breach, LeftOut, ObligationReport, Report, Uncovered
from sla_rules.reports.settlement import settlement
from sla_rules.reports.window import Window
from sla_rules.time.periods import Period, next_first_day, period_from, period_of


class Scope(NamedTuple):
    """What a report covers: periods from the one that holds `begin` to the one that holds `until`."""

    begin: Instant
    until: Instant


def report(rules: RuleBook, agreement: str, figures: PeriodFigures, scope: Scope) -> Report:
    """All that can be said of an agreement; obligations of former versions come after those in force."""
    versions = [version for version in rules.versions[agreement] if version.since <= scope.until]
    by_obligation = [
        (terms, _windows(rules, terms, figures, scope)) for terms in terms_by_obligation(versions).values()
    ]
    settled = [window.settled() for _, windows in by_obligation for window in windows]
    return Report(
        agreement=agreement,
        version=versions[-1].agreement.version if versions else None,
        until=scope.until,
        obligations=tuple(_obligation(rules, terms, windows, figures, scope.until) for terms, windows in by_obligation),
        uncovered=Uncovered(figures.uncovered),
        quarantined=_left_out(figures.quarantined),
        unpublished=_left_out(figures.unpublished),
        unfoldable=tuple(sorted(figures.unfoldable)),
        consequences=settlement(rules.versions[agreement][-1].agreement, settled, scope.until),
        events=agreement_events(rules.versions[agreement][-1], settled, scope.until),
        breaches=tuple(breach(notice) for notice in _in_order(figures.notices) if notice.agreement == agreement),
    )


def breach(notice: Notice) -> Breach:
    """A notice that stands, as a report has it."""
    return Breach(
        key=notice.key,
        kind=notice.status,
        obligation=notice.obligation,
        lead=notice.lead,
        cycle=notice.cycle,
        message=None if notice.message is None else EventName(notice.message.source, notice.message.id),
        deadline=notice.deadline,
        late_by=notice.late_by,
        ended_at=notice.ended_at,
        ended_by=notice.ended_by,
        historic=notice.historic,
        tier=notice.tier,
        version=notice.version,
        segment=None if notice.segment == ALL_SEGMENTS else notice.segment,
        rep=notice.rep,
        team=notice.team,
    )


def periods_between(rules: RuleBook, terms: Sequence[Term], interval: Granularity, scope: Scope) -> Iterator[Period]:
    """The periods of an obligation that the report covers, as far as it was in force."""
    zone = rules.zone_of(terms[0].name[0])
    last = min(scope.until, terms[-1].until - 1)
    period = period_of(interval, max(scope.begin, terms[0].since), zone, terms[0].year_begins)
    while period.start <= last:
        if any(term.since < period.end and period.start < term.until for term in terms):
            yield period
        period = period_from(interval, next_first_day(interval, period.first), zone)


def _left_out(leads: Mapping[str, str]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(lead, why) for lead, why in sorted(leads.items()))


def _in_order(notices: Sequence[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda notice: (notice.deadline, notice.lead, notice.key))


def terms_by_obligation(versions: Sequence[Version]) -> dict[str, list[Term]]:
    """The terms of each obligation, those of the latest version last."""
    found: dict[str, list[Term]] = {}
    for version in reversed(versions):
        for term in version.terms:
            found.setdefault(term.obligation.id, []).insert(0, term)
    return found


def _windows(rules: RuleBook, terms: Sequence[Term], figures: PeriodFigures, scope: Scope) -> list[Window]:
    return [
        Window(rules, terms, figures, period, scope.until)
        for interval in INTERVALS
        if any(interval in term.obligation.intervals for term in terms)
        for period in periods_between(rules, terms, interval, scope)
    ]


def _obligation(
    rules: RuleBook, terms: Sequence[Term], windows: Sequence[Window], figures: PeriodFigures, until: Instant
) -> ObligationReport:
    latest = terms[-1].obligation
    has_segments = any(term.agreement.segments for term in terms)
    return ObligationReport(
        id=latest.id,
        kind=latest.kind,
        periods=tuple(window.of(segment) for window in windows for segment in window.segments),
        totals=tuple(window.total() for window in windows) if has_segments else (),
        ledger=goal_ledger(rules, terms, windows, figures, until) if isinstance(latest, Volume) else None,
    )
