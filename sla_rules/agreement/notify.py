"""Who hears of what, and when it may wake them, as it stands in an agreement."""

from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, Field

from sla_rules.notation import Frozen, Name, distinct

Occasion = Literal["warnings", "breaches", "escalations", "goals"]
"""A deadline that comes near, one that has passed, one that passed long ago, figures that fall short of their target."""
Word = Literal["owner", "team", "heads", "provider", "recipient", "everybody"]
"""Whoever it is: the rep who has the lead, the contacts of its team, those of the side that owes who report to nobody
there, all of that side, all of the other one, all of all sides."""
WORDS: Final[tuple[Word, ...]] = get_args(Word)

REPORT_WORDS: Final[tuple[Word, ...]] = ("heads", "everybody")
"""Those that a report can be sent to: it is about no lead of anybody's. Its heads are those of all sides."""

Addressees = Annotated[tuple[Name, ...], Field(min_length=1), AfterValidator(distinct)]
"""Words for whoever it is (`owner`, `team`, `heads`, `provider`, `recipient`, `everybody`), and names: of people, of what
they do, of teams and parties."""


class Notify(Frozen):
    """Who hears of an obligation; what is left out is as the agreement says, and else as it is without any of this."""

    warnings: Addressees | None = None
    """When a deadline comes near; the owner, unless it is said."""
    breaches: Addressees | None = None
    """When it has passed; the owner and the team, unless it is said."""
    escalations: Addressees | None = None
    """When it passed long ago; the heads, unless it is said."""
    goals: Addressees | None = None
    """When figures fall short; the provider, unless it is said."""
    always: Annotated[tuple[Occasion, ...], AfterValidator(distinct)] | None = None
    """What may wake people outside the hours of the promise; nothing, unless it is said."""


class NotifyOfAll(Notify):
    """Who hears of an agreement."""

    reports: Addressees | None = None
    """Who gets the reports that name nobody; everybody, unless it is said."""


BY_DEFAULT: Final[dict[Occasion, tuple[Word, ...]]] = {
    "warnings": ("owner",),
    "breaches": ("owner", "team"),
    "escalations": ("heads",),
    "goals": ("provider",),
}
"""Nobody but the side that owes."""
REPORTED_BY_DEFAULT: Final[tuple[Word, ...]] = ("everybody",)
"""A report wakes nobody."""
