"""What was agreed as a target, and what came of it, in cells of a table."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from leadsla.tables.narrator import NOTHING, Narrator
from sla_rules.instants import SECOND
from sla_rules.reports.consequences import Target


def agreed_and_found(targets: Sequence[Target], narrator: Narrator) -> tuple[str, str]:
    """Two cells, a line for each part."""
    return (
        "\n".join(_amount(target, target.agreed, narrator) for target in targets),
        "\n".join(_amount(target, target.found, narrator) for target in targets),
    )


def percent(of: Fraction | Decimal, narrator: Narrator) -> str:
    """A share."""
    return narrator.text("replay-percent", number=narrator.voice.figure(of * 100))


def _amount(target: Target, amount: Fraction | None, narrator: Narrator) -> str:
    if amount is None:
        return NOTHING
    match target.name:
        case "share":
            return percent(amount, narrator)
        case "average_seconds":
            return narrator.voice.duration(round(amount) * SECOND)
        case "average_attempts" | "delivered" | "value":
            return narrator.voice.number(round(amount, 2))
