"""A help desk: tickets are opened, answered, fixed and solved, by what is promised for each sort of them."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from crm_simulator.chance import around, chance, happens, how_many
from crm_simulator.envelope import mark_of
from crm_simulator.item import Episode, Happening
from crm_simulator.named import a_segment, fields_of, told
from crm_simulator.plan import Plan
from crm_simulator.promised import channel_of, done_at, in_hours, later
from sla_rules.agreement.obligations import Speed
from sla_rules.agreement.rulebook import Term, Version
from sla_rules.agreement.segments import Segment
from sla_rules.instants import DAY, HOUR, MINUTE, Instant
from sla_rules.time.calendar import Calendar
from sla_rules.time.periods import start_of

_A_DAY: Final = 7.0
_ON_CLOSED_DAYS: Final = 1.5
_IN_HOURS: Final = 0.8
"""Share of a working day's tickets that are opened while the desk is there."""
_AGENTS: Final = ("agent-1", "agent-2", "agent-3")
_NEVER: Final = 0.03
"""Promises that are forgotten."""
_LOWERED: Final = 0.12
_WRITES_AGAIN: Final = 0.5
_WAITS: Final = 0.2
"""Tickets whose fix waits for the customer."""
_SOLVED: Final = 0.94
_REOPENED: Final = 0.08
_LESSENS: Final = "workaround"
"""The channel of an answer after which a ticket is less urgent."""


class Tickets:
    """Tickets under an agreement that names their events: each promise is mostly kept, by a channel that counts for it."""

    name: Final = "desk"

    def __init__(self, plan: Plan, version: Version) -> None:
        self._plan, self._agreement = plan, version.agreement
        self._term: Term = version.terms[0]
        self._speeds = [one for one in self._agreement.obligations if isinstance(one, Speed)]

    @property
    def zone(self) -> ZoneInfo:
        """That of the agreement."""
        return self._term.zone

    def episodes(self, day: date) -> Iterator[Episode]:
        """The tickets opened on a day."""
        subject, seed = self._agreement.subject, self._plan.seed
        rng = chance(seed, subject, day)
        mean = _A_DAY if any(self._term.calendar.hours_on(day)) else _ON_CLOSED_DAYS
        for number in range(1, how_many(mean, rng) + 1):
            at = in_hours(self._term.calendar, day, rng) if happens(_IN_HOURS, rng) else None
            anyway = start_of(day, self.zone) + round(rng.random() * 23 * HOUR)
            ticket = f"{subject}-{day:%y%m%d}-{number:02}-{mark_of(seed)}"
            yield Episode(ticket, self._life(ticket, anyway if at is None else at, chance(seed, ticket)))

    def _life(self, ticket: str, opened: Instant, rng: Random) -> Iterator[Happening]:
        agreement, segments = self._agreement, self._agreement.segments
        number = a_segment(agreement, rng)
        segment = None if number is None else segments[number]
        fields = fields_of(agreement, segment, rng)
        yield from told(agreement, "created", opened, ticket, fields)
        assigned = opened + round(around(4, 0.6, rng) * MINUTE)
        agent = rng.choice(_AGENTS)
        yield from told(agreement, "handed_off", assigned, ticket, {**fields, "rep_id": agent})
        lower = segments[number + 1] if number is not None and number + 1 < len(segments) else None
        work = list(self._work(ticket, assigned, segment, agent, rng))
        yield from work
        lessened = next((one.time for one in work if one.data.get("channel") == _LESSENS), None)
        if lessened is None and happens(_LOWERED, rng):
            lessened = assigned + round(around(40, 0.5, rng) * MINUTE)
        if lower is not None and lessened is not None:
            yield from told(agreement, "updated", lessened, ticket, fields_of(agreement, lower, rng))
            more = list(self._work(ticket, assigned, lower, agent, rng))
            work += more
            yield from more
        last = max((one.time for one in work), default=assigned)
        if happens(_SOLVED, rng):
            yield from self._end(ticket, later(self._hours(segment), last, 1, rng), agent, rng)

    def _work(
        self, ticket: str, assigned: Instant, segment: Segment | None, agent: str, rng: Random
    ) -> Iterator[Happening]:
        """What the desk does for a ticket of a sort, one promise after the other, and what the customer writes meanwhile."""
        agreement, hours = self._agreement, self._hours(segment)
        promises = [one for one in self._speeds if not one.segments or (segment and segment.id in one.segments)]
        at = assigned
        for number, terms in enumerate(one for one in promises if one.starts == "handed_off"):
            if number == 1 and terms.pauses and happens(_WAITS, rng):
                asked = later(hours, at, 0.5, rng)
                yield from told(agreement, "paused", asked, ticket, {"reason_code": "waiting_for_customer"})
                yield from told(agreement, "resumed", later(hours, asked, 5, rng), ticket)
            if happens(_NEVER, rng):
                continue
            at = max(done_at(terms, assigned, hours, rng), at + 10 * MINUTE)
            yield from self._answer(ticket, at, channel_of(terms, rng), agent)
        for terms in promises:
            if terms.starts == "inbound" and happens(_WRITES_AGAIN, rng):
                written = later(hours, at, 3, rng)
                message = {"channel": "email", "direction": "inbound", "actor": "human"}
                yield from told(agreement, "attempted", written, ticket, dict(message))
                if not happens(_NEVER, rng):
                    yield from self._answer(ticket, done_at(terms, written, hours, rng), channel_of(terms, rng), agent)

    def _end(self, ticket: str, at: Instant, agent: str, rng: Random) -> Iterator[Happening]:
        """It is solved; now and then the customer disagrees."""
        agreement = self._agreement
        yield from told(agreement, "closed", at, ticket, {"reason_code": "solved", "rep_id": agent})
        if happens(_REOPENED, rng):
            back = at + round(around(1.5, 0.5, rng) * DAY)
            yield from told(agreement, "reopened", back, ticket)
            answered = later(self._hours(None), back, 2, rng)
            yield from self._answer(ticket, answered, "email", agent)
            yield from told(agreement, "closed", later(self._hours(None), answered, 3, rng), ticket)

    def _answer(self, ticket: str, at: Instant, channel: str, agent: str) -> Iterator[Happening]:
        data: dict[str, object] = {"channel": channel, "direction": "outbound", "actor": "human", "rep_id": agent}
        yield from told(self._agreement, "attempted", at, ticket, data)

    def _hours(self, segment: Segment | None) -> Calendar:
        return self._term.calendar_of("" if segment is None else segment.id, None)
