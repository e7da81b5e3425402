"""Reopenings that continue a promise: which cycles they join, and what that leaves as it was."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.fold import step
from sla_rules.evaluation.contributions import UncoveredContribution
from sla_rules.evaluation.deadlines import owing
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant
from sla_rules.lead.facts import Attempted, Created, DealClosed, Fact, HandedOff, Reassigned, StatusChanged
from tests.laws import LAWS
from tests.script import ORIGIN
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement
from tests.sla_rules.story import LEAD, Judgement, attempted, excused, handed_off, judged, recycled, turned, updated

TERMS = """
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]]}
SEGMENTS
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}, reopened: HOW}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 2, deadline: {within: 3h, clock: wall},
     closed_leads: counted, reopened: HOW, pauses: true}
  - {id: talk, kind: speed, provider: sales, recipient: marketing, starts: inbound, deadline: {within: 1h, clock: wall},
     reopened: HOW}
  - {id: lead, kind: volume, provider: marketing, recipient: sales, goal: 5}
"""


def book(how: str, **more: str) -> RuleBook:
    return RuleBook([agreement(TERMS.replace("HOW", how).replace("SEGMENTS", ""), **more)])


CONTINUING = book("continues")


def monday(*told: Fact, rules: RuleBook = CONTINUING, now: str = "2026-03-03 12:00") -> Judgement:
    return judged(rules, handed_off("2026-03-02 09:00"), *told, now=now)


def speeds(found: Judgement) -> list[tuple[str, str | None]]:
    """Status and rise of the deadline over nine o'clock, of each promise of a first follow-up."""
    nine = at("2026-03-02 09:00")
    return [
        (one.status, None if one.deadline is None else f"{(one.deadline - nine) // MINUTE}m")
        for one in found.speed()
        if found.rules.terms[one.term].obligation.id == "touch"
    ]


def test_a_pause_in_which_it_was_closed_is_taken_out_once() -> None:
    """Paused at 09:20 and closed at 09:30, paused again while closed at 09:50, reopened at 10:00, resumed at 10:30."""
    told = (
        turned("2026-03-02 09:20", "paused"),
        turned("2026-03-02 09:30", "disqualified"),
        turned("2026-03-02 09:50", "paused"),
        turned("2026-03-02 10:00", "reopened"),
        turned("2026-03-02 10:30", "resumed"),
    )

    (tries,) = monday(*told).depth()

    assert tries.deadline == at("2026-03-02 12:00") + 70 * MINUTE


@pytest.mark.parametrize("told_after_the_close", [False, True])
def test_what_marketing_got_back_has_ended_for_good(told_after_the_close: bool) -> None:  # noqa: FBT001
    closed = (turned("2026-03-02 09:20", "disqualified"),) if told_after_the_close else ()

    found = monday(*closed, recycled("2026-03-02 09:30"), turned("2026-03-02 10:00", "reopened"))

    assert speeds(found) == [("closed", "60m"), ("breached", "120m")]


def test_who_waives_any_of_the_cycles_waives_the_promise() -> None:
    told = (turned("2026-03-02 09:30", "disqualified"), turned("2026-03-02 10:00", "reopened"))

    assert [status for status, _ in speeds(monday(*told, excused("2026-03-02 10:10")))] == ["excused"]


def test_a_lost_deal_closes_and_the_reopening_goes_on_from_there() -> None:
    when = at("2026-03-02 09:20")
    lost = DealClosed(when, when, "/crm", "d", outcome="lost", deal="d", leads=(LEAD,))

    found = monday(lost, turned("2026-03-02 09:40", "disqualified"), turned("2026-03-02 10:00", "reopened"))

    assert speeds(found) == [("breached", "100m")]


def test_a_hand_off_after_the_close_is_a_promise_of_its_own_and_a_lead_is_delivered_once() -> None:
    found = monday(turned("2026-03-02 09:30", "disqualified"), handed_off("2026-03-02 10:00"))

    assert [status for status, _ in speeds(found)] == ["closed", "breached"]
    assert len(found.volume()) == 1


def test_an_answer_just_before_the_reopening_by_a_clock_of_whole_seconds_is_one_after_it() -> None:
    reopened = msgspec.structs.replace(
        turned("2026-03-02 10:00", "reopened"), time=at("2026-03-02 10:00") + SECOND // 2
    )

    found = monday(turned("2026-03-02 09:30", "disqualified"), reopened, attempted("2026-03-02 10:00"))

    assert found.figures("touch")["wall_sum"] == 30 * MINUTE
    assert [one.attempts for one in found.depth()] == [1]


def test_a_reopening_under_a_later_version_goes_on_with_the_promise_of_the_earlier_one_or_begins_one() -> None:
    """A promise that its version lets go on goes on; one that it does not has ended, and the later version's begins."""
    told = (turned("2026-03-02 09:30", "disqualified"), turned("2026-03-03 10:00", "reopened"))

    def found(before: str, after: str) -> list[str]:
        later = agreement(TERMS.replace("HOW", after).replace("SEGMENTS", ""), version="2", since="2026-03-03")
        earlier = agreement(TERMS.replace("HOW", before).replace("SEGMENTS", ""))
        return [status for status, _ in speeds(monday(*told, rules=RuleBook([earlier, later])))]

    assert found("continues", "restarts") == found("continues", "continues") == ["breached"]
    assert found("restarts", "continues") == ["closed", "breached"]


