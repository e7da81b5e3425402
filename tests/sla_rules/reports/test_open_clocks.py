"""Who is overdue and who runs out next, by what records say and by nothing but the time that it is."""

import json
from datetime import datetime
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.clock_records import Clock, ClocksRecord, PublishedAt, read_clocks
from sla_rules.engine.clock_records import record as clocks_of
from sla_rules.engine.fold import step
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant, moment
from sla_rules.reports.encode import encode
from sla_rules.reports.freshness import Freshness, freshness
from sla_rules.reports.open_clocks import STATES, OpenClocks, Selection, TimedClock, open_clocks, timed, urgency
from tests.agreements.examples import PROJECT
from tests.laws import LAWS, examples
from tests.script import History
from tests.sla_rules.reports.open_clock import NOW, clock, of, open_from, warned
from tests.sla_rules.reports.progress import record as progress
from tests.sla_rules.reports.progress import records
from tests.sla_rules.rules import rule_books
from tests.strategies import ends, histories

SCHEMA = Draft202012Validator(json.loads((PROJECT / "schemas" / "overdue.schema.json").read_text(encoding="utf-8")))
FRESH: Final[Freshness] = freshness(records(progress()), 1, NOW)


def moments() -> SearchStrategy[datetime]:
    """Near now, before it, after it and on it."""
    return st.integers(-6, 6).map(lambda quarters: moment(NOW + quarters * 15 * MINUTE))


def state(one: Clock, now: Instant = NOW, *, is_breached: bool = False) -> TimedClock:
    return timed("L-1", one, is_breached, now)


