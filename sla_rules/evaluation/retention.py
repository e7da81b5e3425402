"""Retention: of the customers who are there when a period begins, how many are still there when it ends.

A customer is there from being won to being lost (`sla_rules.lead.tenures`). What happens at the instant in which a period begins
happens in it: whoever is won then is new in it, and whoever is lost then was there. Who comes back before it ends was kept.
New customers count in the next period.

Time passes without any event: whoever stays counts in every period that begins. So one contribution says in how many periods
of a year (of days, of a month) it was the same, and whoever judges looks again when the next one begins. Of the period that
runs, whoever has not left counts as kept.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from sla_rules.agreement.obligations import Retention
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation, looked_at_again
from sla_rules.evaluation.contributions import LossContribution, LossStatus, RetentionContribution, SumAt, Tenure
from sla_rules.evaluation.kind import Kind, Watching
from sla_rules.instants import Instant
from sla_rules.lead.cycle import Cycle
from sla_rules.lead.cycles import Life
from sla_rules.lead.tenures import span_of, tenures
from sla_rules.notation import Granularity
from sla_rules.time.intervals import Interval
from sla_rules.time.periods import Period, day_of

Counted = tuple[Instant, Tenure]
"""Where a customer counts in a period, and as what."""


def judged(
    evaluation: CycleEvaluation, terms: Retention, life: Life, span: Interval, now: Instant
) -> Iterator[tuple[CycleEvaluation, Assessment]]:
    """What is said of a tenure, the cycle evaluated, in a span of time in which one version is in force: of each period, and of its loss."""
    term, segment, every = evaluation.term, evaluation.segment, tenures(life)
    found: list[RetentionContribution] = []
    wakes: list[Instant] = []
    for interval in terms.intervals:
        counted, wake = _counted(term, interval, evaluation.cycle, every, span, now)
        wakes.extend(() if wake is None else (wake,))
        found.extend(
            RetentionContribution(term.index, segment, interval, kind, starts)
            for kind, starts in _runs(counted, term, interval)
        )
    if wakes and not found:
        found.append(RetentionContribution(term.index, segment, terms.intervals[0], "kept", ()))
    for assessment in looked_at_again(found, min(wakes, default=None)):
        yield evaluation, assessment
    end = evaluation.cycle.end
    if end is not None and span.start <= end < span.end:
        yield evaluation, _lost(evaluation, end, came_back(evaluation.cycle, every), now)


def assess(evaluation: CycleEvaluation, _: Retention, __: Instant) -> Assessment:
    """Nothing: a customer is judged by its whole life (`judged`)."""
    message = f"{evaluation.lead} is judged by its tenures"
    raise TypeError(message)


def came_back(tenure: Cycle, every: Sequence[Cycle]) -> Instant | None:
    """When a customer that was lost was won again; None where it was not."""
    return every[tenure.number].start if tenure.number < len(every) else None


def _lost(evaluation: CycleEvaluation, end: Instant, back_at: Instant | None, now: Instant) -> Assessment:
    """The verdict on a loss, an event that breaks the promise at its instant, whenever the customer comes back."""
    cycle = evaluation.cycle
    status: LossStatus = "excused" if cycle.excused else "open" if end >= now or back_at == end else "breached"
    contribution = LossContribution(
        term=evaluation.term.index,
        segment=evaluation.segment,
        team=cycle.owner_at(end).team,
        start=end,
        deadline=end,
        status=status,
        historic=evaluation.is_historic(end),
    )
    return evaluation.lose(contribution, end, now, back_at)


def _counted(
    term: Term, interval: Granularity, tenure: Cycle, every: Sequence[Cycle], span: Interval, now: Instant
) -> tuple[list[Counted], Instant | None]:
    """Where a tenure counts in the periods that have begun, and when the next one begins in which it does."""
    found: list[Counted] = []
    period = term.period(interval, span.start)
    if period.start > now:
        return found, period.start
    if span.start == tenure.start and not _was_there(every[: tenure.number - 1], period):
        found.append((tenure.start, "won"))
    if period.start < span.start or period.start == tenure.start:
        period = term.period(interval, period.end)
    while period.start < span.end:
        if period.start > now:
            return found, period.start
        found.append((period.start, _outcome(tenure, every, period)))
        period = term.period(interval, period.end)
    return found, None


def _was_there(before: Sequence[Cycle], period: Period) -> bool:
    """Whether a customer was there in a period before the tenure that is won in it."""
    return any(one.end is None or one.end >= period.start for one in before)


def _outcome(tenure: Cycle, every: Sequence[Cycle], period: Period) -> Tenure:
    """What became of a customer who was there when a period began."""
    if any(one.start < period.end and (one.end is None or one.end >= period.end) for one in every):
        return "kept"
    return "excused" if tenure.excused else "lost"


def _runs(counted: list[Counted], term: Term, interval: Granularity) -> Iterator[tuple[Tenure, tuple[Instant, ...]]]:
    """The same outcome in periods one after the other, within a year; of days within a month, since each adds to its run."""

    def alike(one: Counted) -> tuple[Tenure, int, int]:
        day = day_of(one[0], term.zone)
        return one[1], day.year, day.month if interval == "day" else 0

    for (kind, *_), run in groupby(counted, alike):
        yield kind, tuple(at for at, _ in run)


def count(contribution: RetentionContribution | LossContribution, _: Retention, by: int, sum_at: SumAt) -> None:
    """Count customers into the figures of periods of one length, and a loss into those of all in which it lies."""
    if isinstance(contribution, LossContribution):
        if contribution.status == "breached":
            sum_at(contribution, contribution.start)["losses"] += by
        return
    for at in contribution.starts:
        counting = sum_at(contribution, at)
        for name in _FIGURES[contribution.outcome]:
            counting[name] += by


_FIGURES: Final = {
    "kept": ("leads", "met"),
    "lost": ("leads", "breached"),
    "won": ("won",),
    "excused": ("excused",),
}


def _spans(life: Life) -> Iterator[tuple[Cycle, Interval]]:
    return ((tenure, span_of(tenure)) for tenure in tenures(life))


KIND: Final = Kind(
    assess=assess,
    once=False,
    count=count,
    gives=(RetentionContribution, LossContribution),
    always_by_day=False,
    watched=Watching(_spans, judged),
)
