"""The running service's figures say of every promise what a replay of the same facts says."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import moment, parse_instant
from sla_rules.lead.facts import Fact
from sla_rules.reports.replay import replay
from sla_rules.reports.status import promises
from sla_rules.reports.topic_tallies import TopicTallies
from tests.sla_rules.clocks import at
from tests.sla_rules.customers import kept, lost, won
from tests.sla_rules.reports.test_ledger import SEGMENTS
from tests.sla_rules.reports.test_period_figures import from_topics, story
from tests.sla_rules.rules import agreement, company_x, wall
from tests.sla_rules.services import down, up, uptime, watched

BEGIN = moment(at("2026-01-05 09:00"))


def services() -> dict[str, list[Fact]]:
    return {
        f"machine-{number}": [
            watched("2026-01-05 09:00"),
            down(f"2026-01-{7 + number:02} 09:00"),
            up(f"2026-01-{7 + number:02} {10 + number}:30"),
        ]
        for number in range(4)
    }


def customers() -> dict[str, list[Fact]]:
    return {
        f"customer-{number}": [won("2026-01-05 09:00"), lost(f"2026-02-{2 + number:02} 10:00")] for number in range(4)
    }


CASES = (
    (kept(), customers),
    (company_x(), story),
    (wall(), story),
    (RuleBook([agreement(SEGMENTS)]), story),
    (uptime(), services),
)


@given(case=st.sampled_from(CASES), hours=st.integers(1, 24 * 60))
def test_topics_say_of_promises_what_a_replay_of_the_same_facts_says(
    case: tuple[RuleBook, Callable[[], dict[str, list[Fact]]]], hours: int
) -> None:
    rules, told = case
    now = parse_instant((BEGIN + timedelta(hours=hours)).isoformat())
    known = {lead: [fact for fact in facts if fact.arrival <= now] for lead, facts in told().items()}
    by_topics, by_replay = from_topics(rules, known, now), replay(rules, known, now)

    for version in rules.in_force(now):
        assert promises(rules, version, by_topics, now) == promises(rules, version, by_replay, now)


def test_a_goal_is_due_to_date_though_nothing_was_published() -> None:
    rules, now = company_x(), at("2026-01-20 12:00")
    (version,) = rules.in_force(now)

    found = promises(rules, version, TopicTallies(rules), now)

    assert {one.goal_to_date is None for one in found if one.kind == "volume"} == {False}