SPANS = st.lists(st.integers(-20, 20), max_size=6, unique=True).map(
    lambda edges: open_from(*zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
CLOCKS = st.builds(
    clock,
    key=st.integers(0, 10**6).map("k-{}".format),
    agreement=st.sampled_from(("company-x", "support")),
    obligation=st.sampled_from(("first-touch", "persistence")),
    rep_id=st.sampled_from((None, "ann", "bob")),
    team=st.sampled_from((None, "inside", "field")),
    deadline=st.none() | moments(),
    historic=st.sampled_from((False, False, True)),
    paused_since=st.none() | moments(),
    left_seconds=st.none() | st.integers(0, 1_000),
    hours=SPANS,
    milestones=st.lists(
        st.builds(PublishedAt, st.sampled_from(("warning-15m", "escalation-1h")), moments(), st.just("w"))
    ).map(tuple),
)
RECORDS = st.lists(st.lists(CLOCKS, min_size=1, max_size=4), max_size=4).map(
    lambda some: [
        of(f"L-{lead}", *(replace(one, key=f"{lead}-{number}") for number, one in enumerate(clocks)))
        for lead, clocks in enumerate(some)
    ]
)


def found(some: list[ClocksRecord], breached: set[str], **options: Any) -> OpenClocks:
    return open_clocks(some, breached, FRESH, NOW, **options)


@examples(60)
@given(some=RECORDS, data=st.data())
def test_every_open_clock_is_in_one_state_and_overdue_where_its_breach_stands(
    some: list[ClocksRecord], data: st.DataObject
) -> None:
    keys = [one.key for record in some for one in record.data.clocks]
    breached = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
    listed = found(some, breached)

    shown = [one for record in some for one in record.data.clocks if not one.historic]
    assert sorted(one.key for one in listed.clocks) == sorted(one.key for one in shown)
    assert listed.historic == len(keys) - len(shown)
    assert sum(listed.count.values()) == len(shown)
    assert set(listed.count) == set(STATES)
    for one in listed.clocks:
        assert (one.state == "overdue") == (one.key in breached)
        has_passed = one.deadline is not None and one.deadline < NOW
        assert (one.overdue_by is not None) == has_passed
        assert one.state in {"overdue", "due"} or not has_passed
        assert one.left is None or one.left >= 0
    assert list(SCHEMA.iter_errors(json.loads(encode(listed)))) == []


@LAWS
@given(some=RECORDS, data=st.data())
def test_no_two_clocks_stand_in_the_same_place_whatever_they_were_read_in(
    some: list[ClocksRecord], data: st.DataObject
) -> None:
    listed = found(some, set())
    other = found(data.draw(st.permutations(some)), set())

    assert other.clocks == listed.clocks
    places = [urgency(one) for one in listed.clocks]
    assert places == sorted(set(places))
    most = data.draw(st.integers(1, 5))
    assert found(some, set(), most=most).clocks == listed.clocks[:most]


@LAWS
@given(rules=st.sampled_from(rule_books()), history=histories(), asked_at=ends())
def test_what_the_service_has_judged_is_overdue_where_its_deadline_has_passed_and_nowhere_else(
    rules: RuleBook, history: History, asked_at: Instant
) -> None:
    done = step(rules, "lead-1", None, [fact for _, fact in history], asked_at)
    value = clocks_of("lead-1", done.assessments, done.state.last_time)
    breached = {key for key, notice in done.standing.items() if notice.status == "breached"}

    listed = open_clocks([] if value is None else [read_clocks(value)], breached, FRESH, asked_at)

    assert listed.count["due"] == 0, "all that has passed is judged"
    for one in listed.clocks:
        assert (one.state == "overdue") == (one.deadline is not None and one.deadline < asked_at)


def test_the_most_urgent_are_first() -> None:
    some = [
        of("paused", clock(key="1", deadline=None, paused_since=moment(NOW))),
        of("tomorrow", clock(key="2", deadline=moment(NOW + DAY))),
        of(
            "at-risk",
            clock(key="3", deadline=moment(NOW + HOUR), milestones=warned()),
        ),
        of("soon", clock(key="4", deadline=moment(NOW + MINUTE))),
        of("due", clock(key="5", deadline=moment(NOW - 1))),
        of("overdue", clock(key="6", deadline=moment(NOW - MINUTE))),
        of("long-overdue", clock(key="7", deadline=moment(NOW - HOUR))),
    ]

    leads = [one.lead for one in found(some, {"6", "7"}).clocks]

    assert leads == ["long-overdue", "overdue", "due", "soon", "at-risk", "tomorrow", "paused"]


@pytest.mark.parametrize(
    ("one", "wanted", "left", "resumes"),
    [
        (clock(), "running", 30 * MINUTE, None),
        (clock(hours=open_from((-60, 10), (20, 40))), "running", 20 * MINUTE, None),
        (clock(hours=open_from((20, 40))), "paused", 10 * MINUTE, NOW + 20 * MINUTE),
        # The hours that are listed end before the deadline, so that nobody knows what is left.
        (clock(hours=open_from((-60, 10))), "running", None, None),
        (clock(hours=open_from((-60, -10))), "running", None, None),
        (clock(deadline=None, paused_since=moment(NOW), left_seconds=90), "paused", 90 * SECOND, None),
        (clock(deadline=None), "running", None, None),
        (clock(milestones=warned()), "at_risk", 30 * MINUTE, None),
        (clock(milestones=warned(0)), "running", 30 * MINUTE, None),
        (
            clock(hours=open_from((20, 40)), milestones=warned()),
            "at_risk",
            10 * MINUTE,
            NOW + 20 * MINUTE,
        ),
    ],
)
def test_what_a_clock_has_left_is_of_its_hours(one: Clock, wanted: str, left: int | None, resumes: int | None) -> None:
    timed_clock = state(one)

    assert (timed_clock.state, timed_clock.left, timed_clock.resumes) == (wanted, left, resumes)


def test_at_its_deadline_a_promise_can_still_be_kept() -> None:
    at_deadline = state(clock(), NOW + 30 * MINUTE)

    assert (at_deadline.state, at_deadline.left, at_deadline.overdue_by) == ("running", 0, None)


def test_what_has_passed_is_due_until_the_breach_is_there() -> None:
    later = NOW + 42 * MINUTE

    due, overdue = state(clock(), later), state(clock(), later, is_breached=True)

    assert (due.state, due.overdue_by) == ("due", 12 * MINUTE)
    assert (overdue.state, overdue.overdue_by) == ("overdue", 12 * MINUTE)


def test_only_what_is_asked_for_is_counted() -> None:
    some = [
        of("L-1", clock(key="1", team="inside", rep_id="ann"), clock(key="2", team="inside", agreement="support")),
        of("L-2", clock(key="3", team="field", rep_id="bob"), left_out=2),
        of("L-3", clock(key="4", team=None, rep_id=None, historic=True), left_out=5),
    ]

    def keys(wanted: Selection) -> set[str]:
        return {one.key for one in found(some, set(), wanted=wanted).clocks}

    assert keys(Selection()) == {"1", "2", "3"}
    assert keys(Selection(team="inside")) == {"1", "2"}
    assert keys(Selection(agreement="support")) == {"2"}
    assert keys(Selection(owner="bob")) == {"3"}
    assert keys(Selection(team="inside", owner="bob")) == set()
    assert found(some, set(), wanted=Selection(team="field")).left_out == 2
    assert found(some, set(), wanted=Selection(team="field")).historic == 0
