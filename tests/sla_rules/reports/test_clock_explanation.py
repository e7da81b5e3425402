"""What an explanation says of a clock that runs: what was used and what is left, what comes next, how late it is."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import HOUR, MINUTE, SECOND, Instant, instant, iso
from sla_rules.lead.facts import Fact, merge
from sla_rules.reports.clock_explanation import AT_EACH_END, MOST_SPANS
from sla_rules.reports.encode import document
from sla_rules.reports.explanation import explain
from sla_rules.reports.facts_by_key import propagate_merges
from sla_rules.reports.replay import watched
from tests.script import History
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement, rule_books
from tests.sla_rules.story import LEAD, attempted, created, excused, handed_off, reassigned, recycled, turned
from tests.sla_rules.worker import by_lead
from tests.strategies import ends, histories

TERMS = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "12:00"], ["13:00", "17:00"]], tue: [["09:00", "17:00"]]}}
calendars: {late: {time_zone: Europe/Berlin, weekly_hours: {mon: [["14:00", "22:00"]]}}}
teams: {evening: {calendar: late}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, pauses: true, reassign_after: 3h,
     deadline: {within: 4h, warnings: [1h, 30m], escalations: [1h]}}
  - {id: answer, kind: speed, provider: sales, recipient: marketing, pauses: true, starts: created,
     deadline: {within: 8h, clock: wall}}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 2, closed_leads: counted, pauses: true,
     deadline: {within: {working_days: 1, end_of_day: true}}}
"""

