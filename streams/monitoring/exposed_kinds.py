"""Which metric families each kind of obligation has: its targets, and the figures of its windows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from sla_rules.agreement.obligations import Availability, Deliverable, Depth, Obligation, Retention, Speed, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.occurrences import occurrences
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally
from sla_rules.figures.capacity import capacity_for, leads_served
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.instants import SECOND, Instant, format_duration
from sla_rules.names import ALL_SEGMENTS

Sample = tuple[str, tuple[str, ...], float]
"""Metric name (with the suffix of a histogram's series), label values in the order of `sla_rules.names`, value."""

Terms = TypeVar("Terms")
"""The kind's terms, as they stand in an agreement."""


@dataclass(frozen=True, slots=True)
class Exposed(Generic[Terms]):
    """What is shown of obligations of one kind. Labels of a window end with the partition."""

    targets: Callable[[Term, Terms, Instant], Iterator[Sample]]
    """What was agreed, as of an instant."""
    window: Callable[[Terms, Tally, tuple[str, ...]], Iterator[Sample]]
    """The figures of one window, zero where nothing happened."""
    day: Callable[[Terms, Tally, tuple[str, ...]], Iterator[Sample]] | None
    """The figures of one day of the month; None where no days are shown."""
    owes: bool
    """Whether anything is ever open or overdue under it."""


def exposed(terms: Obligation) -> Exposed[Any]:
    """What is shown of some terms."""
    return EXPOSED[terms.kind]


def _deadline(terms: Speed | Depth, labels: tuple[str, ...]) -> Iterator[Sample]:
    within = terms.deadline.within
    if isinstance(within, int):
        yield "leadsla_target_deadline_seconds", labels, within / SECOND
    else:
        yield "leadsla_target_deadline_working_days", labels, within.working_days
    if terms.share_in_time is not None:
        yield "leadsla_target_within_ratio", labels, float(terms.share_in_time)


def _speed_targets(term: Term, terms: Speed, _: Instant) -> Iterator[Sample]:
    for segment in term.segments:
        labels = (*term.name, segment)
        yield from _deadline(terms, labels)
        if terms.target.average is not None:
            yield "leadsla_target_follow_up_seconds", labels, float(terms.target.average) / SECOND


def _depth_targets(term: Term, terms: Depth, _: Instant) -> Iterator[Sample]:
    for segment in term.segments:
        labels = (*term.name, segment)
        yield from _deadline(terms, labels)
        if terms.target.average is not None:
            yield "leadsla_target_attempts", labels, float(terms.target.average)


def _goals(term: Term, terms: Volume, now: Instant) -> Iterator[Sample]:
    """A goal is for all segments together."""
    labels = (*term.name, ALL_SEGMENTS)
    line = goal_line(term, terms, term.period(terms.interval, now))
    yield "leadsla_target_leads", (*labels, terms.interval), float(terms.agreed)
    yield "leadsla_target_leads_to_date", (*labels, terms.interval), float(goal_to_date(line, now))
    capacity = capacity_for(term.agreement, terms.id)
    if capacity is not None:
        for interval in terms.intervals:
            served = leads_served(term, capacity, term.period(interval, now))
            yield "leadsla_target_capacity_leads", (*labels, interval), served
    if terms.interval == "month":
        for day, goal in line:
            yield "leadsla_goal_by_day_leads", (*labels, f"{day.first.day:02}"), float(goal)


def _next_due(term: Term, terms: Deliverable, now: Instant) -> Iterator[Sample]:
    """At its very instant a delivery is still the next one."""
    for ahead in occurrences(term, terms.due, now - 1):
        yield "leadsla_target_due_timestamp_seconds", term.name, ahead.due / SECOND
        return


def _due(_: Deliverable, tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    """Of all that is due at a time."""
    for name, figure in _OF_ALL_DUE.items():
        yield f"leadsla_window_{name}", labels, tally.get(figure, 0)


def _cycles(tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    """Of cycles with a deadline."""
    for name, figure in _OF_CYCLES.items():
        yield f"leadsla_window_{name}", labels, tally.get(figure, 0)


def _follow_ups(terms: Speed, tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    yield from _cycles(tally, labels)
    yield "leadsla_window_anomalies", labels, tally.get("anomalies", 0)
    clock = terms.deadline.clock
    yield "leadsla_window_follow_ups", labels, tally.get("followed_up", 0)
    yield "leadsla_window_untouched_leads", labels, tally.get("untouched", 0)
    yield "leadsla_window_follow_up_duration_seconds", labels, tally.get(f"{clock}_sum", 0) / SECOND
    for band in terms.bands:
        within = tally.get(f"{clock}_within:{format_duration(band)}", 0)
        place = (*labels[:-1], str(float(band / SECOND)), labels[-1])
        yield "leadsla_window_within_band_leads", place, within
    place = (*labels[:-1], "+Inf", labels[-1])
    yield "leadsla_window_within_band_leads", place, tally.get("followed_up", 0)


def _attempts(terms: Depth, tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    yield from _cycles(tally, labels)
    for actor, figure in (("human", "human_attempts"), ("automation", "automated_attempts")):
        place = (*labels[:-1], actor, labels[-1])
        yield "leadsla_window_contact_attempts", place, tally.get(figure, 0)
    which = "" if terms.closed_leads == "counted" else "_open"
    yield "leadsla_window_unconnected_leads", labels, tally.get(f"unconnected{which}", 0)
    yield "leadsla_window_unconnected_attempts", labels, tally.get(f"attempts{which}", 0)


def _deliveries(terms: Volume, tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    yield "leadsla_window_leads", labels, _delivered(terms, tally)


def _deliveries_by_day(terms: Volume, tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    yield "leadsla_delivered_by_day_leads", labels, _delivered(terms, tally)


def _delivered(terms: Volume, tally: Tally) -> float:
    return tally.get("value", 0) / VALUE_UNIT if terms.measure == "value" else tally.get("delivered", 0)


def _uptime(term: Term, terms: Availability, _: Instant) -> Iterator[Sample]:
    for segment in term.segments:
        yield "leadsla_target_availability_ratio", (*term.name, segment), float(terms.target.share)


def _time(_: Availability, tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    """Of services; of the window's own interval, what is ahead."""
    window = labels[-2]
    for name, figure in {**_OF_TIME, "ahead": f"ahead:{window}"}.items():
        yield f"leadsla_window_{name}_seconds", labels, tally.get(figure, 0) / SECOND
    yield "leadsla_window_outages", labels, tally.get("outages", 0)


def _to_keep(term: Term, terms: Retention, _: Instant) -> Iterator[Sample]:
    for segment in term.segments:
        yield "leadsla_target_within_ratio", (*term.name, segment), float(terms.target.share)


def _customers(_: Retention, tally: Tally, labels: tuple[str, ...]) -> Iterator[Sample]:
    """Of those there at the start of the window, and of what came and went in it."""
    for name, figure in _OF_CUSTOMERS.items():
        yield f"leadsla_window_{name}", labels, tally.get(figure, 0)


_OF_TIME: Final = {"available": "available", "downtime": "down", "excused": "excused_time"}
_OF_ALL_DUE: Final = {
    "leads": "leads",
    "within_target_leads": "met",
    "breached_leads": "breached",
    "open_leads": "open",
}
_OF_CUSTOMERS: Final = {
    "leads": "leads",
    "within_target_leads": "met",
    "breached_leads": "breached",
    "excused_leads": "excused",
    "won_leads": "won",
}
_OF_CYCLES: Final = {**_OF_ALL_DUE, "closed_leads": "closed", "excused_leads": "excused"}

EXPOSED: Final[Mapping[str, Exposed[Any]]] = {
    "speed": Exposed(targets=_speed_targets, window=_follow_ups, day=None, owes=True),
    "depth": Exposed(targets=_depth_targets, window=_attempts, day=None, owes=True),
    "volume": Exposed(targets=_goals, window=_deliveries, day=_deliveries_by_day, owes=False),
    "availability": Exposed(targets=_uptime, window=_time, day=None, owes=True),
    "retention": Exposed(targets=_to_keep, window=_customers, day=None, owes=False),
    "deliverable": Exposed(targets=_next_due, window=_due, day=None, owes=True),
}
"""By the name that stands in agreements."""
