"""Why: every reason that an explanation gives, by its code and what belongs to it. The package `wording` says them.

A reason is the same whoever reads it, in whatever language; its code is the name of its sentence in the catalogues.
Instants lie in the time zone of the agreement. `about` is what the agreement is about: `lead`, `ticket` ...
"""

import re
from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from sla_rules.figures.units import UNIT, Count, Day, Duration, Number, Unit

LocalTime = Annotated[datetime, Meta(extra={UNIT: Unit.LOCAL})]
"""An instant in the time zone of the agreement."""
Clock = Literal["working", "wall"]
EndedBy = Literal["recycled", "connected", "closed", "lost"]

CODE: Final = "code"


def _code(name: str) -> str:
    """`SpeedMet` as `speed-met`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class Reason(Struct, frozen=True, tag_field=CODE, tag=_code):
    """Something that can be said in a sentence, or in a part of one."""


def code_of(reason: type[Reason]) -> str:
    """The code of a reason, which is the name of its sentence too."""
    return str(reason.__struct_config__.tag)


class Equals(Reason, frozen=True):
    """A field is to be one of some values."""

    values: tuple[str, ...]
    """Any of these."""


class InRange(Reason, frozen=True):
    """A field is to be a number within bounds."""

    at_least: Number | None
    """None without a lower bound."""
    below: Number | None
    """None without an upper bound."""


class Wanted(Reason, frozen=True):
    """What a condition wants of a field."""

    name: str
    """Of the field."""
    wanted: Equals | InRange
    """What it has to be."""


class Unmet(Reason, frozen=True):
    """What a condition wants of a field, and the field does not meet."""

    name: str
    """Of the field."""
    found: str | None
    """What the field is; None where it is not known."""
    wanted: Equals | InRange
    """What it would have to be."""


class Uncovered(Reason, frozen=True):
    """No agreement applies to a cycle."""


class VersionInForce(Reason, frozen=True):
    """Which version of an agreement a clock ran by."""

    about: str
    """What the agreement is about."""
    since: Day
    """From when on it has been in force."""
    began: Literal["created", "handed_off"]
    """What began the clock."""


class SegmentMatches(Reason, frozen=True):
    """The first segment whose condition the lead meets."""

    condition: tuple[Wanted, ...]
    """Everything that it wants; nothing where it takes every lead."""


class NoSegmentMatches(Reason, frozen=True):
    """The lead meets the condition of no segment."""

    unmet: tuple[Unmet, ...]
    """What it does not meet, segment by segment."""


class NoSegments(Reason, frozen=True):
    """The agreement has no segments."""


class NotYetInForce(Reason, frozen=True):
    """An agreement was not in force."""

    since: Day
    """From when on it is."""


class OtherSubject(Reason, frozen=True):
    """An agreement is about something else."""

    agreed: str
    """What it is about."""
    found: str
    """What this is."""


class OtherLeads(Reason, frozen=True):
    """An agreement applies to others."""

    unmet: tuple[Unmet, ...]
    """What of its condition is not met."""


class NeverHandedOff(Reason, frozen=True):
    """An attempt on a lead that has not been handed off."""


class BeforeFirstHandOff(Reason, frozen=True):
    """An attempt before the first hand-off."""


class BetweenCycles(Reason, frozen=True):
    """An attempt after a cycle had ended, before another began."""

    cycle: Count
    """The one that had ended."""


class AfterLostDeal(Reason, frozen=True):
    """An attempt after the deal of the lead was lost, by which its cycle is over."""

    cycle: Count
    """Which."""


class WithinTolerance(Reason, frozen=True):
    """An attempt that is stamped before its cycle began, by a clock without fractions of a second, and belongs to it."""

    early_by: Duration
    """How long before."""
    tolerance: Duration
    """How long is agreed."""


class ByAutomation(Reason, frozen=True):
    """An attempt that no person made."""


class AnswersNothing(Reason, frozen=True):
    """An attempt that no person made, which counts only as an answer, while no message was waiting for one."""


class WrongDirection(Reason, frozen=True):
    """An attempt in a direction that does not count."""

    direction: str
    """Which it had."""
    counted: tuple[str, ...]
    """Those that count."""


class WrongChannel(Reason, frozen=True):
    """An attempt by a channel that does not count."""

    channel: str | None
    """Which it took."""
    counted: tuple[str, ...]
    """Those that count."""


class WrongOutcome(Reason, frozen=True):
    """An attempt of which came what does not count."""

    outcome: str
    """What came of it."""
    counted: tuple[str, ...]
    """Those that count."""


class TooShort(Reason, frozen=True):
    """An attempt that did not last long enough."""

    lasted: Duration
    """How long it did."""
    least: Duration
    """How long is agreed."""


class WrongRecipient(Reason, frozen=True):
    """A confirmation to somebody else than agreed."""

    found: str
    """To whom."""
    agreed: tuple[str, ...]
    """To whom it should have gone."""


class NothingOwed(Reason, frozen=True):
    """A confirmation of what had been confirmed before."""

    to: str | None
    """To whom nothing was owed any more; None where it names nobody, and nothing was owed to anybody."""


class InQuarantine(Reason, frozen=True):
    """An event of a lead that cannot be judged."""


class Corrects(Reason, frozen=True):
    """An event that puts another right."""

    event: str
    """The identifier of the other."""
    has_instead: bool
    """Whether it puts something in its place."""


class CorrectedLater(Reason, frozen=True):
    """An event that a later one puts right."""


class MergedAway(Reason, frozen=True):
    """An event of a lead that was merged into another."""


class OfUnmergedLead(Reason, frozen=True):
    """An event of another lead, which is not merged into this one."""

    lead: str
    """Which."""


SegmentReason: TypeAlias = SegmentMatches | NoSegmentMatches | NoSegments
NotApplyingReason: TypeAlias = NotYetInForce | OtherSubject | OtherLeads
StrayReason: TypeAlias = AfterLostDeal | NeverHandedOff | BeforeFirstHandOff | BetweenCycles
AttemptReason: TypeAlias = ByAutomation | AnswersNothing | WrongDirection | WrongChannel | WrongOutcome | TooShort
ConfirmationReason: TypeAlias = WrongRecipient | NothingOwed
EventReason: TypeAlias = InQuarantine | Corrects | CorrectedLater | MergedAway | OfUnmergedLead
