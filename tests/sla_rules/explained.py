"""Holds explanations against the verdicts that are given."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.contributions import (
    UNFIGURED,
    AvailabilityContribution,
    Contribution,
    DealContribution,
    LossContribution,
    RetentionContribution,
    UnreadyContribution,
    VolumeContribution,
)
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import SECOND, Instant
from sla_rules.lead.facts import Fact
from sla_rules.lead.history import history
from sla_rules.reports.encode import document
from sla_rules.reports.explanation import explain
from sla_rules.reports.facts_by_key import propagate_merges

JUDGED_BEFORE: Final = frozenset(("counted_before", "continued"))
"""What is said of a cycle whose verdict is that of an earlier one."""


def differences(
    rules: RuleBook, facts: Mapping[str, Sequence[Fact]], until: Instant, notices: Iterable[Notice]
) -> list[str]:
    """Where explanations of leads say other verdicts than are given of them, or tell of others than the notices."""
    told = sorted((notice.lead, notice.key) for notice in notices)
    explained: list[tuple[str, str]] = []
    found = []
    for lead, known in propagate_merges(facts).items():
        verdicts: Any = document(explain(rules, lead, known, until))["verdicts"]
        explained += [(lead, notice["key"]) for verdict in verdicts for notice in verdict.get("notices", ())]
        of_cycles = [
            one
            for one in verdicts
            if one["status"] not in JUDGED_BEFORE and not one.keys() & {"available_seconds", "periods"}
        ]
        said = [(one["obligation"], one["status"]) for one in of_cycles]
        contributions = [assessed.contribution for assessed in assess(rules, lead, history(lead, known), until)]
        given = verdicts_given(rules, contributions)
        if said != given:
            found.append(f"{lead}: explained {said}, given {given}")
        counted = sum(len(one.starts) for one in contributions if isinstance(one, RetentionContribution))
        periods = sum(len(one["periods"]) for one in verdicts if "periods" in one)
        if periods != counted:
            found.append(f"{lead}: explained {periods} periods, given {counted}")
        days = [one for one in contributions if isinstance(one, AvailabilityContribution)]
        up = sum(round(one["available_seconds"] * SECOND) for one in verdicts if "available_seconds" in one)
        if up != sum(one.days * one.available for one in days):
            found.append(f"{lead}: explained {up} microseconds, given {days}")
    if sorted(explained) != told:
        found.append(f"explained {sorted(explained)}, told {told}")
    return found


_OF_NO_CYCLE: Final = (
    DealContribution,
    AvailabilityContribution,
    RetentionContribution,
    LossContribution,
    *UNFIGURED,
)


def verdicts_given(rules: RuleBook, contributions: Iterable[Contribution]) -> list[tuple[str, str]]:
    """Obligation and status of each share that is a verdict on a cycle."""
    return [
        (rules.terms[contribution.term].obligation.id, _status_of(contribution))
        for contribution in contributions
        if not isinstance(contribution, _OF_NO_CYCLE)
    ]


def _status_of(contribution: Contribution) -> str:
    if isinstance(contribution, VolumeContribution):
        return "delivered"
    return "unready" if isinstance(contribution, UnreadyContribution) else str(getattr(contribution, "status", None))
