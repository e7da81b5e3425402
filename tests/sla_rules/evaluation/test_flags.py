"""Which attempts that count are flagged, and why: logged in bulk, backdated, of zero seconds, outside working hours."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.tallies import Tally
from sla_rules.instants import MINUTE, SECOND
from sla_rules.lead import facts
from tests.laws import LAWS
from tests.sla_rules.rules import agreement
from tests.sla_rules.story import attempted, created, excused, handed_off, judged, reassigned, recycled, turned

BODY = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]]}}
calendars: {late: {time_zone: Europe/Berlin, weekly_hours: {mon: [["14:00", "22:00"]]}}}
teams: {West: {calendar: late}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 3, closed_leads: counted,
     deadline: {within: 4h, clock: wall}}
"""
RULES = RuleBook([agreement(BODY)])
MONDAY = handed_off("2026-03-02 10:00", "ann", "East")


def flags(obligation: str, *told: facts.Fact, rules: RuleBook = RULES, now: str = "2026-03-20 12:00") -> Tally:
    """The figures of an obligation that speak of flags."""
    figures = judged(rules, *told, now=now).figures(obligation)
    return {name: count for name, count in figures.items() if name.startswith("flagged")}


def flagged(flag: str, team: str = "East", attempts: int = 1) -> Tally:
    """As many attempts of a team, all with one flag."""
    return {"flagged": attempts, f"flagged:{flag}:{team}": attempts}


def seconds(*stamps: float, **more: Any) -> list[facts.Fact]:
    """Calls so many seconds after Monday, 10:10."""
    return [attempted(f"2026-03-02 10:10:{stamp:09.6f}", **{"rep": "ann", **more}) for stamp in stamps]


def test_a_call_in_working_hours_that_was_logged_at_once_has_no_flag() -> None:
    assert flags("touch", MONDAY, attempted("2026-03-02 10:30", duration=SECOND)) == {}
    assert flags("tries", MONDAY, attempted("2026-03-02 10:30")) == {}


@pytest.mark.parametrize("obligation", ["touch", "tries"])
def test_a_call_of_zero_seconds_is_flagged_and_one_of_unknown_length_is_not(obligation: str) -> None:
    assert flags(obligation, MONDAY, attempted("2026-03-02 10:30", duration=0)) == flagged("zero_seconds")
    assert flags(obligation, MONDAY, attempted("2026-03-02 10:30", duration=1)) == {}
    assert flags(obligation, MONDAY, attempted("2026-03-02 10:30")) == {}


def test_speed_looks_at_the_follow_up_alone_and_depth_at_every_attempt_that_counts() -> None:
    told = [
        MONDAY,
        attempted("2026-03-02 10:20", duration=0),
        attempted("2026-03-02 10:30", duration=0),
        attempted("2026-03-02 10:40", duration=0, automated=True),
        attempted("2026-03-02 10:50", duration=0, inbound=True),
    ]

    assert flags("touch", *told) == flagged("zero_seconds")
    assert flags("tries", *told) == flagged("zero_seconds", attempts=2)


def test_an_attempt_that_does_not_count_has_no_flag_and_neither_has_a_machine_or_a_lead_that_gets_in_touch() -> None:
    picky = RuleBook([agreement(BODY.replace("clock: wall}}", "clock: wall}, follow_up: {minimum_duration: 1s}}", 1))])
    open_to_all = "clock: wall}, follow_up: {automation: true, directions: [inbound, outbound]}}"
    generous = RuleBook([agreement(BODY.replace("clock: wall}}", open_to_all))])

    assert flags("touch", MONDAY, attempted("2026-03-02 10:30", duration=0), rules=picky) == {}
    sent = attempted("2026-03-02 10:30", duration=0, automated=True)
    received = attempted("2026-03-02 10:30", duration=0, inbound=True)
    for call in (sent, received):
        assert flags("touch", MONDAY, call, rules=generous) == flags("tries", MONDAY, call, rules=generous) == {}


def test_a_lead_that_is_reached_by_an_event_of_its_own_was_followed_up_by_no_attempt() -> None:
    assert flags("touch", MONDAY, turned("2026-03-02 20:00", "connected")) == {}
    assert flags("touch", MONDAY, turned("2026-03-02 10:20", "connected"), attempted("2026-03-02 20:00")) == {}


