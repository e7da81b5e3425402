"""An agreement in some lines: since when it is in force, its obligations, its events, and whether its goals can be served."""

from collections.abc import Iterator
from datetime import date
from typing import get_args

from leadsla.tables.narrator import Narrator
from sla_rules.agreement.calendar_remarks import remarks
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.reps import Capacity
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.events.vocabulary import Part
from sla_rules.figures.capacity import capacity_for, feasibility
from sla_rules.reports.calendar_period import CalendarPeriod
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
        terms = term.obligation
        capacity = capacity_for(agreement, terms.id)
        if capacity is not None and isinstance(terms, Volume):
            yield f"  {_feasible(term, terms, capacity, narrator)}"
    for remark in remarks(agreement, today, until):
        values = {name: voice.day(one) if isinstance(one, date) else one for name, one in remark.values.items()}
        yield f"  {voice.text(f'check-{remark.code}', calendar=remark.calendar, **values)}"


def _feasible(term: Term, terms: Volume, capacity: Capacity, narrator: Narrator) -> str:
    found = feasibility(term, terms, capacity)
    interval, period = found.period.interval, narrator.period(CalendarPeriod.of(found.period))
    if not found.is_feasible:
        return narrator.text(
            "check-not-feasible",
            obligation=terms.id,
            reps=capacity.reps,
            served=found.capacity,
            leads=found.agreed,
            interval=interval,
            period=period,
            wanted=found.reps,
        )
    return narrator.text(
        "check-feasible",
        obligation=terms.id,
        reps=capacity.reps,
        leads=found.capacity,
        interval=interval,
        period=period,
        own=found.own,
        agreed=found.agreed,
        spare=found.capacity - found.agreed,
    )
