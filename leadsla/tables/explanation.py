"""An explanation as lines of text."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from leadsla.tables.clock_lines import local, ref, time_by_both
from leadsla.tables.verdict_lines import indented, promise_of, verdict_lines, which_cycle
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.vocabulary import LEAD
from sla_rules.instants import iso
from sla_rules.reports.explained import DealCount, DealExplained, Explanation, NearestDeadline
from wording.voice import Voice


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
        yield from verdict_lines(verdict, rules, voice)
    for cycle in found.uncovered:
        said = voice.say(cycle.verdict)
        yield Text(f"\n{voice.text('explain-uncovered', cycle=cycle.cycle, at=iso(cycle.started.at), verdict=said)}")
    for deal in found.deals:
        yield from _of_deal(deal, voice)
    for remedy in found.remedies:
        at, by = iso(remedy.confirmed_at), remedy.confirmed_by
        yield Text(f"\n{voice.text('explain-remedy', period=remedy.period, owner=remedy.owner, at=at, by=by)}")
    if found.quarantined is not None:
        yield Text(voice.text("explain-quarantined", why=found.quarantined), "red")
    elif not found.verdicts and not found.uncovered and not found.remedies:
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
    promise = promise_of(nearest, voice) + which_cycle(nearest.cycle, voice, of_message=nearest.message is not None)
    return voice.text("explain-nearest", at=local(nearest.deadline, zone, voice), left=left, promise=promise)


def _of_deal(deal: DealExplained, voice: Voice) -> Iterator[Text]:
    outcome = voice.text(
        "explain-deal-outcome",
        outcome=deal.outcome,
        at=iso(deal.closed_at),
        amount=voice.money(deal.amount),
        currency=deal.currency,
    )
    yield Text.assemble("\n", (voice.text("explain-deal", deal=deal.deal), "bold"), f": {outcome}")
    yield indented(voice.text("explain-deal-event", event=ref(deal.event.name)))
    for part in deal.counts_for:
        yield indented(_deal_line(part, voice))


def _deal_line(part: DealCount, voice: Voice) -> str:
    said = voice.text(
        "explain-deal-count",
        agreement=part.agreement,
        obligation=part.obligation,
        segment="" if part.segment is None else f" ({part.segment})",
        marketings="yes" if part.marketings else "no",
    )
    return f"{said}, {voice.text('explain-deal-converts')}" if part.converts_the_lead else said
