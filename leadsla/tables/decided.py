"""What is decided of an agreement, and what follows: results, credits, remedies, the right to end it, the next goal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich.markup import escape
from rich.table import Table

from leadsla.tables.consequences import said_of_cancellation, said_of_credits
from leadsla.tables.narrator import Narrator
from sla_rules.instants import Instant
from sla_rules.reports.consequences import RemedyDue, Result
from sla_rules.whole_agreement.records import AgreementData, NextGoal, PeriodData

SHOWN: Final = 3
"""So many results of a promise."""
LISTED: Final = 3
"""So many credits and remedies."""
ORDER: Final = ("overdue", "due", "confirmed")
"""Of remedies."""
COLOURS: Final[Mapping[Result | None, str]] = {"met": "green", "missed": "red", None: "dim"}


def decided_table(data: AgreementData, periods: Sequence[PeriodData], at: Instant, narrator: Narrator) -> Table:
    """A label, and what there is to say of it."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    if periods:
        table.add_row(f"  [bold]{narrator.text('status-results')}[/bold]", _results(data, periods, narrator))
    for label, lines in (
        ("status-credits", _at_most(list(_credits(periods, at, narrator)), narrator)),
        ("status-remedies", _at_most(list(_remedies(periods, narrator)), narrator)),
        ("status-right-to-end", list(_right_to_end(data, narrator))),
        ("status-next-goal", [_next_goal(one, narrator) for one in data.next_goals]),
    ):
        for number, line in enumerate(lines):
            table.add_row("" if number else f"  [bold]{narrator.text(label)}[/bold]", line)
    return table


def _results(data: AgreementData, periods: Sequence[PeriodData], narrator: Narrator) -> Table:
    """A line for each promise and interval, in the order of the agreement; those of former versions come last."""
    agreed = list(dict.fromkeys(one.status.obligation for one in data.promises))
    lines: dict[tuple[str, str], list[PeriodData]] = {}
    for one in periods:
        lines.setdefault((one.goal.obligation, one.goal.period.interval), []).append(one)
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(1 + SHOWN):
        table.add_column(overflow="fold")
    for (obligation, _), some in sorted(lines.items(), key=lambda line: (*agreed, line[0][0]).index(line[0][0])):
        table.add_row(escape(obligation), *(_result(one, narrator) for one in some[-SHOWN:]))
    return table


def _result(one: PeriodData, narrator: Narrator) -> str:
    """Whether a period was met, and how far, in its colour."""
    result, attainment = (
        (None, None) if one.goal.published is None else (one.goal.published.result, one.goal.published.attainment)
    )
    said = narrator.text(
        "status-result",
        period=one.name,
        result=result,
        attainment=None if attainment is None else narrator.down_to_tenths(attainment),
        history="yes" if one.goal.history else None,
    )
    return f"[{COLOURS[result]}]{escape(said)}[/]"


def _credits(periods: Sequence[PeriodData], at: Instant, narrator: Narrator) -> Iterator[str]:
    """Those that may still be claimed, the most urgent first."""
    claimable = [
        (credit.claim_until, one, credit)
        for one in periods
        for credit in one.goal.credits
        if credit.claim_until is None or credit.claim_until >= at
    ]
    claimable.sort(key=lambda found: (found[0] is None, found[0] or -found[1].goal.period.start))
    for _, one, credit in claimable:
        for said in said_of_credits([credit], narrator):
            yield f"{_whose(one)}: {said}"


def _remedies(periods: Sequence[PeriodData], narrator: Narrator) -> Iterator[str]:
    """Those overdue, the latest first, then what is due next, then what was confirmed of the last period of a promise."""
    latest = {(one.goal.obligation, one.goal.period.interval): one.name for one in periods}
    found = [
        (ORDER.index(remedy.status), -remedy.by if remedy.status == "overdue" else remedy.by, one, remedy)
        for one in periods
        for remedy in one.goal.remedies
        if remedy.status != "confirmed" or latest[one.goal.obligation, one.goal.period.interval] == one.name
    ]
    for *_, one, remedy in sorted(found, key=lambda entry: entry[:2]):
        yield f"{_whose(one)}: {_remedy(remedy, narrator)}"


def _remedy(one: RemedyDue, narrator: Narrator) -> str:
    said = narrator.text(
        "status-remedy",
        status=one.status,
        owner=one.owner,
        day=narrator.day(one.by),
        done=None if one.confirmed_at is None else narrator.day(one.confirmed_at),
        done_by=one.confirmed_by,
        action=one.action,
    )
    return f"[red]{escape(said)}[/]" if one.status == "overdue" else escape(said)


def _right_to_end(data: AgreementData, narrator: Narrator) -> Iterator[str]:
    if data.cancellation is not None:
        said = said_of_cancellation(data.cancellation, narrator)
        is_near = len(data.cancellation.in_a_row) == data.cancellation.missed_in_a_row - 1
        yield f"[yellow]{said}[/yellow]" if is_near else said


def _next_goal(one: NextGoal, narrator: Narrator) -> str:
    found = one.next_goal_at_agreed_share
    return escape(
        narrator.text(
            "status-goal-by-rates",
            obligation=one.obligation,
            found=None if found is None else narrator.count(found),
            agreed=None if one.goal is None else narrator.count(one.goal),
            remark=None if one.remark is None else narrator.voice.say(one.remark),
        )
    )


def _whose(one: PeriodData) -> str:
    return escape(f"{one.goal.obligation} {one.name}")


def _at_most(lines: list[str], narrator: Narrator) -> list[str]:
    left = len(lines) - LISTED
    return lines if left <= 0 else [*lines[:LISTED], narrator.text("overdue-more", count=left)]
