"""The open clocks of a lead as others read them: what is owed, by when, in which hours, and what facts have done about it."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.clock_records import MOST_CLOCKS, Clock, ClocksRecord, read_clocks, record
from sla_rules.engine.fold import step
from sla_rules.evaluation.contributions import Contribution, OutageContribution
from sla_rules.evaluation.deadlines import owing
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import DAY, HOUR, Instant, instant, moment
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from sla_rules.limits import LARGEST_STATE
from tests.script import History
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import WALL, agreement, company_x, rule_books, talks
from tests.sla_rules.services import told, uptime
from tests.sla_rules.story import attempted, handed_off, reassigned, turned
from tests.strategies import ends, histories

BOOKS: Final = st.sampled_from(rule_books())
MONDAY: Final = "2026-03-09"

REPORT: Final = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
obligations:
  - {id: report, kind: deliverable, provider: marketing, recipient: sales, due: {weekdays: [mon], at: "09:00"}, quantity: 3}
"""


def clocks(rules: RuleBook, *known: Fact, now: str, lead: str = "lead-1") -> list[Clock]:
    """The open clocks of a lead, once written and read."""
    found = written(rules, known, at(now), lead)
    return [] if found is None else list(found.data.clocks)


def written(rules: RuleBook, known: Sequence[Fact], now: Instant, lead: str = "lead-1") -> ClocksRecord | None:
    done = step(rules, lead, None, known, now)
    value = record(lead, done.assessments, done.state.last_time)
    return None if value is None else read_clocks(value)


def hours(clock: Clock) -> list[tuple[Instant, Instant]]:
    return [(instant(one.opens), instant(one.closes)) for one in clock.hours]


def test_a_lead_that_waits_has_a_clock_for_each_promise_to_it() -> None:
    done = step(company_x(), "lead-1", None, [handed_off(f"{MONDAY} 17:55", "ann", "inside")], at(f"{MONDAY} 18:00"))
    value = record("lead-1", done.assessments, done.state.last_time)

    assert value is not None
    told: Any = json.loads(value)
    first, second = told["data"].pop("clocks")
    assert told.pop("id") == "lead-1-79736ce4", "its checksum changes only if its bytes do"
    assert told == {
        "specversion": "1.0",
        "source": "/leadsla",
        "type": "sla.clocks.v1",
        "subject": "lead-1",
        "time": "2026-03-09T16:55:00Z",
        "datacontenttype": "application/json",
        "data": {"lead": "lead-1", "left_out": 0},
    }
    assert first == {
        "key": "ab78a82f312cd724a9001b65fe61ad8d",
        "agreement": "company-x",
        "version": "2026-01",
        "obligation": "first-touch",
        "kind": "speed",
        "segment": "all",
        "provider": "sales",
        "cycle": 1,
        "message": None,
        "rep_id": "ann",
        "team": "inside",
        "started": "2026-03-09T16:55:00Z",
        "deadline": "2026-03-10T08:55:00Z",
        "historic": False,
        "attempted": False,
        "so_far": None,
        "wanted": None,
        "paused_since": None,
        "left_seconds": None,
        "hours": [
            {"opens": "2026-03-09T12:30:00Z", "closes": "2026-03-09T17:00:00Z"},
            {"opens": "2026-03-10T08:00:00Z", "closes": "2026-03-10T11:30:00Z"},
        ],
        "milestones": [],
    }
    assert (second["obligation"], second["so_far"], second["wanted"], second["hours"]) == ("persistence", 0, 6, [])


def test_what_was_done_has_no_clock_and_what_is_not_yet_enough_is_counted() -> None:
    called = clocks(company_x(), handed_off(f"{MONDAY} 10:00"), attempted(f"{MONDAY} 10:10"), now=f"{MONDAY} 10:20")

    assert [(clock.obligation, clock.attempted, clock.so_far) for clock in called] == [("persistence", True, 1)]
    assert not clocks(company_x(), handed_off(f"{MONDAY} 10:00"), turned(f"{MONDAY} 10:10", "connected"), now=MONDAY)


def test_a_deadline_that_has_passed_is_still_owed_until_somebody_acts() -> None:
    waiting = clocks(company_x(), handed_off(f"{MONDAY} 10:00"), now="2026-06-01 12:00")

    assert [instant(clock.deadline) for clock in waiting if clock.deadline is not None] == [
        at(f"{MONDAY} 11:00"),
        at("2026-03-23 10:00"),
    ]


