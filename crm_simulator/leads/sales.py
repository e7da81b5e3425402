"""Sales' side of a lead: attempts by reps who are fast, slow or forgetful, and what comes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from crm_simulator.chance import around, happens, one_of
from crm_simulator.item import Happening
from crm_simulator.leads.marketing import automatic_email
from crm_simulator.leads.staff import Rep, rep_of
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant
from sla_rules.time.calendar import Calendar

_GAPS_HOURS: Final = (3, 6, 9, 12, 14, 14)
"""Working hours from one attempt to the next."""
_CHANNELS: Final = {"phone": 66, "email": 24, "video": 4, "sms": 6}
_PHONE: Final = {"connected": 20, "voicemail": 32, "no_answer": 48}
_MAIL: Final = {None: 88, "replied": 8, "bounced": 4}
_SECONDS: Final = {"connected": 260.0, "voicemail": 28.0, "no_answer": 12.0}
"""Median length of a call by its outcome."""
_AFTER_CONNECTION: Final = {"lead.converted.v1": 38, "lead.disqualified.v1": 28, "lead.rejected.v1": 8, None: 26}
_AFTER_GIVING_UP: Final = {"lead.recycled.v1": 55, "lead.disqualified.v1": 18, None: 27}
_REASONS: Final = {
    "lead.converted.v1": ("opportunity",),
    "lead.disqualified.v1": ("no_budget", "no_need", "wrong_contact"),
    "lead.rejected.v1": ("not_a_lead", "outside_region"),
    "lead.recycled.v1": ("not_reached", "timing"),
}
_MOST_ATTEMPTS: Final = 6


@dataclass(slots=True)
class FollowUp:
    """The work of reps on one hand-off of one lead."""

    lead: str
    calendar: Calendar
    rng: Random
    pace: float = 1
    """How many times longer than usual a lead waits for its first touch."""

    def begin(self, at: Instant, rep: Rep, fields: dict[str, object]) -> Iterator[Happening]:
        """Everything from the hand-off on, in the order it is done."""
        queued = happens(0.06, self.rng)
        owner = {"queue": f"{rep.team}-queue"} if queued else {"rep_id": rep.id}
        yield Happening(at, "lead.handed_off.v1", self.lead, {**owner, "team": rep.team, **fields})
        if happens(0.5, self.rng):
            yield automatic_email(self.lead, at + round(around(70 * SECOND, 0.4, self.rng)), self.rng)
        if queued:
            at = self._working(at, around(12, 0.6, self.rng) * MINUTE)
            yield self._reassigned(at, rep, None, "taken_from_queue")
        yield from self._work(at, rep)

    def _work(self, at: Instant, rep: Rep) -> Iterator[Happening]:
        habit, rng = rep.habit, self.rng
        if happens(habit.forgets, rng):
            if happens(0.2, rng):
                return
            if happens(0.5, rng):
                at = self._working(at, around(2.5, 0.5, rng) * HOUR)
                colleague = rep_of(rep.team, rng, other_than=rep)
                yield self._reassigned(at, colleague, rep, "untouched")
                yield from self._work(at, colleague)
                return
            first = self._working(at, around(7, 0.6, rng) * HOUR)
        else:
            first = self._working(at, around(habit.touches_after_minutes * self.pace, habit.spread, rng) * MINUTE)
        yield from self._attempts(first, rep)

    def _attempts(self, at: Instant, rep: Rep) -> Iterator[Happening]:
        rng = self.rng
        if happens(0.4, rng):
            yield Happening(at - round(rng.uniform(1, 5) * SECOND), "lead.accepted.v1", self.lead, {"rep_id": rep.id})
        for number in range(_MOST_ATTEMPTS + 1):
            attempt = self._attempt(at, rep)
            yield attempt
            if attempt.data.get("outcome") == "connected":
                yield from self._outcome(at, rep, _AFTER_CONNECTION)
                return
            if attempt.data.get("outcome") == "replied":
                inbound = {"channel": "email", "direction": "inbound", "actor": "human", "outcome": "replied"}
                yield Happening(
                    at + round(around(3, 0.8, rng) * HOUR), "lead.contact_attempted.v1", self.lead, {**inbound}
                )
            gives_up = number > 0 and not happens(rep.habit.goes_on, rng)
            if gives_up or (number + 1 >= _MOST_ATTEMPTS and happens(0.7, rng)):
                break
            gap = _GAPS_HOURS[min(number, len(_GAPS_HOURS) - 1)]
            at = self._working(at, around(gap, 0.3, rng) * HOUR)
        yield from self._outcome(self._working(at, around(4, 0.5, rng) * HOUR), rep, _AFTER_GIVING_UP)

    def _attempt(self, at: Instant, rep: Rep) -> Happening:
        rng = self.rng
        channel = one_of(_CHANNELS, rng)
        spoken = channel in {"phone", "video"}
        outcome = one_of(_PHONE, rng) if spoken else one_of(_MAIL, rng)
        data: dict[str, object] = {"channel": channel, "direction": "outbound", "actor": "human", "rep_id": rep.id}
        if outcome is not None:
            data["outcome"] = outcome
        if spoken and outcome is not None:
            data["duration_seconds"] = float(round(around(_SECONDS[outcome], 0.5, rng)))
        entered = None
        if happens(rep.habit.enters_at_day_end, rng):
            segment = next(segment for segment in self.calendar.open_intervals(at) if segment.end > at)
            entered = segment.end + round(rng.uniform(-8, 8) * MINUTE)
        return Happening(
            at, "lead.contact_attempted.v1", self.lead, data, None if entered is None else max(at, entered)
        )

    def _outcome(self, at: Instant, rep: Rep, weights: dict[str | None, int]) -> Iterator[Happening]:
        rng = self.rng
        kind = one_of(weights, rng)
        if kind is None:
            return
        at = self._working(at, around(40, 1.0, rng) * MINUTE)
        reason = rng.choice(_REASONS[kind])
        if kind == "lead.recycled.v1":
            yield Happening(at, kind, self.lead, {"from_rep_id": rep.id, "reason": reason})
            return
        yield Happening(at, kind, self.lead, {"rep_id": rep.id, "reason_code": reason})
        if kind == "lead.converted.v1":
            yield self._deal(self._working(at, around(5, 0.6, rng) * DAY / 3))

    def _deal(self, at: Instant) -> Happening:
        won = happens(0.5, self.rng)
        deal = f"deal-{self.lead}"
        data: dict[str, object] = {
            "outcome": "won" if won else "lost",
            "amount": f"{max(around(95, 0.4, self.rng), 10):.2f}",
            "currency": "EUR",
            "deal_id": deal,
            "lead_ids": [self.lead],
        }
        return Happening(at, "deal.closed.v1", deal, data)

    def _reassigned(self, at: Instant, to: Rep, of: Rep | None, reason: str) -> Happening:
        before: dict[str, object] = {} if of is None else {"from_rep_id": of.id}
        data = {"rep_id": to.id, "team": to.team, **before, "reason": reason}
        return Happening(at, "lead.reassigned.v1", self.lead, data)

    def _working(self, at: Instant, duration: float) -> Instant:
        return self.calendar.add(at, round(duration))
