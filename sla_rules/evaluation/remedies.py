"""Remedies that were confirmed: which period of which obligation a confirmation is about, and whether there is such a remedy.

A confirmation counts as soon as it is known, though the period has not ended or its figures are not published: who makes good before
being asked has made good. It changes no figure. Whether it was in time is said where the remedy falls due
(`sla_rules.reports.settlement`).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sla_rules.agreement.consequences import Remedy
from sla_rules.agreement.judged_intervals import judged_intervals
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.contributions import RemedyContribution
from sla_rules.events.rejection import RejectionError
from sla_rules.instants import Instant, iso
from sla_rules.lead.facts import Corrected, Fact, RemedyConfirmed
from sla_rules.spelling import unknown
from sla_rules.time.period_names import named_period
from sla_rules.time.periods import Period, period_from

UNKNOWN: Final = "unknown_remedy"
"""Why a confirmation is dead-lettered that nobody has anything to make of."""


class ConfirmedRemedy(NamedTuple):
    """What was done since a goal was missed: whose remedy it is, None of all of the period; when it was done, and by whom."""

    owner: str | None
    at: Instant
    by: str


def confirmed_remedies(rules: RuleBook, key: str, facts: Sequence[Fact]) -> Iterator[RemedyContribution]:
    """What facts under the key of an obligation say of its remedies: of each period and owner, what was done first."""
    terms = rules.obligations.get(key)
    if terms is None:
        return
    seen: set[tuple[str, str | None]] = set()
    for fact in facts:
        if isinstance(fact, RemedyConfirmed) and (fact.period, fact.owner) not in seen:
            seen.add((fact.period, fact.owner))
            period = _period(terms[-1], fact.period)
            yield RemedyContribution(terms[-1].index, period.interval, period.first, fact.owner, fact.time, fact.by)


def confirmed_of(contribution: RemedyContribution) -> ConfirmedRemedy:
    """What a contribution says was done."""
    return ConfirmedRemedy(contribution.owner, contribution.at, contribution.by)


def check_remedies(rules: RuleBook, key: str, facts: Iterable[Fact]) -> None:
    """Hold confirmations of remedies, or what corrections put in as one, against what was agreed.

    Raises:
        RejectionError: there is no such agreement, obligation or period, or nothing is to be done for it by whom it names.

    """
    for fact in facts:
        meant = fact.instead if type(fact) is Corrected else fact
        if type(meant) is RemedyConfirmed and (objection := _objection(rules, key, meant)) is not None:
            raise RejectionError(UNKNOWN, objection)


def called_for(rules: RuleBook, key: str, name: str) -> Sequence[Remedy]:
    """The remedies of an obligation for a period by its name, should it be missed: by the terms in force at its end."""
    terms = rules.obligations[key]
    term = _in_force(terms, _period(terms[-1], name))
    return () if term is None else _agreed(term)


def _objection(rules: RuleBook, key: str, fact: RemedyConfirmed) -> str | None:
    agreement, _, obligation = key.partition(":")
    versions = rules.versions.get(agreement)
    if versions is None:
        return unknown("agreement", agreement, rules.versions)
    terms = rules.obligations.get(key)
    if terms is None:
        return unknown("obligation", obligation, dict.fromkeys(t.obligation.id for v in versions for t in v.terms))
    period = _period(terms[-1], fact.period)
    term = _in_force(terms, period)
    if term is None:
        return f"{obligation!r} is not in force in {fact.period}"
    return _objection_under(term, period, fact)


def _objection_under(term: Term, period: Period, fact: RemedyConfirmed) -> str | None:
    obligation = term.obligation.id
    owners = [remedy.owner for remedy in _agreed(term)]
    if not owners:
        return f"no remedy is agreed for {obligation!r}"
    intervals = judged_intervals(term.agreement, term.obligation)
    if period.interval not in intervals:
        judged = " and by the ".join(intervals)
        return f"{fact.period} is a {period.interval}, and {obligation!r} is judged by the {judged}"
    if fact.owner is not None and fact.owner not in owners:
        return unknown("owner of a remedy", fact.owner, owners)
    if period.start > fact.time:
        return f"{fact.period} had not begun when the remedy is said to have been carried out, {iso(fact.time)}"
    return None


def _agreed(term: Term) -> list[Remedy]:
    return [remedy for remedy in term.agreement.remedies if remedy.obligation == term.obligation.id]


def _in_force(terms: Sequence[Term], period: Period) -> Term | None:
    """The last terms in force in a period, by which it is judged."""
    return next((term for term in reversed(terms) if term.since < period.end and term.until > period.start), None)


def _period(term: Term, name: str) -> Period:
    """The period of a name, by the year of the agreement."""
    return period_from(*named_period(name, term.year_begins), term.zone)
