"""Customers: won day by day, greeted, and most of them kept."""

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
from crm_simulator.promised import channel_of, done_at, in_hours, open_days
from sla_rules.agreement.obligations import Speed, Volume
from sla_rules.agreement.rulebook import Term, Version
from sla_rules.agreement.segments import Segment
from sla_rules.instants import DAY, MINUTE, Instant
from sla_rules.notation import Granularity
from sla_rules.time.periods import start_of

_USUAL: Final = 50.0
"""Customers won in a month where no goal says how many."""
_ABOVE_GOAL: Final = 1.02
_MOST_A_DAY: Final = 100.0
_LOST_A_DAY: Final = 0.07 / 30
"""Seven of a hundred are lost in a month."""
_WON_BACK: Final = 0.15
_EXCUSED: Final = 0.06
"""Losses that nobody is to blame for."""


class Customers:
    """Who is won, greeted, lost and won back under an agreement about customers."""

    name: Final = "crm"

    def __init__(self, plan: Plan, version: Version) -> None:
        self._plan, self._agreement = plan, version.agreement
        self._term: Term = version.terms[0]
        self._speeds = [
            one for one in self._agreement.obligations if isinstance(one, Speed) and one.starts == "handed_off"
        ]

    @property
    def zone(self) -> ZoneInfo:
        """That of the agreement."""
        return self._term.zone

    def episodes(self, day: date) -> Iterator[Episode]:
        """The customers won on a day."""
        subject, seed = self._agreement.subject, self._plan.seed
        rng = chance(seed, subject, day)
        mean = self._mean(day)
        for number in range(1, how_many(mean, rng) + 1):
            won = in_hours(self._term.calendar, day, rng)
            if won is not None:
                customer = f"{subject}-{day:%y%m%d}-{number:02}-{mark_of(seed)}"
                yield Episode(customer, self._life(customer, won, chance(seed, customer)))

    def _mean(self, day: date) -> float:
        interval: Granularity = "month"
        wanted = _USUAL
        for terms in self._agreement.obligations:
            if isinstance(terms, Volume) and terms.measure == "leads":
                interval, wanted = terms.interval, float(terms.agreed)
                break
        days = list(open_days(self._term.calendar, self._term.period(interval, start_of(day, self.zone))))
        return min(wanted * _ABOVE_GOAL / len(days), _MOST_A_DAY) if day in days else 0.0

    def _life(self, customer: str, won: Instant, rng: Random) -> Iterator[Happening]:
        agreement = self._agreement
        number = a_segment(agreement, rng)
        segment = None if number is None else agreement.segments[number]
        yield from told(agreement, "handed_off", won, customer, fields_of(agreement, segment, rng))
        yield from self._greeting(customer, won, segment, rng)
        stays = round(rng.expovariate(_LOST_A_DAY) * DAY)
        if won + stays < self._plan.end:
            yield from self._loss(customer, self._term.calendar.next_open(won + stays), segment, rng)

    def _greeting(self, customer: str, won: Instant, segment: Segment | None, rng: Random) -> Iterator[Happening]:
        """Whoever is won or comes back hears from the house, as it was promised."""
        calendar = self._term.calendar_of("" if segment is None else segment.id, None)
        for terms in self._speeds:
            if segment is None or not terms.segments or segment.id in terms.segments:
                call: dict[str, object] = {"channel": channel_of(terms, rng), "direction": "outbound", "actor": "human"}
                yield from told(self._agreement, "attempted", done_at(terms, won, calendar, rng), customer, call)

    def _loss(self, customer: str, lost: Instant, segment: Segment | None, rng: Random) -> Iterator[Happening]:
        """It is lost, and some of those who are come back."""
        agreement, calendar = self._agreement, self._term.calendar
        why: dict[str, object] = {"reason_code": rng.choice(("price", "quality", "closed_down"))}
        yield from told(agreement, "closed", lost, customer, why)
        if happens(_EXCUSED, rng):
            waived: dict[str, object] = {"reason": "went out of business", "by": "everybody"}
            yield from told(agreement, "excused", lost + round(around(90, 0.5, rng) * MINUTE), customer, waived)
        elif happens(_WON_BACK, rng):
            back = calendar.next_open(lost + round(around(9, 0.6, rng) * DAY))
            yield from told(agreement, "reopened", back, customer)
            yield from self._greeting(customer, back, segment, rng)
