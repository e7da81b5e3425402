"""The clock of a promise: whose hours, the time that it ran in, the pauses taken out, what is left of it, and how late it is."""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Final, Literal

from sla_rules.agreement.deadlines import Deadline
from sla_rules.agreement.obligations import Depth, Speed
from sla_rules.evaluation.assessment import CycleEvaluation, Milestone
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.evaluation.timed import is_owed, status_of, watch_of
from sla_rules.instants import Instant
from sla_rules.lead.cycle import CREATION, Cycle
from sla_rules.reports.explained_clock import (
    Ahead,
    ClockRun,
    Hours,
    Lateness,
    LaterHours,
    Pause,
    Progress,
    Span,
    SpansLeftOut,
)
from sla_rules.time.intervals import FOREVER, Interval, union
from sla_rules.time.stopwatch import Stopwatch

MOST_SPANS: Final = 20
"""So many are shown one by one."""
AT_EACH_END: Final = 5
"""So many of more are shown at the beginning, and at the end."""


def clock_run(
    evaluation: CycleEvaluation,
    terms: Speed | Depth,
    start: Instant,
    due: Instant | None,
    done: Instant | None,
    ahead: Sequence[Milestone],
    now: Instant,
) -> ClockRun:
    """The clock of a promise that started and is due at instants: whose hours, what of them was used, and what is left by `now`.

    `done` is when what was promised was, `ahead` what is published if it goes on as it is.
    """
    watch, deadline, cycle = watch_of(evaluation, terms), terms.deadline, evaluation.cycle
    within = deadline.within
    shown, left_out = ((), None) if due is None else spans(watch, start, due)
    missed = None if status_of(cycle, due, done, now) != "breached" else due
    return ClockRun(
        clock=deadline.clock,
        calendar=_hours(evaluation, cycle.owners[0].team) if deadline.clock == "working" else None,
        later_calendars=tuple(
            LaterHours(change.since, _hours(evaluation, cycle.owner_at(change.since).team)) for change in watch.changes
        ),
        within=within if isinstance(within, int) else None,
        working_days=None if isinstance(within, int) else within,
        clock_started=start,
        deadline=due,
        spans_to_deadline=shown,
        spans_left_out=left_out,
        pauses=tuple(sorted(_stood(cycle, pauses=terms.pauses), key=attrgetter("start"))),
        progress=_progress(watch, deadline, start, due, ahead, now) if is_owed(cycle, done) else None,
        lateness=None if missed is None else _lateness(watch, missed, done, cycle, now),
    )


def spans(watch: Stopwatch, start: Instant, end: Instant) -> tuple[tuple[Span, ...], SpansLeftOut | None]:
    """The time that a clock ran from start to end: open hours (all hours of one by the wall), less the pauses.

    Of more than `MOST_SPANS` the first few and the last few, and what lies between them.
    """
    ran = [Span(span.start, span.end, span.length) for span in watch.ran(start, end)]
    if len(ran) <= MOST_SPANS:
        return tuple(ran), None
    between = ran[AT_EACH_END:-AT_EACH_END]
    length = sum(span.length for span in between)
    left_out = SpansLeftOut(count=len(between), start=between[0].start, end=between[-1].end, length=length)
    return (*ran[:AT_EACH_END], *ran[-AT_EACH_END:]), left_out


def _progress(
    watch: Stopwatch, deadline: Deadline, start: Instant, due: Instant | None, ahead: Sequence[Milestone], now: Instant
) -> Progress:
    """How far a clock that started at an instant has run by `now`."""
    so_far = Interval(start, max(start, now))
    return Progress(
        used=watch.elapsed(*so_far),
        used_wall=so_far.length,
        left=watch.left(start, deadline.within, so_far.end),
        left_wall=None if due is None else max(0, due - now),
        paused=sum((pause & so_far).length for pause in union(watch.pauses)),
        ahead=tuple(_ahead(one) for one in sorted(ahead, key=_at) if one.tier != DEADLINE_TIER),
    )


def _lateness(watch: Stopwatch, due: Instant, done: Instant | None, cycle: Cycle, now: Instant) -> Lateness:
    """How late what was due came, or how long it had been owed when the cycle ended, or is by `now`."""
    until: Literal["done", "ended", "now"] = "done" if done is not None else "now" if cycle.end is None else "ended"
    stop = next(at for at in (done, cycle.end, now) if at is not None)
    return Lateness(late=watch.elapsed(due, stop), wall=stop - due, until=until)


def _ahead(milestone: Milestone) -> Ahead:
    if milestone.turn is not None:
        return Ahead("reassignment_due", milestone.tier, milestone.at)
    return Ahead("warning" if milestone.tier.startswith("warning") else "escalation", milestone.tier, milestone.at)


def _at(milestone: Milestone) -> Instant:
    return milestone.at


def _stood(cycle: Cycle, *, pauses: bool) -> Iterator[Pause]:
    for pause in cycle.pauses:
        yield Pause(start=pause.start, end=None if pause.end == FOREVER else pause.end, taken_out=pauses, closed=False)
    for closed in cycle.closed_for:
        yield Pause(start=closed.start, end=closed.end, taken_out=True, closed=True)


def _hours(evaluation: CycleEvaluation, team: str | None) -> Hours:
    term = evaluation.term
    if evaluation.cycle.number == CREATION:
        team = None
    hours = term.calendar_of(evaluation.segment, team).hours
    if team is not None and team in term.by_team:
        return Hours(of="team", name=team, time_zone=str(hours.time_zone), hours=hours)
    if evaluation.segment in term.by_segment:
        return Hours(of="segment", name=evaluation.segment, time_zone=str(hours.time_zone), hours=hours)
    return Hours(of="agreement", name=None, time_zone=str(hours.time_zone), hours=hours)
