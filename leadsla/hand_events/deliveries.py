"""What a confirmation is for: which agreement, which obligation, and which of the dates on which it is due."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from sla_rules.agreement.obligations import Deliverable
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.occurrences import occurrences
from sla_rules.instants import DAY, Instant, instant
from sla_rules.spelling import unknown

_AHEAD = 400 * DAY
"""How far a date is looked for: schedules come round once a month at least."""


class NothingToConfirm(Exception):
    """There is no such thing to confirm, in words."""


class Due(NamedTuple):
    """A date on which something is due by the schedule, the open day that stands for it, until when, and by which terms."""

    day: date
    on: date
    at: Instant
    term: Term

    @property
    def terms(self) -> Deliverable:
        """What is due."""
        assert isinstance(self.term.obligation, Deliverable)  # noqa: S101 - only those fall due
        return self.term.obligation


def terms_of(rules: RuleBook, agreement: str, obligation: str) -> Sequence[Term]:
    """The terms of a deliverable, version by version.

    Raises:
        NothingToConfirm: no agreement, or none of its obligations, has that name, or nothing is delivered under it.

    """
    if agreement not in rules.versions:
        raise NothingToConfirm(unknown("agreement", agreement, rules.versions))
    terms = [term for version in rules.versions[agreement] for term in version.terms]
    named = [term for term in terms if term.obligation.id == obligation]
    deliverables = [term for term in terms if isinstance(term.obligation, Deliverable)]
    names = list(dict.fromkeys(term.obligation.id for term in deliverables))
    if not named:
        raise NothingToConfirm(unknown("deliverable", obligation, names))
    if not any(term in deliverables for term in named):
        message = f"{obligation!r} is an obligation of {named[-1].obligation.kind}, of which nothing is confirmed"
        raise NothingToConfirm(message)
    return [term for term in named if term in deliverables]


def due_dates(terms: Sequence[Term], until: Instant) -> Iterator[Due]:
    """When something is due by any version, in order, up to an instant."""
    for term in terms:
        assert isinstance(term.obligation, Deliverable)  # noqa: S101 - as `terms_of` gives them
        for day, on, at in occurrences(term, term.obligation.due):
            if at > until:
                break
            yield Due(day, on, at, term)


class Chosen(NamedTuple):
    """The date that a confirmation is for; and the one before it, if that has passed."""

    due: Due
    passed: Due | None


def next_due(terms: Sequence[Term], time: Instant) -> Chosen:
    """The date whose window an instant lies in, as for a confirmation that names none.

    Raises:
        NothingToConfirm: nothing is due any more.

    """
    passed = None
    for due in due_dates(terms, time + _AHEAD):
        if due.at >= time:
            return Chosen(due, passed)
        passed = due
    last = f"; it was last due on {passed.day}" if passed is not None else ""
    message = f"nothing of {terms[-1].obligation.id!r} is due any more{last}"
    raise NothingToConfirm(message)


def due_on(terms: Sequence[Term], day: date, time: Instant) -> Due:
    """What is due on a day by the schedule, else on the open day that stands for one.

    Raises:
        NothingToConfirm: nothing is; the nearest dates are said.

    """
    before: Due | None = None
    for due in due_dates(terms, max(time, _noon(day)) + _AHEAD):
        if due.day == day or (due.on == day and not due.terms.due.falls_on(day)):
            return due
        if due.day > day:
            near = [one.day.isoformat() for one in (before, due) if one is not None]
            message = f"nothing of {terms[-1].obligation.id!r} is due on {day}; it is on {' and on '.join(near)}"
            raise NothingToConfirm(message)
        before = due
    last = f"; it was last due on {before.day}" if before is not None else ""
    message = f"nothing of {terms[-1].obligation.id!r} is due on {day}{last}"
    raise NothingToConfirm(message)


def _noon(day: date) -> Instant:
    return instant(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def check_recipient(due: Due, to: str | None) -> None:
    """Hold a recipient against those agreed, to the letter, as the rules do.

    Raises:
        NothingToConfirm: it is none of them.

    """
    if to is not None and due.terms.to and to not in due.terms.to:
        raise NothingToConfirm(unknown("recipient", to, due.terms.to))
