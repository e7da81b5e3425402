"""A lead's life in a few lines: facts by wall time (Berlin), and what the agreement says of them at an instant."""

from dataclasses import dataclass
from typing import Any

import msgspec

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.changes import Changes
from sla_rules.engine.codec import decode
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.contributions import (
    UNFIGURED,
    Contribution,
    DepthContribution,
    SpeedContribution,
    VolumeContribution,
)
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.tallies import Tally, total
from sla_rules.evaluation.verdicts import assess, tallies_of
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, merge
from tests.sla_rules.clocks import at

LEAD = "lead-1"


def stamps(kind: str, when: str, arrived: str | None, name: str | None) -> dict[str, Any]:
    """Time, arrival (at once, unless said), and an id."""
    return {"time": at(when), "arrival": at(arrived or when), "source": "/crm", "id": name or f"{kind} {when}"}


def handed_off(
    when: str, rep: str | None = None, team: str | None = None, *, arrived: str | None = None, **fields: Any
) -> Fact:
    return facts.HandedOff(**stamps("handed off", when, arrived, None), rep=rep, team=team, fields=fields)


def attempted(
    when: str, channel: str = "phone", *, arrived: str | None = None, name: str | None = None, **more: Any
) -> Fact:
    return facts.Attempted(**stamps("attempted", when, arrived, name), channel=channel, **more)


def turned(when: str, to: str) -> Fact:
    return facts.StatusChanged(**stamps(to, when, None, None), status=to)


def updated(when: str, *, arrived: str | None = None, **fields: Any) -> Fact:
    return facts.Updated(**stamps("updated", when, arrived, None), fields=fields)


def recycled(when: str) -> Fact:
    return facts.Recycled(**stamps("recycled", when, None, None))


def reassigned(when: str, rep: str | None = None, team: str | None = None) -> Fact:
    return facts.Reassigned(**stamps("reassigned", when, None, None), rep=rep, team=team)


def excused(when: str) -> Fact:
    return facts.Excused(**stamps("excused", when, None, None), reason="strike", by="ana")


def created(when: str, **fields: Any) -> Fact:
    return facts.Created(**stamps("created", when, None, None), fields=fields)


@dataclass(frozen=True)
class Judgement:
    """What is said of one lead's cycles."""

    rules: RuleBook
    contributions: tuple[Contribution, ...]
    notices: tuple[Notice, ...]

    def speed(self) -> list[SpeedContribution]:
        return [contribution for contribution in self.contributions if isinstance(contribution, SpeedContribution)]

    def depth(self) -> list[DepthContribution]:
        return [contribution for contribution in self.contributions if isinstance(contribution, DepthContribution)]

    def volume(self) -> list[VolumeContribution]:
        return [contribution for contribution in self.contributions if isinstance(contribution, VolumeContribution)]

    def figures(self, obligation: str) -> Tally:
        counted = (contribution for contribution in self.contributions if not isinstance(contribution, UNFIGURED))
        mine = (
            contribution for contribution in counted if self.rules.terms[contribution.term].obligation.id == obligation
        )
        return total(tally for contribution in mine for _, tally in tallies_of(contribution, self.rules))

    def breaches(self, obligation: str) -> list[Notice]:
        return [notice for notice in self.notices if notice.obligation == obligation]


def judged(rules: RuleBook, *told: Fact, now: str) -> Judgement:
    """What the rules say of the facts, whatever order they were told in."""
    known, _ = merge((), told)
    found = assess(rules, LEAD, known, at(now))
    notices = tuple(notice for assessment in found for notice in assessment.notices)
    return Judgement(rules, tuple(assessment.contribution for assessment in found), notices)


@dataclass
class Stream:
    """One partition with one lead; `tell` and `wait` give the types of the notices that follow."""

    rules: RuleBook

    def __post_init__(self) -> None:
        self.partition = PartitionState(self.rules, {})

    def tell(self, *told: Fact) -> list[str]:
        return types_of(self.partition.fold({LEAD.encode(): told}))

    def wait(self, until: str | int) -> list[str]:
        return types_of(self.partition.advance_to(until if isinstance(until, int) else at(until)))

    def statuses(self) -> list[str]:
        contributions = decode(self.partition.leads[LEAD.encode()]).contributions
        return [contribution.status for contribution in contributions if isinstance(contribution, SpeedContribution)]


def types_of(changes: Changes) -> list[str]:
    events: list[dict[str, Any]] = [msgspec.json.decode(value) for value in changes.notices.values()]
    return [f"{event['data']['obligation']} {event['type'].split('.')[1]}" for event in events]
