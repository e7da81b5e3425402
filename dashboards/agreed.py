"""What an agreement promises, line by line, for the head of its board."""

from collections.abc import Iterator

from dashboards.escaping import markdown
from dashboards.kinds.table import drawing_of
from dashboards.wording import condition, listed, party, spoken, title
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Obligation
from sla_rules.notation import MONTHS


def agreed(agreement: Agreement) -> Iterator[str]:
    """Markdown, line by line: every promise with who gives it to whom, and what holds for all of them."""
    for one in agreement.obligations:
        yield (
            f"- **{markdown(title(one))}** ({markdown(party(agreement, one.provider))} for "
            f"{markdown(party(agreement, one.recipient))}): {_promise(one)}"
        )
        for remedy in agreement.remedies:
            if remedy.obligation == one.id:
                action = markdown(remedy.action.strip().rstrip("."))
                yield f"    - When it is missed: {markdown(remedy.owner)}, within {spoken(remedy.within)}: {action}."
    if agreement.minimum_quality:
        yield f"- A lead is ready with {markdown(condition(agreement.minimum_quality))}; one below that counts for no one."
    own = [f"segment {one.id} ({one.calendar})" for one in agreement.segments if one.calendar is not None]
    own += [f"team {markdown(name)} ({team.calendar})" for name, team in agreement.teams.items() if team.calendar]
    if own:
        yield f"- Hours of their own: {listed(own)}."
    counted = {interval for obligation in agreement.obligations for interval in obligation.intervals}
    if agreement.year_begins != MONTHS[0] and counted & {"quarter", "year"}:
        yield f"- The year begins with {agreement.year_begins.capitalize()}, and every three months a quarter."


def _promise(obligation: Obligation) -> str:
    """What is owed, with its target, and what is particular about it."""
    drawing = drawing_of(obligation)
    return " ".join((f"{', '.join(drawing.promise(obligation))}.", *drawing.remarks(obligation)))
