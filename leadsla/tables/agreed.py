"""What was agreed on an obligation, in a line."""

from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from rich.markup import escape

from leadsla.tables.deadlines import days_of
from leadsla.tables.narrator import Narrator
from sla_rules.agreement.obligations import Availability, Deliverable, Depth, Retention, Speed, Volume
from sla_rules.agreement.rulebook import Term


def title_of(term: Term, narrator: Narrator) -> str:
    """The identifier of the obligation, its title, and what is agreed by its kind."""
    terms = term.obligation
    parts = ", ".join((terms.title or narrator.text("terms-kind", kind=terms.kind), *_agreed(term, narrator)))
    return f"[bold]{escape(terms.id)}[/bold]: {escape(parts)}"


def _agreed(term: Term, narrator: Narrator) -> Iterator[str]:
    voice = narrator.voice
    match term.obligation:
        case Speed() as terms:
            yield from _promise(terms, narrator)
            if terms.target.average is not None:
                yield narrator.text("terms-average", average=voice.duration(terms.target.average))
        case Depth() as terms:
            yield from _promise(terms, narrator)
            yield narrator.text("terms-attempts", attempts=terms.attempts)
            if terms.target.average is not None:
                yield narrator.text("terms-average", average=voice.number(Fraction(terms.target.average)))
            yield narrator.text("terms-closed", closed=terms.closed_leads)
        case Volume() as terms:
            goal = voice.number(Fraction(terms.agreed))
            yield narrator.text("terms-goal", goal=goal, measure=terms.measure, interval=terms.interval)
        case Availability() as terms:
            yield narrator.text("terms-uptime", share=voice.share(terms.target.share), clock=terms.clock)
        case Retention() as terms:
            yield narrator.text("terms-retention", share=voice.share(terms.target.share))
        case Deliverable():
            pass
        case _:
            assert_never(term.obligation)


def _promise(terms: Speed | Depth, narrator: Narrator) -> Iterator[str]:
    within, voice = terms.deadline.within, narrator.voice
    if isinstance(within, int):
        yield narrator.text("terms-within", within=voice.duration(within), clock=terms.deadline.clock)
    else:
        yield narrator.text("terms-within-days", **days_of(within))
    if terms.judges == "messages":
        yield narrator.text("terms-of-messages")
    if terms.target.share is not None:
        yield narrator.text("terms-target", share=narrator.voice.share(terms.target.share))
