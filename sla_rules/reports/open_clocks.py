"""Who is overdue now, and whose clock runs out next: the open clocks of the service's topics, as they are at an instant.

Records say what facts have come to (`sla_rules.engine.clock_records`); what time has done to a clock since is found here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from msgspec import Struct, field

from sla_rules.engine.clock_records import Clock, ClocksRecord
from sla_rules.figures.obligation_figures import Kind
from sla_rules.figures.units import Count, Duration, Figure, Time
from sla_rules.instants import SECOND, Instant, instant
from sla_rules.reports.freshness import Freshness

State = Literal["overdue", "due", "at_risk", "running", "paused"]
STATES: Final[tuple[State, ...]] = ("overdue", "due", "at_risk", "running", "paused")
_NEVER: Final[Instant] = 2**62
_WARNING: Final = "warning"


class TimedClock(Struct, frozen=True, kw_only=True):
    """An open clock at an instant."""

    lead: str
    """Identifier of the lead; `agreement:obligation` of a delivery."""
    agreement: str
    """Identifier of the agreement."""
    obligation: str
    """Identifier of the obligation."""
    kind: Kind
    """What kind of obligation it is."""
    provider: str
    """Party that owes it."""
    rep_id: str | None
    """Who has the lead."""
    team: str | None
    """Their team."""
    cycle: Count
    """Which hand-off of the lead; 0 for its creation."""
    key: str
    """That of its breach in `sla-breaches`; no other clock has it."""
    state: State
    """Overdue: its deadline has passed and its breach stands. Due: it has passed, and whether it was met is being judged. At
    risk: a warning was due before now. Paused: it stands, or waits for its hours. Running: it does none of that.
    """
    deadline: Time | None
    """When it runs out, or ran out; None while it stands, or where its hours do not open often enough any more."""
    overdue_by: Duration | None = field(name="overdue_by_seconds")
    """How long ago the deadline was, by the wall; None where it has not passed."""
    left: Duration | None = field(name="left_seconds")
    """What it has left, of the hours in which it runs; None where that has passed, or is not known."""
    resumes: Time | None
    """When its hours open; None while they are open, or where nobody knows."""
    paused_since: Time | None
    """Since when it stands, since the lead is paused or downtime was waived; None where it does not."""
    so_far: Figure | None
    """Attempts that count, or how much was confirmed of a delivery; None where a single follow-up is wanted."""
    wanted: Figure | None
    """How many are wanted, or how much of it."""


class OpenClocks(Struct, frozen=True, kw_only=True):
    """The open clocks that are asked for, the most urgent first, and whether they may be out of date."""

    at: Time
    """As of when, by the service's clock."""
    service: Freshness
    """How far the service is."""
    count: Mapping[str, Count]
    """How many there are by their state."""
    historic: Count
    """How many there are beside, whose deadline had passed long before anybody could have heard of it."""
    clocks: tuple[TimedClock, ...]
    """Those overdue, then those due, then by what runs out next."""
    left_out: Count
    """How many more there are, less urgent, or of leads with more than a record lists."""


class Selection(NamedTuple):
    """Of which team, agreement and owner; None of any."""

    team: str | None = None
    agreement: str | None = None
    owner: str | None = None

    def takes(self, clock: Clock) -> bool:
        """Whether a clock is asked for."""
        return (
            self.team in {None, clock.team}
            and self.agreement in {None, clock.agreement}
            and self.owner in {None, clock.rep_id}
        )


ALL: Final = Selection()


def open_clocks(
    records: Iterable[ClocksRecord],
    breached: Collection[str],
    service: Freshness,
    now: Instant,
    wanted: Selection = ALL,
    most: int | None = None,
) -> OpenClocks:
    """The clocks that are open at an instant, at most so many, by the last record of each lead.

    `breached` are the keys of the breaches that stand.
    """
    found: list[TimedClock] = []
    historic = unlisted = 0
    for record in records:
        chosen = [clock for clock in record.data.clocks if wanted.takes(clock)]
        historic += sum(clock.historic for clock in chosen)
        found += [timed(record.data.lead, clock, clock.key in breached, now) for clock in chosen if not clock.historic]
        unlisted += record.data.left_out if chosen else 0
    found.sort(key=urgency)
    shown = found[:most]
    return OpenClocks(
        at=now,
        service=service,
        count={state: sum(one.state == state for one in found) for state in STATES},
        historic=historic,
        clocks=tuple(shown),
        left_out=len(found) - len(shown) + unlisted,
    )


def urgency(clock: TimedClock) -> tuple[int, Instant, str, str, str, str]:
    """What clocks stand in order by, no two in the same place."""
    rank = min(STATES.index(clock.state), STATES.index("at_risk"))
    deadline = _NEVER if clock.deadline is None else clock.deadline
    return rank, deadline, clock.agreement, clock.obligation, clock.lead, clock.key


def timed(lead: str, clock: Clock, is_breached: bool, now: Instant) -> TimedClock:  # noqa: FBT001 - by the topic
    """A clock of a lead at an instant."""
    deadline = None if clock.deadline is None else instant(clock.deadline)
    resumes = _resumes(clock, now)
    has_passed = deadline is not None and deadline < now  # at the deadline itself it can still be met
    is_over = has_passed or is_breached
    return TimedClock(
        lead=lead,
        agreement=clock.agreement,
        obligation=clock.obligation,
        kind=clock.kind,
        provider=clock.provider,
        rep_id=clock.rep_id,
        team=clock.team,
        cycle=clock.cycle,
        key=clock.key,
        state=_state(clock, now, is_breached=is_breached, has_passed=has_passed, is_closed=resumes is not None),
        deadline=deadline,
        overdue_by=now - deadline if deadline is not None and has_passed else None,
        left=None if is_over else _left(clock, deadline, now),
        resumes=None if is_over else resumes,
        paused_since=None if clock.paused_since is None else instant(clock.paused_since),
        so_far=clock.so_far,
        wanted=clock.wanted,
    )


def _state(clock: Clock, now: Instant, *, is_breached: bool, has_passed: bool, is_closed: bool) -> State:
    if is_breached:
        return "overdue"
    if has_passed:
        return "due"
    if clock.paused_since is not None:
        return "paused"
    if any(one.tier.startswith(_WARNING) and instant(one.at) < now for one in clock.milestones):
        return "at_risk"
    return "paused" if is_closed else "running"


def _resumes(clock: Clock, now: Instant) -> Instant | None:
    """When the hours of a clock open next; None while they are, or where no more are known."""
    if clock.deadline is None:
        return None
    hours = list(_hours(clock))
    if any(opens <= now < closes for opens, closes in hours):
        return None
    return next((opens for opens, _ in hours if opens > now), None)


def _left(clock: Clock, deadline: Instant | None, now: Instant) -> Duration | None:
    if deadline is None:
        return None if clock.left_seconds is None else round(clock.left_seconds * SECOND)
    if not clock.hours:
        return deadline - now
    hours = list(_hours(clock))
    if hours[-1][1] < deadline:  # more than are listed
        return None
    return sum(max(min(closes, deadline) - max(opens, now), 0) for opens, closes in hours)


def _hours(clock: Clock) -> Iterator[tuple[Instant, Instant]]:
    return ((instant(one.opens), instant(one.closes)) for one in clock.hours)
