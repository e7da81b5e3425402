"""The kinds of obligations, as they stand in an agreement."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from sla_rules.instants import DURATION_PATTERN, format_duration
from sla_rules.names import WINDOWS
from sla_rules.notation import (
    Band,
    Date,
    Duration,
    Frozen,
    Granularity,
    Identifier,
    Line,
    Share,
    TimeOfDay,
    Weekday,
    duration,
    in_order,
    shortest,
)

MOST_MILESTONES: Final = 20
MOST_BANDS: Final = 50
Amount = Annotated[Decimal, Field(gt=0), AfterValidator(shortest)]


class FollowUp(Frozen):
    """Which contact attempts count."""

    channels: tuple[str, ...] | None = None
    """None: every channel."""
    directions: tuple[Literal["outbound", "inbound"], ...] = ("outbound",)
    """Outbound: to the lead; inbound: from it."""
    automation: bool = False
    """Whether what a machine sent counts as well."""
    minimum_duration: Annotated[
        int,
        BeforeValidator(duration),
        Field(ge=0),
        PlainSerializer(format_duration, return_type=str, when_used="json"),
        WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
    ] = 0
    """For attempts that carry a duration; one without is not held against it."""


class Deadline(Frozen):
    """Within how long, by which clock; whom to warn how long before, and to escalate to how long after, by the same clock."""

    within: Duration
    """From the start of the clock."""
    clock: Literal["working", "wall"] = "working"
    """Working time of the calendar, or the clock on the wall."""
    warnings: Annotated[tuple[Duration, ...], Field(max_length=MOST_MILESTONES)] = ()
    """How long before the deadline to warn."""
    escalations: Annotated[tuple[Duration, ...], Field(max_length=MOST_MILESTONES)] = ()
    """How long after it to go further."""

    @model_validator(mode="after")
    def _warns_within(self) -> Self:
        if any(warning >= self.within for warning in self.warnings):
            message = f"a warning has to come within the {format_duration(self.within)} of the deadline"
            raise ValueError(message)
        return self


Judges = Literal["hand_offs", "creations", "dates"]
"""Where the cycles that an obligation judges begin: with a lead's hand-off, with its creation, or by themselves on a date."""


class _Obligation(Frozen):
    """What obligations of every kind say, and what each answers for itself."""

    id: Identifier
    title: Line | None = None
    """One line for boards and pages."""
    provider: Identifier
    recipient: Identifier
    intervals: Annotated[tuple[Granularity, ...], Field(min_length=1, max_length=len(WINDOWS))] = (
        "day",
        "week",
        "month",
    )
    """The periods its figures are counted by."""

    @property
    @abstractmethod
    def judges(self) -> Judges:
        """Which cycles it judges."""

    @property
    @abstractmethod
    def timed_by(self) -> Deadline | None:
        """The deadline that its clocks run to; None where it has no clocks."""

    @property
    def share_in_time(self) -> Decimal | None:
        """Which share of its cycles has to be in time; None where no share is agreed."""
        return None

    @property
    def has_goal_for(self) -> Sequence[Granularity]:
        """The intervals that it is judged by, among those that it is counted by."""
        return self.intervals

    @property
    def counts_deals(self) -> bool:
        """Whether it counts what came of leads in money."""
        return False


class OfLeads(_Obligation):
    """An obligation whose figures come by segments of leads."""

    segments: Annotated[tuple[Identifier, ...], Field(min_length=1)] | None = None
    """Leads of these segments alone; without it, all."""


class SpeedTarget(Frozen):
    """How fast on average, and which share within the deadline."""

    average: Duration | None = None
    """Of the follow-ups of one interval."""
    share: Share | None = None
    """Of the leads, within the deadline."""