def test_an_excused_cycle_has_no_flags() -> None:
    assert flags("tries", MONDAY, attempted("2026-03-02 10:30", duration=0), excused("2026-03-02 12:00")) == {}


class TestBackdated:
    """It says that it was in time, and came long after the deadline, which is at 11:00 for speed and 14:00 for depth."""

    @pytest.mark.parametrize(
        ("time", "arrived", "expected"),
        [
            ("2026-03-02 10:59", "2026-03-02 11:10:00.000001", flagged("backdated")),
            ("2026-03-02 11:00", "2026-03-02 18:00", flagged("backdated")),
            ("2026-03-02 10:59", "2026-03-02 11:10", {}),
            ("2026-03-02 10:05", "2026-03-02 11:00", {}),
            ("2026-03-02 11:00:00.000001", "2026-03-02 18:00", {}),
        ],
    )
    def test_only_what_is_stamped_by_the_deadline_and_arrives_well_after_it(
        self, time: str, arrived: str, expected: Tally
    ) -> None:
        assert flags("touch", MONDAY, attempted(time, arrived=arrived)) == expected

    def test_a_call_cannot_be_logged_before_it_is_over(self) -> None:
        long = attempted("2026-03-02 10:59", arrived="2026-03-02 11:35", duration=30 * MINUTE)
        short = attempted("2026-03-02 10:59", arrived="2026-03-02 11:35", duration=MINUTE)

        assert flags("touch", MONDAY, long) == {}
        assert flags("touch", MONDAY, short) == flagged("backdated")

    def test_history_that_is_loaded_is_not_backdated(self) -> None:
        loaded = handed_off("2026-03-02 10:00", "ann", "East", arrived="2026-03-02 11:00:00.000001")
        lived = handed_off("2026-03-02 10:00", "ann", "East", arrived="2026-03-02 11:00")
        call = attempted("2026-03-02 10:30", arrived="2026-03-09 12:00")

        assert flags("touch", loaded, call) == {}
        assert flags("touch", lived, call) == flagged("backdated")

    def test_each_obligation_goes_by_its_own_deadline(self) -> None:
        call = attempted("2026-03-02 10:30", arrived="2026-03-02 12:00")

        assert flags("touch", MONDAY, call) == flagged("backdated")
        assert flags("tries", MONDAY, call) == {}

    def test_how_long_after_the_deadline_is_a_term(self) -> None:
        patient = RuleBook([agreement(f"flags: {{backdated_by: 2h}}\n{BODY}")])

        assert flags("touch", MONDAY, attempted("2026-03-02 10:30", arrived="2026-03-02 13:00"), rules=patient) == {}


class TestBulk:
    """Three attempts of one rep on one lead within ten seconds."""

    def test_three_within_ten_seconds_are_bulk_and_whoever_stands_alone_is_not(self) -> None:
        told = [MONDAY, *seconds(1, 6, 11), attempted("2026-03-02 10:40", rep="ann")]

        assert flags("tries", *told) == flagged("bulk", attempts=3)
        assert flags("tries", MONDAY, *seconds(1, 6, 11.000001)) == {}
        assert flags("tries", MONDAY, *seconds(1, 2)) == {}

    def test_each_that_belongs_to_any_three_is_bulk(self) -> None:
        assert flags("tries", MONDAY, *seconds(1, 9, 11, 19)) == flagged("bulk", attempts=4)

    def test_the_attempts_are_those_of_one_rep(self) -> None:
        told = [MONDAY, *seconds(1, 3, 5), *seconds(2, 4, rep="bob")]

        assert flags("tries", *told) == flagged("bulk", attempts=3)
        assert flags("tries", MONDAY, *seconds(1, 2), *seconds(3, rep=None)) == {}
        assert flags("tries", MONDAY, *seconds(1, 2, 3, rep=None)) == flagged("bulk", attempts=3)

    def test_a_follow_up_that_is_the_first_of_many_is_one_of_them(self) -> None:
        assert flags("touch", MONDAY, *seconds(1, 2, 3)) == flagged("bulk")
        assert flags("touch", MONDAY, *seconds(1, 20, 21, 22)) == {}

    def test_it_goes_by_when_they_happened_since_crms_send_in_batches(self) -> None:
        sent_together = [
            attempted(f"2026-03-02 10:{minute}", arrived="2026-03-02 10:55", rep="ann") for minute in (20, 30, 40)
        ]

        assert flags("tries", MONDAY, *sent_together) == {}

    def test_how_many_within_how_long_is_a_term(self) -> None:
        strict = RuleBook([agreement(f"flags: {{bulk: {{attempts: 2, within: 1m}}}}\n{BODY}")])

        assert flags("tries", MONDAY, *seconds(1, 59), rules=strict) == flagged("bulk", attempts=2)


