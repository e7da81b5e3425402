"""The open clocks of a lead as a record of `sla-clocks`: `schemas/clocks.schema.json` says how it looks.

Only what facts change stands there, so that time alone rewrites nothing: whoever reads a record knows from the instants in it
whether a clock runs, stands, is closed for the night or has run out. That it was *missed* is said by `sla-breaches`.

Unlike other records these are declared once, written and read by the same types: one is written nearly as often as an event comes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Final, Literal, cast
from zlib import crc32

import msgspec
from msgspec import Struct

from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation, Milestone
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.evaluation.open_clock import OpenClock
from sla_rules.figures.obligation_figures import Kind
from sla_rules.figures.units import Count, Figure, Moment
from sla_rules.formats import DAMAGED, UnknownFormatError
from sla_rules.instants import SECOND, Instant, moment
from sla_rules.limits import LARGEST_STATE
from sla_rules.names import CLOCKS_TOPIC
from sla_rules.time.intervals import FOREVER, Interval

MOST_CLOCKS: Final = 100
"""So many of a lead are listed, the last to begin: of a delivery that nobody ever made, each date has one."""
MOST_HOURS: Final = 14
"""So many opening hours ahead are listed."""


class WaitingMessage(Struct, frozen=True, gc=False):
    """Which message waits for its answer; nobody else's event has the same source and id."""

    source: str
    """Who published it."""
    id: str
    """Its identifier there."""


class OpeningHours(Struct, frozen=True, gc=False):
    """Hours in which a clock may run."""

    opens: Moment
    """From when."""
    closes: Moment
    """To when."""


class PublishedAt(Struct, frozen=True, gc=False):
    """What is published at an instant unless what is owed comes before."""

    tier: str
    """`warning-15m` before the deadline, `escalation-1h` after it; `reassignment-15m` after its owner took it over."""
    at: Moment
    """When; it may have passed."""
    key: str
    """The key that its record in `sla-breaches` has, once there is one."""


class Clock(Struct, frozen=True, gc=False):
    """The clock of one promise that is still to be kept."""

    agreement: str
    """Identifier of the agreement."""
    version: str
    """Version of the agreement that the clock runs by."""
    obligation: str
    """Identifier of the obligation."""
    kind: Kind
    """What kind of obligation it is."""
    segment: str
    """Segment of the lead; `all` where the agreement has none."""
    provider: str
    """The party that owes it."""
    key: str
    """The key that the record of its breach has in `sla-breaches`, once there is one; no other clock has it."""
    cycle: int
    """Which hand-off of the lead; 0 for its creation."""
    message: WaitingMessage | None
    """Which message of that cycle waits for its answer; None where something else was promised."""
    rep_id: str | None
    """Who has the lead."""
    team: str | None
    """Their team."""
    started: Moment
    """From when the clock is counted."""
    deadline: Moment | None
    """When it runs out; None while it stands, or where its hours do not open often enough any more."""
    historic: bool
    """The deadline had passed before the service listened, or long before the hand-off arrived: it is on no pager."""
    attempted: bool
    """Whether anybody has tried to reach the lead."""
    so_far: Figure | None
    """Attempts that count, or how much was confirmed of a delivery; None where a single follow-up is wanted."""
    wanted: Figure | None
    """How many are wanted, or how much of it."""
    paused_since: Moment | None
    """Since when the clock stands, because the lead is paused or a service's downtime waived; None while it does not."""
    left_seconds: Figure | None
    """What it had left, of its own time, when it was stopped; None where there is a deadline."""
    hours: tuple[OpeningHours, ...]
    """The opening hours in which it runs, those that ended before the record's time left out, up to the deadline and at most 14.

    Nothing where every hour counts, or there is no deadline ahead. A lead may be paused in them.
    """
    milestones: tuple[PublishedAt, ...]
    """Warnings, escalations and reassignments, in order; the deadline itself is not among them."""


class ClocksData(Struct, frozen=True, gc=False):
    """What is still owed to a lead, or to whoever waits for a delivery."""

    lead: str
    """Identifier of the lead; `agreement:obligation` of a delivery."""
    clocks: tuple[Clock, ...]
    """One for each promise that is still to be kept, at least one."""
    left_out: Count
    """How many more there are, which began before those."""


class ClocksRecord(Struct, frozen=True, gc=False):
    """A CloudEvent: all open clocks of a lead, as facts have them. The topic is compacted by the lead; without any, there is no record."""

    specversion: Literal["1.0"]
    """Of CloudEvents."""
    id: str
    """The lead and a checksum: the same for the same data."""
    source: Literal["/leadsla"]
    """Who says so."""
    type: Literal["sla.clocks.v1"]
    """What it is."""
    subject: str
    """Identifier of the lead."""
    time: Moment
    """That of the last event that is known of the lead; of a delivery, also when it began to be awaited."""
    datacontenttype: Literal["application/json"]
    """Of the data."""
    data: ClocksData
    """What is still owed."""


