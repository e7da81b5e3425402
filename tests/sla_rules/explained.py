"""Holds explanations against the verdicts that are given."""

from collections.abc import Iterable, Mapping, Sequence

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.shares import DealShare, Share, UnagreedShare, UnreadyShare, VolumeShare
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact
from sla_rules.lead.history import history
from sla_rules.reports.explanation import explain
from sla_rules.reports.replay import settled


def differences(
    rules: RuleBook, facts: Mapping[str, Sequence[Fact]], until: Instant, notices: Iterable[Notice]
) -> list[str]:
    """Where explanations of leads say other verdicts than are given of them, or tell of others than the notices."""
    told = sorted((notice.lead, notice.key) for notice in notices)
    explained: list[tuple[str, str]] = []
    found = []
    for lead, known in settled(facts).items():
        verdicts = explain(rules, lead, known, until)["verdicts"]
        explained += [(lead, notice["key"]) for verdict in verdicts for notice in verdict.get("notices", ())]
        said = [(one["obligation"], one["status"]) for one in verdicts if one["status"] != "counted_before"]
        given = verdicts_given(rules, [assessed.share for assessed in assess(rules, lead, history(lead, known), until)])
        if said != given:
            found.append(f"{lead}: explained {said}, given {given}")
    if sorted(explained) != told:
        found.append(f"explained {sorted(explained)}, told {told}")
    return found


def verdicts_given(rules: RuleBook, shares: Iterable[Share]) -> list[tuple[str, str]]:
    """Obligation and status of each share that is a verdict."""
    return [
        (rules.terms[share.term].obligation.id, _status_of(share))
        for share in shares
        if not isinstance(share, DealShare | UnagreedShare)
    ]


def _status_of(share: Share) -> str:
    if isinstance(share, VolumeShare):
        return "delivered"
    return "unready" if isinstance(share, UnreadyShare) else str(getattr(share, "status", None))
