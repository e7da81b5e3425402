"""Agreement events on a terminal: applause and trouble, a line each."""

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from rich.console import Console
from rich.markup import escape

from leadsla.tables.narrator import Narrator
from leadsla.tables.targets import agreed_and_found, percent
from sla_rules.reports.agreement_event import (
    AgreementEvent,
    BestWeek,
    CancellationNears,
    CreditFallsDue,
    GoalReached,
    ObligationInPeriod,
    PeriodJudged,
    RemedyFallsDue,
)


def show_agreement_events(console: Console, events: Sequence[AgreementEvent], narrator: Narrator) -> None:
    """Print each event with its day, the earliest first; nothing where there is none."""
    if not events:
        return
    console.print()
    console.print(f"[bold]{narrator.text('events-label')}[/bold]: {narrator.text('events-title')}")
    for event in events:
        console.print(f"  {narrator.day(event.at)} {escape(said_of_event(event, narrator))}")


def said_of_event(event: AgreementEvent, narrator: Narrator) -> str:
    """What happened, in a sentence."""
    name = "event-" + event.type.removeprefix("sla.").removesuffix(".v1").replace("_", "-")
    voice = narrator.voice
    match event.data:
        case GoalReached(of=of) as reached:
            return narrator.text(name, **_about(of, narrator), agreed=voice.number(reached.agreed))
        case PeriodJudged(of=of, targets=targets):
            agreed, found = (cell.replace("\n", " / ") for cell in agreed_and_found(targets, narrator))
            return narrator.text(name, **_about(of, narrator), agreed=agreed, found=found)
        case CreditFallsDue(of=of) as due:
            return narrator.text(
                name,
                **_about(of, narrator),
                credit=percent(due.credit, narrator),
                amount=None if due.amount is None else " ".join(filter(None, (voice.money(due.amount), due.currency))),
                claim_until=None if due.claim_until is None else narrator.day(due.claim_until),
            )
        case RemedyFallsDue(of=of) as task:
            return narrator.text(
                name, **_about(of, narrator), owner=task.owner, day=narrator.day(task.by), action=task.action
            )
        case CancellationNears() as near:
            obligations, periods = (", ".join(names) for names in (near.obligations, near.periods))
            return narrator.text(name, interval=near.interval, obligations=obligations, periods=periods)
        case BestWeek(of=of) as best:
            return narrator.text(
                name,
                **_about(of, narrator),
                weeks=narrator.count(best.weeks_before + 1),
                found=_measured(best, best.found, narrator),
                before=_measured(best, best.best_before, narrator),
            )
        case _:
            assert_never(event.data)


def _about(of: ObligationInPeriod, narrator: Narrator) -> dict[str, str]:
    return {"obligation": of.obligation, "period": narrator.period(of.period)}


def _measured(best: BestWeek, amount: Fraction, narrator: Narrator) -> str:
    return percent(amount, narrator) if best.measure == "share" else narrator.voice.number(round(amount, 2))
