"""Support by priority: the same Friday evening under each priority. Times are those of Los Angeles."""

import msgspec
import pytest

from sla_rules.evaluation.tallies import Tally
from sla_rules.lead.facts import Fact
from tests.agreements.examples import Story, told
from tests.sla_rules.clocks import at
from tests.sla_rules.story import attempted, handed_off, recycled, turned, updated

FRIDAY_EVENING = "2026-03-06 16:00-08:00"
WEEK = "2026-03-02"


def told_of_ticket(*facts: Fact) -> Story:
    about = [msgspec.structs.replace(fact, subject="ticket") for fact in facts]
    return told("support", {"ticket-1": about}, until="2026-03-31 12:00")


def ticket(priority: int, *facts: Fact, opened: str = FRIDAY_EVENING) -> Story:
    return told_of_ticket(handed_off(opened, **{"attributes.priority": f"p{priority}"}), *facts)


def week(story: Story, obligation: str) -> Tally:
    return story.figures(obligation, WEEK, "week", segment=obligation[:2])


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        (1, "2026-03-06 18:00-08:00"),
        (2, "2026-03-09 16:00-07:00"),
        (3, "2026-03-09 16:00-07:00"),
    ],
)
def test_an_answer_exactly_at_the_deadline_is_in_time_and_one_after_it_is_not(priority: int, due: str) -> None:
    in_time = ticket(priority, attempted(due, "email"))
    too_late = ticket(priority, attempted(due.replace(":00-", ":01-"), "email"))

    assert week(in_time, f"p{priority}-first-answer")["met"] == 1
    assert week(too_late, f"p{priority}-first-answer")["breached"] == 1
    assert at(due) in [notice.deadline for notice in too_late.notices(f"p{priority}-first-answer")]


@pytest.mark.parametrize(
    ("priority", "obligation", "due"),
    [
        (1, "p1-workaround", "2026-03-07 04:00-08:00"),
        (2, "p2-fix-or-workaround", "2026-03-09 17:00-07:00"),
        (3, "p3-fix", "2026-03-13 16:00-07:00"),
    ],
)
def test_a_fix_is_due_by_the_clock_of_its_priority(priority: int, obligation: str, due: str) -> None:
    story = ticket(priority)

    assert [notice.deadline for notice in story.notices(obligation)] == [at(due)]


def test_a_business_day_ends_at_the_same_time_of_day_after_a_holiday_too() -> None:
    before_presidents_day = told_of_ticket(handed_off("2026-02-13 16:50-08:00", **{"attributes.priority": "p3"}))

    assert [notice.deadline for notice in before_presidents_day.notices("p3-first-answer")] == [
        at("2026-02-17 15:50-08:00"),
        at("2026-02-17 16:50-08:00"),
    ]


def test_a_workaround_lowers_a_ticket_to_the_second_priority_and_its_deadlines_are_those_of_the_second() -> None:
    story = told_of_ticket(
        handed_off(FRIDAY_EVENING, **{"attributes.priority": "p1"}),
        attempted("2026-03-06 16:30-08:00", "phone"),
        attempted("2026-03-06 20:00-08:00", "workaround"),
        recycled("2026-03-06 20:01-08:00"),
        handed_off("2026-03-06 20:02-08:00", **{"attributes.priority": "p2"}),
        attempted("2026-03-09 10:00-07:00", "email"),
        attempted("2026-03-11 12:00-07:00", "fix"),
    )

    assert [week(story, f"p{n}-first-answer")["met"] for n in (1, 2)] == [1, 1]
    assert week(story, "p1-workaround")["met"] == 1
    assert week(story, "p2-fix-or-workaround")["breached"] == 1


def test_support_lowers_a_priority_and_the_ticket_owes_what_its_new_one_says_from_its_assignment_on() -> None:
    story = ticket(1, updated("2026-03-06 17:00-08:00", **{"attributes.priority": "p2"}))

    assert [week(story, f"p{n}-first-answer") for n in (1, 3)] == [{}, {}]
    assert [notice.deadline for notice in story.notices("p2-first-answer") if notice.tier == "deadline"] == [
        at("2026-03-09 16:00-07:00")
    ]


