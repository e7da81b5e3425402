"""`leadsla explain`: why this deadline and this verdict? Every number of one lead with what it comes from."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape

from leadsla.agreements import AgreementPaths, agreements_of
from leadsla.evidence import EventsOption, UntilOption, evidence_of, until_of
from leadsla.replay import AlsoOption, beside, scope_of
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import SECOND
from sla_rules.reports.explanation import explain
from sla_rules.reports.replay import Facts, known_by, propagate_merges, watched
from sla_rules.reports.report import Scope
from sla_rules.reports.sentences import spoken

UNKNOWN: Final = 1
WIDE: Final = 120

Found = Mapping[str, Any]


def explain_lead(
    lead: Annotated[str, typer.Argument(metavar="LEAD", help="The lead's id; `agreement:obligation` of a delivery.")],
    agreements: AgreementPaths = None,
    *,
    events: EventsOption,
    until: UntilOption = None,
    also: AlsoOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")] = False,
) -> None:
    """Say why a lead has its deadlines and verdicts: hours, pauses, attempts and terms behind each.

    Exit status: 1 where nothing was told of the lead, 2 where a file cannot be read or an agreement is wrong.
    """
    agreed = agreements_of(agreements)
    others = beside(agreed, also)
    asked = None if until is None else until_of(until)
    evidence = evidence_of(events, RuleBook([*agreed, *others]).vocabulary)
    scope = scope_of(evidence, asked)
    facts = known_by(evidence.facts, scope.until)
    found = explanation_of(agreed, lead, facts, scope)
    if others:
        found = {**found, "also": explanation_of(others, lead, facts, scope)}
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    _show(console, found, RuleBook(agreed))
    if others:
        console.print("\n[bold]By the other terms[/bold]\n")
        _show(console, found["also"], RuleBook(others))


def explanation_of(agreed: Sequence[Agreement], lead: str, facts: Facts, scope: Scope) -> dict[str, Any]:
    """What the agreements say of a lead, and why.

    Raises:
        typer.Exit: with status 1, where nothing was told of it.

    """
    rules = RuleBook(agreed)
    known = propagate_merges(watched(rules, facts, scope.begin))
    if lead not in known:
        close = get_close_matches(lead, known, n=3)
        hint = f"; did you mean {', '.join(close)}?" if close else ""
        typer.echo(f"leadsla explain: nothing was told of lead {lead!r}{hint}", err=True)
        raise typer.Exit(UNKNOWN)
    return explain(rules, lead, known[lead], scope.until)


def _show(console: Console, found: Found, rules: RuleBook) -> None:
    console.print(f"[bold]lead {escape(found['lead'])}[/bold] as of {found['until']}")
    if found["merged_into"] is not None:
        into = found["merged_into"]
        console.print(f"merged into {escape(into['lead'])} by event {_ref(into['event'])}; it counts there, not here")
    for verdict in found["verdicts"]:
        _show_verdict(console, verdict, rules.zone_of(verdict["agreement"]))
    for uncovered in found.get("uncovered", ()):
        console.print(
            f"\n[yellow]cycle {uncovered['cycle']}[/yellow], from {uncovered['started']['at']}: {uncovered['verdict']}"
        )
    for deal in found["deals"]:
        _show_deal(console, deal)
    if found["quarantined"] is not None:
        console.print(
            f"[red]in quarantine[/red]: it cannot be judged, and counts for nothing: {escape(found['quarantined'])}"
        )
    elif not found["verdicts"] and not found.get("uncovered"):
        console.print("no clock ran and nothing was counted for it")
    for reason in found.get("not_applying", ()):
        console.print(f"\nnot under {escape(reason['agreement'])} (cycle {reason['cycle']}): {escape(reason['why'])}")
    for attempt in found.get("attempts_in_no_cycle", ()):
        console.print(f"\nattempt {_ref(attempt)} at {attempt['time']} belongs to no cycle: {attempt['why_not']}")
    left_out = [event for event in found["events"] if not event["counts"]]
    for event in left_out:
        console.print(f"\nevent {_ref(event)} ({event['type']}) does not count: {escape(event['why_not'])}")


def _show_verdict(console: Console, verdict: Found, zone: ZoneInfo) -> None:
    colour = {"met": "green", "delivered": "green", "breached": "red"}.get(verdict["status"], "yellow")
    name = f"{verdict['agreement']} {verdict['version']}, {verdict['obligation']}"
    cycle = verdict.get("cycle")
    console.print(
        f"\n[bold]{escape(name)}[/bold]"
        + ("" if cycle is None else ", from its creation" if cycle == 0 else f", cycle {cycle}")
        + f": [{colour}]{verdict['status']}[/{colour}]"
    )
    console.print(f"  {escape(verdict['verdict'])}")
    if cycle is None:
        _show_deliveries(console, verdict, zone)
        return
    started = verdict["started"]
    console.print(f"  started {_local(started['at'], zone)} by event {_ref(started['event'])}")
    console.print(f"  version {escape(verdict['version'])}: {escape(verdict['version_because'])}")
    console.print(f"  segment {escape(verdict['segment'] or 'none')}: {escape(verdict['segment_because'])}")
    for owner in verdict["owners"]:
        who = " of ".join(escape(name) for name in (owner["rep"], owner["team"]) if name) or "nobody"
        console.print(f"  owner {who} since {_local(owner['since'], zone)}")
    if "clock" in verdict:
        _show_clock(console, verdict, zone)


def _show_deal(console: Console, deal: Found) -> None:
    amount = f"{deal['amount']} {deal['currency']}"
    console.print(f"\n[bold]deal {escape(deal['deal'])}[/bold]: {deal['outcome']} on {deal['closed_at']}, {amount}")
    console.print(f"  last told by event {_ref(deal)}")
    for part in deal["counts_for"]:
        whose = "revenue of marketing's leads" if part["marketings"] else "other revenue"
        converts = ", converts the lead" if part["converts_the_lead"] else ""
        segment = "" if part["segment"] is None else f" ({escape(part['segment'])})"
        console.print(f"  {escape(part['agreement'])}, {escape(part['obligation'])}{segment}: {whose}{converts}")


def _show_deliveries(console: Console, verdict: Found, zone: ZoneInfo) -> None:
    console.print(f"  confirmed {verdict['quantity']:,.10g} of {verdict['wanted']:,.10g}")
    for one in verdict["confirmations"]:
        ends = [f"{word} {escape(one[word])}" for word in ("by", "to") if one[word] is not None]
        said = ", ".join([f"{one['quantity']:,.10g}", *ends])
        counts = "counts" if one["counts"] else f"does not count: {escape(one['why_not'])}"
        console.print(f"  confirmation {_local(one['time'], zone)}, {said}, event {_ref(one)}: {counts}")


def _show_clock(console: Console, verdict: Found, zone: ZoneInfo) -> None:
    calendar = verdict["calendar"]
    hours = "every hour counts" if calendar is None else f"hours of the {calendar['of']} ({calendar['time_zone']})"
    console.print(f"  clock {verdict['clock']}: {escape(hours)}, started {_local(verdict['clock_started'], zone)}")
    if verdict["deadline"] is not None:
        console.print(f"  deadline {_local(verdict['deadline'], zone)}: {_spoken(verdict['within_seconds'])} of")
        _show_spans(console, verdict["spans_to_deadline"], zone)
    follow_up = verdict.get("follow_up")
    if follow_up is not None:
        working, wall = _spoken(follow_up["working_seconds"]), _spoken(follow_up["wall_clock_seconds"])
        ran = f"{working} of working time, {wall} by the clock"
        console.print(f"  follow-up {_local(follow_up['at'], zone)} by event {_ref(follow_up['event'])}: {ran}")
        _show_spans(console, follow_up["spans"], zone)
    for pause in verdict["pauses"]:
        end = "now" if pause["end"] is None else _local(pause["end"], zone)
        effect = "taken out" if pause["taken_out"] else "not taken out: this obligation does not pause"
        console.print(f"  pause {_local(pause['start'], zone)} to {end}, {effect}")
    for attempt in verdict["attempts"]:
        who = " by ".join(escape(name) for name in (attempt["channel"], attempt["rep"] or attempt["actor"]))
        counts = "counts" if attempt["qualifies"] else f"does not count: {escape('; '.join(attempt['why_not']))}"
        console.print(f"  attempt {_local(attempt['time'], zone)}, {who}, event {_ref(attempt)}: {counts}")
    for notice in verdict["notices"]:
        console.print(f"  told: {notice['kind']} ({notice['tier']}), {_local(notice['deadline'], zone)}")


def _show_spans(console: Console, spans: Sequence[Found], zone: ZoneInfo) -> None:
    for span in spans:
        console.print(f"    {_local(span['start'], zone)} to {_local(span['end'], zone)}: {_spoken(span['seconds'])}")


def _spoken(duration: float) -> str:
    return spoken(round(duration * SECOND))


def _ref(event: Found) -> str:
    return escape(f"{event['source']} {event['id']}")


def _local(text: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(text).astimezone(zone):%a %Y-%m-%d %H:%M:%S %Z}"
