"""Reports that are sent by themselves, as they stand in an agreement: who gets what, when, and in which language."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sla_rules.agreement.schedules import RecurringSchedule
from sla_rules.notation import Frozen, Granularity, Identifier, Name, distinct


class ScheduledReport(Frozen):
    """A report on the figures of the latest period, sent again and again."""

    id: Identifier
    title: Name | None = None
    """Its subject, as readers see it."""
    sender: Name | None = None
    """In whose name it is sent: somebody of the agreement."""
    to: Annotated[tuple[Name, ...], AfterValidator(distinct)] = ()
    """Who gets it: names, as under `notify`; without any, whoever gets reports there."""
    obligations: Annotated[tuple[Identifier, ...], Field(min_length=1), AfterValidator(distinct)] | None = None
    """What it is about; without it, everything."""
    interval: Granularity = "week"
    """Whose figures it shows: those of the latest such period when it is sent."""
    due: RecurringSchedule
    """When it is sent."""
    language: Literal["en", "es"] = "en"
    confirms: Identifier | None = None
    """The deliverable that it stands for: that it was sent is its confirmation."""
