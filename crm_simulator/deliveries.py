"""What is due again and again: confirmed in time, now and then late, short, or never."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from crm_simulator.chance import chance, happens
from crm_simulator.item import Episode, Happening
from crm_simulator.plan import Plan
from crm_simulator.promised import in_hours, later
from sla_rules.agreement.obligations import Deliverable
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.occurrences import Occurrence, due_together, occurrences
from sla_rules.instants import HOUR, MINUTE, Instant, moment
from sla_rules.notation import WEEKDAYS
from sla_rules.time.periods import start_of

CONFIRMED: Final = "deliverable.confirmed.v1"
_ONE_DAY: Final = timedelta(days=1)


class _Habit(NamedTuple):
    """How reliable somebody is, and how long before it is due at most they are done."""

    late: float
    never: float
    ahead: int


_NOW_AND_THEN: Final = _Habit(late=0.06, never=0.02, ahead=6 * HOUR)
_EVERY_DAY: Final = _Habit(late=0.0, never=0.04, ahead=20 * MINUTE)
_SHORT: Final = 0.05
"""Portions that lack something."""


class Deliveries:
    """Confirmations of one deliverable under all versions of its agreement."""

    def __init__(self, plan: Plan, terms: tuple[Term, ...]) -> None:
        self._plan, self._terms = plan, terms

    @property
    def name(self) -> str:
        """The agreement and the obligation."""
        return "/".join(self._terms[0].name)

    @property
    def zone(self) -> ZoneInfo:
        """That of the agreement."""
        return self._terms[0].zone

    def episodes(self, day: date) -> Iterator[Episode]:
        """What falls due on a day, or the portion of it that is delivered then."""
        key = ":".join(self._terms[0].name)
        for term in self._terms:
            terms = term.obligation
            if not isinstance(terms, Deliverable):
                continue
            if terms.wanted > 1 and not isinstance(terms.to, Mapping):
                rng = chance(self._plan.seed, key, "portion", day)
                yield Episode(key, self._portion(term, terms, day, rng), f"portion/{day}")
                continue
            for occurrence in self._due_on(term, terms, day):
                rng = chance(self._plan.seed, key, occurrence.number)
                yield Episode(key, self._delivery(term, terms, occurrence, rng), f"{occurrence.number}")

    def _due_on(self, term: Term, terms: Deliverable, day: date) -> Iterator[Occurrence]:
        ends = start_of(day + _ONE_DAY, self.zone)
        for occurrence in occurrences(term, terms.due, start_of(day, self.zone) - 1):
            if occurrence.due >= ends:
                return
            yield occurrence

    def _delivery(self, term: Term, terms: Deliverable, occurrence: Occurrence, rng: Random) -> Iterator[Happening]:
        """Each recipient is told once, in time or late; of several names that share it, the first."""
        habit = _EVERY_DAY if len(terms.due.weekdays) == len(WEEKDAYS) else _NOW_AND_THEN
        wanted: list[tuple[str | None, Decimal]] = [(next(iter(terms.to), None), terms.wanted)]
        if isinstance(terms.to, Mapping):
            wanted = [*terms.to.items()]
        for to, quantity in wanted:
            if happens(habit.never, rng):
                continue
            if happens(habit.late, rng):
                at = later(term.calendar, occurrence.due, 4, rng)
                yield self._confirmed(terms, at, quantity, to, occurrence.day)
                continue
            earliest = max(occurrence.due - habit.ahead, start_of(occurrence.on, self.zone))
            yield self._confirmed(terms, round(rng.uniform(earliest, occurrence.due)), quantity, to)

    def _portion(self, term: Term, terms: Deliverable, day: date, rng: Random) -> Iterator[Happening]:
        """A large quantity comes week by week, on the first open day of each, and is shared out among its recipients."""
        found = self._portion_of(term, terms, day)
        at = in_hours(term.calendar, day, rng)
        if found is None or at is None:
            return
        amount = _part(terms.wanted, *found)
        if happens(_SHORT, rng):
            amount -= min(Decimal(rng.randint(1, 3)), amount)
        recipients: list[str | None] = [*terms.to] or [None]
        for place, to in enumerate(recipients):
            part = _part(amount, place, len(recipients))
            if part:
                yield self._confirmed(terms, at + place * 40 * MINUTE, part, to)

    def _portion_of(self, term: Term, terms: Deliverable, day: date) -> tuple[int, int] | None:
        """Which portion is delivered on a day, of how many for what is due next; None where none is."""
        midnight = start_of(day, self.zone)
        due = next((one for one in due_together(term, terms.due) if one.due >= midnight), None)
        if due is None:
            return None
        since = max(due.opens, start_of(self._plan.begins, self.zone))
        begins, ends = (moment(at).astimezone(self.zone).date() for at in (since, due.due))
        days = [begins + number * _ONE_DAY for number in range((ends - begins).days + 1)]
        within = [one for one in days if (hours := _hours(term, one)) and hours[0] >= since and hours[1] <= due.due]
        chosen = [one for one in within if _begins_a_week(term, one)] or within
        return (chosen.index(day), len(chosen)) if day in chosen else None

    def _confirmed(
        self, terms: Deliverable, at: Instant, quantity: Decimal, to: str | None, due: date | None = None
    ) -> Happening:
        agreement, obligation = self._terms[0].name
        data: dict[str, object] = {"agreement": agreement, "obligation": obligation, "quantity": _number(quantity)}
        said = {"by": terms.by, "to": to, "due": None if due is None else due.isoformat()}
        return Happening(
            at, CONFIRMED, obligation, data | {name: word for name, word in said.items() if word is not None}
        )


def _hours(term: Term, day: date) -> tuple[Instant, Instant] | None:
    """When people begin to work on a day and when they stop; None where nobody works."""
    intervals = list(term.calendar.hours_on(day))
    return (intervals[0].start, intervals[-1].end) if intervals else None


def _begins_a_week(term: Term, day: date) -> bool:
    """Whether it is the first open day of its week."""
    monday = day - day.weekday() * _ONE_DAY
    return not any(_hours(term, monday + number * _ONE_DAY) for number in range(day.weekday()))


def _part(amount: Decimal, number: int, parts: int) -> Decimal:
    """One of so many parts of an amount, whole ones but for the last."""
    begins, ends = (int(amount) * count // parts for count in (number, number + 1))
    return ends - begins + (amount - int(amount) if number + 1 == parts else Decimal(0))


def _number(quantity: Decimal) -> int | float:
    return int(quantity) if quantity == int(quantity) else float(quantity)
