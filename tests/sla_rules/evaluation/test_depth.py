"""Attempts on leads not connected. Company X wants six within fourteen days by the wall clock."""

from sla_rules.instants import DAY, HOUR
from sla_rules.lead import facts
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import company_x, wall
from tests.sla_rules.story import Judgement, attempted, excused, handed_off, judged, recycled, turned

MONDAY = handed_off("2026-03-02 09:00", "ann")
DUE = at("2026-03-16 09:00")


def calls(count: int, last: str = "2026-03-04 10:00") -> list[facts.Fact]:
    """So many calls, the last of them at an instant, the others on Monday morning."""
    return [*(attempted(f"2026-03-02 10:3{n}") for n in range(count - 1)), attempted(last)]


def judge(*told: facts.Fact, now: str = "2026-04-30 12:00") -> Judgement:
    return judged(company_x(), MONDAY, *told, now=now)


def test_the_last_attempt_wanted_at_the_deadline_is_in_time_and_a_microsecond_later_is_not() -> None:
    met, breached = judge(*calls(6, "2026-03-16 09:00")), judge(*calls(6, "2026-03-16 09:00:00.000001"))

    assert [contribution.status for contribution in met.depth() + breached.depth()] == ["met", "breached"]
    assert [(notice.status, notice.late_by) for notice in breached.breaches("persistence")] == [("resolved", 1)]


def test_too_few_attempts_are_a_breach_a_microsecond_after_the_deadline_by_time_alone() -> None:
    before, after = (judge(*calls(5), now=now) for now in ("2026-03-16 09:00", "2026-03-16 09:00:00.000001"))

    assert [contribution.status for contribution in before.depth() + after.depth()] == ["open", "breached"]
    assert [(notice.deadline, notice.resolved_at) for notice in after.breaches("persistence")] == [(DUE, None)]


def test_a_lead_that_is_connected_needs_no_more_attempts_and_is_not_in_the_average() -> None:
    judgement = judge(*calls(2), turned("2026-03-05 09:00", "connected"))

    assert judgement.figures("persistence") == {"leads": 1, "connected": 1, "human_attempts": 2}


def test_the_attempt_that_connects_is_one_of_its_cycle_and_no_connected_lead_is_in_the_average() -> None:
    judgement = judge(*calls(3), attempted("2026-03-05 09:00", outcome="connected"))
    (contribution,) = judgement.depth()

    assert (contribution.status, contribution.attempts, contribution.connected) == ("connected", 4, True)
    assert judgement.figures("persistence") == {"leads": 1, "connected": 1, "human_attempts": 4}


def test_a_call_and_the_end_of_its_cycle_with_one_stamp_is_an_attempt_made() -> None:
    at_the_end, recalled = (
        judge(*calls(5), attempted("2026-03-05 09:00"), turned("2026-03-05 09:00", "rejected")),
        judge(*calls(5), attempted("2026-03-05 09:00"), recycled("2026-03-05 09:00"), handed_off("2026-03-05 09:00")),
    )

    assert [(contribution.status, contribution.attempts) for contribution in at_the_end.depth()] == [("met", 6)]
    assert [contribution.attempts for contribution in recalled.depth()] == [5, 1]


def test_connected_after_the_deadline_resolves_the_breach() -> None:
    (breach,) = judge(*calls(5), turned("2026-03-16 10:00", "connected")).breaches("persistence")

    assert (breach.status, breach.late_by) == ("resolved", HOUR)


def test_a_lead_closed_before_its_deadline_is_neither_met_nor_breached_and_its_attempts_stay_apart() -> None:
    closed, open_still = (
        judge(*calls(4), turned("2026-03-05 09:00", "rejected")),
        judge(*calls(4), now="2026-03-05 09:00"),
    )

    assert closed.figures("persistence") == {
        "leads": 1,
        "closed": 1,
        "unconnected": 1,
        "attempts": 4,
        "human_attempts": 4,
    }
    assert open_still.figures("persistence") == {
        "human_attempts": 4,
        "leads": 1,
        "open": 1,
        "unconnected": 1,
        "attempts": 4,
        "unconnected_open": 1,
        "attempts_open": 4,
    }


def test_recycled_and_handed_off_again_depth_begins_from_zero_and_the_old_cycle_keeps_its_record() -> None:
    judgement = judge(
        *calls(6), recycled("2026-03-05 09:00"), handed_off("2026-03-06 09:00"), attempted("2026-03-06 10:00")
    )

    assert [
        (contribution.status, contribution.attempts, contribution.deadline) for contribution in judgement.depth()
    ] == [
        ("met", 6, DUE),
        ("breached", 1, at("2026-03-06 09:00") + 14 * DAY),
    ]


def test_attempts_before_the_hand_off_between_cycles_and_after_the_close_count_for_none_but_those_at_an_end() -> None:
    judgement = judge(
        attempted("2026-03-02 08:00"),
        recycled("2026-03-03 09:00"),
        attempted("2026-03-03 09:00"),
        attempted("2026-03-04 09:00"),
        handed_off("2026-03-05 09:00"),
        attempted("2026-03-05 09:00"),
        turned("2026-03-06 09:00", "rejected"),
        attempted("2026-03-06 10:00"),
    )

    assert [contribution.attempts for contribution in judgement.depth()] == [1, 1]


def test_one_attempt_received_twice_counts_once_and_the_same_under_a_second_id_counts_again() -> None:
    call = attempted("2026-03-02 10:00", name="a")

    assert judge(call, call).depth()[0].attempts == 1
    assert judge(call, attempted("2026-03-02 10:00", name="b")).depth()[0].attempts == 2


def test_only_attempts_that_the_agreement_lets_count_are_counted() -> None:
    told = (
        attempted("2026-03-02 09:10"),
        attempted("2026-03-02 09:11", inbound=True),
        attempted("2026-03-02 09:12", "email"),
        attempted("2026-03-02 09:13", automated=True),
    )

    assert judged(wall(), MONDAY, *told, now="2026-03-02 09:20").depth()[0].attempts == 2
    assert judge(*told).depth()[0].attempts == 2


def test_an_excused_cycle_is_counted_apart() -> None:
    assert judge(*calls(2), excused("2026-03-05 09:00")).figures("persistence") == {"excused": 1}
