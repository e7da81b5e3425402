"""What of an agreement is agreed, apart from wording and people, which may change at any time without a new version."""

from typing import Any, Final

from sla_rules.agreement.model import Agreement

PEOPLE_AND_WORDING: Final = frozenset({"title", "summary", "parties", "reps", "notify", "reports", "legal"})
"""Who the parties are, whom to turn to, who hears of what, and how it is put."""
_OF_ITS_PARTS: Final[dict[str, Any]] = {
    "teams": {"__all__": {"party", "contacts"}},
    "obligations": {"__all__": {"title", "notify"}},
    "capacity": {"limits"},
}


def terms_of(agreement: Agreement) -> dict[str, Any]:
    """All that can move a verdict, a figure, a goal or a credit, as JSON, without what stands at its default.

    A release that adds a field therefore finds the same terms in the same file.
    """
    terms = agreement.model_dump(
        mode="json", exclude_defaults=True, exclude={**dict.fromkeys(PEOPLE_AND_WORDING, True), **_OF_ITS_PARTS}
    )
    teams = {name: team for name, team in terms.pop("teams", {}).items() if team}
    return {**terms, "teams": teams} if teams else terms
