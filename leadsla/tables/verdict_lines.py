"""A verdict as lines of text: the promise, how it stands, and all that it comes from."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from rich.text import Text

from leadsla.tables.clock_lines import clock_lines, follow_up_lines, local, pause_lines, ref, span_lines
from sla_rules.agreement.flags import Flag
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.reports.explained import NearestDeadline
from sla_rules.reports.explained_clock import Attempt
from sla_rules.reports.explained_head import SegmentStay, VerdictHead
from sla_rules.reports.explained_verdicts import (
    AvailabilityVerdict,
    Confirmation,
    CountedVerdict,
    DeliveryVerdict,
    DepthVerdict,
    OutageVerdict,
    SpeedVerdict,
    Status,
    TenureVerdict,
    Verdict,
)
from sla_rules.reports.reasons import Reason
from sla_rules.reports.result import Breach
from wording.voice import Voice

COLOURS: Final[dict[Status, str]] = {"met": "green", "delivered": "green", "breached": "red"}
"""Of what is neither good nor bad: yellow."""


def verdict_lines(verdict: Verdict, rules: RuleBook, voice: Voice) -> Iterator[Text]:
    """The promise and how it stands, the verdict in a sentence, and what it comes from."""
    lines = [voice.say(verdict.verdict)]
    if isinstance(verdict, DeliveryVerdict):
        zone = rules.zone_of(verdict.agreement)
        yield _heading(verdict, verdict.status, voice, None)
    else:
        head, zone = verdict.head, rules.zone_of(verdict.head.agreement)
        yield _heading(head, verdict.status, voice, head.cycle, of_message=head.message is not None)
        lines += _head_lines(head, zone, voice)
    yield from map(indented, (*lines, *_lines_by_kind(verdict, zone, voice)))


def _lines_by_kind(verdict: Verdict, zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    """What only promises of its kind have."""
    match verdict:
        case SpeedVerdict() | DepthVerdict():
            yield from clock_lines(verdict.run, zone, voice)
            if isinstance(verdict, SpeedVerdict) and verdict.follow_up is not None:
                yield from follow_up_lines(verdict.follow_up, zone, voice)
            yield from pause_lines(verdict.run, zone, voice)
            yield from _attempt_lines(verdict.attempts, zone, voice)
            yield from _notice_lines(verdict.notices, zone, voice)
        case AvailabilityVerdict():
            yield from _waived_lines(verdict, zone, voice)
        case OutageVerdict():
            yield from span_lines(verdict.spans, verdict.spans_left_out, zone, voice)
            yield from _notice_lines(verdict.notices, zone, voice)
        case TenureVerdict():
            yield from _counted_lines(verdict, voice)
            yield from _notice_lines(verdict.notices, zone, voice)
        case DeliveryVerdict():
            yield from _delivery_lines(verdict, zone, voice)
        case CountedVerdict():
            pass
        case _:
            assert_never(verdict)


def _heading(
    of: VerdictHead | DeliveryVerdict, status: Status, voice: Voice, cycle: int | None, *, of_message: bool = False
) -> Text:
    which, colour = which_cycle(cycle, voice, of_message=of_message), COLOURS.get(status, "yellow")
    return Text.assemble(
        "\n", (promise_of(of, voice), "bold"), which, ": ", (voice.text(f"status-{status.replace('_', '-')}"), colour)
    )


def promise_of(of: VerdictHead | DeliveryVerdict | NearestDeadline, voice: Voice) -> str:
    """Which obligation of which version of an agreement."""
    return voice.text("explain-verdict", agreement=of.agreement, version=of.version, obligation=of.obligation)


def which_cycle(cycle: int | None, voice: Voice, *, of_message: bool) -> str:
    """Which cycle, or which message of it, to stand behind the promise; nothing where there are none."""
    return "" if cycle is None else voice.text("explain-message" if of_message else "explain-cycle", cycle=cycle)


def _head_lines(head: VerdictHead, zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    started = local(head.started.at, zone, voice)
    yield voice.text("explain-started", at=started, event=ref(head.started.event))
    yield voice.text("explain-version", version=head.version, because=voice.say(head.version_because))
    yield voice.text("explain-segment", segment=head.segment, because=voice.say(head.segment_because))
    yield from _stay_lines(head.stays, zone, voice)
    for owner in head.owners:
        yield voice.text("explain-owner", who=_who(owner.rep, owner.team, voice), since=local(owner.since, zone, voice))


def _stay_lines(stays: Sequence[SegmentStay], zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    """What the lead was until its fields changed, and what it was then."""
    for before, after in pairwise(stays):
        if before.until is not None:
            at = local(before.until, zone, voice)
            yield voice.text("explain-changed", before=_stay(before, voice), at=at, after=_stay(after, voice))


def _stay(stay: SegmentStay, voice: Voice) -> str:
    if not stay.applies:
        return voice.text("explain-outside-agreement")
    return voice.text("explain-in-segment", segment=stay.segment)


def _counted_lines(verdict: TenureVerdict, voice: Voice) -> Iterator[str]:
    """The periods in which a customer was the same, from the first to the last of them."""
    for (interval, outcome), same in groupby(verdict.periods, key=lambda one: (one.interval, one.outcome)):
        periods = list(same)
        yield voice.text(
            "explain-counted-periods",
            outcome=outcome,
            interval=interval,
            count=len(periods),
            first=voice.day(periods[0].first),
            last=voice.day(periods[-1].first),
        )


def _waived_lines(verdict: AvailabilityVerdict, zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    yield voice.text("explain-excused-time", excused=voice.duration(verdict.excused))
    for one in verdict.announcements:
        yield voice.text(
            "explain-excused-span",
            start=local(one.start, zone, voice),
            end=local(one.end, zone, voice),
            said=local(one.event.time, zone, voice),
            by=one.by or None,
            reason=one.reason or None,
            event=ref(one.event.name),
            counts="yes" if one.counts else "no",
        )


def _attempt_lines(attempts: Sequence[Attempt], zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    for attempt in attempts:
        yield voice.text(
            "explain-attempt",
            at=local(attempt.event.time, zone, voice),
            channel=attempt.channel,
            who=attempt.rep or attempt.actor,
            event=ref(attempt.event.name),
            counts=_flagged(_counts(attempt.why_not, voice, attempt.counts_from_start), attempt.flags, voice),
        )


def _notice_lines(notices: Sequence[Breach], zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    for notice in notices:
        at = local(notice.deadline, zone, voice)
        who = _who(notice.rep, notice.team, voice)
        yield voice.text("explain-published", kind=notice.kind, tier=notice.tier, at=at, who=who)


def _delivery_lines(verdict: DeliveryVerdict, zone: ZoneInfo, voice: Voice) -> Iterator[str]:
    if verdict.moved_from is not None:
        yield voice.text("explain-moved", day=voice.day(verdict.moved_from, weekday=True))
    quantity, wanted = voice.number(verdict.quantity), voice.number(verdict.wanted)
    yield voice.text("explain-confirmed", quantity=quantity, wanted=wanted)
    for of in verdict.recipients:
        quantity, wanted = voice.number(of.quantity), voice.number(of.wanted)
        yield "  " + voice.text("explain-recipient", to=of.to, quantity=quantity, wanted=wanted)
    for one in verdict.confirmations:
        yield voice.text(
            "explain-confirmation",
            at=local(one.event.time, zone, voice),
            said=_said_of(one, voice),
            event=ref(one.event.name),
            counts=_counts_of(one, voice),
        )


def _counts_of(one: Confirmation, voice: Voice) -> str:
    if one.why_not is None and one.counted < one.quantity:
        return voice.text("explain-counts-in-part", counted=voice.number(one.counted))
    return _counts(() if one.why_not is None else (one.why_not,), voice)


def _said_of(one: Confirmation, voice: Voice) -> str:
    by = "" if one.by is None else f", {voice.text('explain-by', by=one.by)}"
    to = "" if one.to is None else f", {voice.text('explain-to', to=one.to)}"
    return f"{voice.number(one.quantity)}{by}{to}"


def _counts(why_not: Sequence[Reason], voice: Voice, because: Reason | None = None) -> str:
    if not why_not:
        counts = voice.text("explain-counts")
        return counts if because is None else f"{counts}: {voice.say(because)}"
    return voice.text("explain-does-not-count", why="; ".join(map(voice.say, why_not)))


def _flagged(said: str, flags: Sequence[Flag], voice: Voice) -> str:
    named = ", ".join(voice.text(f"flag-{flag.replace('_', '-')}") for flag in flags)
    return voice.text("explain-flagged", said=said, flags=named) if flags else said


def _who(rep: str | None, team: str | None, voice: Voice) -> str:
    return voice.text("explain-who", rep=rep, team=team) if rep or team else voice.text("explain-nobody")


def indented(line: str) -> Text:
    """A line that stands below a heading."""
    return Text(f"  {line}")
