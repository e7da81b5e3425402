"""Breaches that nobody can act on any more: which they are, and since when."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.assessment import Assessment
from sla_rules.evaluation.contributions import (
    DeliverableContribution,
    DepthContribution,
    LossContribution,
    OutageContribution,
    SpeedContribution,
)
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import Instant, iso
from sla_rules.lead.facts import DealClosed, Fact, merge
from tests.laws import LAWS
from tests.script import History
from tests.sla_rules import customers, services
from tests.sla_rules.rules import agreement, rule_books
from tests.sla_rules.story import LEAD, attempted, excused, handed_off, judged, reassigned, recycled, stamps, turned
from tests.strategies import about, ends, histories

MONDAY = "2026-03-02 09:00"
PROMISES = RuleBook(
    [
        agreement("""
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]]}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, reassign_after: 30m,
     deadline: {within: 1h, clock: wall, warnings: [15m], escalations: [1h]}}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 2, deadline: {within: 2h, clock: wall},
     closed_leads: counted, lost_deal: closes}
  - {id: answers, kind: speed, provider: sales, recipient: marketing, starts: inbound, deadline: {within: 1h, clock: wall}}
""")
    ]
)


def endings(obligation: str, *told: Fact) -> list[tuple[str, str | None, str | None]]:
    """Of each notice its tier, since when it has ended, and by what."""
    found = judged(PROMISES, handed_off(MONDAY), *told, now="2026-03-02 16:00").breaches(obligation)
    return [(one.tier, None if one.ended_at is None else iso(one.ended_at), one.ended_by) for one in found]


def lost(when: str) -> Fact:
    return DealClosed(**stamps("lost", when, None, None), outcome="lost", deal="d", leads=(LEAD,))


def test_all_that_was_said_of_a_cycle_ends_with_it() -> None:
    closed = endings("touch", turned("2026-03-02 12:00", "rejected"))

    assert closed == [
        ("warning-15m", "2026-03-02T11:00:00Z", "closed"),
        ("deadline", "2026-03-02T11:00:00Z", "closed"),
        ("escalation-1h", "2026-03-02T11:00:00Z", "closed"),
        ("reassignment-30m", None, None),
    ]


@pytest.mark.parametrize(
    ("end", "by"),
    [
        (turned("2026-03-02 12:00", "converted"), "closed"),
        (turned("2026-03-02 12:00", "disqualified"), "closed"),
        (turned("2026-03-02 12:00", "deleted"), "closed"),
        (recycled("2026-03-02 12:00"), "recycled"),
        (lost("2026-03-02 12:00"), "lost"),
    ],
)
def test_what_ended_the_cycle_is_what_ended_the_breach(end: Fact, by: str) -> None:
    assert endings("tries", end) == [("deadline", "2026-03-02T11:00:00Z", by)]


def test_an_answer_that_never_came_ends_with_the_cycle_of_its_message() -> None:
    told = attempted("2026-03-02 09:10"), attempted("2026-03-02 10:00", "email", inbound=True)

    assert endings("answers", *told) == [("deadline", None, None)]
    assert endings("answers", *told, turned("2026-03-02 12:00", "rejected")) == [
        ("deadline", "2026-03-02T11:00:00Z", "closed")
    ]


@pytest.mark.parametrize(
    "more",
    [
        [],
        [reassigned("2026-03-02 12:00", rep="ann")],
        [attempted("2026-03-02 11:30"), attempted("2026-03-02 11:40"), turned("2026-03-02 12:00", "rejected")],
        [turned("2026-03-02 12:00", "connected")],
    ],
    ids=["owed", "owed by another", "resolved before", "resolved by the end"],
)
def test_what_is_owed_or_resolved_has_not_ended(more: list[Fact]) -> None:
    assert endings("tries", *more) == [("deadline", None, None)]


def test_of_a_cycle_that_was_waived_nothing_stands_that_could_have_ended() -> None:
    assert endings("tries", turned("2026-03-02 12:00", "rejected"), excused("2026-03-02 13:00")) == []


# Laws

WATCHED = RuleBook(
    [
        version.agreement
        for rules in (services.tickets(), customers.tickets())
        for versions in rules.versions.values()
        for version in versions
    ]
)


WITH_NOTICES = SpeedContribution, DepthContribution, DeliverableContribution, OutageContribution, LossContribution


def noticed(rules: RuleBook, history: History, end: Instant) -> Iterator[tuple[Assessment, Notice]]:
    known, _ = merge((), [fact for _, fact in history])
    for found in assess(rules, LEAD, known, end):
        yield from ((found, notice) for notice in found.notices)


def holds_of(rules: RuleBook, history: History, end: Instant) -> None:
    for found, notice in noticed(rules, history, end):
        assert isinstance(found.contribution, WITH_NOTICES)
        is_owed = found.contribution.owed
        assert (notice.ended_at is not None) == (notice.resolved_at is None and not is_owed)
        assert (notice.ended_by is None) == (notice.ended_at is None)
        assert notice.ended_at is None or notice.ended_at >= notice.deadline


@LAWS
@given(st.sampled_from((PROMISES, *rule_books())), histories(), ends())
def test_a_breach_has_ended_exactly_where_it_is_neither_resolved_nor_owed(
    rules: RuleBook, history: History, end: Instant
) -> None:
    holds_of(rules, history, end)


@LAWS
@given(histories(), ends())
def test_so_has_an_outage_and_the_loss_of_a_customer(history: History, end: Instant) -> None:
    holds_of(WATCHED, about("ticket", history), end)
