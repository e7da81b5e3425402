"""A replay says at once what partitions come to step by step."""

from collections.abc import Sequence
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.notices import notice_event
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from sla_rules.reports.facts_by_key import Facts, connected, known_by, propagate_merges
from sla_rules.reports.replay import Outcome, replay, watched
from tests.script import ORIGIN, History, Script
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement, rule_books, wall
from tests.sla_rules.story import attempted, created, handed_off, turned
from tests.sla_rules.worker import Worker, by_lead
from tests.strategies import deliveries, ends, histories

BOOKS = st.sampled_from(rule_books())

REPORTS = """
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]]}
obligations:
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, intervals: [week],
     due: {weekdays: [fri], at: "16:00", on_closed_day: same}}
"""


ANSWERS = """
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]]}
obligations:
  - {id: answers, kind: speed, provider: sales, recipient: marketing, starts: inbound, intervals: [week],
     deadline: {within: 1h, clock: wall}}
"""


@cache
def reports() -> RuleBook:
    return RuleBook([agreement(REPORTS)])


def told(history: History) -> dict[str, list[Fact]]:
    return {lead.decode(): found for lead, found in by_lead(history).items()}


def filled(tallies: dict[WindowKey, Tally]) -> dict[WindowKey, Tally]:
    return {key: tally for key, tally in tallies.items() if tally}


def standing(outcome: Outcome) -> dict[str, bytes]:
    return {notice.key: notice_event(notice) for notice in outcome.notices}


@st.composite
def delivered(draw: st.DrawFn) -> tuple[History, Script, Instant]:
    history, end = draw(histories()), draw(ends())
    return history, draw(deliveries(history, end)), end


@given(BOOKS, delivered())
def test_a_replay_comes_to_what_a_partition_comes_to_in_whatever_order_it_receives(
    rules: RuleBook, given: tuple[History, Script, Instant]
) -> None:
    history, script, end = given

    whole = replay(rules, told(history), end)
    worker = Worker(rules).run(script).outcome()

    assert worker.figures == filled(whole.current)
    assert worker.standing == standing(whole)


@given(BOOKS, histories(), ends())
def test_what_a_replay_publishes_is_what_a_partition_published_that_lived_through_it(
    rules: RuleBook, history: History, end: Instant
) -> None:
    facts_told = known_by(told(_told_once(history)), end)
    worker = Worker(rules)

    for arrival, batch in _by_arrival(facts_told):
        worker.take(arrival - 1)
        worker.take(batch)
    worker.take(end)

    assert filled(worker.partition.windows.published) == filled(replay(rules, facts_told, end).published)


@given(BOOKS, delivered(), st.booleans())
def test_what_a_replay_publishes_is_what_a_partition_publishes_that_received_it_all_before_time_passed(
    rules: RuleBook,
    given: tuple[History, Script, Instant],
    successor: bool,  # noqa: FBT001
) -> None:
    history, script, end = given
    worker = Worker(rules)

    for batch in script:
        if not isinstance(batch, int):
            worker.take(batch)
    worker.settle()
    if successor:
        worker.take_over()
    worker.take(end)

    assert filled(worker.partition.windows.published) == filled(replay(rules, told(history), end).published)


@given(BOOKS, histories(), ends())
def test_leads_worked_out_apart_come_to_the_same_as_long_as_mergers_stay_together(
    rules: RuleBook, history: History, end: Instant
) -> None:
    facts_told = told(history)
    parts = Outcome()

    groups = connected(facts_told)
    for group in groups:
        parts.absorb(replay(rules, {key: facts_told[key] for key in group}, end))
    whole = replay(rules, facts_told, end)

    assert sorted(facts_told) == sorted(key for group in groups for key in group)
    assert filled(whole.current) == filled(parts.current)
    assert filled(whole.published) == filled(parts.published)
    assert whole.published_by_day == parts.published_by_day
    assert standing(whole) == standing(parts)