@pytest.mark.parametrize(
    ("fields", "expected"), [("fixed", [("breached", "90m")]), ("follow", [])], ids=["fixed", "follow"]
)
def test_a_promise_goes_on_with_the_fields_of_its_beginning_or_follows_those_of_the_reopening(
    fields: str, expected: list[tuple[str, str]]
) -> None:
    """The lead is no longer the agreement's when it is reopened at 10:00, with half an hour left."""
    terms = TERMS.replace("HOW", f"continues, fields: {fields}").replace("SEGMENTS", "")
    rules = RuleBook([agreement(f"applies_to: {{region: emea}}\n{terms}")])
    when = at("2026-03-02 09:40")
    told = (
        handed_off("2026-03-02 09:00", region="emea"),
        turned("2026-03-02 09:30", "disqualified"),
        Created(when, when, "/crm", "moved", fields={"region": "apac"}),
        turned("2026-03-02 10:00", "reopened"),
    )

    found = judged(rules, *told, now="2026-03-02 12:00")

    uncovered = [one for one in found.contributions if isinstance(one, UncoveredContribution)]
    assert speeds(found) == expected
    assert len(uncovered) == (not expected)


def test_a_message_is_owed_to_the_segment_that_the_lead_is_in_when_it_is_due() -> None:
    segments = "segments: [{id: vip, when: {role: ceo}}, {id: others}]"
    rules = RuleBook([agreement(TERMS.replace("HOW", "continues").replace("SEGMENTS", segments))])
    told = (
        handed_off("2026-03-02 09:00", role="manager"),
        attempted("2026-03-02 09:10"),
        attempted("2026-03-02 10:00", inbound=True, name="m-1"),
        updated("2026-03-02 10:30", role="ceo"),
        attempted("2026-03-02 11:30"),
        attempted("2026-03-02 12:00", inbound=True, name="m-2"),
        attempted("2026-03-02 12:10"),
    )

    found = judged(rules, *told, now="2026-03-02 18:00")

    talk = [one for one in found.speed() if rules.terms[one.term].obligation.id == "talk"]
    assert [(one.segment, one.status) for one in talk] == [("vip", "breached"), ("vip", "met")]
    assert [notice.segment for notice in found.breaches("talk")] == ["vip"]


def test_fields_that_change_in_a_cycle_that_continues_another_move_the_promise_to_their_segment() -> None:
    segments = "segments: [{id: vip, when: {role: ceo}}, {id: others}]"
    rules = RuleBook([agreement(TERMS.replace("HOW", "continues").replace("SEGMENTS", segments))])
    told = (
        handed_off("2026-03-02 09:00", role="manager"),
        turned("2026-03-02 09:30", "disqualified"),
        turned("2026-03-02 10:00", "reopened"),
        updated("2026-03-02 10:10", role="ceo"),
    )

    found = judged(rules, *told, now="2026-03-02 12:00")

    assert [(notice.segment, notice.cycle) for notice in found.breaches("touch")] == [("vip", 1)]


# Laws

steps = st.integers(1, 30).map(lambda step: ORIGIN + step * 10 * MINUTE)


@st.composite
def working_days(draw: st.DrawFn) -> list[Fact]:
    """A hand-off, calls, messages and other owners; nobody closes or connects the lead."""
    told: list[Fact] = [HandedOff(ORIGIN, ORIGIN, "/crm", "h", rep="ann", team="ann")]
    for number, when in enumerate(draw(st.lists(steps, max_size=8))):
        if draw(st.integers(0, 3)):
            told.append(Attempted(when, when, "/crm", f"a-{number}", inbound=draw(st.booleans())))
        else:
            told.append(Reassigned(when, when, "/crm", f"r-{number}", rep=draw(st.sampled_from(("ann", "bob")))))
    return told


@LAWS
@given(
    working_days(),
    st.lists(steps, min_size=1, max_size=3, unique=True),
    st.integers(0, 8).map(lambda h: ORIGIN + h * HOUR),
)
def test_a_lead_that_is_closed_and_reopened_in_one_instant_owes_what_it_owed(
    told: list[Fact], moments: list[Instant], now: Instant
) -> None:
    turns = [
        StatusChanged(when + 1, when + 1, "/crm", f"{name}-{when}", status=status)
        for when in moments
        for name, status in (("1", "disqualified"), ("2", "reopened"))
        if when < now
    ]

    before = step(CONTINUING, LEAD, None, told, now)
    after = step(CONTINUING, LEAD, None, [*told, *turns], now)

    assert before.state.contributions == after.state.contributions
    assert before.standing == after.standing
    assert before.undecided == after.undecided


@LAWS
@given(working_days(), steps, st.integers(1, 20).map(lambda step: step * 7 * MINUTE))
def test_a_deadline_moves_by_as_long_as_the_lead_was_closed_before_it(
    told: list[Fact], closed: Instant, length: int
) -> None:
    told = [fact for fact in told if fact.time < closed]
    turns = [
        StatusChanged(closed + 1, closed + 1, "/crm", "1", status="disqualified"),
        StatusChanged(closed + 1 + length, closed + 1 + length, "/crm", "2", status="reopened"),
    ]

    def owed(facts: list[Fact]) -> list[Instant]:
        found = step(CONTINUING, LEAD, None, facts, ORIGIN + 30 * DAY).state.contributions
        return [one.deadline or 0 for one in map(owing, found) if one is not None and one.owed]

    expected = [deadline + length if deadline > closed + 1 else deadline for deadline in owed(told)]

    assert owed([*told, *turns]) == expected
