"""From the hand-off to the first follow-up. Company X: within a working hour, 09:00-12:30 and 13:30-18:00."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.instants import HOUR, MINUTE, Instant
from sla_rules.lead import facts
from sla_rules.reports.explained_verdicts import SpeedVerdict
from sla_rules.reports.explanation import explain
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import LATER, WALL, agreement, company_x, wall
from tests.sla_rules.story import (
    Stream,
    attempted,
    created,
    excused,
    handed_off,
    judged,
    reassigned,
    recycled,
    turned,
)
from tests.strategies import times

if TYPE_CHECKING:
    from sla_rules.time.calendar import Calendar

MONDAY = handed_off("2026-03-02 09:00", "ann", "north")
DUE: Instant = at("2026-03-02 10:00")


def speed_of(*told: facts.Fact, now: str = "2026-04-30 12:00") -> list[tuple[str, int | None, int | None]]:
    """Verdict, minutes on the wall and working minutes of each cycle."""
    return [
        (
            contribution.status,
            None if contribution.wall is None else contribution.wall // MINUTE,
            None if contribution.working is None else contribution.working // MINUTE,
        )
        for contribution in judged(company_x(), *told, now=now).speed()
    ]


@pytest.mark.parametrize(
    ("when", "status", "wall_minutes", "working_minutes"),
    [
        ("2026-03-02 09:00", "met", 0, 0),
        ("2026-03-02 09:20", "met", 20, 20),
        ("2026-03-02 10:00", "met", 60, 60),
        ("2026-03-02 10:00:00.000001", "breached", 60, 60),
        ("2026-03-02 13:30", "breached", 270, 210),
    ],
)
def test_a_follow_up_at_the_deadline_is_in_time_and_a_microsecond_later_is_not(
    when: str, status: str, wall_minutes: int, working_minutes: int
) -> None:
    assert speed_of(MONDAY, attempted(when)) == [(status, wall_minutes, working_minutes)]


@given(times())
def test_a_breach_happens_a_microsecond_after_the_deadline_by_time_alone(start: Instant) -> None:
    handoff = facts.HandedOff(start, start, "/crm", "a")
    for rules in (wall(), company_x()):
        stream = Stream(rules)
        assert stream.tell(handoff) == []
        calendar: Calendar = rules.terms[0].calendar
        due = start + 30 * MINUTE if rules is wall() else calendar.add(start, HOUR)
        name = rules.terms[0].obligation.id

        assert stream.wait(due) == []
        assert (stream.statuses(), stream.partition.next_timer) == (["open"], due + 1)
        assert stream.wait(due + 1) == [f"{name} breached"]
        assert stream.statuses() == ["breached"]


def test_an_answer_stamped_in_time_that_arrives_late_takes_the_breach_back() -> None:
    stream = Stream(company_x())

    assert stream.tell(MONDAY) == []
    assert stream.wait("2026-03-02 11:00") == ["first-touch breached"]
    assert stream.tell(attempted("2026-03-02 10:00", arrived="2026-03-02 11:30")) == ["first-touch retracted"]
    assert stream.statuses() == ["met"]
    assert stream.wait("2026-03-03 11:00") == []


def test_an_answer_after_the_deadline_resolves_the_breach_and_does_not_take_it_back() -> None:
    stream = Stream(company_x())
    stream.tell(MONDAY)
    stream.wait("2026-03-02 11:00")

    assert stream.tell(attempted("2026-03-02 10:30")) == ["first-touch resolved"]
    assert stream.tell(attempted("2026-03-02 11:30")) == []
    assert stream.tell(attempted("2026-03-02 10:15", arrived="2026-03-02 12:00")) == ["first-touch resolved"]
    assert stream.statuses() == ["breached"]


def test_an_attempt_that_arrives_before_its_hand_off_counts_and_no_breach_is_ever_published() -> None:
    stream = Stream(company_x())

    assert stream.tell(attempted("2026-03-02 09:30")) == []
    assert stream.wait("2026-03-02 12:00") == []
    assert stream.tell(handed_off("2026-03-02 09:00", arrived="2026-03-02 12:00")) == []
    assert stream.statuses() == ["met"]


def test_an_attempt_before_the_hand_off_counts_for_nothing() -> None:
    assert speed_of(attempted("2026-03-02 08:59:59.999999"), MONDAY) == [("breached", None, None)]


def test_the_same_attempt_received_twice_or_under_a_second_id_changes_no_time() -> None:
    first = attempted("2026-03-02 09:20", name="a")

    assert speed_of(MONDAY, first, first, attempted("2026-03-02 09:20", name="b")) == [("met", 20, 20)]


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (None, True),
        ("connected", True),
        ("voicemail", True),
        ("no_answer", True),
        ("replied", True),
        ("bounced", False),
        ("failed", False),
        ("wrong_number", False),
    ],
)
def test_an_attempt_that_never_came_to_the_lead_is_no_follow_up(outcome: str | None, counts: bool) -> None:  # noqa: FBT001
    met, open_still = [("met", 20, 20)], [("open", None, None)]

    found = speed_of(MONDAY, attempted("2026-03-02 09:20", outcome=outcome), now="2026-03-02 09:30")

    assert found == (met if counts else open_still)


def test_handed_off_again_is_a_reassignment_and_the_clock_runs_on() -> None:
    again = handed_off("2026-03-02 09:45", "bob", "south")
    late = attempted("2026-03-02 10:30")
    judgement = judged(company_x(), MONDAY, again, late, now="2026-03-02 12:00")

    assert [(contribution.status, contribution.start, contribution.team) for contribution in judgement.speed()] == [
        ("breached", at("2026-03-02 09:00"), "south")
    ]
    assert [(notice.rep, notice.team, notice.late_by) for notice in judgement.breaches("first-touch")] == [
        ("bob", "south", 30 * MINUTE)
    ]


def test_a_breach_names_who_held_the_lead_at_the_deadline_and_not_who_took_it_over() -> None:
    rescued = reassigned("2026-03-02 10:05", "zoe")
    (breach,) = judged(company_x(), MONDAY, rescued, now="2026-03-02 12:00").breaches("first-touch")

    assert (breach.rep, breach.team, breach.deadline) == ("ann", "north", DUE)


def test_a_reassignment_without_a_team_keeps_the_team() -> None:
    (contribution,) = judged(company_x(), MONDAY, reassigned("2026-03-02 09:10", "zoe"), now="2026-03-02 09:30").speed()

    assert contribution.team == "north"


def test_recycled_and_handed_off_again_is_a_new_cycle_with_a_clock_of_its_own() -> None:
    told = (MONDAY, recycled("2026-03-02 15:00"), handed_off("2026-03-03 09:00"), attempted("2026-03-03 09:10"))

    assert speed_of(*told) == [("breached", None, None), ("met", 10, 10)]


def test_recycled_and_handed_off_at_one_stamp_is_a_new_cycle() -> None:
    assert len(speed_of(MONDAY, recycled("2026-03-02 15:00"), handed_off("2026-03-02 15:00"))) == 2


def test_connected_and_reopened_is_a_new_cycle_of_the_same_owner() -> None:
    told = (MONDAY, turned("2026-03-02 09:30", "connected"), turned("2026-03-04 09:00", "reopened"))
    judgement = judged(company_x(), *told, now="2026-03-04 10:00:00.000001")

    assert [(contribution.status, contribution.team) for contribution in judgement.speed()] == [
        ("met", "north"),
        ("breached", "north"),
    ]
    assert [notice.cycle for notice in judgement.breaches("first-touch")] == [2]


def test_reopened_while_open_changes_nothing() -> None:
    assert speed_of(MONDAY, turned("2026-03-02 09:30", "reopened"), attempted("2026-03-02 09:40")) == [("met", 40, 40)]


def test_closed_before_the_deadline_without_a_follow_up_is_neither_met_nor_breached() -> None:
    for how in ("rejected", "disqualified", "converted", "deleted"):
        assert speed_of(MONDAY, turned("2026-03-02 10:00", how)) == [("closed", None, None)]
    assert speed_of(MONDAY, recycled("2026-03-02 10:00")) == [("closed", None, None)]


def test_closed_or_answered_after_the_deadline_is_breached_as_soon_as_time_has_passed_it() -> None:
    for late in (turned("2026-03-02 10:05", "rejected"), attempted("2026-03-02 10:05")):
        before, after = (
            judged(company_x(), MONDAY, late, now=now).speed()[0]
            for now in ("2026-03-02 10:00", "2026-03-02 10:00:00.000001")
        )

        assert [before.status, after.status] == ["open", "breached"]
    (closed,) = judged(company_x(), MONDAY, turned("2026-03-02 10:05", "rejected"), now="2026-03-02 12:00").speed()
    assert not closed.owed


def test_attempts_after_the_close_count_for_nothing() -> None:
    assert speed_of(MONDAY, turned("2026-03-02 09:30", "rejected"), attempted("2026-03-02 09:40")) == [
        ("closed", None, None)
    ]


def test_being_accepted_paused_or_resumed_is_no_follow_up() -> None:
    turns = [
        turned(f"2026-03-02 09:{minute}", to)
        for minute, to in (("10", "accepted"), ("20", "paused"), ("30", "resumed"))
    ]

    assert speed_of(MONDAY, *turns) == [("breached", None, None)]


def test_automation_and_inbound_mail_do_not_count_here_and_being_reached_always_does() -> None:
    mail = attempted("2026-03-02 09:05", "email", automated=True)
    reply = attempted("2026-03-02 09:06", "email", inbound=True, outcome="replied")
    booked = attempted("2026-03-02 09:50", "meeting", inbound=True, outcome="connected")

    assert speed_of(MONDAY, mail, reply) == [("breached", None, None)]
    assert speed_of(MONDAY, mail, reply, booked) == [("met", 50, 50)]


def test_an_agreement_may_let_automation_count_and_want_a_least_duration() -> None:
    rules = RuleBook([agreement(LATER)])
    saturday = handed_off("2026-03-14 15:00")
    short = attempted("2026-03-14 15:10", duration=29_999_999, automated=True)
    long = attempted("2026-03-14 15:20", duration=30_000_000, automated=True)
    unmeasured = attempted("2026-03-14 15:30", automated=True)

    assert judged(rules, saturday, short, long, now="2026-03-20 12:00").speed()[0].wall == 20 * MINUTE
    assert judged(rules, saturday, short, unmeasured, now="2026-03-20 12:00").speed()[0].wall == 30 * MINUTE


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02 20:00", "2026-03-03 10:00"),
        ("2026-03-07 11:00", "2026-03-09 10:00"),
        ("2026-03-06 15:30", "2026-03-09 09:30"),
        ("2026-03-02 12:00", "2026-03-02 14:00"),
        ("2026-03-02 11:30", "2026-03-02 12:30"),
        ("2026-04-03 10:00", "2026-04-07 10:00"),
        ("2026-12-24 10:00", "2026-12-28 10:00"),
    ],
)
def test_a_hand_off_outside_the_hours_or_on_a_holiday_is_due_an_hour_after_the_next_opening(
    start: str, due: str
) -> None:
    (contribution,) = judged(company_x(), handed_off(start), now=start).speed()

    assert contribution.deadline == at(due)


def test_a_follow_up_before_the_next_opening_took_no_working_time() -> None:
    assert speed_of(handed_off("2026-03-07 11:00"), attempted("2026-03-07 13:00")) == [("met", 120, 0)]


def test_a_lead_never_touched_is_breached_untouched_and_still_owed() -> None:
    judgement = judged(company_x(), MONDAY, now="2026-03-02 10:00:00.000001")
    (contribution,) = judgement.speed()

    assert (contribution.status, contribution.owed, contribution.attempted) == ("breached", True, False)
    assert judgement.figures("first-touch") == {"leads": 1, "breached": 1, "untouched": 1}


def test_an_excused_cycle_is_counted_apart_and_nothing_is_published_of_it() -> None:
    judgement = judged(company_x(), MONDAY, excused("2026-03-05 12:00"), now="2026-03-06 12:00")

    assert judgement.figures("first-touch") == {"excused": 1}
    assert judgement.breaches("first-touch") == []


def test_an_excuse_that_comes_after_the_breach_takes_it_back() -> None:
    stream = Stream(company_x())
    stream.tell(MONDAY)
    stream.wait("2026-03-02 11:00")

    assert stream.tell(excused("2026-03-02 12:00")) == ["first-touch retracted"]


def test_history_loaded_long_after_its_deadline_is_in_the_figures_and_marked_historic() -> None:
    just = handed_off("2026-03-02 09:00", arrived="2026-03-03 10:00")
    later = handed_off("2026-03-02 09:00", arrived="2026-03-03 10:00:00.000001")

    recent, old = (judged(company_x(), handoff, now="2026-03-10 12:00") for handoff in (just, later))

    assert [notice.historic for notice in recent.breaches("first-touch")] == [False]
    assert [notice.historic for notice in old.breaches("first-touch")] == [True]
    assert old.figures("first-touch") == recent.figures("first-touch")


def test_the_figures_of_a_cycle_that_was_followed_up() -> None:
    judgement = judged(wall(), handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:30"), now="2026-03-03 12:00")
    tally = judgement.figures("touch")

    assert {name: count for name, count in tally.items() if "bucket" not in name} == {
        "leads": 1,
        "met": 1,
        "followed_up": 1,
        "wall_sum": 30 * MINUTE,
        "wall_within:30m": 1,
        "wall_within:2h": 1,
        "working_sum": 30 * MINUTE,
        "working_within:30m": 1,
        "working_within:2h": 1,
    }


def test_the_version_in_force_at_the_hand_off_rules_the_cycle_for_good() -> None:
    rules = RuleBook([agreement(WALL), agreement(LATER, version="2", since="2026-03-07")])
    before = handed_off("2026-03-07 05:59:59.999999")
    after = handed_off("2026-03-07 06:00")

    old, new = (judged(rules, handoff, now="2026-03-20 12:00") for handoff in (before, after))

    assert [notice.version for notice in old.breaches("touch")] == ["1"]
    assert [notice.version for notice in new.breaches("touch")] == ["2"]
    assert [len(judgement.depth()) for judgement in (old, new)] == [1, 0]


def test_before_an_agreement_takes_effect_and_where_it_does_not_apply_nothing_is_owed() -> None:
    rules = RuleBook([agreement("applies_to: {role: ceo}" + WALL, since="2026-03-07")])

    assert judged(rules, handed_off("2026-03-06 12:00", role="ceo"), now="2026-03-20 12:00").speed() == []
    assert judged(rules, handed_off("2026-03-08 12:00", role="cto"), now="2026-03-20 12:00").speed() == []
    assert judged(rules, handed_off("2026-03-08 12:00", role="ceo"), now="2026-03-20 12:00").speed()


def test_a_lead_falls_in_the_first_segment_that_matches_by_what_is_known_at_the_hand_off() -> None:
    handoff = handed_off("2026-03-02 09:00", None, None, arrived=None, **{"attributes.vip": 2})

    def segment(*told: facts.Fact) -> str:
        return judged(wall(), *told, now="2026-03-02 09:00").speed()[0].segment

    assert segment(handoff) == "vip"
    assert segment(created("2026-03-01 09:00", role="ceo"), handoff) == "ceo"
    assert segment(created("2026-03-02 09:00", role="ceo"), handoff) == "ceo"
    assert segment(created("2026-03-02 09:01", role="ceo"), handoff) == "vip"
    assert segment(handed_off("2026-03-02 09:00", role="manager")) == "unmatched"


def test_a_lead_that_was_never_handed_off_is_nobodys() -> None:
    assert (
        speed_of(created("2026-03-02 09:00"), attempted("2026-03-02 09:10"), turned("2026-03-02 09:20", "connected"))
        == []
    )


RARE = """
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {sun: [["09:00", "12:00"]]}
  date_overrides: {%s}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing,
     deadline: {within: 2h, warnings: [1h], escalations: [3h, 9h]}, intervals: [day]}
