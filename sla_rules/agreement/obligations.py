"""The kinds of obligations, as they stand in an agreement."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from sla_rules.agreement.deadlines import Deadline, FollowUp
from sla_rules.agreement.goals import Amount, Quotas
from sla_rules.agreement.notify import Notify
from sla_rules.agreement.recipients import Recipients
from sla_rules.agreement.schedules import RecurringSchedule
from sla_rules.fitting import Misfit, fits
from sla_rules.names import WINDOWS
from sla_rules.notation import (
    Allowance,
    Band,
    Duration,
    Frozen,
    Granularity,
    Identifier,
    Line,
    Share,
    distinct,
)

MOST_BANDS: Final = 50


Judges = Literal["hand_offs", "creations", "messages", "dates", "watches"]
"""Where what an obligation judges begins: with a lead's hand-off, its creation or a further message, by itself on a date, or with
the first that is heard of what is watched, a service or a customer.
"""

Intervals = Annotated[tuple[Granularity, ...], Field(min_length=1, max_length=len(WINDOWS)), AfterValidator(distinct)]


class _Obligation(Frozen):
    """What obligations of every kind say, and what each answers for itself."""

    id: Identifier
    title: Line | None = None
    """One line for boards and pages."""
    provider: Identifier
    recipient: Identifier
    intervals: Intervals = ("day", "week", "month")
    """The periods its figures are counted by."""
    notify: Notify = Notify()
    """Who hears of this one, where that differs from the agreement's `notify`."""

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
    def attempts_counted(self) -> FollowUp | None:
        """Which attempts count for it; None where it looks at none."""
        return None

    @property
    def ends_with_lost_deal(self) -> bool:
        """Whether nothing is owed any more once the lead's deal is lost."""
        return False

    @property
    def follows_fields(self) -> bool:
        """Whether it judges a cycle by what its lead is like at each instant; else by what it was like at the start."""
        return False

    @property
    def continues_when_reopened(self) -> bool:
        """Whether a reopening goes on with the promise of the cycle before."""
        return False

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

    segments: Annotated[tuple[Identifier, ...], Field(min_length=1), AfterValidator(distinct)] | None = None
    """Leads of these segments alone; without it, all."""


LostDeal = Literal["closes", "goes_on"]
"""The lead is closed with its deal, or what was promised is owed as before."""
Reopened = Literal["restarts", "continues"]
"""A promise of its own, or that of the cycle before, whose clock stood while the lead was closed."""


Fields = Literal["follow", "fixed"]
"""Fields that change while a clock runs change what is owed, or what was promised at its start stays."""


class SpeedTarget(Frozen):
    """How fast on average, and which share within the deadline."""

    average: Duration | None = None
    """Of the follow-ups of one interval."""
    share: Share | None = None
    """Of the leads, within the deadline."""


class Speed(OfLeads):
    """To the first follow-up from the hand-off (the owner's promise) or the creation (that to the lead), or to a message's answer."""

    kind: Literal["speed"]
    starts: Literal["handed_off", "created", "inbound"] = "handed_off"
    """What starts the clock; with `inbound` each message that comes once the lead has been followed up, while none waits."""
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
    lost_deal: LostDeal = "closes"
    """What a lost deal does to the cycle that its lead is in."""
    fields: Fields = "follow"
    """What it does when fields of the lead change while the clock runs: follow, so that the lead comes under the promises of its new
    segment, each deadline counted from the original start; or stay as it was at the start.
    """
    reassignment: Literal["goes_on", "restarts"] = "goes_on"
    """What another owner does to the clock of the hand-off; the same owner again does nothing to it.

    The lead's own clock always goes on, and so does that of a message.
    """
    reassign_after: Duration | None = None
    """After how long without a follow-up the lead is to get another owner, by the clock of the deadline: an event says so, once for
    each owner, from the hand-off or from when another one took over.
    """
    reopened: Reopened = "restarts"
    """What begins when a lead that was closed or connected is reopened."""
    counted_by: Literal["handed_off", "followed_up"] = "handed_off"
    """Which period follow-ups and their times are counted in."""

    @property
    def judges(self) -> Judges:
        """Hand-offs, the lead's creation, or its further messages."""
        return _JUDGED[self.starts]

    @property
    def timed_by(self) -> Deadline:
        """Its deadline."""
        return self.deadline

    @property
    def share_in_time(self) -> Decimal | None:
        """That of its target."""
        return self.target.share

    @property
    def attempts_counted(self) -> FollowUp:
        """As agreed."""
        return self.follow_up

    @property
    def ends_with_lost_deal(self) -> bool:
        """As agreed."""
        return self.lost_deal == "closes"

    @property
    def follows_fields(self) -> bool:
        """As agreed."""
        return self.fields == "follow"

    @property
    def continues_when_reopened(self) -> bool:
        """As agreed."""
        return self.reopened == "continues"

    @fits
    def _bands_rise(self) -> Iterator[Misfit]:
        for number, (band, further) in enumerate(pairwise(self.bands), start=1):
            if further <= band:
                yield ("bands", number), "has to be more than the band before it"

    @fits
    def _creation_is_nobodys_own(self) -> Iterator[Misfit]:
        if self.starts == "created":
            for name, value in (("reassignment", "restarts"), ("reopened", "continues")):
                if getattr(self, name, None) == value:
                    yield (name,), "the clock from the creation always goes on; leave it out"
        if self.starts != "handed_off" and self.reassign_after is not None:
            what = "creation" if self.starts == "created" else "message"
            message = f"the clock from the {what} is no owner's; write it where the hand-off starts the clock"
            yield ("reassign_after",), message

    @fits
    def _messages_are_answered(self) -> Iterator[Misfit]:
        if self.starts == "inbound":
            if self.reassignment == "restarts":
                yield ("reassignment",), "the clock of a message always goes on, whoever is to answer; leave it out"
            if "inbound" in self.follow_up.directions:
                message = "what comes from the lead is no answer to it; write directions: [outbound], or leave it out"
                yield ("follow_up", "directions"), message


