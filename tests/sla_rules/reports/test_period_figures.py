"""A report asks for period figures and not where they come from: topics give the same as a replay of the same facts."""

import json
from collections.abc import Sequence
from typing import Any
from zlib import crc32

import msgspec
import pytest

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.notices import Notice
from sla_rules.figures.period_records import record
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact, RemedyConfirmed
from sla_rules.reports.period_figures import PeriodFigures
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from sla_rules.reports.result import LeftOut, Report, Unfoldable
from sla_rules.reports.topic_tallies import TopicTallies
from tests.sla_rules.clocks import at
from tests.sla_rules.evaluation.test_deals import closed
from tests.sla_rules.reports.test_ledger import SEGMENTS
from tests.sla_rules.rules import agreement, company_x, wall
from tests.sla_rules.story import attempted, handed_off, stamps, turned
from tests.sla_rules.worker import Worker

PARTITIONS = 2


class FromTopics(TopicTallies):
    """What the records of `sla-periods` and `sla-breaches` say, partitions added up."""

    learned: None = None

    def __init__(self, rules: RuleBook) -> None:
        super().__init__(rules)
        self.notices: list[Notice] = []
        self.uncovered = 0
        self.quarantined: dict[str, str] = {}
        self.unpublished: dict[str, str] = {}
        self.unfoldable: Sequence[Unfoldable] = ()

    def take_breach(self, value: bytes) -> None:
        data = json.loads(value)["data"]
        settled = data.pop("resolved_at")
        rep, deadline, _ = data.pop("rep_id"), data.pop("deadline"), data.pop("late_by_seconds")
        ended = data.pop("ended_at", None)
        self.notices.append(
            Notice(
                **data,
                rep=rep,
                deadline=at(deadline),
                resolved_at=None if settled is None else at(settled),
                ended_at=None if ended is None else at(ended),
            )
        )


def from_topics(rules: RuleBook, facts: dict[str, list[Fact]], until: Instant) -> FromTopics:
    """Each lead goes to its partition, each fact when it arrives; time passes between them."""
    found = FromTopics(rules)
    for partition in range(PARTITIONS):
        told = [
            (lead, fact) for lead in facts if crc32(lead.encode()) % PARTITIONS == partition for fact in facts[lead]
        ]
        worker = Worker(rules)
        for lead, fact in sorted(told, key=lambda one: one[1].arrival):
            worker.take(fact.arrival)
            worker.take([(lead, fact)])
        worker.take(until)
        for key, figures in worker.durable.figures.items():
            found.take(partition, record(key, figures, partition, rules))
        for value in worker.durable.breaches.values():
            found.take_breach(value)
    return found


def story() -> dict[str, list[Fact]]:
    facts: dict[str, list[Fact]] = {}
    for number in range(12):
        begin = f"2026-01-{5 + 2 * number:02} 09:00"
        told: list[Any] = [handed_off(begin, rep="ann", team="north", role="ceo" if number % 3 else "clerk")]
        told += [attempted(begin.replace("09:00", f"{9 + tried:02}:{number:02}")) for tried in range(number % 4)]
        if number % 5 == 4:
            told.append(turned(begin.replace("09:00", "14:30"), "rejected"))
        if number % 4 == 1:
            told.append(closed(f"2026-02-{number + 1:02} 10:00", f"d-{number}", leads=(f"lead-{number}",)))
        facts[f"lead-{number}"] = told
    facts["leads:touch"] = [
        RemedyConfirmed(**stamps("remedy", "2026-02-20 10:00", None, None), period="2026-01", by="Ana")
    ]
    return facts


def without_hindsight(found: Report) -> Report:
    """What was known at the end of former periods no topic tells."""
    return msgspec.structs.replace(
        found,
        obligations=tuple(
            msgspec.structs.replace(
                one,
                ledger=one.ledger and tuple(msgspec.structs.replace(row, at_end=None) for row in one.ledger),
            )
            for one in found.obligations
        ),
    )


@pytest.mark.parametrize("rules", [company_x(), wall(), RuleBook([agreement(SEGMENTS)])], ids=["x", "wall", "segments"])
@pytest.mark.parametrize("until", ["2026-01-20 12:00", "2026-03-04 00:00"])
def test_topics_give_the_report_that_a_replay_gives(rules: RuleBook, until: str) -> None:
    end, facts = at(until), story()
    known = {lead: [fact for fact in told if fact.arrival <= end] for lead, told in facts.items()}
    scope = Scope(at("2026-01-05 09:00"), end)
    (name,) = rules.versions

    by_topics: PeriodFigures = from_topics(rules, known, end)
    by_replay: PeriodFigures = replay(rules, known, end)

    found = report(rules, name, by_topics, scope)
    assert found == without_hindsight(report(rules, name, by_replay, scope))
    assert found.breaches
    remedies = {remedy.status for goal in found.consequences.periods for remedy in goal.remedies}
    assert remedies == ({"confirmed"} if rules is wall() and "2026-03" in until else set())
    assert any(window.status == "published" for one in found.obligations for window in one.periods)


def test_what_stands_beside_the_figures_is_told_in_order() -> None:
    event = Unfoldable("b", "/crm", "event-1", "no")
    figures = FromTopics(company_x())
    figures.uncovered = 3
    figures.quarantined = {"z": "odd", "a": "odder"}
    figures.unpublished = {"y": "oddest"}
    figures.unfoldable = [msgspec.structs.replace(event, lead="c"), event]

    found = report(company_x(), "company-x", figures, Scope(at("2026-01-05 09:00"), at("2026-01-05 10:00")))

    assert found.uncovered.leads == 3
    assert found.quarantined == (LeftOut("a", "odder"), LeftOut("z", "odd"))
    assert found.unpublished == (LeftOut("y", "oddest"),)
    assert [one.lead for one in found.unfoldable] == ["b", "c"]
