"""What of one obligation does not fit into its agreement: names nobody has, terms that can never apply or be met."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sla_rules.agreement.deadlines import Deadline
from sla_rules.agreement.obligations import (
    Availability,
    Deliverable,
    Depth,
    Obligation,
    OfLeads,
    Retention,
    Speed,
    Volume,
)
from sla_rules.events.vocabulary import LEAD, Part, plainly
from sla_rules.fitting import Misfit, Place, looked_at
from sla_rules.instants import Duration, format_duration
from sla_rules.notation import LAST_DATE, MINUTES_OF_DAY
from sla_rules.spelling import unknown
from sla_rules.time.working_days import WorkingDays
from sla_rules.time.working_hours import WorkingHours, open_time, straight

if TYPE_CHECKING:
    from sla_rules.agreement.model import Agreement

MOST_DELIVERED: Final = 10**12
_A_CENTURY_OF_WEEKS: Final = 5_200
_LONGEST_WAIT: Final = 366
"""Days within which every schedule is due once."""


def misfits_of(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    """All of them, each with its place in the obligation; of drafts as far as they go."""
    for check in _CHECKS:
        yield from looked_at(check, agreement, obligation)


def _sides(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    for side in ("provider", "recipient"):
        party = getattr(obligation, side, None)
        if party is not None and party not in agreement.parties:
            yield (side,), unknown("party", party, agreement.parties)


def _owed_to_oneself(_: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    if obligation.provider == obligation.recipient:
        yield ("recipient",), f"{obligation.recipient!r} is its provider too; name the party that it is owed to"


def _unknown_segments(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    known = _segment_ids(agreement)
    for name in (obligation.segments if isinstance(obligation, OfLeads) else None) or ():
        if name not in known:
            yield ("segments",), unknown("segment", name, known)


def _endless_deadline(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    """Deadlines that take longer than a calendar can be reckoned with."""
    deadline = obligation.timed_by
    if deadline is None or deadline.clock != "working":
        return
    for name, hours in _calendars(agreement).items():
        yield from looked_at(_endless, obligation, deadline, name, hours)


def _calendars(agreement: "Agreement") -> Mapping[str, WorkingHours]:
    """All of them, as they are called in a sentence."""
    calendars = {"the calendar": agreement.calendar} if hasattr(agreement, "calendar") else {}
    return calendars | {f"calendar {name!r}": hours for name, hours in getattr(agreement, "calendars", {}).items()}


def _endless(obligation: Obligation, deadline: Deadline, name: str, hours: WorkingHours) -> Iterator[Misfit]:
    most = _A_CENTURY_OF_WEEKS * sum(open_time(spans) for spans in hours.weekly_hours.values())
    reassign_after = obligation.reassign_after if isinstance(obligation, Speed) else None
    lengths: list[tuple[Place, Sequence[Duration]]] = [
        (("deadline", "within"), (deadline.within,) if isinstance(deadline.within, int) else ()),
        (("deadline", "escalations"), deadline.escalations),
        (("reassign_after",), () if reassign_after is None else (reassign_after,)),
    ]
    for place, of_place in lengths:
        if any(length > most for length in of_place):
            yield place, f"takes more than a century of the hours of {name}"


def _average_beyond_deadline(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    if isinstance(obligation, Speed):
        average, within = obligation.target.average, obligation.deadline.within
        if average is None:
            return
        if not isinstance(within, int):
            if average > (most := _longest(agreement, within)):
                message = f"{format_duration(average)} on average is longer than the deadline ever is: {_open_hours(most, within)}"
                yield ("target", "average"), message
        elif average > within:
            message = f"{format_duration(average)} on average is longer than the deadline of {format_duration(within)}"
            yield ("target", "average"), message


def _warning_beyond_days(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    """Warnings that would come before any clock of working days starts."""
    deadline = obligation.timed_by
    if deadline is None or isinstance(deadline.within, int) or deadline.clock != "working":
        return
    most = _longest(agreement, deadline.within)
    for number, warning in enumerate(deadline.warnings):
        if warning >= most:
            message = f"a warning has to come within the deadline, which is {_open_hours(most, deadline.within)}"
            yield ("deadline", "warnings", number), message


def _longest(agreement: "Agreement", within: WorkingDays) -> int:
    """More open time than a deadline in working days ever leaves: it ends on one day more than it counts."""
    days = [
        spans
        for hours in _calendars(agreement).values()
        for days in (hours.weekly_hours, hours.date_overrides)
        for spans in days.values()
    ]
    return (within.working_days + 1) * max(map(open_time, days), default=0)


def _open_hours(most: int, within: WorkingDays) -> str:
    days = "1 working day" if within.working_days == 1 else f"{within.working_days} working days"
    return f"{days} of these hours, less than {format_duration(most)}"


def _cut_off_without_effect(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    within = None if obligation.timed_by is None else obligation.timed_by.within
    if not isinstance(within, WorkingDays) or within.cut_off is None:
        return
    days = [spans for hours in _calendars(agreement).values() for spans in hours.weekly_hours.values() if spans]
    if days and not any(_cuts(within.cut_off, spans) for spans in days):
        yield ("deadline", "within", "cut_off"), "lies outside the hours of every day; write a time at which it is open"


def _cuts(cut_off: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a start of a day may be later than the cut-off, which a night shift may have on the morning after."""
    ends = list(map(straight, spans))
    opening = min(opens for opens, _ in ends)
    at = cut_off if cut_off >= opening else cut_off + MINUTES_OF_DAY
    return at < max(closes for _, closes in ends)