class TestOutsideHours:
    """East works from nine to five on Mondays and Tuesdays, West from two to ten on Mondays."""

    @pytest.mark.parametrize("time", ["2026-03-02 17:00", "2026-03-03 08:59:59.999999", "2026-03-04 12:00"])
    def test_an_attempt_outside_the_hours_of_the_team_is_flagged(self, time: str) -> None:
        assert flags("tries", MONDAY, attempted(time)) == flagged("outside_hours")

    def test_the_hours_are_those_of_the_team_that_had_the_lead_then(self) -> None:
        west = handed_off("2026-03-02 10:00", "wes", "West")
        moved = [MONDAY, reassigned("2026-03-02 12:00", "wes", "West")]

        assert flags("tries", west, attempted("2026-03-02 11:00"), attempted("2026-03-02 20:00")) == flagged(
            "outside_hours", "West"
        )
        assert flags("tries", *moved, attempted("2026-03-02 11:00"), attempted("2026-03-02 13:00")) == flagged(
            "outside_hours", "West"
        )

    def test_of_a_lead_without_a_team_the_hours_are_those_of_the_agreement(self) -> None:
        assert flags("tries", handed_off("2026-03-02 10:00"), attempted("2026-03-02 20:00")) == flagged(
            "outside_hours", "unassigned"
        )


def test_an_attempt_with_two_flags_is_one_flagged_attempt() -> None:
    assert flags("touch", MONDAY, attempted("2026-03-02 08:00"), attempted("2026-03-02 18:00", duration=0)) == {
        "flagged": 1,
        "flagged:outside_hours:East": 1,
        "flagged:zero_seconds:East": 1,
    }


def test_only_the_flags_that_are_agreed_are_counted() -> None:
    some = RuleBook([agreement(f"flags: {{counted: [bulk, backdated]}}\n{BODY}")])

    assert flags("touch", MONDAY, attempted("2026-03-02 18:00", duration=0), rules=some) == {}
    assert flags("tries", MONDAY, *seconds(1, 2, 3, duration=0), rules=some) == flagged("bulk", attempts=3)


def test_flags_follow_the_cycle_and_judge_nothing() -> None:
    told = [MONDAY, attempted("2026-03-02 10:30", duration=0), recycled("2026-03-02 11:00")]
    again = [handed_off("2026-03-03 10:00", "ann", "West"), attempted("2026-03-03 10:30", duration=0)]
    found = judged(RULES, *told, *again, now="2026-03-20 12:00")

    assert found.figures("touch")["met"] == 2
    assert flags("touch", *told, *again) == {
        "flagged": 2,
        "flagged:zero_seconds:East": 1,
        "flagged:zero_seconds:West": 1,
        "flagged:outside_hours:West": 1,
    }


def test_the_leads_own_clock_flags_too() -> None:
    own = RuleBook([agreement(BODY.replace("kind: speed,", "kind: speed, starts: created,"))])
    born = created("2026-03-02 09:30")

    assert flags("touch", born, MONDAY, attempted("2026-03-02 10:20", duration=0), rules=own) == flagged("zero_seconds")


STAMPS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["ann", "bob"])), max_size=8)


@given(STAMPS)
@LAWS
def test_bulk_is_what_has_enough_others_of_its_rep_around_it(stamps: Sequence[tuple[int, str]]) -> None:
    told = [
        attempted(f"2026-03-02 10:10:{second:02}", rep=rep, name=str(number))
        for number, (second, rep) in enumerate(stamps)
    ]
    by_rep = {rep: Counter(second for second, other in stamps if other == rep) for rep in ("ann", "bob")}

    def is_bulk(second: int, rep: str) -> bool:
        around = (sum(by_rep[rep][s] for s in range(first, first + 11)) for first in range(second - 10, second + 1))
        return max(around) >= 3

    expected = sum(is_bulk(*stamp) for stamp in stamps)
    assert flags("tries", MONDAY, *told).get("flagged:bulk:East", 0) == expected
