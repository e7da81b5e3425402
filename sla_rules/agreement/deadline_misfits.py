"""What of the deadline of an obligation does not fit the hours that its clock may run by, or its target."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sla_rules.agreement.deadlines import Deadline
from sla_rules.agreement.obligations import Obligation, Speed
from sla_rules.fitting import Misfit, Place, looked_at
from sla_rules.instants import Duration, format_duration
from sla_rules.notation import MINUTES_OF_DAY
from sla_rules.time.working_days import WorkingDays
from sla_rules.time.working_hours import WorkingHours, open_time, straight

if TYPE_CHECKING:
    from sla_rules.agreement.model import Agreement

_A_CENTURY_OF_WEEKS: Final = 5_200


def deadline_misfits(agreement: "Agreement", obligation: Obligation) -> Iterator[Misfit]:
    """All of them, each with its place in the obligation; of drafts as far as they go."""
    for check in _CHECKS:
        yield from looked_at(check, agreement, obligation)


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


_CHECKS: Final[Iterable[Callable[["Agreement", Obligation], Iterator[Misfit]]]] = (
    _endless_deadline,
    _average_beyond_deadline,
    _warning_beyond_days,
    _cut_off_without_effect,
)