_JUDGED: Final[Mapping[str, Judges]] = {"handed_off": "hand_offs", "created": "creations", "inbound": "messages"}
"""By what starts a clock."""


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
    """Whether the clock stands while the lead is paused."""
    lost_deal: LostDeal = "closes"
    """What a lost deal does to the cycle that its lead is in."""
    fields: Fields = "follow"
    """What it does when fields of the lead change while the clock runs: follow, so that the lead comes under the promises of its new
    segment, each deadline counted from the original start; or stay as it was at the start.
    """
    reopened: Reopened = "restarts"
    """What begins when a lead that was closed or connected is reopened."""

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

    @property
    def attempts_counted(self) -> FollowUp:
        """As agreed."""
        return self.follow_up

    @property
    def ends_with_lost_deal(self) -> bool:
        """As agreed."""
        return self.lost_deal == "closes"

    @property
    def follows_fields(self) -> bool:
        """As agreed."""
        return self.fields == "follow"

    @property
    def continues_when_reopened(self) -> bool:
        """As agreed."""
        return self.reopened == "continues"


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

    @fits
    def _has_one_goal(self) -> Iterator[Misfit]:
        if (self.goal is None) == (self.goal_from is None):
            yield (), "needs either a goal or goal_from, a quota to compute it from"

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


class Deliverable(_Obligation):
    """Something due at recurring times, confirmed by an event; missed when its time passes without one."""

    kind: Literal["deliverable"]
    due: RecurringSchedule
    quantity: Amount = Decimal(1)
    """How much has to be confirmed for each time; several confirmations add up. Where each recipient has a quantity of
    its own it is left out: it is their sum.
    """
    by: Line | None = None
    """Who delivers."""
    to: Recipients = ()
    """Who or where it goes to: names, for whom the quantity is meant together, however they divide it; or a quantity for
    each, as `{Address 1: 30, Address 2: 20}`. What a confirmation says in `to` is compared to the letter.
    """

    @fits
    def _has_one_quantity(self) -> Iterator[Misfit]:
        if isinstance(self.to, Mapping) and "quantity" in self.model_fields_set and self.quantity != self.wanted:
            message = f"leave quantity out, or make it {self.wanted}: that is what its recipients get together"
            yield ("quantity",), message

    @property
    def wanted(self) -> Decimal:
        """How much has to be confirmed for each time, of all recipients together."""
        return sum(self.to.values(), start=Decimal(0)) if isinstance(self.to, Mapping) else self.quantity

    @property
    def judges(self) -> Judges:
        """The dates on which it is due."""
        return "dates"

    @property
    def timed_by(self) -> None:
        """It is due by the calendar and has no clocks."""


class AvailabilityTarget(Frozen):
    """How much of the time a service is up."""

    share: Share
    """Of the time in which it is to be: what is up, and not down."""


class Availability(OfLeads):
    """A service is up: from its first event to its removal, but for the time that it is down."""

    kind: Literal["availability"]
    target: AvailabilityTarget
    clock: Literal["wall", "working"] = "wall"
    """Whether it is to be up at any time, or in the hours of the calendar."""
    pauses: bool = False
    """Whether time in which it is paused is left out, as for maintenance."""
    announced: Allowance = 0
    """How long before it begins maintenance has to be announced (an event that excuses a span of time); what was announced
    later is downtime. At 0 whoever excuses may do so afterwards, too.
    """

    @property
    def judges(self) -> Judges:
        """Services, for as long as they are watched."""
        return "watches"

    @property
    def timed_by(self) -> None:
        """No clock of it runs to a deadline."""


class RetentionTarget(Frozen):
    """How many of its customers a period keeps."""

    share: Share
    """Of the customers who are there when it begins: those who are still there when it ends."""


class Retention(OfLeads):
    """Customers stay: from being won, the hand-off, to being lost, the closing."""

    kind: Literal["retention"]
    target: RetentionTarget
    intervals: Intervals = ("month",)
    """The periods by which it is asked who was there and stayed."""

    @property
    def judges(self) -> Judges:
        """Customers, for as long as they are there."""
        return "watches"

    @property
    def timed_by(self) -> None:
        """No clock of it runs to a deadline."""


Obligation = Annotated[Speed | Depth | Volume | Deliverable | Availability | Retention, Field(discriminator="kind")]