def test_a_clock_that_stands_says_since_when_and_what_it_has_left() -> None:
    paused = [handed_off(f"{MONDAY} 10:00"), turned(f"{MONDAY} 10:10", "paused")]
    [standing] = [one for one in clocks(talks(), *paused, now=f"{MONDAY} 23:00") if one.obligation == "tries"]
    resumed = [*paused, turned(f"{MONDAY} 12:10", "resumed")]
    [running] = [one for one in clocks(talks(), *resumed, now=f"{MONDAY} 23:00") if one.obligation == "tries"]

    assert (standing.deadline, standing.paused_since) == (None, moment(at(f"{MONDAY} 10:10")))
    assert standing.left_seconds == (DAY - HOUR // 6) / 1_000_000
    assert (running.deadline, running.paused_since, running.left_seconds) == (
        moment(at("2026-03-10 12:00")),
        None,
        None,
    )


def test_no_hours_are_listed_of_a_clock_whose_deadline_lies_before_its_last_fact() -> None:
    handed, asked = handed_off(f"{MONDAY} 09:00", "ann", "inside"), f"{MONDAY} 10:45"
    (waiting, *_) = clocks(company_x(), handed, attempted(asked, inbound=True), now=asked)

    assert waiting.deadline is not None
    assert instant(waiting.deadline) < at(asked)
    assert hours(waiting) == []


def test_whoever_gets_a_lead_has_a_clock_and_hours_of_their_own_where_that_is_agreed() -> None:
    """Ann's team works at night; the clock is `talks`' first, in New York."""
    friday = "2026-03-13"
    handed = [handed_off(f"{friday} 15:00"), reassigned(f"{friday} 15:30", "ann", "ann")]
    [first] = [one for one in clocks(talks(), *handed, now=f"{friday} 16:00") if one.obligation == "first"]

    assert (first.rep_id, first.team, instant(first.started)) == ("ann", "ann", at(f"{friday} 15:30"))
    assert first.deadline == moment(at(f"{friday} 23:00", "America/New_York"))
    assert hours(first) == [(at(f"{friday} 22:00", "America/New_York"), at("2026-03-14 06:00", "America/New_York"))]


def test_a_message_that_waits_is_named_with_what_comes_before_and_after_its_deadline() -> None:
    known = [
        handed_off(f"{MONDAY} 10:00"),
        attempted(f"{MONDAY} 10:05"),
        attempted(f"{MONDAY} 10:20", "email", inbound=True, name="mail-7"),
    ]
    [reply] = [one for one in clocks(talks(), *known, now=f"{MONDAY} 10:21") if one.obligation == "replies"]

    assert reply.message is not None
    assert (reply.message.source, reply.message.id) == ("/crm", "mail-7")
    assert [(one.tier, instant(one.at)) for one in reply.milestones] == [
        ("warning-15m", at(f"{MONDAY} 10:35")),
        ("escalation-1h", at(f"{MONDAY} 11:50")),
    ]


def test_keys_are_those_of_what_is_published() -> None:
    known = [handed_off(f"{MONDAY} 10:00"), attempted(f"{MONDAY} 10:05"), attempted(f"{MONDAY} 10:20", inbound=True)]
    done = step(talks(), "lead-1", None, known, at(f"{MONDAY} 23:00"))
    published = {(one.obligation, one.tier): one.key for one in done.standing.values()}
    [reply] = [one for one in clocks(talks(), *known, now=f"{MONDAY} 23:00") if one.obligation == "replies"]

    assert reply.key == published["replies", DEADLINE_TIER]
    assert {one.tier: one.key for one in reply.milestones} == {
        tier: key for (obligation, tier), key in published.items() if obligation == "replies" and tier != DEADLINE_TIER
    }


def test_a_service_that_is_down_has_a_clock_even_before_its_downtime_counts() -> None:
    """Monday's office hours begin at nine."""
    known = [told(facts.Created, "2026-03-02 00:00"), told(facts.HandedOff, f"{MONDAY} 07:00")]
    down = clocks(uptime(), *known, now=f"{MONDAY} 07:01")

    assert [(one.obligation, instant(one.deadline)) for one in down if one.deadline is not None] == [
        ("up", at(f"{MONDAY} 07:00")),
        ("office", at(f"{MONDAY} 09:00")),
    ]
    assert not clocks(uptime(), *known, told(facts.StatusChanged, f"{MONDAY} 07:02", status="connected"), now=MONDAY)


def test_a_delivery_waits_from_the_one_before_it_or_the_first_day_until_all_of_it_is_confirmed() -> None:
    rules = RuleBook([agreement(REPORT, since="2026-03-03")])
    watched = facts.Watched(at("2026-03-01 00:00"), at("2026-03-01 00:00"), "/leadsla", "watched")
    some = facts.Confirmed(at("2026-03-04 10:00"), at("2026-03-04 10:00"), "/crm", "some", quantity=1)

    missed, awaited = clocks(rules, watched, some, now=f"{MONDAY} 10:00", lead="leads:report")

    assert (missed.so_far, missed.wanted, instant(missed.started)) == (1, 3, at("2026-03-03 00:00"))
    assert (awaited.so_far, instant(awaited.started)) == (0, at(f"{MONDAY} 09:00"))
    assert awaited.deadline == moment(at("2026-03-16 09:00"))


def test_of_very_many_the_last_are_listed_and_the_rest_counted() -> None:
    rules = RuleBook([agreement(REPORT, since="2020-01-07")])
    watched = facts.Watched(at("2020-01-01 00:00"), at("2020-01-01 00:00"), "/leadsla", "watched")

    found = written(rules, [watched], at(f"{MONDAY} 10:00"), "leads:report")

    assert found is not None
    assert len(found.data.clocks) == MOST_CLOCKS
    assert found.data.left_out == 323 - MOST_CLOCKS
    assert found.data.clocks[-1].deadline == moment(at("2026-03-16 09:00"))
    assert found.time == moment(at(f"{MONDAY} 09:00"))


def test_names_of_any_length_leave_a_record_that_a_topic_takes() -> None:
    many = "".join(
        f"  - {{id: touch-{number}, kind: speed, provider: sales, recipient: marketing, deadline: {{within: 30m, clock: wall}}}}\n"
        for number in range(60)
    )
    rules = RuleBook([agreement(WALL.partition("obligations")[0] + "obligations:\n" + many)])
    done = step(rules, "lead-1", None, [handed_off(f"{MONDAY} 10:00", "\0" * 4_000, "x")], at(f"{MONDAY} 10:01"))

    value = record("lead-1", done.assessments, done.state.last_time)

    assert value is not None
    assert len(value) <= LARGEST_STATE + 1_000
    found = read_clocks(value).data
    assert len(found.clocks) + found.left_out == 60
    assert found.clocks[-1].obligation == "touch-59"


@pytest.mark.parametrize("value", [b"", b"{}", b"\xff", b'{"data": {"lead": "x", "clocks": [{}]}}'])
def test_what_is_none_of_ours_is_refused(value: bytes) -> None:
    with pytest.raises(UnknownFormatError, match="sla-clocks holds a record that is none of ours"):
        read_clocks(value)


def owed(rules: RuleBook, contributions: Sequence[Contribution]) -> Counter[tuple[str, str, Instant | None]]:
    """What is owed by the contributions to figures: by whom it is not asked, and of what it is only the name."""
    return Counter(
        (*rules.terms[found.term].name, found.deadline)
        for contribution in contributions
        if (found := owing(contribution)) is not None and found.owed
    )


@given(BOOKS, histories(), ends(), ends())
def test_every_promise_that_is_owed_has_a_clock_and_no_other_has_one(
    rules: RuleBook, history: History, early: Instant, late: Instant
) -> None:
    known = [fact for _, fact in history]

    for now in (min(early, late), max(early, late)):
        done = step(rules, "lead-1", None, known, now)
        value = record("lead-1", done.assessments, done.state.last_time)
        listed = () if value is None else read_clocks(value).data.clocks

        assert owed(rules, done.state.contributions) == Counter(
            (one.agreement, one.obligation, None if one.deadline is None else instant(one.deadline)) for one in listed
        )
        assert len({one.key for one in listed}) == len(listed)
        assert value is None or listed, "nothing is written of nothing"


@given(BOOKS, histories(), ends(), ends())
def test_time_alone_changes_no_record_of_a_lead(
    rules: RuleBook, history: History, early: Instant, late: Instant
) -> None:
    known = [fact for _, fact in history]
    before, after = (step(rules, "lead-1", None, known, now) for now in (early, late))

    assert record("lead-1", before.assessments, before.state.last_time) == record(
        "lead-1", after.assessments, after.state.last_time
    )


def test_no_outage_is_owed_that_has_no_clock() -> None:
    known = [told(facts.Created, "2026-03-02 00:00"), told(facts.HandedOff, f"{MONDAY} 07:00")]
    done = step(uptime(), "lead-1", None, known, at(f"{MONDAY} 10:00"))

    listed = clocks(uptime(), *known, now=f"{MONDAY} 10:00")

    outages = [one for one in done.state.contributions if isinstance(one, OutageContribution)]
    assert all(one.owed for one in outages)
    assert len(listed) == len(outages) == 2