def record(lead: str, assessments: Sequence[Assessment], last_time: Instant) -> bytes | None:
    """The record of a lead whose last fact is of an instant; None where no clock is open. The same bytes for the same facts."""
    found: list[_Found] = []
    time = last_time
    for assessment in assessments:
        _, _, evaluation, _, _, _, clock = assessment
        if clock is not None and evaluation is not None:
            found.append((clock, evaluation, assessment))
            time = max(time, clock.started)
    if not found:
        return None
    at = moment(time)
    listed = found[-MOST_CLOCKS:]
    while True:
        clocks = [_clock(clock, evaluation, assessment, time, at) for clock, evaluation, assessment in listed]
        data = _ENCODE(ClocksData(lead, tuple(clocks), len(found) - len(listed)))
        # Names may be so long that not all have room.
        if len(data) <= LARGEST_STATE or len(listed) == 1:
            break
        listed = listed[len(listed) // 2 :]
    name = f"{lead}-{crc32(data):08x}"
    return _ENCODE(ClocksRecord("1.0", name, "/leadsla", "sla.clocks.v1", lead, at, "application/json", _Raw(data)))


def read_clocks(value: bytes) -> ClocksRecord:
    """A record of `sla-clocks` as its readers have it.

    Raises:
        UnknownFormatError: it is none of ours.

    """
    try:
        return _DECODE(value)
    except DAMAGED as broken:
        message = f"{CLOCKS_TOPIC} holds a record that is none of ours: {broken}"
        raise UnknownFormatError(message) from None


_Found = tuple[OpenClock, CycleEvaluation, Assessment]


def _clock(clock: OpenClock, evaluation: CycleEvaluation, assessment: Assessment, time: Instant, at: datetime) -> Clock:
    """The clock as of the last fact, whose time is known as a datetime too. By position: so many names take ten times as long."""
    started, deadline, watch, within, so_far, wanted = clock
    cycle = evaluation.cycle
    owner, message, pauses = cycle.owner, cycle.message, watch.pauses
    stopped = pauses[-1].start if pauses and pauses[-1].end == FOREVER else None
    left = None if deadline is not None or stopped is None or within is None else watch.left(started, within, time)
    ahead: tuple[Interval, ...] = ()
    if deadline is not None and deadline > time and watch.calendar is not None:
        ahead = watch.hours(Interval(time, deadline), MOST_HOURS)
    return Clock(
        *_promise(evaluation.term, evaluation.segment),
        evaluation.key(_BREACH),
        cycle.number,
        None if message is None else WaitingMessage(message.source, message.id),
        owner.rep,
        owner.team,
        at if started == time else moment(started),
        None if deadline is None else moment(deadline),
        evaluation.is_historic(deadline),
        bool(cycle.attempts),
        None if so_far is None else _figure(so_far),
        None if wanted is None else _figure(wanted),
        None if stopped is None else moment(stopped),
        None if left is None else left / SECOND,
        _hours(ahead) if ahead else (),
        _milestones(evaluation, assessment),
    )


@lru_cache(maxsize=10_000)
def _promise(term: Term, segment: str) -> tuple[str, str, str, Kind, str, str]:
    """What all clocks of a promise say of it."""
    agreement, terms = term.agreement, term.obligation
    return agreement.agreement, agreement.version, terms.id, terms.kind, segment, terms.provider


def _milestones(evaluation: CycleEvaluation, assessment: Assessment) -> tuple[PublishedAt, ...]:
    """Whether they have passed is not looked at, nor whose reassignment was due before the last owner's."""
    milestones = [*assessment.passed, *assessment.ahead]
    if len(milestones) == 1 and milestones[0].tier == DEADLINE_TIER:
        return ()
    milestones.sort(key=_in_order)
    return tuple(
        PublishedAt(one.tier, moment(one.at), evaluation.key(one))
        for one in milestones
        if one.tier != DEADLINE_TIER and (one.turn is None or one.turn.until == FOREVER)
    )


@lru_cache(maxsize=10_000)
def _hours(ahead: tuple[Interval, ...]) -> tuple[OpeningHours, ...]:
    """Written once for all leads that wait in the same hours, since the library takes bytes for what they say."""
    hours = [OpeningHours(moment(opened.start), moment(opened.end)) for opened in ahead]
    return cast("tuple[OpeningHours, ...]", msgspec.Raw(_ENCODE(hours)))


def _figure(of: Decimal | int) -> int | float:
    return of if isinstance(of, int) else int(of) if of == int(of) else float(of)


_BREACH: Final = Milestone(DEADLINE_TIER, 0)
"""Of any deadline: keys do not depend on when it is."""
_Raw: Final = cast("Callable[[bytes], ClocksData]", msgspec.Raw)
"""What is written already, for what it says."""
_in_order: Final = attrgetter("at", "tier")
_ENCODE: Final = msgspec.json.Encoder().encode
_DECODE: Final = msgspec.json.Decoder(ClocksRecord).decode
