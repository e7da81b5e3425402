"""What an obligation promises, in sentences: for boards and for the descriptions of alerts."""

from collections.abc import Iterator

from dashboards.escaping import markdown
from dashboards.wording import (
    by_clock,
    condition,
    deadline,
    due_times,
    listed,
    number,
    party,
    percentage,
    spoken,
    title,
)
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Deliverable, Depth, Obligation, Quota, Speed, Volume
from sla_rules.notation import MONTHS


def agreed(agreement: Agreement) -> Iterator[str]:
    """Markdown, line by line: every promise with who gives it to whom, and what holds for all of them."""
    for one in agreement.obligations:
        yield (
            f"- **{markdown(title(one))}** ({markdown(party(agreement, one.provider))} for "
            f"{markdown(party(agreement, one.recipient))}): "
            f"{' '.join((f'{terms(one)}.', *remarks(one)))}"
        )
        for remedy in agreement.remedies:
            if remedy.obligation == one.id:
                action = markdown(remedy.action.strip().rstrip("."))
                yield f"    - When it is missed: {markdown(remedy.owner)}, within {spoken(remedy.within)}: {action}."
    if agreement.minimum_quality:
        yield f"- A lead is ready with {markdown(condition(agreement.minimum_quality))}; one below that counts for no one."
    own = [f"segment {one.id} ({one.calendar})" for one in agreement.segments if one.calendar is not None]
    own += [f"team {markdown(name)} ({team.calendar})" for name, team in agreement.teams.items()]
    if own:
        yield f"- Hours of their own: {listed(own)}."
    counted = {interval for obligation in agreement.obligations for interval in obligation.intervals}
    if agreement.year_begins != MONTHS[0] and counted & {"quarter", "year"}:
        yield f"- The year begins with {agreement.year_begins.capitalize()}, and every three months a quarter."


def terms(obligation: Obligation) -> str:
    """What is owed, with its target: half a sentence of Markdown."""
    return ", ".join(_terms(obligation))


def delivery(obligation: Deliverable) -> list[str]:
    """How much is delivered each time, by whom, to whom, as far as it was said."""
    said = [f"{number(obligation.quantity)} each time"] if obligation.quantity != 1 else []
    said += [f"by {obligation.by}"] if obligation.by is not None else []
    return [*said, f"to {listed(obligation.to)}"] if obligation.to else said


def remarks(obligation: Obligation) -> Iterator[str]:
    """Whole sentences on what is particular: how the goal was found, when the clock stands, who hears before and after."""
    if isinstance(obligation, Volume):
        yield from _goal(obligation)
    elif isinstance(obligation, Speed | Depth):
        yield from clock_remarks(obligation)
        yield from told_besides(obligation)


def clock_remarks(obligation: Speed | Depth) -> Iterator[str]:
    """When the clock stands, and when it starts anew."""
    if obligation.pauses:
        yield "The clock stands while the lead is paused."
    if isinstance(obligation, Speed) and obligation.starts == "handed_off" and obligation.reassignment == "restarts":
        yield "Another owner starts the clock anew."


def told_besides(obligation: Speed | Depth) -> Iterator[str]:
    """Warnings before the deadline and escalations after it: they are events, and no alerts."""
    due = obligation.deadline
    if due.warnings:
        yield f"An event warns {listed([by_clock(one, due) for one in due.warnings])} before the deadline."
    if due.escalations:
        yield f"An event escalates it {listed([by_clock(one, due) for one in due.escalations])} after the deadline."


def started(obligation: Speed) -> str:
    """What starts the clock."""
    return "the lead's creation" if obligation.starts == "created" else "the hand-off"


def begun(obligation: Speed | Depth) -> str:
    """What a lead was in the window that it counts in."""
    return "created" if isinstance(obligation, Speed) and obligation.starts == "created" else "handed off"


def averaged(obligation: Speed) -> str:
    """What the average of a window is taken over."""
    return "follow-ups made" if obligation.counted_by == "followed_up" else f"leads {begun(obligation)}"


def judges_quality(agreement: Agreement, obligation: Obligation) -> bool:
    """Whether leads can fall below the agreed quality: only hand-offs are looked at."""
    own_clock = isinstance(obligation, Speed) and obligation.starts == "created"
    return bool(agreement.minimum_quality) and not own_clock and not isinstance(obligation, Deliverable)


def _terms(obligation: Obligation) -> Iterator[str]:
    match obligation:
        case Speed():
            yield f"a first follow-up within {deadline(obligation.deadline)} from {started(obligation)}"
            yield from _share(obligation)
            if obligation.target.average is not None:
                yield f"{spoken(obligation.target.average)} on average"
        case Depth():
            yield f"{obligation.attempts} attempts within {deadline(obligation.deadline)}"
            yield from _share(obligation)
            if obligation.target.average is not None:
                yield f"{number(obligation.target.average)} on average"
        case Volume():
            what = "leads" if obligation.measure == "leads" else "worth of leads"
            yield f"{number(obligation.agreed)} {what} a {obligation.interval}"
        case Deliverable():
            yield f"due {due_times(obligation.due)}"
            yield from map(markdown, delivery(obligation))


def _share(obligation: Speed | Depth) -> list[str]:
    share = obligation.target.share
    return [] if share is None else [f"{percentage(share)} of the leads in time"]


def _goal(volume: Volume) -> Iterator[str]:
    """How a goal follows from what sales has to sell."""
    match volume.goal_from:
        case Quota() as quota:
            yield f"The goal follows from the quota: {_quota(quota)}."
        case dict() as quotas:
            each = "; ".join(f"{segment}: {_quota(quota)}" for segment, quota in quotas.items())
            yield f"The goal is the sum over segments of what their quotas take: {each}."


def _quota(quota: Quota) -> str:
    share = quota.marketing_share
    of_marketing = "" if share == 1 else f" x {percentage(share)} from marketing's leads"
    return (
        f"{number(quota.revenue)} of revenue{of_marketing} / {number(quota.average_deal)} a deal / "
        f"{percentage(quota.close_rate)} of leads that close = {quota.leads_needed} leads"
    )
