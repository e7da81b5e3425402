"""What is asked of a file of events: by which terms, beside which others, and as of when."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from leadsla.cli.agreements import agreements_of, beside
from leadsla.cli.instants import bounded_instant_of
from leadsla.event_files.evidence import evidence_of, scope_of
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import Instant
from sla_rules.reports.facts_by_key import Facts, known_by
from sla_rules.reports.report import Scope
from sla_rules.time.intervals import BEGINNING


class Question(NamedTuple):
    """The terms agreed, `others` to lay beside them (none, unless that is asked), and the facts known in the scope."""

    agreed: Sequence[Agreement]
    others: Sequence[Agreement]
    scope: Scope
    facts: Facts
    listening_since: Mapping[str, Instant]
    """By agreement, if it was asked for."""
    told: Facts
    """All that the file says, whenever it arrived."""


def question_of(
    agreements: list[Path] | None, also: Path | None, events: str, until: str | None, listening_since: str | None = None
) -> Question:
    """The question that the options of a command put.

    Raises:
        typer.Exit: with status 2, after saying what is wrong with a file or an option.

    """
    agreed = agreements_of(agreements)
    others = beside(agreed, also)
    since = bounded_instant_of(listening_since)
    evidence = evidence_of(events, RuleBook([*agreed, *others]).vocabulary, RuleBook(agreed))
    scope = scope_of(evidence, bounded_instant_of(until))
    known = known_by(evidence.facts, scope.until, BEGINNING if since is None else since)
    listening = {} if since is None else dict.fromkeys((one.agreement for one in agreed), since)
    return Question(agreed, others, scope, known, listening, evidence.facts)
