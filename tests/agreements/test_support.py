"""Support by priority: the same Friday evening under each priority. Times are those of Los Angeles."""

from collections.abc import Sequence

import pytest

from sla_rules.facts import Fact
from tests.agreements.examples import Story, told
from tests.sla_rules.clocks import at
from tests.sla_rules.story import attempted, handed_off, recycled, turned

FRIDAY_EVENING = "2026-03-06 16:00-08:00"
WEEK = "2026-03-02"


def ticket(priority: int, *facts: Fact, opened: str = FRIDAY_EVENING) -> Story:
    history: Sequence[Fact] = [handed_off(opened, **{"attributes.priority": f"p{priority}"}), *facts]
    return told(f"support-p{priority}", {"ticket-1": history}, until="2026-03-31 12:00")


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

    assert in_time.figures("first-answer", WEEK, "week")["met"] == 1
    assert too_late.figures("first-answer", WEEK, "week")["breached"] == 1
    assert at(due) in [notice.deadline for notice in too_late.notices("first-answer")]


@pytest.mark.parametrize(
    ("priority", "obligation", "due"),
    [
        (1, "workaround", "2026-03-07 04:00-08:00"),
        (2, "fix-or-workaround", "2026-03-09 17:00-07:00"),
        (3, "fix", "2026-03-13 16:00-07:00"),
    ],
)
def test_a_fix_is_due_by_the_clock_of_its_priority(priority: int, obligation: str, due: str) -> None:
    story = ticket(priority)

    assert [notice.deadline for notice in story.notices(obligation)] == [at(due)]


def test_a_workaround_lowers_a_ticket_to_the_second_priority_and_each_agreement_sees_its_own_part() -> None:
    history = [
        handed_off(FRIDAY_EVENING, **{"attributes.priority": "p1"}),
        attempted("2026-03-06 16:30-08:00", "phone"),
        attempted("2026-03-06 20:00-08:00", "workaround"),
        recycled("2026-03-06 20:01-08:00"),
        handed_off("2026-03-06 20:02-08:00", **{"attributes.priority": "p2"}),
        attempted("2026-03-09 10:00-07:00", "email"),
        attempted("2026-03-11 12:00-07:00", "fix"),
    ]
    first = told("support-p1", {"ticket-1": history}, until="2026-03-31 12:00")
    second = told("support-p2", {"ticket-1": history}, until="2026-03-31 12:00")

    assert [story.figures("first-answer", WEEK, "week")["met"] for story in (first, second)] == [1, 1]
    assert first.figures("workaround", WEEK, "week")["met"] == 1
    assert second.figures("fix-or-workaround", WEEK, "week")["breached"] == 1


def test_a_ticket_that_waits_for_the_customer_does_not_use_up_the_time_for_its_fix() -> None:
    paused = (turned("2026-03-07 00:00-08:00", "paused"), turned("2026-03-08 00:00-08:00", "resumed"))

    story = ticket(2, *paused)

    assert [notice.deadline for notice in story.notices("fix-or-workaround")] == [at("2026-03-10 17:00-07:00")]


def test_a_ticket_without_a_priority_is_under_no_agreement() -> None:
    history = {"ticket-1": [handed_off(FRIDAY_EVENING)]}

    assert [
        told(f"support-p{n}", history, until="2026-03-31 12:00").figures("first-answer", WEEK, "week")
        for n in (1, 2, 3)
    ] == [
        {},
        {},
        {},
    ]
