"""What was agreed on an obligation, in a line."""

from typing import assert_never

from rich.markup import escape

from sla_rules.agreement.obligations import Deliverable, Depth, Speed, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.instants import format_duration


def title_of(term: Term) -> str:
    """The identifier of the obligation, its title, and what is agreed by its kind."""
    terms = term.obligation
    parts = [terms.title or terms.kind]
    match terms:
        case Speed():
            parts += _promise(terms)
            if terms.target.average is not None:
                parts.append(f"average {format_duration(terms.target.average)}")
        case Depth():
            parts += [*_promise(terms), f"{terms.attempts} attempts"]
            if terms.target.average is not None:
                parts.append(f"average {terms.target.average}")
            parts.append("closed leads " + terms.closed_leads.replace("_", " "))
        case Volume():
            what = "in value" if terms.measure == "value" else "leads"
            parts.append(f"goal {terms.agreed} {what} a {terms.interval}")
        case Deliverable():
            pass
        case _:
            assert_never(terms)
    return f"[bold]{escape(terms.id)}[/bold]: {escape(', '.join(parts))}"


def _promise(terms: Speed | Depth) -> list[str]:
    clock = "of working time" if terms.deadline.clock == "working" else "by the clock"
    within = f"within {format_duration(terms.deadline.within)} {clock}"
    return [within] if terms.target.share is None else [within, f"target {terms.target.share:.0%}"]
