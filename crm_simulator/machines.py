"""A monitor: machines that are up, go down for a while, alone or all at once, and are taken down for maintenance."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from crm_simulator.chance import around, chance, happens, one_of
from crm_simulator.item import Episode, Happening
from crm_simulator.named import a_segment, fields_of, told
from crm_simulator.plan import Plan
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import Term, Version
from sla_rules.instants import DAY, HOUR, MINUTE, Instant, iso
from sla_rules.time.periods import start_of

_FLEET: Final = 3
_FAILS: Final = 0.02
"""How likely a machine goes down on a day by itself."""
_INCIDENT: Final = 0.01
"""How likely all do at once."""
_MINUTES_DOWN: Final = 6
_MOST_DOWN: Final = 12 * HOUR
_MAINTAINED_ON: Final = (4, 12, 20)
"""Days of the month on which the next maintenance of each machine is announced."""
_DAYS_BEFORE: Final = {1: 1, 4: 5, 5: 5, 6: 5}
"""How many days ahead, by weight; a day is too late for most agreements."""
_NIGHT: Final = 2 * HOUR
_MAINTENANCE: Final = 2 * HOUR


class Machines:
    """What a monitor tells of the services of an agreement."""

    name: Final = "monitor"

    def __init__(self, plan: Plan, version: Version) -> None:
        self._plan = plan
        self._agreement: Agreement = version.agreement
        self._term: Term = version.terms[0]
        self._fleet = [f"{self._agreement.subject}-{number}" for number in range(1, _FLEET + 1)]

    @property
    def zone(self) -> ZoneInfo:
        """That of the agreement."""
        return self._term.zone

    def episodes(self, day: date) -> Iterator[Episode]:
        """What befalls each machine on a day; on the first it begins to be watched."""
        incident = self._incident(day)
        for number, machine in enumerate(self._fleet):
            rng = chance(self._plan.seed, machine, day)
            yield Episode(machine, self._day(day, machine, number, incident, rng), f"{day}")

    def _day(
        self, day: date, machine: str, number: int, incident: tuple[Instant, int] | None, rng: Random
    ) -> Iterator[Happening]:
        midnight = start_of(day, self.zone)
        fields = self._fields(machine)
        if day == self._plan.begins:
            yield from told(self._agreement, "created", midnight, machine, fields)
        if happens(_FAILS, rng):
            at = midnight + round(rng.random() * 23 * HOUR)
            yield from self._down(machine, at, min(round(around(_MINUTES_DOWN, 1.0, rng) * MINUTE), _MOST_DOWN))
        if incident is not None:
            yield from self._down(machine, *incident)
        if day.day == _MAINTAINED_ON[number % len(_MAINTAINED_ON)]:
            yield from self._maintenance(machine, midnight, rng)

    def _maintenance(self, machine: str, midnight: Instant, rng: Random) -> Iterator[Happening]:
        """Announced by day for a night to come; it is rarely as long as was said, and now and then longer."""
        begins = midnight + one_of(_DAYS_BEFORE, rng) * DAY + _NIGHT
        data: dict[str, object] = {
            "from": iso(begins),
            "until": iso(begins + _MAINTENANCE),
            "reason": "patches",
            "by": "operations",
        }
        yield from told(self._agreement, "excused", midnight + 10 * HOUR, machine, data)
        yield from self._down(machine, begins + 5 * MINUTE, round(around(70, 0.3, rng) * MINUTE))

    def _down(self, machine: str, at: Instant, lasts: int) -> Iterator[Happening]:
        yield from told(self._agreement, "down", at, machine, self._fields(machine))
        yield from told(self._agreement, "up", at + lasts, machine)

    def _incident(self, day: date) -> tuple[Instant, int] | None:
        rng = chance(self._plan.seed, self._agreement.subject, "incident", day)
        if not happens(_INCIDENT, rng):
            return None
        return start_of(day, self.zone) + round(rng.random() * 23 * HOUR), round(around(11, 0.7, rng) * MINUTE)

    def _fields(self, machine: str) -> dict[str, object]:
        """The same whenever it is told of."""
        rng = chance(self._plan.seed, machine)
        number = a_segment(self._agreement, rng)
        return fields_of(self._agreement, None if number is None else self._agreement.segments[number], rng)
