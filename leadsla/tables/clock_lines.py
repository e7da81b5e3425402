"""The clock of a promise as lines of text: its hours, the time that it ran, what is left of it, and how late it is."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from leadsla.tables.deadlines import days_of
from sla_rules.instants import Duration, Instant, moment
from sla_rules.reports.explained_clock import ClockRun, FollowUp, Hours, Span, SpansLeftOut
from sla_rules.reports.explained_events import Event, EventName
from sla_rules.reports.reasons import Clock
from wording.voice import Voice


def clock_lines(run: ClockRun, zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    """Whose hours, the deadline, the time that adds up to it, and how far it has run."""
    hours = voice.text("explain-every-hour") if run.calendar is None else _hours(run.calendar, voice)
    yield voice.text("explain-clock", clock=run.clock, hours=hours, at=local(run.clock_started, zone, voice))
    for later in run.later_calendars:
        at = local(later.since, zone, voice)
        yield "  " + voice.text("explain-hours-since", at=at, hours=_hours(later.calendar, voice))
    if run.deadline is not None:
        at = local(run.deadline, zone, voice)
        if run.working_days is not None:
            within, time = voice.text("part-working-days", **days_of(run.working_days)), voice.duration(run.open_time)
            yield voice.text("explain-deadline-days", at=at, within=within, time=time)
        elif run.within is not None:
            yield voice.text("explain-deadline", at=at, within=voice.duration(run.within))
        yield from span_lines(run.spans_to_deadline, run.spans_left_out, zone, voice)
    yield from _progress_lines(run, zone, voice)


def _progress_lines(run: ClockRun, zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    """What of the time agreed was used, what is left of it, how late it is, and what comes next."""
    progress, late = run.progress, run.lateness
    if progress is not None:
        used = time_by_both(run.clock, progress.used, progress.used_wall, voice)
        yield voice.text("explain-used", used=used, paused=_unless_none(progress.paused, voice))
        if late is None and (progress.left is not None or progress.left_wall is not None):
            yield voice.text("explain-left", left=time_by_both(run.clock, progress.left, progress.left_wall, voice))
    if late is not None:
        yield voice.text("explain-late", late=time_by_both(run.clock, late.late, late.wall, voice), until=late.until)
    for one in () if progress is None else progress.ahead:
        yield voice.text("explain-ahead", kind=one.kind, tier=one.tier, at=local(one.at, zone, voice))


def time_by_both(clock: Clock, own: Duration | None, wall: Duration | None, voice: Voice) -> str:
    """Time as a clock counts it and as the wall does; once, where both say the same."""
    return voice.text(
        "explain-time",
        clock=clock,
        own=None if own is None or (clock == "wall" and own == wall) else voice.duration(own),
        wall=None if wall is None else voice.duration(wall),
    )


def _unless_none(duration: Duration, voice: Voice) -> str | None:
    return voice.duration(duration) if duration else None


def _hours(of: Hours, voice: Voice) -> str:
    return voice.text("explain-hours", of=of.of, name=of.name, zone=of.time_zone)


def follow_up_lines(found: FollowUp, zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    """When it came, and the time that it took."""
    yield voice.text(
        "explain-follow-up",
        at=local(found.at, zone, voice),
        event=ref(found.event),
        working=voice.duration(found.working),
        wall=voice.duration(found.wall),
    )
    yield from span_lines(found.spans, found.spans_left_out, zone, voice)


def span_lines(spans: Sequence[Span], left_out: SpansLeftOut | None, zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    """Each span, or of many how many there are, the first few and the last few."""
    if left_out is not None:
        together = left_out.length + sum(span.length for span in spans)
        yield "  " + voice.text(
            "explain-spans",
            count=left_out.count + len(spans),
            start=local(spans[0].start, zone, voice),
            end=local(spans[-1].end, zone, voice),
            length=voice.duration(together),
        )
    for span in spans:
        if left_out is not None and span.start >= left_out.end:
            yield "  " + voice.text(
                "explain-spans-left-out", count=left_out.count, length=voice.duration(left_out.length)
            )
            left_out = None
        start, end = local(span.start, zone, voice), local(span.end, zone, voice)
        yield "  " + voice.text("explain-span", start=start, end=end, length=voice.duration(span.length))


def pause_lines(run: ClockRun, zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    """Each pause, and whether it is taken out."""
    for pause in run.pauses:
        end = voice.text("explain-now") if pause.end is None else local(pause.end, zone, voice)
        start, taken_out = local(pause.start, zone, voice), "yes" if pause.taken_out else "no"
        if pause.closed:
            taken_out = "closed"
        elif pause.taken_out and pause.start < run.clock_started:
            taken_out = "from_the_start"
        yield voice.text("explain-pause", start=start, end=end, taken_out=taken_out)


def ref(event: EventName | Event) -> str:
    """An event by its source and id."""
    name = event.name if isinstance(event, Event) else event
    return f"{name.source} {name.id}"


def local(at: Instant, zone: ZoneInfo, voice: Voice) -> str:
    """An instant in the zone of an agreement."""
    return voice.instant(moment(at).astimezone(zone))
