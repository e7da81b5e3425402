"""An explanation as lines of text."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from leadsla.tables.clock_lines import clock_lines, follow_up_lines, local, pause_lines, ref, span_lines, time_by_both
from sla_rules.agreement.flags import Flag
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.vocabulary import LEAD
from sla_rules.instants import iso
from sla_rules.reports.explained import DealCount, DealExplained, Explanation, NearestDeadline
from sla_rules.reports.explained_clock import Attempt
from sla_rules.reports.explained_head import SegmentStay, VerdictHead
from sla_rules.reports.explained_verdicts import (
    AvailabilityVerdict,
    Confirmation,
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


def show_explanation(console: Console, found: Explanation, rules: RuleBook, voice: Voice) -> None:
    """Print all that is known of a lead, and why."""
    title = Text(voice.text("explain-lead", about=about_of(rules), lead=found.lead), "bold")
    console.print(title.append(f" {voice.text('explain-as-of', until=iso(found.until))}", "not bold"))
    for line in (*_judged(found, rules, voice), *_not_judged(found, voice)):
        console.print(line)


def about_of(rules: RuleBook) -> str:
    """What the agreements are about; leads, where they are about several subjects."""
    subjects = {version.agreement.subject for versions in rules.versions.values() for version in versions}
    return subjects.pop() if len(subjects) == 1 else LEAD


def _judged(found: Explanation, rules: RuleBook, voice: Voice) -> Iterator[Text]:
    """What is due next, what counts, and for what."""
    if found.nearest_deadline is not None:
        yield Text(_nearest(found.nearest_deadline, rules.zone_of(found.nearest_deadline.agreement), voice))
    if found.merged_into is not None:
        into = found.merged_into
        yield Text(voice.text("explain-merged", lead=into.lead, event=ref(into.event)))
    for verdict in found.verdicts:
        yield from _of_verdict(verdict, rules, voice)
    for cycle in found.uncovered:
        said = voice.say(cycle.verdict)
        yield Text(f"\n{voice.text('explain-uncovered', cycle=cycle.cycle, at=iso(cycle.started.at), verdict=said)}")
    for deal in found.deals:
        yield from _of_deal(deal, voice)
    if found.quarantined is not None:
        yield Text(voice.text("explain-quarantined", why=found.quarantined), "red")
    elif not found.verdicts and not found.uncovered:
        yield Text(voice.text("explain-nothing"))


def _not_judged(found: Explanation, voice: Voice) -> Iterator[Text]:
    """What does not count, and why."""
    for one in found.not_applying:
        said = voice.say(one.why)
        yield Text(f"\n{voice.text('explain-not-applying', agreement=one.agreement, cycle=one.cycle, why=said)}")
    for stray in found.attempts_in_no_cycle:
        event, at, why = ref(stray.event.name), iso(stray.event.time), voice.say(stray.why_not)
        yield Text(f"\n{voice.text('explain-stray', event=event, at=at, why=why)}")
    for seen in found.events:
        if seen.why_not is not None and not seen.counts:
            event, why = ref(seen.event.name), voice.say(seen.why_not)
            yield Text(f"\n{voice.text('explain-left-out', event=event, type=seen.event.type, why=why)}")


def _nearest(nearest: NearestDeadline, zone: ZoneInfo, voice: Voice) -> str:
    left = time_by_both(nearest.clock or "wall", nearest.left, nearest.left_wall, voice)
    promise = _promise(nearest, voice) + _which(nearest.cycle, voice, of_message=nearest.message is not None)
    return voice.text("explain-nearest", at=local(nearest.deadline, zone, voice), left=left, promise=promise)


def _of_verdict(verdict: Verdict, rules: RuleBook, voice: Voice) -> Iterator[Text]:
    if isinstance(verdict, DeliveryVerdict):
        yield from _heading(verdict, verdict.status, voice, None)
        yield _indented(voice.say(verdict.verdict))
        zone = rules.zone_of(verdict.agreement)
        yield from map(_indented, _delivery_lines(verdict, zone, voice))
        return
    head, zone = verdict.head, rules.zone_of(verdict.head.agreement)
    yield from _heading(head, verdict.status, voice, head.cycle, of_message=head.message is not None)
    yield _indented(voice.say(verdict.verdict))
    yield from map(_indented, _head_lines(head, zone, voice))
    if isinstance(verdict, AvailabilityVerdict):
        yield from map(_indented, _waived_lines(verdict, zone, voice))
    if isinstance(verdict, TenureVerdict):
        yield from map(_indented, _counted_lines(verdict, voice))
        yield from map(_indented, _notice_lines(verdict.notices, zone, voice))
    if isinstance(verdict, OutageVerdict):
        yield from map(_indented, span_lines(verdict.spans, verdict.spans_left_out, zone, voice))
        yield from map(_indented, _notice_lines(verdict.notices, zone, voice))
    if isinstance(verdict, SpeedVerdict | DepthVerdict):
        yield from map(_indented, clock_lines(verdict.run, zone, voice))
        if isinstance(verdict, SpeedVerdict) and verdict.follow_up is not None:
            yield from map(_indented, follow_up_lines(verdict.follow_up, zone, voice))
        yield from map(_indented, pause_lines(verdict.run, zone, voice))
        yield from map(_indented, _attempt_lines(verdict.attempts, zone, voice))
        yield from map(_indented, _notice_lines(verdict.notices, zone, voice))


def _heading(
    of: VerdictHead | DeliveryVerdict, status: Status, voice: Voice, cycle: int | None, *, of_message: bool = False
) -> Iterator[Text]:
    which, colour = _which(cycle, voice, of_message=of_message), COLOURS.get(status, "yellow")
    yield Text.assemble(
        "\n", (_promise(of, voice), "bold"), which, ": ", (voice.text(f"status-{status.replace('_', '-')}"), colour)
    )


def _promise(of: VerdictHead | DeliveryVerdict | NearestDeadline, voice: Voice) -> str:
    return voice.text("explain-verdict", agreement=of.agreement, version=of.version, obligation=of.obligation)


def _which(cycle: int | None, voice: Voice, *, of_message: bool) -> str:
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


def _of_deal(deal: DealExplained, voice: Voice) -> Iterator[Text]:
    outcome = voice.text(
        "explain-deal-outcome",
        outcome=deal.outcome,
        at=iso(deal.closed_at),
        amount=voice.money(deal.amount),
        currency=deal.currency,
    )
    yield Text.assemble("\n", (voice.text("explain-deal", deal=deal.deal), "bold"), f": {outcome}")
    yield _indented(voice.text("explain-deal-event", event=ref(deal.event.name)))
    for part in deal.counts_for:
        yield _indented(_deal_line(part, voice))


def _deal_line(part: DealCount, voice: Voice) -> str:
    said = voice.text(
        "explain-deal-count",
        agreement=part.agreement,
        obligation=part.obligation,
        segment="" if part.segment is None else f" ({part.segment})",
        marketings="yes" if part.marketings else "no",
    )
    return f"{said}, {voice.text('explain-deal-converts')}" if part.converts_the_lead else said


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


def _indented(line: str) -> Text:
    return Text(f"  {line}")
