"""Within how long something is owed, and which attempts count for it, as they stand in an agreement."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, TypeAdapter, ValidationError

from sla_rules.events.schema import Outcome
from sla_rules.fitting import Misfit, fits
from sla_rules.instants import SECOND, format_duration
from sla_rules.lead.cycle import JUST_BEFORE
from sla_rules.notation import Allowance, Duration, Frozen, Name, distinct
from sla_rules.spelling import meant
from sla_rules.time.working_days import WorkingDays

MOST_MILESTONES: Final = 20


def _of_a_clock(tolerance: Duration) -> Duration:
    if tolerance > JUST_BEFORE:
        message = f"is {format_duration(JUST_BEFORE)} at most: it is for clocks that differ, not for calls before the hand-off"
        raise ValueError(message)
    return tolerance


def _automation(value: object) -> object:
    if value == ANSWERS:
        return value
    try:
        return _BOOL.validate_python(value)
    except ValidationError:
        close = f"; did you mean {ANSWERS}?" if isinstance(value, str) and meant(value, [ANSWERS]) else ""
        found = "nothing" if value is None else repr(value)
        message = f"should be true, false or {ANSWERS}, found {found}{close}"
        raise ValueError(message) from None


ANSWERS: Final = "answers"
_BOOL: Final = TypeAdapter(bool)
Automation = Annotated[bool | Literal["answers"], BeforeValidator(_automation)]


class FollowUp(Frozen):
    """Which contact attempts count."""

    channels: Annotated[tuple[Name, ...], Field(min_length=1), AfterValidator(distinct)] | None = None
    """None: every channel. However they are spelled: `Phone` is `phone`."""
    directions: Annotated[tuple[Literal["outbound", "inbound"], ...], Field(min_length=1), AfterValidator(distinct)] = (
        "outbound",
    )
    """Outbound: to the lead; inbound: from it."""
    automation: Automation = False
    """Whether what a machine sent counts as well: never, always, or where it `answers` a message that waits, and else not."""
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1), AfterValidator(distinct)] = (
        "connected",
        "voicemail",
        "no_answer",
        "replied",
    )
    """For attempts that carry an outcome: which are an attempt made. One without is not held against it."""
    minimum_duration: Allowance = 0
    """For attempts that carry a duration; one without is not held against it."""
    tolerance: Annotated[Allowance, AfterValidator(_of_a_clock)] = SECOND
    """How long before the clock starts an attempt may be stamped, where its own clock has no fractions of a second."""

    @cached_property
    def folded_channels(self) -> frozenset[str]:
        """The channels without case."""
        return frozenset(channel.casefold() for channel in self.channels or ())

    @fits
    def _answers_go_out(self) -> Iterator[Misfit]:
        if self.automation == ANSWERS and "outbound" not in self.directions:
            yield ("automation",), "what comes from the lead is no answer to it; add outbound to `directions`"


def _time_or_days(value: object) -> str:
    """Told apart by what they are, so that an error is only about what was meant."""
    return "working days" if isinstance(value, Mapping | WorkingDays) else "time"


def _no_days_in_words(value: object) -> object:
    match = _DAYS_IN_WORDS.fullmatch(value) if isinstance(value, str) else None
    if match:
        message = f"working days are a mapping; write {{working_days: {match[1]}}}"
        raise ValueError(message)
    return value


_DAYS_IN_WORDS: Final = re.compile(r" *(\d{1,4}) *(?:(?:working|business|work)[ _-]*days?|[bw]d) *", re.IGNORECASE)

Within = Annotated[
    Annotated[Duration, BeforeValidator(_no_days_in_words), Tag("time")] | Annotated[WorkingDays, Tag("working days")],
    Discriminator(_time_or_days),
]
"""Time by the clock agreed, or working days."""


class Deadline(Frozen):
    """Within how long, by which clock; whom to warn how long before, and to escalate to how long after, by the same clock."""

    within: Within
    """From the start of the clock: time by the clock, or working days."""
    clock: Literal["working", "wall"] = "working"
    """Working time of the calendar, or the clock on the wall."""
    warnings: Annotated[tuple[Duration, ...], Field(max_length=MOST_MILESTONES), AfterValidator(distinct)] = ()
    """How long before the deadline to warn."""
    escalations: Annotated[tuple[Duration, ...], Field(max_length=MOST_MILESTONES), AfterValidator(distinct)] = ()
    """How long after it to go further."""

    @fits
    def _counts_days_by_a_calendar(self) -> Iterator[Misfit]:
        if self.clock != "working" and isinstance(self.within, WorkingDays):
            yield ("clock",), "working days are counted by the working clock; leave clock out, or write a time as 14d"

    @fits
    def _warns_within(self) -> Iterator[Misfit]:
        if isinstance(self.within, WorkingDays):
            return  # how long those are, the calendars say
        for number, warning in enumerate(self.warnings):
            if warning >= self.within:
                message = f"a warning has to come within the {format_duration(self.within)} of the deadline"
                yield ("warnings", number), message