def test_what_the_first_priority_did_not_get_in_time_stays_broken_when_support_lowers_it() -> None:
    story = ticket(1, updated("2026-03-06 19:00-08:00", **{"attributes.priority": "p2"}))

    assert week(story, "p1-first-answer")["breached"] == 1
    assert week(story, "p1-workaround") == {}
    assert week(story, "p2-first-answer")["leads"] == 1


def test_a_workaround_and_the_lower_priority_in_one_step_keep_the_promise_of_the_first() -> None:
    step = "2026-03-06 20:00-08:00"
    story = ticket(
        1,
        attempted("2026-03-06 17:00-08:00", "phone"),
        attempted(step, "workaround"),
        updated(step, **{"attributes.priority": "p2"}),
    )

    assert [week(story, f"p1-{what}")["met"] for what in ("first-answer", "workaround")] == [1, 1]
    assert week(story, "p2-fix-or-workaround") == {}


def test_a_ticket_that_waits_for_the_customer_does_not_use_up_the_time_for_its_fix() -> None:
    paused = (turned("2026-03-07 00:00-08:00", "paused"), turned("2026-03-08 00:00-08:00", "resumed"))

    story = ticket(2, *paused)

    assert [notice.deadline for notice in story.notices("p2-fix-or-workaround")] == [at("2026-03-10 17:00-07:00")]


def test_every_further_message_is_answered_within_eight_hours_of_its_priority() -> None:
    """The first answer comes at once. Friday evening's message is due at midnight under P1, on Monday under the others."""

    def story(priority: int, answered: str) -> Story:
        return ticket(
            priority,
            attempted("2026-03-06 15:30-08:00", "email", inbound=True, name="before the answer"),
            attempted("2026-03-06 15:40-08:00", "email", name="first"),
            attempted("2026-03-06 16:00-08:00", "email", inbound=True, name="further"),
            attempted(answered, "email", name="next"),
            opened="2026-03-06 15:00-08:00",
        )

    in_time = [story(1, "2026-03-07 00:00-08:00"), story(2, "2026-03-09 16:00-07:00")]
    too_late = [story(1, "2026-03-07 00:01-08:00"), story(2, "2026-03-09 16:01-07:00")]

    assert [one.figures("next-reply", WEEK, "week", segment=f"p{n}")["met"] for n, one in enumerate(in_time, 1)] == [
        1,
        1,
    ]
    assert [
        one.figures("next-reply", WEEK, "week", segment=f"p{n}")["breached"] for n, one in enumerate(too_late, 1)
    ] == [1, 1]
    assert [
        notice.message and notice.message.id
        for notice in too_late[0].notices("next-reply")
        if notice.tier == "deadline"
    ] == ["further"]


def test_a_message_of_a_ticket_that_was_solved_unanswered_waits_again_once_it_is_reopened() -> None:
    story = ticket(
        1,
        attempted("2026-03-06 16:10-08:00", "email"),
        attempted("2026-03-06 17:00-08:00", "email", inbound=True),
        turned("2026-03-06 18:00-08:00", "converted"),
        turned("2026-03-07 18:00-08:00", "reopened"),
    )

    due = [notice.deadline for notice in story.notices("next-reply") if notice.tier == "deadline"]

    assert due == [at("2026-03-08 01:00-08:00")]


def test_a_ticket_without_a_priority_is_under_no_agreement_and_is_shown() -> None:
    story = told_of_ticket(handed_off(FRIDAY_EVENING))

    assert (story.outcome.uncovered, story.outcome.current) == (1, {})


def test_a_lead_is_none_of_its_business() -> None:
    lead = handed_off(FRIDAY_EVENING, **{"attributes.priority": "p1"})

    story = told("support", {"ticket-1": [lead]}, until="2026-03-31 12:00")

    assert (story.outcome.uncovered, story.outcome.current) == (1, {})
