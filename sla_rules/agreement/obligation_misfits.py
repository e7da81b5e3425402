"""What of one obligation does not fit into its agreement: names nobody has, terms that can never apply or be met."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sla_rules.agreement.deadline_misfits import deadline_misfits
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
from sla_rules.fitting import Misfit, looked_at
from sla_rules.notation import LAST_DATE
from sla_rules.spelling import unknown

if TYPE_CHECKING:
    from sla_rules.agreement.model import Agreement

MOST_DELIVERED: Final = 10**12
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
    deadline_misfits,
    _events_that_never_come,
    _leads_are_not_up,
    _leads_are_no_customers,
    _never_due,
    _goal,
    _interval_of_the_goal,
    _worthless_segments,
    _quotas_of_segments,
)