SPARSE = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "09:01"]], tue: [["09:00", "09:01"]]}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 3h}}
"""


def told(*facts: Fact, now: str, terms: str = TERMS) -> Any:
    return document(explain(RuleBook([agreement(terms)]), LEAD, merge((), facts)[0], at(now)))


def of(found: Any, obligation: str) -> Any:
    return next(one for one in found["verdicts"] if one["obligation"] == obligation)


def microseconds(seconds: float) -> int:
    return round(seconds * SECOND)


def instant_of(text: str) -> Instant:
    return instant(datetime.fromisoformat(text))


def ran(spans: list[Any], since: Instant, until: Instant) -> int:
    """How much of spans lies between two instants."""
    ends = ((instant_of(span["start"]), instant_of(span["end"])) for span in spans)
    return sum(max(0, min(end, until) - max(start, since)) for start, end in ends)


@given(st.sampled_from((*rule_books(), RuleBook([agreement(TERMS)]))), histories(), ends())
def test_what_was_used_and_what_is_left_are_the_hours_to_the_deadline_before_and_after_now(
    rules: RuleBook, events: History, now: Instant
) -> None:
    for lead, known in propagate_merges({lead.decode(): found for lead, found in by_lead(events).items()}).items():
        found: Any = document(explain(rules, lead, known, now))
        for one in found["verdicts"]:
            progress = one.get("progress")
            if progress is None or one["deadline"] is None or one["spans_left_out"] is not None:
                continue
            start, due, spans = instant_of(one["clock_started"]), instant_of(one["deadline"]), one["spans_to_deadline"]
            assert microseconds(progress["left_seconds"]) == ran(spans, now, due)
            if now <= due:
                assert microseconds(progress["used_seconds"]) == ran(spans, start, now)
                assert microseconds(progress["left_wall_clock_seconds"]) == due - now
                assert one["lateness"] is None
            else:
                late = microseconds(progress["used_seconds"]) - ran(spans, start, due)
                assert microseconds(one["lateness"]["seconds"]) == late
                assert one["lateness"]["until"] == "now"
            assert all(now <= instant_of(ahead["at"]) for ahead in progress["ahead"])


@given(st.sampled_from(rule_books()), histories(), ends())
def test_the_nearest_deadline_is_the_first_that_has_not_passed_of_what_is_owed(
    rules: RuleBook, events: History, now: Instant
) -> None:
    facts = watched(rules, {lead.decode(): found for lead, found in by_lead(events).items()}, now - 30 * 24 * HOUR)
    for lead, known in propagate_merges(facts).items():
        found: Any = document(explain(rules, lead, known, now))
        owed = [
            one["deadline"]
            for one in found["verdicts"]
            if (one.get("progress") is not None or (one["kind"], one["status"]) == ("deliverable", "open"))
            and one["deadline"] is not None
            and instant_of(one["deadline"]) >= now
        ]
        nearest = found["nearest_deadline"]
        assert (None if nearest is None else nearest["deadline"]) == min(owed, key=instant_of, default=None)


def test_a_clock_that_runs_says_what_was_used_what_is_left_and_what_comes_next() -> None:
    found = told(created("2026-03-02 09:30"), handed_off("2026-03-02 10:00"), now="2026-03-02 13:30")

    assert of(found, "touch")["progress"] == {
        "used_seconds": 2.5 * 3600,
        "used_wall_clock_seconds": 3.5 * 3600,
        "left_seconds": 1.5 * 3600,
        "left_wall_clock_seconds": 1.5 * 3600,
        "paused_seconds": 0,
        "ahead": [
            {"kind": "warning", "tier": "warning-1h", "at": iso(at("2026-03-02 14:00"))},
            {"kind": "reassignment_due", "tier": "reassignment-3h", "at": iso(at("2026-03-02 14:00"))},
            {"kind": "warning", "tier": "warning-30m", "at": iso(at("2026-03-02 14:30"))},
            {"kind": "escalation", "tier": "escalation-1h", "at": iso(at("2026-03-02 16:00"))},
        ],
    }
    assert of(found, "answer")["progress"]["left_seconds"] == 4 * 3600
    assert of(found, "tries")["progress"]["left_seconds"] == (3.5 + 8) * 3600
    assert found["nearest_deadline"] == {
        "agreement": "leads",
        "version": "1",
        "obligation": "touch",
        "cycle": 1,
        "message": None,
        "deadline": iso(at("2026-03-02 15:00")),
        "clock": "working",
        "left_seconds": 1.5 * 3600,
        "left_wall_clock_seconds": 1.5 * 3600,
    }


def test_a_clock_that_stands_has_left_what_it_had_when_it_was_stopped() -> None:
    found = told(
        created("2026-03-02 10:00"),
        handed_off("2026-03-02 10:00"),
        turned("2026-03-02 11:00", "paused"),
        now="2026-03-02 16:00",
    )

    left = {name: of(found, name)["progress"] for name in ("touch", "answer", "tries")}
    assert {name: one["left_seconds"] / 3600 for name, one in left.items()} == {"touch": 3, "answer": 7, "tries": 13}
    assert {one["left_wall_clock_seconds"] for one in left.values()} == {None}
    assert {one["paused_seconds"] / 3600 for one in left.values()} == {5}
    assert {one["used_seconds"] / 3600 for one in left.values()} == {1}
    assert found["nearest_deadline"] is None


def test_a_clock_that_goes_over_to_another_team_is_counted_by_the_hours_of_each() -> None:
    found = told(
        handed_off("2026-03-02 10:00"),
        reassigned("2026-03-02 13:00", rep="eve", team="evening"),
        now="2026-03-02 15:00",
    )

    progress = of(found, "touch")["progress"]
    assert (progress["used_seconds"] / 3600, progress["left_seconds"] / 3600) == (3, 1)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), {"seconds": 2 * 3600 + 1800, "wall_clock_seconds": 18 * 3600 + 1800, "until": "now"}),
        (
            (attempted("2026-03-03 09:15"),),
            {"seconds": 2 * 3600 + 900, "wall_clock_seconds": 18 * 3600 + 900, "until": "done"},
        ),
        ((recycled("2026-03-02 16:00"),), {"seconds": 3600, "wall_clock_seconds": 3600, "until": "ended"}),
        ((excused("2026-03-02 16:00"),), None),
        ((attempted("2026-03-02 15:00"),), None),
    ],
)
def test_what_was_missed_is_late_by_open_time_and_by_the_wall(more: tuple[Fact, ...], expected: object) -> None:
    found = told(handed_off("2026-03-02 10:00"), *more, now="2026-03-03 09:30")

    assert of(found, "touch")["lateness"] == expected


def test_of_many_spans_the_first_and_the_last_few_are_shown_and_the_rest_is_added_up() -> None:
    touch = of(told(handed_off("2026-03-02 09:00"), now="2026-03-02 09:00", terms=SPARSE), "touch")
    shown, left_out = touch["spans_to_deadline"], touch["spans_left_out"]

    assert (len(shown), left_out["count"]) == (2 * AT_EACH_END, 180 - 2 * AT_EACH_END)
    assert microseconds(left_out["seconds"] + sum(span["seconds"] for span in shown)) == 180 * MINUTE
    assert shown[AT_EACH_END - 1]["end"] < left_out["start"] < left_out["end"] < shown[AT_EACH_END]["start"]
    assert shown[-1]["end"] == touch["deadline"]


def test_as_many_spans_as_are_shown_one_by_one_are_all_there() -> None:
    for minutes, left_out in ((MOST_SPANS, 0), (MOST_SPANS + 1, MOST_SPANS + 1 - 2 * AT_EACH_END)):
        terms = SPARSE.replace("3h", f"{minutes}m")
        touch = of(told(handed_off("2026-03-02 09:00"), now="2026-03-02 09:00", terms=terms), "touch")

        assert len(touch["spans_to_deadline"]) + left_out == minutes
        assert (touch["spans_left_out"] or {"count": 0})["count"] == left_out
