"""What obligations of each kind promise, in half sentences and sentences: for boards and for the descriptions of alerts.

Half sentences of one promise come in order, to be put together with commas; all of it is Markdown.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from dashboards.escaping import markdown
from dashboards.wording import by_clock, deadline, due_times, listed, number, percentage, spoken
from sla_rules.agreement.goals import Quota
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import (
    Availability,
    Deliverable,
    Depth,
    Judges,
    Obligation,
    Retention,
    Speed,
    Volume,
)

_STARTED: Final[Mapping[Judges, str]] = {
    "hand_offs": "the hand-off",
    "creations": "the lead's creation",
    "messages": "each further message of the lead",
}
_BEGUN: Final[Mapping[Judges, str]] = {"hand_offs": "handed off", "creations": "created", "messages": "received"}


def speed(obligation: Speed) -> Iterator[str]:
    """How soon a lead is followed up, and the targets."""
    yield f"{_first(obligation)} within {deadline(obligation.deadline)} from {started(obligation)}"
    yield from _share(obligation.share_in_time)
    if obligation.target.average is not None:
        yield f"{spoken(obligation.target.average)} on average"


def depth(obligation: Depth) -> Iterator[str]:
    """How often a lead is tried, and the targets."""
    yield f"{obligation.attempts} attempts within {deadline(obligation.deadline)}"
    yield from _share(obligation.share_in_time)
    if obligation.target.average is not None:
        yield f"{number(obligation.target.average)} on average"


def volume(obligation: Volume) -> Iterator[str]:
    """How much is delivered in one interval."""
    what = "leads" if obligation.measure == "leads" else "worth of leads"
    yield f"{number(obligation.agreed)} {what} a {obligation.interval}"


def deliverable(obligation: Deliverable) -> Iterator[str]:
    """When it is due, how much, by whom and to whom."""
    yield f"due {due_times(obligation.due)}"
    yield from map(markdown, delivery(obligation))


def availability(obligation: Availability) -> Iterator[str]:
    """How much of the time something is up, by which clock."""
    time = "working time" if obligation.clock == "working" else "time"
    yield f"up {percentage(obligation.target.share)} of the {time}"


def retention(obligation: Retention) -> Iterator[str]:
    """How many customers are kept."""
    yield f"{percentage(obligation.target.share)} of the customers kept"


def delivery(obligation: Deliverable) -> list[str]:
    """How much is delivered each time, by whom, to whom, as far as it was said."""
    said = [f"{number(obligation.wanted)} each time"] if obligation.wanted != 1 else []
    said += [f"by {obligation.by}"] if obligation.by is not None else []
    if isinstance(obligation.to, Mapping):
        return [*said, listed([f"{number(quantity)} to {recipient}" for recipient, quantity in obligation.to.items()])]
    return [*said, f"to {listed(obligation.to)}"] if obligation.to else said


def timed_remarks(obligation: Speed | Depth) -> Iterator[str]:
    """When the clock stands, and who hears before and after."""
    yield from clock_remarks(obligation)
    yield from told_besides(obligation)


def clock_remarks(obligation: Speed | Depth) -> Iterator[str]:
    """When the clock stands, and when it starts again."""
    if obligation.pauses:
        yield "The clock stands while the lead is paused."
    if isinstance(obligation, Speed) and obligation.starts == "handed_off" and obligation.reassignment == "restarts":
        yield "Another owner starts the clock anew."
    if not obligation.follows_fields:
        yield "What was promised at the start stays, whatever the lead becomes."
    if obligation.continues_when_reopened:
        yield "A reopening goes on with the clock, which stood while the lead was closed."


def told_besides(obligation: Speed | Depth) -> Iterator[str]:
    """Warnings before the deadline and escalations after it: they are events, and no alerts."""
    due = obligation.deadline
    if due.warnings:
        yield f"An event warns {listed([by_clock(one, due) for one in due.warnings])} before the deadline."
    if due.escalations:
        yield f"An event escalates it {listed([by_clock(one, due) for one in due.escalations])} after the deadline."
    if isinstance(obligation, Speed) and obligation.reassign_after is not None:
        after = by_clock(obligation.reassign_after, due)
        yield f"An event asks for another owner where nobody has followed up {after} after the lead was taken over."


def started(obligation: Speed | Depth) -> str:
    """What starts the clock."""
    return _STARTED[obligation.judges]


def awaited(obligation: Speed) -> str:
    """What ends the clock."""
    return "answer" if obligation.starts == "inbound" else "follow-up"


def _first(obligation: Speed) -> str:
    return "an answer" if obligation.starts == "inbound" else "a first follow-up"


def begun(obligation: Speed | Depth) -> str:
    """What a lead was, or did, in the window that it counts in."""
    return _BEGUN[obligation.judges]


def counted(obligation: Speed | Depth) -> str:
    """What is counted: of a lead that wrote again and again, each time."""
    return "messages" if obligation.judges == "messages" else "leads"


def averaged(obligation: Speed) -> str:
    """What the average of a window is taken over."""
    if obligation.counted_by == "followed_up":
        return f"{awaited(obligation)}s made"
    return f"{counted(obligation)} {begun(obligation)}"


def judges_quality(agreement: Agreement, obligation: Obligation) -> bool:
    """Whether leads can fall below the agreed quality: only hand-offs are looked at."""
    return bool(agreement.minimum_quality) and obligation.lies_in_hand_offs


def _share(agreed: Decimal | None) -> list[str]:
    return [] if agreed is None else [f"{percentage(agreed)} of the leads in time"]


def goal_remarks(obligation: Volume) -> Iterator[str]:
    """How a goal follows from what sales has to sell."""
    match obligation.goal_from:
        case Quota() as quota:
            yield f"The goal follows from the quota: {_quota(quota)}."
        case dict() as quotas:
            each = "; ".join(f"{segment}: {_quota(quota)}" for segment, quota in quotas.items())
            yield f"The goal is the sum over segments of what their quotas take: {each}."


def no_remarks(_: Obligation) -> Iterator[str]:
    """The promise says it all."""
    yield from ()


def _quota(quota: Quota) -> str:
    share = quota.marketing_share
    of_marketing = "" if share == 1 else f" x {percentage(share)} from marketing's leads"
    return (
        f"{number(quota.revenue)} of revenue{of_marketing} / {number(quota.average_deal)} a deal / "
        f"{percentage(quota.close_rate)} of leads that close = {quota.leads_needed} leads"
    )
