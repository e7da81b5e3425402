"""Answers to messages: which messages wait, what answers them, and by which names it is published."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.expiry import inactive_since
from sla_rules.engine.fold import step
from sla_rules.evaluation.notices import name_of_message
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import DAY, HOUR, MINUTE, Instant
from sla_rules.lead.facts import Attempted, Fact, HandedOff, StatusChanged, merge
from tests.laws import LAWS
from tests.script import ORIGIN
from tests.sla_rules.rules import agreement
from tests.sla_rules.story import LEAD, Judgement, attempted, handed_off, judged, reassigned, turned

TERMS = """
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]]}
calendars: {early: {time_zone: Europe/Berlin, weekly_hours: {mon: [["06:00", "14:00"]]}}}
teams: {early birds: {calendar: early}}
obligations:
  - {id: replies, kind: speed, provider: sales, recipient: marketing, starts: inbound, deadline: {within: 1h},
     reopened: HOW}
"""
WORKING = RuleBook([agreement(TERMS.replace("HOW", "restarts"))])
CONTINUING = RuleBook([agreement(TERMS.replace("HOW", "continues"))])
WALL = RuleBook([agreement(TERMS.replace("{within: 1h}", "{within: 30m, clock: wall}").replace("HOW", "restarts"))])


def wrote(when: str, name: str = "m", **more: str) -> Fact:
    return attempted(when, "email", name=name, inbound=True, **more)


def monday(*told: Fact, rules: RuleBook = WORKING, now: str = "2026-03-03 12:00") -> Judgement:
    """What is said of a lead that was handed off and called on Monday morning."""
    return judged(rules, handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10"), *told, now=now)


def statuses(found: Judgement) -> list[str]:
    return [one.status for one in found.speed()]


@pytest.mark.parametrize("outcome", ["connected", "bounced", "failed", "wrong_number"])
def test_a_call_that_was_taken_or_never_came_through_waits_for_no_answer(outcome: str) -> None:
    assert statuses(monday(wrote("2026-03-02 10:00", outcome=outcome))) == []


@pytest.mark.parametrize("outcome", [None, "no_answer", "voicemail", "replied"])
def test_a_call_that_nobody_took_waits_as_a_mail_does(outcome: str | None) -> None:
    assert statuses(monday(attempted("2026-03-02 10:00", inbound=True, outcome=outcome))) == ["breached"]


def test_a_connection_answers_and_a_recycling_does_not() -> None:
    connected = monday(wrote("2026-03-02 10:00"), turned("2026-03-02 10:30", "connected"))
    closed = monday(wrote("2026-03-02 10:00"), turned("2026-03-02 10:30", "disqualified"))

    assert (statuses(connected), statuses(closed)) == (["met"], ["closed"])


def test_the_hours_are_those_of_whichever_team_has_the_lead() -> None:
    moved = reassigned("2026-03-02 12:00", "sam", "early birds")

    before = monday(wrote("2026-03-02 11:30"), moved)
    after = monday(moved, wrote("2026-03-02 13:30"))

    assert [(one.deadline or 0) - one.start for one in before.speed()] == [HOUR]
    assert [(one.deadline or 0) - one.start for one in after.speed()] == [6 * DAY + 17 * HOUR]


def test_a_message_that_was_never_answered_after_a_close_waits_again_from_its_reopening_where_that_is_agreed() -> None:
    told = (
        wrote("2026-03-02 10:00", "m-1"),
        turned("2026-03-02 10:30", "disqualified"),
        turned("2026-03-02 12:00", "reopened"),
        attempted("2026-03-02 12:20"),
        turned("2026-03-02 13:00", "disqualified"),
        wrote("2026-03-02 14:00", "m-2"),
        turned("2026-03-02 15:00", "reopened"),
        attempted("2026-03-02 15:30"),
    )

    restarting, continuing = monday(*told), monday(*told, rules=CONTINUING)

    assert statuses(restarting) == ["closed"]
    assert [(one.status, one.working) for one in continuing.speed()] == [("met", 50 * MINUTE), ("met", 30 * MINUTE)]


def test_after_a_connection_and_a_reopening_further_messages_are_promises_where_that_is_agreed() -> None:
    told = (
        turned("2026-03-02 09:30", "connected"),
        turned("2026-03-02 10:00", "reopened"),
        wrote("2026-03-02 11:00"),
    )

    assert statuses(monday(*told)) == []
    assert statuses(monday(*told, rules=CONTINUING)) == ["breached"]


def test_messages_of_a_lead_that_never_got_a_first_answer_are_no_promise_of_their_own() -> None:
    found = judged(WORKING, handed_off("2026-03-02 09:00"), wrote("2026-03-02 10:00"), now="2026-03-03 12:00")

    assert found.speed() == []


def test_its_name_is_bounded_and_tells_sources_ids_and_the_leads_of_a_merger_apart() -> None:
    def named(source: str, name: str, origin: str | None = None) -> str:
        return name_of_message(Attempted(1, 1, source, name, origin, inbound=True))

    names = [named("/a", "b"), named("/", "ab"), named("/a\0b", "c"), named("/a", "b\0c"), named("/a", "b", "lead-2")]

    assert len(set(names)) == len(names)
    assert {len(name) for name in (*names, named("/crm", "x" * 512))} == {32}


def test_a_lead_is_active_as_long_as_a_message_of_it_is_due() -> None:
    told = [handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10"), wrote("2026-03-02 17:00")]

    state = step(WORKING, LEAD, None, told, told[-1].time + MINUTE).state

    assert inactive_since(state) == told[-1].time + 17 * HOUR + 1


def test_an_answer_that_took_long_to_be_told_is_flagged_as_any_follow_up() -> None:
    late = attempted("2026-03-02 10:50", arrived="2026-03-02 13:00")

    assert monday(wrote("2026-03-02 10:00"), late).figures("replies")["flagged"] == 1


# Laws

minutes = st.integers(1, 40).map(lambda minute: ORIGIN + minute * 10 * MINUTE)


@st.composite
def talks(draw: st.DrawFn) -> list[Fact]:
    """A hand-off, then what is written and answered, all at few instants."""
    told: list[Fact] = [HandedOff(ORIGIN, ORIGIN, "/crm", "h")]
    for number, when in enumerate(draw(st.lists(minutes, max_size=12))):
        inbound, automated = draw(st.booleans()), draw(st.sampled_from((False, False, True)))
        told.append(Attempted(when, when, "/crm", f"a-{number}", inbound=inbound, automated=automated))
    for number, (when, status) in enumerate(
        draw(st.lists(st.tuples(minutes, st.sampled_from(("paused", "resumed"))), max_size=4))
    ):
        told.append(StatusChanged(when + 1, when + 1, "/crm", f"s-{number}", status=status))
    return list(merge((), told)[0])


def answers(rules: RuleBook, facts: Sequence[Fact], now: Instant) -> dict[str, tuple[Instant, Instant | None]]:
    """Each message that waited, by its id, with when it came and when it was answered."""
    found = {}
    for one in assess(rules, LEAD, facts, now):
        assert one.evaluation is not None
        message, wall = one.evaluation.cycle.message, getattr(one.contribution, "wall", None)
        assert message is not None
        found[message.id] = message.time, None if wall is None else message.time + wall
    return found


@LAWS
@given(talks())
def test_what_waits_and_what_answers_it_is_what_a_reader_of_the_rule_finds(facts: list[Fact]) -> None:
    attempts = [fact for fact in facts if isinstance(fact, Attempted) and not fact.automated]
    replies = [one.time for one in attempts if not one.inbound]
    expected = {}
    for place, one in enumerate(attempts):
        before = [at for at in replies if at < one.time]
        if one.inbound and before:
            others = [other.time for other in attempts[:place] if other.inbound and other.time > before[-1]]
            if not others:
                expected[one.id] = one.time, min((at for at in replies if at >= one.time), default=None)

    assert answers(WALL, facts, ORIGIN + 9 * HOUR) == expected


@LAWS
@given(talks(), minutes)
def test_a_message_told_late_renames_no_answer_but_that_of_the_messages_it_now_leads(
    facts: list[Fact], when: Instant
) -> None:
    late = Attempted(when, ORIGIN + 9 * HOUR, "/crm", "late", inbound=True)

    before = step(WALL, LEAD, None, facts, ORIGIN + DAY)
    after = step(WALL, LEAD, None, [*facts, late], ORIGIN + DAY)

    assert len(before.standing.keys() - after.standing.keys()) <= 1
    assert {
        notice.message and notice.message.id for key, notice in after.standing.items() if key not in before.standing
    } <= {"late"}


@LAWS
@given(talks())
def test_answers_do_not_overlap_and_each_counts(facts: list[Fact]) -> None:
    found = assess(WALL, LEAD, facts, ORIGIN + DAY)
    spans = sorted(answers(WALL, facts, ORIGIN + DAY).values(), key=lambda span: span[0])

    assert all(answered is not None and answered < start for (_, answered), (start, _) in pairwise(spans))
    assert len(found) == len(spans)
    assert all(msgspec.structs.asdict(one.contribution)["status"] != "open" for one in found)