class Speed(OfLeads):
    """From the hand-off (the promise of the owner) or the creation (the promise to the lead) to the first follow-up."""

    kind: Literal["speed"]
    starts: Literal["handed_off", "created"] = "handed_off"
    """Which event starts the clock."""
    deadline: Deadline
    target: SpeedTarget = SpeedTarget()
    bands: Annotated[tuple[Band, ...], Field(max_length=MOST_BANDS)] = (
        Band(300_000_000),
        Band(3_600_000_000),
        Band(86_400_000_000, "24h"),
    )
    """Limits that the follow-ups are counted within, rising."""
    follow_up: FollowUp = FollowUp()
    """Which attempts count as a follow-up."""
    pauses: bool = False
    """Whether the clock stands while the lead is paused."""
    reassignment: Literal["goes_on", "restarts"] = "goes_on"
    """What another owner does to the clock of the hand-off; the same owner again does nothing to it.

    The lead's own clock always goes on.
    """
    counted_by: Literal["handed_off", "followed_up"] = "handed_off"
    """Which period follow-ups and their times are counted in."""

    @property
    def judges(self) -> Judges:
        """Hand-offs, or the lead's creation."""
        return "creations" if self.starts == "created" else "hand_offs"

    @property
    def timed_by(self) -> Deadline:
        """Its deadline."""
        return self.deadline

    @property
    def share_in_time(self) -> Decimal | None:
        """That of its target."""
        return self.target.share

    @field_validator("bands")
    @classmethod
    def _rise(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        if list(bands) != sorted(set(bands)):
            message = "bands have to rise"
            raise ValueError(message)
        return bands


class DepthTarget(Frozen):
    """How many attempts a lead not connected gets on average, and which share of leads gets all agreed."""

    average: Amount | None = None
    share: Share | None = None


class Depth(OfLeads):
    """Attempts on leads that have not been connected."""

    kind: Literal["depth"]
    attempts: Annotated[int, Field(ge=1, le=1_000)]
    """How many are wanted by the deadline."""
    deadline: Deadline
    target: DepthTarget = DepthTarget()
    closed_leads: Literal["counted", "left_out"]
    """Whether unconnected leads that were closed stay in the average; it has no default because it changes the answer."""
    follow_up: FollowUp = FollowUp()
    pauses: bool = False

    @property
    def judges(self) -> Judges:
        """Hand-offs."""
        return "hand_offs"

    @property
    def timed_by(self) -> Deadline:
        """Its deadline."""
        return self.deadline

    @property
    def share_in_time(self) -> Decimal | None:
        """That of its target."""
        return self.target.share


class Quota(Frozen):
    """What sales has to sell, and what it takes: the goal follows."""

    revenue: Amount
    """What has to be sold in one interval."""
    average_deal: Amount
    """What one customer brings."""
    close_rate: Share
    """Share of the leads that become customers."""
    marketing_share: Share = Decimal(1)
    """Share of the revenue that has to come from marketing's leads."""

    @property
    def leads_needed(self) -> int:
        """Revenue x marketing's share / average deal / close rate, rounded up.

        The method of the leads waterfall (M. Volpe, HubSpot, 2012).
        """
        parts = (self.revenue, self.marketing_share, self.average_deal, self.close_rate)
        return leads_needed(*map(Fraction, parts))


def leads_needed(revenue: Fraction, marketing_share: Fraction, average_deal: Fraction, close_rate: Fraction) -> int:
    """The goal that follows from agreed or measured rates, none of them zero."""
    return ceil(revenue * marketing_share / average_deal / close_rate)


def _how_many_quotas(value: object) -> str:
    """Told apart by what they hold, so that an error is only about what was meant."""
    if isinstance(value, Mapping) and all(isinstance(each, Mapping | Quota) for each in value.values()):
        return "by segment"
    return "one quota"


Quotas = Annotated[
    Annotated[Quota, Tag("one quota")]
    | Annotated[dict[Identifier, Quota], Field(min_length=1), AfterValidator(in_order), Tag("by segment")],
    Discriminator(_how_many_quotas),
]


class Volume(OfLeads):
    """How many leads, or how much value of leads, are delivered."""

    kind: Literal["volume"]
    goal: Amount | None = None
    """How many in one interval, or how much value."""
    goal_from: Quotas | None = None
    """One quota, or one for each segment: each goal is rounded up, then they are added."""
    interval: Granularity = "month"
    measure: Literal["leads", "value"] = "leads"
    """Leads, or what they are worth by their segments."""
    goal_line: Literal["calendar_days", "working_days"] = "calendar_days"
    """Which days the goal is spread over."""

    @model_validator(mode="after")
    def _has_one_goal(self) -> Self:
        if (self.goal is None) == (self.goal_from is None):
            message = "needs either a goal or goal_from, a quota to compute it from"
            raise ValueError(message)
        return self

    @property
    def agreed(self) -> Decimal:
        """The goal of one period: as written, or from the quota; by segment each is rounded up, then they are added."""
        if self.goal is not None:
            return self.goal
        quotas = self.goal_from.values() if isinstance(self.goal_from, dict) else [self.goal_from]
        return Decimal(sum(quota.leads_needed for quota in quotas if quota is not None))

    @property
    def judges(self) -> Judges:
        """Hand-offs."""
        return "hand_offs"

    @property
    def timed_by(self) -> None:
        """It has no clocks."""

    @property
    def has_goal_for(self) -> Sequence[Granularity]:
        """Its goal is for periods of one length."""
        return (self.interval,)

    @property
    def counts_deals(self) -> bool:
        """What its leads bring is revenue of marketing's."""
        return True


class RecurringSchedule(Frozen):
    """When something is due, again and again: on weekdays, or on days of the month, at a local time."""

    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    days_of_month: Annotated[tuple[Annotated[int, Field(ge=1, le=31)], ...], Field(max_length=31)] = ()
    """A day that the month does not have is its last."""
    at: TimeOfDay
    """In the zone of the agreement's calendar."""
    until: Date | None = None
    """The last day on which it may be due."""

    @model_validator(mode="after")
    def _is_due_sometimes(self) -> Self:
        if bool(self.weekdays) == bool(self.days_of_month):
            message = "needs either weekdays or days_of_month"
            raise ValueError(message)
        return self


class Deliverable(_Obligation):
    """Something due at recurring times, confirmed by an event; missed when its time passes without one."""

    kind: Literal["deliverable"]
    due: RecurringSchedule
    quantity: Amount = Decimal(1)
    """How much has to be confirmed for each time; several confirmations add up."""
    by: Line | None = None
    """Who delivers."""
    to: tuple[Line, ...] = ()
    """Who or where it goes to."""

    @property
    def judges(self) -> Judges:
        """The dates on which it is due."""
        return "dates"

    @property
    def timed_by(self) -> None:
        """It is due by the calendar and has no clocks."""


class Capacity(Frozen):
    """The reps who serve the leads of an obligation of volume, and what one lead takes of their time."""

    obligation: Identifier
    """Whose leads they serve."""
    reps: Annotated[int, Field(ge=1, le=1_000_000)]
    time_per_attempt: Duration
    """Working time of one attempt, with what comes before and after it."""
    attempts_per_lead: Annotated[Amount, Field(ge=Decimal("0.01"), le=1_000)]
    """On average."""
    share_for_marketing: Share = Decimal(1)
    """Share of their working time that goes into these leads."""
    share_for_own: Share | None = None
    """Share that goes into leads they find themselves; what is left is for everything else."""
    calendar: Identifier | None = None
    """Which of `calendars` they keep; None for the agreement's own."""

    @model_validator(mode="after")
    def _has_one_working_time(self) -> Self:
        if self.share_for_marketing + (self.share_for_own or 0) > 1:
            message = "share_for_marketing and share_for_own are more than all of the time"
            raise ValueError(message)
        return self


Obligation = Annotated[Speed | Depth | Volume | Deliverable, Field(discriminator="kind")]