"""
"""Open on Sundays alone, and on none from 15 March 2026 on for ten years."""
CLOSED = ", ".join(f"{date(2026, 3, 15) + timedelta(weeks=week)}: []" for week in range(530))


def test_where_nothing_opens_any_more_there_is_no_deadline_and_no_escalation() -> None:
    rules = RuleBook([agreement(RARE % CLOSED)])
    before, after = handed_off("2026-02-27 09:00"), handed_off("2026-03-08 11:00")

    in_time = judged(rules, before, now="2026-12-31 12:00")
    too_late = judged(rules, after, now="2026-12-31 12:00")

    assert [contribution.deadline for contribution in in_time.speed()] == [at("2026-03-01 11:00")]
    assert [(notice.tier, notice.deadline) for notice in in_time.notices] == [
        ("warning-1h", at("2026-03-01 10:00")),
        (DEADLINE_TIER, at("2026-03-01 11:00")),
        ("escalation-3h", at("2026-03-08 11:00")),
    ]
    assert [(contribution.status, contribution.deadline) for contribution in too_late.speed()] == [("open", None)]
    assert too_late.notices == ()


def test_why_nothing_falls_due_is_explained_where_nothing_opens_any_more() -> None:
    rules = RuleBook([agreement(RARE % CLOSED)])
    facts_known = (handed_off("2026-03-08 11:00"), attempted("2027-03-08 11:00"))

    [verdict] = explain(rules, "lead-1", facts_known, at("2028-01-01 00:00")).verdicts

    assert isinstance(verdict, SpeedVerdict)
    assert verdict.run.deadline is None
    assert verdict.follow_up is not None
    assert [span.length for span in verdict.follow_up.spans] == [HOUR]
