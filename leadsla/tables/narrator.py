"""Says what stands in the report of one agreement: in one language, in the agreement's zone, by its year and its subject."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import Final, Self
from zoneinfo import ZoneInfo

from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.instants import Instant, moment
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.time.period_names import numbered
from sla_rules.time.periods import JANUARY
from sla_rules.whole_agreement.records import AgreementData
from wording.catalogue import Value
from wording.voice import Voice

NOTHING: Final = "-"
"""Stands where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Narrator:
    """`about` is what the agreement is about: `lead`, `ticket` ...; `year_begins` the month that its years begin with."""

    voice: Voice
    zone: ZoneInfo
    year_begins: int
    about: str

    @classmethod
    def of_term(cls, term: Term, voice: Voice) -> Self:
        """Speaks of one obligation."""
        return cls(voice, term.zone, term.year_begins, term.agreement.subject)

    @classmethod
    def of_agreement(cls, rules: RuleBook, agreement: str, voice: Voice) -> Self:
        """Speaks of an agreement as its latest version has it."""
        return cls.of_term(rules.versions[agreement][-1].terms[0], voice)

    @classmethod
    def of_record(cls, data: AgreementData, voice: Voice) -> Self:
        """Speaks of an agreement as its record has it."""
        return cls(voice, ZoneInfo(data.time_zone), data.year_begins, data.subject)

    def text(self, name: str, /, **values: Value | None) -> str:
        """A message of the catalogues, which knows `about` as well.

        Raises:
            CatalogueError: there is none of that name, or it wants a value that is not given.

        """
        return self.voice.text(name, **{"about": self.about, **values})

    def count(self, found: int) -> str:
        """How many."""
        return self.voice.fixed(found, 0)

    def down_to_tenths(self, share: Fraction) -> str:
        """A share in tenths of a percent, cut off, so that nothing seems met that is not."""
        return self.voice.percentage(Fraction(floor(share * 1_000), 1_000), 1)

    def period(self, period: CalendarPeriod) -> str:
        """As `week 2026-W10`; where years are a house's own, quarters and years with their first day."""
        first = self.local(period.start).date()
        if period.interval == "day":
            return self.voice.day(first, weekday=True)
        if period.interval == "month":
            return self.text("period-month", month=self.voice.month(first))
        year, number = numbered(period.interval, first, self.year_begins)
        is_own = period.interval != "week" and self.year_begins != JANUARY
        begins = self.voice.day(first) if is_own else None
        return self.text(f"period-{period.interval}", year=str(year), number=number, begins=begins)

    def day(self, at: Instant) -> str:
        """The day of an instant."""
        return self.voice.day(self.local(at).date())

    def local(self, at: Instant) -> datetime:
        """An instant in the agreement's zone."""
        return moment(at).astimezone(self.zone)