def _events_that_never_come(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    """An agreement about another subject than leads knows the events that it names, and no others."""
    if agreement.subject == LEAD or isinstance(obligation, Deliverable):
        return
    named = set(map(plainly, agreement.events))
    if not named & {"created", "handed_off"}:
        return  # which is wrong with all of it, and said there
    if isinstance(obligation, Availability):
        yield from _neither_up_nor_down(named, obligation)
        return
    if isinstance(obligation, Retention) and "closed" not in named:
        yield (), "nobody is ever lost: `events` names none for 'closed'"
    begins: Part = "created" if obligation.judges == "creations" else "handed_off"
    if begins not in named:
        yield (), f"never begins: `events` names none for {begins!r}"
    if obligation.attempts_counted is not None and not named & {"attempted", "connected"}:
        yield (), "can never be met: `events` names none for 'attempted' or 'connected'"
    if obligation.judges == "messages" and "attempted" not in named:
        yield ("starts",), "never begins: `events` names none for 'attempted', which messages are"
    if obligation.continues_when_reopened and "reopened" not in named:
        yield ("reopened",), "nothing ever reopens it: `events` names none for 'reopened'"
    if isinstance(obligation, Speed | Depth) and obligation.pauses and not named & {"paused", "excused"}:
        yield ("pauses",), "nothing ever pauses it: `events` names none for 'paused'"


def _neither_up_nor_down(named: Collection[Part], obligation: Availability) -> Iterator[Misfit]:
    if "handed_off" not in named:
        yield (), "is never down: `events` names none for 'down'"
    if not {"connected", "attempted"} & set(named):
        yield (), "is never up again: `events` names none for 'up'"
    if obligation.pauses and "paused" not in named:
        yield ("pauses",), "nothing ever pauses it: `events` names none for 'paused'"
    if obligation.announced and "excused" not in named:
        yield ("announced",), "nothing is ever announced: `events` names none for 'excused'"


def _leads_are_not_up(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    if isinstance(obligation, Availability) and agreement.subject == LEAD:
        yield ("kind",), "leads are neither up nor down; name a `subject`, as machine, and its `events` down and up"


def _leads_are_no_customers(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    if isinstance(obligation, Retention) and agreement.subject == LEAD:
        message = "a lead that is closed is no customer lost; name a `subject`, as customer, and its `events` handed_off and closed"
        yield ("kind",), message


def _never_due(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    if not isinstance(obligation, Deliverable) or obligation.due.until is None:
        return
    first, last = agreement.effective_from, min(obligation.due.until, LAST_DATE)
    days = range(min((last - first).days + 1, _LONGEST_WAIT))
    if not any(obligation.due.falls_on(first + timedelta(days=day)) for day in days):
        yield ("due", "until"), f"is before it is first due, counted from {first} on"


def _goal(_: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    if isinstance(obligation, Volume) and obligation.agreed > MOST_DELIVERED:
        field = "goal" if obligation.goal is not None else "goal_from"
        yield (field,), f"comes to more than {MOST_DELIVERED:,}"


def _interval_of_the_goal(_: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    if isinstance(obligation, Volume) and obligation.interval not in obligation.intervals:
        yield ("intervals",), f"intervals have to hold the goal's own, {obligation.interval}"


def _worthless_segments(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    if isinstance(obligation, Volume) and obligation.measure == "value":
        counted = [one for one in agreement.segments if obligation.segments is None or one.id in obligation.segments]
        if not any(segment.value is not None for segment in counted):
            yield ("measure",), "counts value, and no segment has a value"


def _quotas_of_segments(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    if not isinstance(obligation, Volume) or not isinstance(obligation.goal_from, Mapping):
        return
    known = _segment_ids(agreement)
    for name in obligation.goal_from:
        if name not in known:
            yield ("goal_from", name), unknown("segment", name, known)
        elif obligation.segments is not None and name not in obligation.segments:
            yield ("goal_from", name), f"leads of {name!r} do not count here; add it to `segments`"


def _segment_ids(agreement: "Agreement") -> Sequence[str]:
    return [segment.id for segment in agreement.segments if hasattr(segment, "id")]


_CHECKS: Final[Iterable[Callable[["Agreement", Obligation], Iterator[Misfit]]]] = (
    _sides,
    _owed_to_oneself,
    _unknown_segments,
    _endless_deadline,
    _average_beyond_deadline,
    _warning_beyond_days,
    _cut_off_without_effect,
    _events_that_never_come,
    _leads_are_not_up,
    _leads_are_no_customers,
    _never_due,
    _goal,
    _interval_of_the_goal,
    _worthless_segments,
    _quotas_of_segments,
)