@given(BOOKS, histories(), ends())
def test_deliveries_by_day_add_up_to_what_was_published(rules: RuleBook, history: History, end: Instant) -> None:
    outcome = replay(rules, told(history), end)

    for key, days in outcome.published_by_day.items():
        by_day = sum(tally.get("delivered", 0) for tally in days.values())
        assert outcome.published[key].get("delivered", 0) == by_day
        assert all(key.first <= day for day in days)


@given(histories())
def test_facts_forwarded_twice_come_to_the_same(history: History) -> None:
    once = propagate_merges(told(history))

    assert once == propagate_merges(once)


def test_of_two_leads_merged_only_the_survivor_counts() -> None:
    facts_told = {
        "loser": [handed_off("2026-03-02 09:00"), merged("2026-03-02 12:00", "survivor")],
        "survivor": [attempted("2026-03-02 09:10")],
    }

    outcome = replay(wall(), facts_told, at("2026-03-02 13:00"))

    assert {notice.lead for notice in outcome.notices} == {"survivor"}
    assert {notice.obligation for notice in outcome.notices} == {"tries"}
    assert outcome.current[window("touch", "day", "2026-03-02", "unmatched")]["met"] == 1


def test_a_merge_that_came_after_the_period_leaves_what_was_published_to_the_loser() -> None:
    facts_told = {
        "loser": [handed_off("2026-03-02 15:00"), merged("2026-03-04 12:00", "survivor")],
        "survivor": [handed_off("2026-03-02 15:01"), attempted("2026-03-02 15:05")],
    }

    outcome = replay(wall(), facts_told, at("2026-03-05 12:00"))

    day = window("touch", "day", "2026-03-02", "unmatched")
    assert (outcome.published[day]["leads"], outcome.published[day]["breached"]) == (2, 1)
    assert (outcome.current[day]["leads"], outcome.current[day].get("breached", 0)) == (1, 0)


def test_a_lead_whose_only_hand_off_was_merged_away_still_counts_in_what_had_been_judged_by_then() -> None:
    late = merged("2026-03-03 08:00", "survivor")
    facts_told = {"loser": [handed_off("2026-03-02 15:00"), late]}

    outcome = replay(wall(), facts_told, at("2026-03-05 12:00"))

    assert outcome.published[window("touch", "day", "2026-03-02", "unmatched")]["leads"] == 1


def test_published_are_the_facts_that_arrived_within_the_grace_judged_as_of_the_end() -> None:
    in_time = attempted("2026-03-02 10:00", arrived="2026-03-03 23:59:59.999999")
    too_late = attempted("2026-03-02 09:05", arrived="2026-03-04 06:00:00.000001")
    answered_next_day = attempted("2026-03-03 09:00")
    facts_told = {
        "a": [handed_off("2026-03-02 09:50"), in_time],
        "b": [handed_off("2026-03-02 09:00"), too_late],
        "c": [handed_off("2026-03-02 20:00"), answered_next_day],
    }

    outcome = replay(wall(), facts_told, at("2026-03-05 12:00"))

    day = window("touch", "day", "2026-03-02", "unmatched")
    assert outcome.published[day]["followed_up"] == 1
    assert outcome.published[day]["untouched"] == 2
    assert outcome.current[day]["followed_up"] == 3


@pytest.mark.parametrize(
    ("until", "is_published"), [("2026-03-04 06:00:00", True), ("2026-03-04 05:59:59.999999", False)]
)
def test_a_period_is_published_the_instant_its_grace_is_over(until: str, is_published: bool) -> None:  # noqa: FBT001
    outcome = replay(wall(), {"a": [handed_off("2026-03-02 09:50")]}, at(until))

    assert is_published == (window("touch", "day", "2026-03-02", "unmatched") in outcome.published)


def test_by_the_follow_up_what_is_published_lies_in_the_period_of_the_follow_up() -> None:
    rules = RuleBook([agreement(BY_FOLLOW_UP)])
    facts_told = {"a": [handed_off("2026-03-02 20:00"), attempted("2026-03-03 09:00")]}

    outcome = replay(rules, facts_told, at("2026-03-06 12:00"))

    assert outcome.published[window("touch", "day", "2026-03-02")] == {"leads": 1, "open": 1, "untouched": 1}
    assert outcome.published[window("touch", "day", "2026-03-03")]["followed_up"] == 1


