"""`leadsla replay`: figures, breaches and verdicts from a file of events, straight from the rules, without a broker."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated
from zlib import crc32

import msgspec
import typer

from leadsla.agreements import AgreementPaths, agreements_of
from leadsla.evidence import (
    UNABLE,
    EventsOption,
    Evidence,
    NothingToldError,
    UntilOption,
    evidence_of,
    progress,
    until_of,
)
from leadsla.replay_tables import Replayed, show
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact
from sla_rules.reports.encode import encode
from sla_rules.reports.replay import Facts, Outcome, connected, known_by, replay, watched
from sla_rules.reports.report import Scope, report
from sla_rules.reports.result import ComparedReport

AlsoOption = Annotated[
    Path | None,
    typer.Option("--also", metavar="FILE", help="Lay beside it what this other version of the agreement says."),
]


def replay_file(
    agreements: AgreementPaths = None,
    *,
    events: EventsOption,
    until: UntilOption = None,
    also: AlsoOption = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes to share the leads among.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object an agreement on stdout.")] = False,
) -> None:
    """Work out figures, breaches and verdicts from a file of events, as they stand at an instant.

    Exit status: 0 even where lines were bad (they are named), 2 where a file cannot be read or an agreement is wrong.
    """
    agreed = agreements_of(agreements)
    others = beside(agreed, also)
    asked = None if until is None else until_of(until)
    evidence = evidence_of(events, RuleBook([*agreed, *others]).vocabulary)
    scope = scope_of(evidence, asked)
    facts = known_by(evidence.facts, scope.until)
    replayed = _replayed(agreed, facts, scope, jobs)
    by_other_terms = {one.report.agreement: one for one in _replayed(others, facts, scope, jobs)} if others else {}
    found = [(one, by_other_terms.get(one.report.agreement)) for one in replayed]
    if not as_json:
        show(found, len(facts))
        return
    for one, other in found:
        theirs = None if other is None else other.report
        typer.echo(encode(ComparedReport(report=one.report, also=theirs) if others else one.report))


def scope_of(evidence: Evidence, until: Instant | None) -> Scope:
    """What the file covers.

    Raises:
        typer.Exit: with status 2, where there is nothing in it and no instant either.

    """
    try:
        return evidence.scope(until)
    except NothingToldError as nothing:
        typer.echo(f"leadsla: {nothing}", err=True)
        raise typer.Exit(UNABLE) from None


def beside(agreed: Sequence[Agreement], also: Path | None) -> list[Agreement]:
    """The other terms, as if each had been in force from the day on that the agreement it stands beside was.

    Raises:
        typer.Exit: with status 2, where the file is wrong or has none of the agreements.

    """
    if also is None:
        return []
    first: dict[str, date] = {}
    for agreement in agreed:
        first.setdefault(agreement.agreement, agreement.effective_from)
    stretched: list[Agreement] = []
    for other in agreements_of([also]):
        name = other.agreement
        if name not in first:
            typer.echo(f"leadsla: {also}: agreement {name!r} is none of {', '.join(first)}", err=True)
            raise typer.Exit(UNABLE)
        is_first = all(one.agreement != name for one in stretched)
        since = min(first[name], other.effective_from) if is_first else other.effective_from
        stretched.append(other.model_copy(update={"effective_from": since}))
    return stretched


def outcome_of(agreed: Sequence[Agreement], rules: RuleBook, facts: Facts, scope: Scope, jobs: int) -> Outcome:
    """What the facts come to; with several jobs the same, each working out its share of the leads."""
    told = watched(rules, facts, scope.begin)
    with progress() as shown:
        task = shown.add_task("judging", total=len(told), done="")
        if jobs == 1:
            return replay(rules, told, scope.until, lambda: shown.advance(task))
        return _shared_out(agreed, told, scope.until, jobs, lambda count: shown.advance(task, count))


def _replayed(agreed: Sequence[Agreement], facts: Facts, scope: Scope, jobs: int) -> list[Replayed]:
    rules = RuleBook(agreed)
    outcome = outcome_of(agreed, rules, facts, scope, jobs)
    return [Replayed(rules, report(rules, name, outcome, scope)) for name in rules.versions]


def _shared_out(
    agreed: Sequence[Agreement], told: Facts, until: Instant, jobs: int, done: Callable[[int], None]
) -> Outcome:
    """Leads that a merge connects go to one job; which, the first of their names says."""
    shares: list[dict[str, Sequence[Fact]]] = [{} for _ in range(jobs)]
    for group in connected(told):
        shares[crc32(group[0].encode()) % jobs].update((key, told[key]) for key in group)
    outcome = Outcome()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        tasks = {
            pool.submit(_work_out, list(agreed), msgspec.msgpack.encode(share), until): len(share)
            for share in shares
            if share
        }
        for task in as_completed(tasks):
            outcome.absorb(task.result())
            done(tasks[task])
    return outcome


def _work_out(agreed: list[Agreement], packed: bytes, until: Instant) -> Outcome:
    return replay(RuleBook(agreed), _FACTS.decode(packed), until)


_FACTS = msgspec.msgpack.Decoder(dict[str, list[Fact]])
