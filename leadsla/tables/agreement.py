"""An agreement in some lines: since when it is in force, its obligations, its events, and whether its goals can be served, and notes."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import get_args

from leadsla.tables.narrator import Narrator
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.vocabulary import Part
from sla_rules.instants import HOUR
from sla_rules.reports.agreement_notes import notes_of
from sla_rules.reports.checked import CapacityOf, DaysAsHours, HoursOf, WorkedDeadline
from sla_rules.reports.checking import capacity_of
from sla_rules.reports.worked_deadlines import days_as_hours, worked_deadlines
from sla_rules.time.periods import JANUARY
from wording.voice import Voice


def lines_of(agreement: Agreement, voice: Voice, today: date, until: date | None = None) -> Iterator[str]:
    """What `leadsla check` says of an agreement that is right, on a day; `until` the one that another version holds from."""
    rules = RuleBook([agreement])
    narrator = Narrator.of_agreement(rules, agreement.agreement, voice)
    begins = narrator.year_begins
    yield narrator.text(
        "check-agreement",
        agreement=agreement.agreement,
        version=agreement.version,
        since=voice.day(agreement.effective_from),
        years_from=None if begins == JANUARY else voice.month_name(begins),
        obligations=", ".join(obligation.id for obligation in agreement.obligations),
    )
    for part in get_args(Part):
        if part in agreement.events:
            yield f"  {part}: {', '.join(agreement.events[part])}"
    for term in rules.terms:
        for worked in worked_deadlines(term):
            yield f"  {_worked(worked, narrator)}"
        if (meant := days_as_hours(term)) is not None:
            yield f"    {_days_as_hours(meant, voice)}"
        if (capacity := capacity_of(term)) is not None:
            yield f"  {feasible(capacity, narrator)}"
    for note in notes_of(agreement, today, until):
        yield f"  {voice.text('check-note', note=voice.say(note))}"


def _worked(found: WorkedDeadline, narrator: Narrator) -> str:
    """As `first-touch: handed off Fri 2026-03-06 16:50, due Tue 2026-03-10 16:50`."""
    voice, due = narrator.voice, found.deadline
    is_elsewhere = found.time_zone != narrator.zone.key
    return narrator.text(
        "check-deadline",
        obligation=found.obligation,
        whose=_whose(found.hours_of, found.time_zone if is_elsewhere else None, voice),
        starts=found.starts,
        start=voice.instant(found.start, seconds=found.start.second > 0, zone=False),
        due=None if due is None else voice.instant(due, seconds=due.second > 0, zone=False),
    )


def _whose(hours_of: Sequence[HoursOf], zone: str | None, voice: Voice) -> str | None:
    """Who keeps the hours, if not everybody: as `team night, segment ceo, America/Mexico_City`."""
    if not hours_of or hours_of[0].of == "agreement":
        return None
    named = [voice.text("part-whose", of=one.of, name=one.name) for one in hours_of]
    return ", ".join([*named, *([] if zone is None else [zone])])


def _days_as_hours(found: DaysAsHours, voice: Voice) -> str:
    return voice.text(
        "check-days-as-hours",
        hours=voice.number(Fraction(found.within, HOUR)),
        days=voice.number(Fraction(round(found.days * 10), 10)),
        day=voice.duration(found.day),
        instead=found.instead,
    )


def feasible(found: CapacityOf, narrator: Narrator, message: str = "check-feasible") -> str:
    """Whether the reps can serve a goal, as `leads: feasible: 2 reps can serve 136 leads ...`; `message` says that they can."""
    values: dict[str, str | int | None] = {
        "obligation": found.obligation,
        "reps": found.reps,
        "interval": found.tightest.interval,
        "period": narrator.period(found.tightest),
        "limited": "yes" if found.is_limited else "no",
    }
    if found.capacity < found.agreed:
        return narrator.text(
            "check-not-feasible", served=found.capacity, leads=found.agreed, wanted=found.reps_wanted, **values
        )
    return narrator.text(
        message,
        leads=found.capacity,
        own=found.own,
        agreed=found.agreed,
        spare=found.capacity - found.agreed,
        **values,
    )