BY_FOLLOW_UP = """
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]]}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1d, clock: wall},
     intervals: [day], counted_by: followed_up}
"""


def test_a_message_is_published_in_the_period_in_which_it_came_whenever_its_cycle_began() -> None:
    rules = RuleBook([agreement(ANSWERS)])
    facts: list[Fact] = [
        handed_off("2026-03-03 09:00"),
        attempted("2026-03-03 10:00", "email"),
        attempted("2026-03-10 09:00", "email", inbound=True),
        attempted("2026-03-10 09:30", "email"),
    ]

    found = replay(rules, {"lead-1": facts}, at("2026-03-20 00:00"))

    assert filled(found.published) == filled(found.current)
    ((key, tally),) = filled(found.published).items()
    assert (key.first, tally["leads"], tally["met"]) == (date(2026, 3, 9), 1, 1)


def test_deliverables_are_watched_although_no_event_was_ever_about_them() -> None:
    since, until = at("2026-03-02 09:00"), at("2026-03-14 12:00")
    worker = Worker(reports())

    outcome = replay(reports(), watched(reports(), {}, since), until)
    worker.partition.watch([b"leads:report"], since)
    worker.take(until)

    assert outcome.current == filled(worker.partition.windows.tallies)
    assert outcome.current[window("report", "week", "2026-03-09")] == {"leads": 1, "breached": 1, "wanted": 1_000_000}
    assert not any(notice.historic for notice in outcome.notices if notice.deadline > since)


def test_a_confirmation_that_arrived_too_late_is_missed_in_what_was_published() -> None:
    due = at("2026-03-06 15:00")
    late = facts.Confirmed(due, at("2026-03-20 09:00"), "/crm", "c-1")
    told_of = watched(reports(), {"leads:report": [late]}, at("2026-03-02 09:00"))

    outcome = replay(reports(), told_of, at("2026-03-21 12:00"))

    week = window("report", "week", "2026-03-02")
    assert outcome.published[week] == {"leads": 1, "breached": 1, "wanted": 1_000_000}
    assert outcome.current[week] == {"leads": 1, "met": 1, "quantity": 1_000_000, "wanted": 1_000_000}


def test_what_arrives_after_the_instant_is_left_out_whenever_it_happened() -> None:
    early, late = handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10", arrived="2026-03-02 12:00")

    known = known_by({"a": [early, late], "b": [late]}, at("2026-03-02 11:59"))

    assert known == {"a": [early]}


def test_every_lead_is_seen_once() -> None:
    seen: list[None] = []

    replay(
        wall(),
        {"a": [created("2026-03-02 09:00")], "b": [turned("2026-03-02 09:00", "rejected")]},
        ORIGIN,
        lambda: seen.append(None),
    )

    assert len(seen) == 2


def window(obligation: str, interval: str, first: str, segment: str = "all") -> WindowKey:
    return WindowKey("leads", obligation, segment, interval, date.fromisoformat(first))  # type: ignore[arg-type]


def merged(when: str, into: str) -> Fact:
    return facts.Merged(at(when), at(when), "/crm", f"merged {when}", into=into)


def _told_once(history: History) -> History:
    """Without contents that clash, mergers and corrections: what was published does not know of what they undo."""
    once = {(lead, fact.source, fact.id): (lead, fact) for lead, fact in history}
    return [(lead, fact) for lead, fact in once.values() if not isinstance(fact, facts.Merged | facts.Corrected)]


def _by_arrival(facts_told: Facts) -> Sequence[tuple[Instant, History]]:
    arrivals = sorted({fact.arrival for found in facts_told.values() for fact in found})
    return [
        (arrival, [(lead, fact) for lead, found in facts_told.items() for fact in found if fact.arrival == arrival])
        for arrival in arrivals
    ]
