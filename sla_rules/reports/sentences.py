"""Verdicts in sentences that a sales person understands; local times are those of the agreement's zone."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from sla_rules.agreement.model import Condition, Matcher, Range
from sla_rules.agreement.obligations import Deadline, Depth, FollowUp, Speed
from sla_rules.agreement.rulebook import matches
from sla_rules.evaluation.contributions import DepthContribution, SpeedContribution
from sla_rules.instants import SECOND, Duration, Instant, format_duration, moment
from sla_rules.lead.cycles import Cycle
from sla_rules.lead.facts import Attempted, Excused

HOW_IT_ENDED: Final = {"recycled": "was given back to marketing", "connected": "was connected", "closed": "was closed"}


def local(at: Instant, zone: ZoneInfo) -> str:
    """As `Mon 2026-03-02 10:00:00 CET`."""
    return f"{moment(at).astimezone(zone):%a %Y-%m-%d %H:%M:%S %Z}"


def spoken(duration: Duration) -> str:
    """As `1h30m`; less than a second is said as such."""
    return format_duration(duration) if duration >= SECOND or not duration else "less than a second"


def said_of_speed(
    contribution: SpeedContribution, terms: Speed, cycle: Cycle, followed_up: Instant | None, zone: ZoneInfo
) -> str:
    """What became of the first follow-up."""
    due = _due(contribution.deadline, zone)
    elapsed = contribution.working if terms.deadline.clock == "working" else contribution.wall
    if contribution.status == "excused":
        return _waived(cycle)
    if followed_up is not None and elapsed is not None:
        after = f"{spoken(elapsed)} {clock_of(terms.deadline)} after the clock started"
        if contribution.status == "met":
            return f"In time: followed up at {local(followed_up, zone)}, {after}; {due}."
        late = spoken(followed_up - contribution.deadline) if contribution.deadline is not None else "nothing"
        return f"Late: followed up at {local(followed_up, zone)}, {after}; {due}, {late} before."
    if contribution.status == "closed":
        return f"Neither met nor missed: the lead {_ending(cycle, zone)} before any follow-up; {due}."
    if contribution.status == "open":
        return f"Waiting for the first follow-up; {_due(contribution.deadline, zone, 'is')}."
    ended = f" Later the lead {_ending(cycle, zone)}." if cycle.end is not None else " It is still owed."
    return f"Missed: no follow-up came; {due}.{ended}"


def said_of_depth(
    contribution: DepthContribution, terms: Depth, cycle: Cycle, reached: Instant | None, zone: ZoneInfo
) -> str:
    """What became of the attempts agreed."""
    due = _due(contribution.deadline, zone)
    made = f"{contribution.attempts} of {terms.attempts} attempts"
    match contribution.status:
        case "excused":
            return _waived(cycle)
        case "met" if reached is not None:
            return f"In time: attempt {terms.attempts} was made at {local(reached, zone)}; {due}."
        case "connected":
            return f"Not needed any more: the lead {_ending(cycle, zone)} after {made}; {due}."
        case "closed":
            return f"Neither met nor missed: the lead {_ending(cycle, zone)} after {made}; {due}."
        case "open":
            return f"Under way: {made} so far; {_due(contribution.deadline, zone, 'is')}."
    late = f"; attempt {terms.attempts} came late, at {local(reached, zone)}" if reached is not None else ""
    return f"Missed: {due}, with {made} made up to now{late}."


def clock_of(deadline: Deadline) -> str:
    """By which clock."""
    return "of working time" if deadline.clock == "working" else "by the clock"


def why_not(attempt: Attempted, terms: FollowUp) -> list[str]:
    """Why the agreement does not let an attempt count; nothing where it does."""
    reasons = []
    if not terms.automation and attempt.automated:
        reasons.append("made by automation, and only people's attempts count")
    if attempt.direction not in terms.directions:
        reasons.append(f"{attempt.direction}, and only {' and '.join(terms.directions)} counts")
    if terms.channels is not None and attempt.channel not in terms.channels:
        reasons.append(f"by {attempt.channel}, and only {', '.join(terms.channels)} counts")
    if attempt.duration is not None and attempt.duration < terms.minimum_duration:
        reasons.append(
            f"lasted {spoken(attempt.duration)}, and at least {format_duration(terms.minimum_duration)} is agreed"
        )
    return reasons


def said_of_condition(condition: Condition) -> str:
    """As `role is ceo and score is at least 50`."""
    return " and ".join(f"{name} is {_said_of(matcher)}" for name, matcher in condition.items()) or "every lead"


def unmatched_part(condition: Condition, fields: Mapping[str, object]) -> str:
    """What of a condition the fields do not meet, beside what they are."""
    return "; ".join(
        f"{name} is {fields.get(name, 'not known')}, not {_said_of(matcher)}"
        for name, matcher in condition.items()
        if not matches({name: matcher}, fields)
    )


def _said_of(matcher: Matcher) -> str:
    if isinstance(matcher, Range):
        parts = []
        if matcher.at_least is not None:
            parts.append(f"at least {matcher.at_least:g}")
        if matcher.below is not None:
            parts.append(f"below {matcher.below:g}")
        return " and ".join(parts) or "any number"
    return f"one of {', '.join(matcher)}" if isinstance(matcher, tuple) else str(matcher)


def _due(deadline: Instant | None, zone: ZoneInfo, tense: str = "was") -> str:
    if deadline is None:
        return "no deadline while the lead is paused"
    return f"the deadline {tense} {local(deadline, zone)}"


def _ending(cycle: Cycle, zone: ZoneInfo) -> str:
    if cycle.end is None or cycle.ended_by is None:
        return "went on"
    return f"{HOW_IT_ENDED[cycle.ended_by]} at {local(cycle.end, zone)}"


def _waived(cycle: Cycle) -> str:
    waiver = next((mark for mark in reversed(cycle.marks) if isinstance(mark, Excused)), None)
    said = f" by {waiver.by}: {waiver.reason}" if waiver is not None else ""
    return f"Waived{said}. It is counted apart."
