"""An explanation says the verdicts that are given, and its parts add up to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.contributions import DealContribution, UncoveredContribution
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import SECOND, Instant, instant, iso
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, merge
from sla_rules.lead.history import history
from sla_rules.reports.encode import document
from sla_rules.reports.explanation import explain
from sla_rules.reports.facts_by_key import propagate_merges
from sla_rules.reports.replay import watched
from tests.script import History
from tests.sla_rules.clocks import at
from tests.sla_rules.explained import verdicts_given
from tests.sla_rules.rules import agreement, company_x, rule_books, several, wall
from tests.sla_rules.story import LEAD, attempted, created, excused, handed_off, reassigned, recycled, stamps, turned
from tests.sla_rules.worker import by_lead
from tests.strategies import ends, histories
from wording.voice import Voice

PATIENT = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "12:00"], ["13:00", "17:00"]], tue: [["09:00", "17:00"]]}}
calendars: {late: {time_zone: Europe/Berlin, weekly_hours: {mon: [["14:00", "22:00"]]}}}
teams: {evening: {calendar: late}, bob: {calendar: late}}
minimum_quality: {score: {at_least: 50}}
segments: [{id: ceo, when: {role: ceo}, value: 100}]
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 4h}, pauses: true,
     reassignment: restarts, follow_up: {channels: [phone, email], minimum_duration: 30s}}
  - {id: promise, kind: speed, provider: sales, recipient: marketing, deadline: {within: 4h, clock: wall}, starts: created}
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 10}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 2, closed_leads: counted,
     deadline: {within: {working_days: 1, end_of_day: true}}, pauses: true}
"""


def patient() -> RuleBook:
    return RuleBook([agreement(PATIENT)])


def explained(rules: RuleBook, *told: Fact, now: str, lead: str = LEAD) -> Any:
    return said(rules, lead, merge((), told)[0], at(now))


def said(rules: RuleBook, lead: str, known: Sequence[Fact], until: Instant) -> Any:
    """An explanation as JSON has it, in English."""
    return document(explain(rules, lead, known, until), Voice("en").say)


def verdict(found: Any, obligation: str, cycle: int = 1) -> Any:
    return next(one for one in found["verdicts"] if (one["obligation"], one["cycle"]) == (obligation, cycle))


def text_of(reason: Any) -> str | None:
    return None if reason is None else str(reason["text"])


def seconds_of(spans: list[dict[str, float]]) -> float:
    return sum(round(span["seconds"] * SECOND) for span in spans) / SECOND


def moment_of(text: str) -> Instant:
    return instant(datetime.fromisoformat(text))


@given(st.sampled_from((*rule_books(), patient())), histories(), ends())
def test_an_explanation_says_the_verdicts_that_are_given(rules: RuleBook, told: History, end: Instant) -> None:
    for lead, known in propagate_merges({lead.decode(): found for lead, found in by_lead(told).items()}).items():
        contributions = [assessment.contribution for assessment in assess(rules, lead, history(lead, known), end)]
        explained = said(rules, lead, known, end)
        verdicts = explained["verdicts"]

        uncovered = [
            contribution.start for contribution in contributions if isinstance(contribution, UncoveredContribution)
        ]
        assert [one["started"]["at"] for one in explained.get("uncovered", ())] == [iso(start) for start in uncovered]
        given = [(one["obligation"], one["status"]) for one in verdicts if one["status"] != "counted_before"]
        assert given == verdicts_given(rules, contributions)
        assert sum(len(deal["counts_for"]) for deal in said(rules, lead, known, end).get("deals", [])) == sum(
            isinstance(contribution, DealContribution) for contribution in contributions
        )
        assert all(one["verdict"]["text"].endswith(".") for one in verdicts)


@given(st.sampled_from((*rule_books(), patient())), histories(), ends())
def test_the_spans_add_up_to_the_numbers_and_every_attempt_has_its_reason(
    rules: RuleBook, told: History, end: Instant
) -> None:
    for lead, known in propagate_merges({lead.decode(): found for lead, found in by_lead(told).items()}).items():
        for one in said(rules, lead, known, end)["verdicts"]:
            if "clock" not in one:
                continue
            if one["deadline"] is not None and one["within_working_days"] is None:
                assert seconds_of(one["spans_to_deadline"]) == one["within_seconds"]
            follow_up = one.get("follow_up")
            if follow_up is not None and moment_of(follow_up["at"]) >= moment_of(one["clock_started"]):
                clock = "working_seconds" if one["clock"] == "working" else "wall_clock_seconds"
                assert seconds_of(follow_up["spans"]) == follow_up[clock]
            assert all(attempt["qualifies"] == (not attempt["why_not"]) for attempt in one["attempts"])


def test_a_deadline_in_working_days_says_how_many_and_is_laid_out_in_open_hours() -> None:
    tries = verdict(explained(patient(), handed_off("2026-03-02 15:00", score=60), now="2026-03-02 18:00"), "tries")

    assert (tries["within_seconds"], tries["within_working_days"]) == (None, {"working_days": 1, "end_of_day": True})
    assert tries["deadline"] == iso(at("2026-03-03 17:00"))
    assert seconds_of(tries["spans_to_deadline"]) == 10 * 3600


def test_a_clock_says_whose_hours_it_ran_in_from_when_on() -> None:
    found = explained(
        patient(),
        handed_off("2026-03-02 15:00", rep="ann", team="day", score=60),
        reassigned("2026-03-02 16:00", rep="ann", team="evening"),
        now="2026-03-02 18:00",
    )

    touch = verdict(found, "touch")

    assert touch["calendar"]["of"] == "agreement"
    assert [(one["since"], one["calendar"]["name"]) for one in touch["later_calendars"]] == [
        (iso(at("2026-03-02 16:00")), "evening")
    ]
    assert touch["deadline"] == iso(at("2026-03-02 19:00"))
    assert [span["end"] for span in touch["spans_to_deadline"]] == [
        iso(at("2026-03-02 16:00")),
        iso(at("2026-03-02 19:00")),
    ]


def test_a_deadline_is_laid_out_over_the_open_hours_and_the_pauses_taken_out() -> None:
    found = explained(
        patient(),
        handed_off("2026-03-02 10:00", score=60),
        turned("2026-03-02 11:00", "paused"),
        turned("2026-03-02 14:00", "resumed"),
        now="2026-03-02 18:00",
    )

    touch = verdict(found, "touch")

    assert touch["calendar"] == {
        "of": "agreement",
        "name": None,
        "time_zone": "Europe/Berlin",
        "hours": {
            "time_zone": "Europe/Berlin",
            "weekly_hours": {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "tue": [["09:00", "17:00"]]},
        },
    }
    assert touch["spans_to_deadline"] == [
        {"start": iso(at("2026-03-02 10:00")), "end": iso(at("2026-03-02 11:00")), "seconds": 3600},
        {"start": iso(at("2026-03-02 14:00")), "end": iso(at("2026-03-02 17:00")), "seconds": 10_800},
    ]
    assert touch["pauses"] == [
        {"start": iso(at("2026-03-02 11:00")), "end": iso(at("2026-03-02 14:00")), "taken_out": True, "closed": False}
    ]
    assert touch["verdict"]["text"] == (
        "Missed: no follow-up came; the deadline was Mon 2026-03-02 17:00:00 CET. It is still owed."
    )
    assert [notice["kind"] for notice in touch["notices"]] == ["breached"]


def test_attempts_that_do_not_count_say_why() -> None:
    found = explained(
        patient(),
        handed_off("2026-03-02 10:00", score=60),
        attempted("2026-03-02 10:01", automated=True, channel="chat"),
        attempted("2026-03-02 10:02", inbound=True),
        attempted("2026-03-02 10:03", duration=10 * SECOND),
        attempted("2026-03-02 10:03:30", outcome="wrong_number"),
        attempted("2026-03-02 10:04", name="the one"),
        now="2026-03-02 18:00",
    )

    touch = verdict(found, "touch")

    assert [[why["text"] for why in attempt["why_not"]] for attempt in touch["attempts"]] == [
        ["made by automation, and only people's attempts count", "by chat, and only phone, email counts"],
        ["inbound, and only outbound counts"],
        ["lasted 10s, and at least 30s is agreed"],
        ["the number was wrong, and the outcomes that count are connected, voicemail, no_answer, replied"],
        [],
    ]
    assert touch["follow_up"]["event"] == {"source": "/crm", "id": "the one"}
    assert (touch["follow_up"]["working_seconds"], touch["follow_up"]["wall_clock_seconds"]) == (240, 240)
    assert touch["verdict"]["text"] == (
        "In time: followed up at Mon 2026-03-02 10:04:00 CET, 4m of working time after the clock started;"
        " the deadline was Mon 2026-03-02 15:00:00 CET."
    )


def test_a_team_keeps_its_own_hours_and_a_new_owner_starts_the_clock_again() -> None:
    told = [handed_off("2026-03-02 10:00", "ann", "evening", score=60), reassigned("2026-03-02 15:00", "bob")]

    touch = verdict(explained(patient(), *told, now="2026-03-02 16:00"), "touch")

    assert (touch["calendar"]["of"], touch["calendar"]["name"]) == ("team", "evening")
    assert touch["clock_started"] == iso(at("2026-03-02 15:00"))
    assert touch["deadline"] == iso(at("2026-03-02 19:00"))
    assert [(owner["rep"], owner["team"]) for owner in touch["owners"]] == [("ann", "evening"), ("bob", "evening")]
    assert touch["verdict"]["text"] == "Waiting for the first follow-up; the deadline is Mon 2026-03-02 19:00:00 CET."


def test_the_segment_says_which_condition_matched_or_that_none_did() -> None:
    chief = explained(patient(), handed_off("2026-03-02 10:00", score=60, role="ceo"), now="2026-03-02 11:00")
    other = explained(patient(), handed_off("2026-03-02 10:00", score=60, role="cfo"), now="2026-03-02 11:00")

    assert verdict(chief, "leads")["segment"] == "ceo"
    assert verdict(chief, "leads")["segment_because"]["text"] == "the first segment that matches: role is ceo"
    assert verdict(chief, "leads")["verdict"]["text"].endswith("at its first qualifying hand-off, worth 100.00.")
    assert verdict(other, "leads")["segment"] == "unmatched"
    assert verdict(other, "leads")["segment_because"]["text"] == "no segment matches: role is cfo, not ceo"


def test_a_lead_below_the_agreed_quality_counts_for_no_one() -> None:
    found = explained(
        patient(), created("2026-03-02 09:00"), handed_off("2026-03-02 10:00", score=40), now="2026-03-02 11:00"
    )

    assert verdict(found, "touch")["status"] == "unready"
    assert verdict(found, "touch")["verdict"]["text"] == (
        "Not ready for sales, so it counts for no one: score is 40, not at least 50."
    )
    assert verdict(found, "promise", cycle=0)["status"] == "open"


def test_each_cycle_is_explained_and_the_lead_is_delivered_once() -> None:
    found = explained(
        patient(),
        handed_off("2026-03-02 10:00", score=60),
        recycled("2026-03-02 11:00"),
        attempted("2026-03-02 11:30", name="between"),
        handed_off("2026-03-03 10:00"),
        excused("2026-03-03 11:00"),
        now="2026-03-03 12:00",
    )

    assert verdict(found, "touch", 1)["verdict"]["text"] == (
        "Neither met nor missed: the lead was given back to marketing at Mon 2026-03-02 11:00:00 CET before any"
        " follow-up; the deadline was Mon 2026-03-02 15:00:00 CET."
    )
    assert verdict(found, "touch", 2)["verdict"]["text"] == "Waived by ana: strike. It is counted apart."
    assert [verdict(found, "leads", cycle)["status"] for cycle in (1, 2)] == ["delivered", "counted_before"]
    (stray,) = found["attempts_in_no_cycle"]
    assert (stray["id"], stray["why_not"]["text"]) == ("between", "cycle 1 had ended, and no other had begun")


@pytest.mark.parametrize(
    ("told", "status", "said"),
    [
        ([attempted("2026-03-02 15:10"), attempted("2026-03-02 15:20")], "met", "In time: attempt 2 was made at"),
        (
            [attempted("2026-03-02 15:10")],
            "breached",
            "Missed: the deadline was Mon 2026-03-02 17:00:00 CET, with 1 of 2",
        ),
        ([attempted("2026-03-02 15:10"), attempted("2026-03-02 18:00")], "breached", "attempt 2 came late, at"),
        (
            [attempted("2026-03-02 15:10"), turned("2026-03-02 18:00", "rejected")],
            "breached",
            "with 1 of 2 attempts made. Later the lead was closed at Mon 2026-03-02 12:00:00 CET.",
        ),
        ([attempted("2026-03-02 15:10", outcome="connected")], "connected", "was connected at"),
        ([turned("2026-03-02 15:10", "rejected")], "closed", "was closed at Mon 2026-03-02 15:10:00 CET after 0 of 2"),
        ([excused("2026-03-02 15:10")], "excused", "Waived by ana: strike."),
    ],
)
def test_every_end_of_the_attempts_has_its_sentence(told: list[Fact], status: str, said: str) -> None:
    found = explained(wall(), handed_off("2026-03-02 15:00"), *told, now="2026-03-02 19:00")

    assert verdict(found, "tries")["status"] == status
    assert (
        said.replace("CET", "EST").replace("17:00:00", "11:00:00").replace("15:10:00", "09:10:00")
        in verdict(found, "tries")["verdict"]["text"]
    )


def test_the_connecting_call_is_the_follow_up_and_an_attempt_of_the_cycle_that_it_ended() -> None:
    found = explained(
        company_x(),
        handed_off("2026-03-02 10:00"),
        attempted("2026-03-02 10:05", outcome="connected"),
        now="2026-03-02 11:00",
    )

    touch = verdict(found, "first-touch")
    assert touch["follow_up"]["event"]["id"] == "attempted 2026-03-02 10:05"
    assert [(attempt["id"], attempt["qualifies"]) for attempt in touch["attempts"]] == [
        (touch["follow_up"]["event"]["id"], True)
    ]
    assert found["attempts_in_no_cycle"] == []


def test_agreements_that_do_not_apply_say_why() -> None:
    found = explained(several(), handed_off("2026-03-02 10:00", role="manager"), now="2026-03-02 11:00")
    early = explained(company_x(), handed_off("2025-03-02 10:00"), now="2026-03-02 11:00")

    assert [(one["agreement"], one["cycle"], one["why"]["text"]) for one in found["not_applying"]] == [
        ("picky", 1, "it applies to others: role is manager, not one of ceo, director")
    ]
    assert found["uncovered"] == []
    assert [(one["cycle"], one["started"]["event"]["id"]) for one in early["uncovered"]] == [
        (1, "handed off 2025-03-02 10:00")
    ]
    assert early["verdicts"] == []
    assert [(one["agreement"], one["cycle"], one["why"]["text"]) for one in early["not_applying"]] == [
        ("company-x", 1, "it is in force from 2026-01-01 on")
    ]
    assert early["verdicts"] == []


def test_that_a_leads_data_went_with_another_one_is_no_event_of_its_life() -> None:
    merger = facts.Merged(at("2026-03-02 11:00"), at("2026-03-02 11:00"), "/crm", "m-1", into="winner")
    told = {"loser": [handed_off("2026-03-02 10:00"), merger], "winner": [turned("2026-03-02 11:30", "deleted")]}
    known = propagate_merges(told)

    found = said(company_x(), "loser", known["loser"], at("2026-03-02 12:00"))

    assert [event["type"] for event in found["events"]] == ["lead.handed_off.v1", "lead.merged.v1"]


def test_a_lead_merged_away_says_where_it_went_and_the_survivor_where_its_events_came_from() -> None:
    merger = facts.Merged(at("2026-03-02 11:00"), at("2026-03-02 11:00"), "/crm", "m-1", into="winner")
    known = propagate_merges(
        {"loser": [handed_off("2026-03-02 10:00"), merger], "winner": [created("2026-03-02 09:00")]}
    )

    loser = said(company_x(), "loser", known["loser"], at("2026-03-02 12:00"))
    winner = said(company_x(), "winner", known["winner"], at("2026-03-02 12:00"))

    assert loser["merged_into"] == {"lead": "winner", "event": {"source": "/crm", "id": "m-1"}}
    assert loser["verdicts"] == []
    assert {event["why_not"]["text"] for event in loser["events"]} == {"merged into another, for which it counts"}
    assert winner["merged_into"] is None
    assert [event["received_for"] for event in winner["events"]] == [None, "loser", "loser"]
    assert verdict(winner, "first-touch")["status"] == "breached"


def test_what_a_correction_undoes_and_puts_in_is_shown() -> None:
    wrong = attempted("2026-03-02 10:05", name="wrong")
    right = attempted("2026-03-02 10:45", name="c-1")
    correction = facts.Corrected(
        at("2026-03-02 12:00"), at("2026-03-02 12:00"), "/crm", "c-1", replaces="wrong", instead=right
    )

    found = explained(company_x(), handed_off("2026-03-02 10:00"), wrong, correction, now="2026-03-02 13:00")

    assert [(event["id"], event["counts"], text_of(event["why_not"])) for event in found["events"][1:]] == [
        ("wrong", False, "a later event corrects it"),
        ("c-1", False, "it corrects wrong: see what it puts in"),
        ("c-1", True, None),
    ]
    assert verdict(found, "first-touch")["follow_up"]["working_seconds"] == 2700


def test_an_attempt_that_is_flagged_counts_and_says_its_flags_where_the_promise_looks_at_it() -> None:
    calls = [attempted("2026-03-02 12:45", duration=0), attempted("2026-03-02 14:00", duration=0)]
    found = explained(company_x(), handed_off("2026-03-02 12:15"), *calls, now="2026-03-02 15:00")

    def flags(obligation: str) -> list[list[str]]:
        return [one["flags"] for one in verdict(found, obligation)["attempts"]]

    assert flags("first-touch") == [["zero_seconds", "outside_hours"], []]
    assert flags("persistence") == [["zero_seconds", "outside_hours"], ["zero_seconds"]]
    assert all(one["qualifies"] for one in verdict(found, "persistence")["attempts"])


def test_deliveries_are_explained_by_their_due_dates() -> None:
    rules = RuleBook([agreement(REPORTS)])
    key = "leads:report"
    told = facts.Confirmed(at("2026-03-06 15:00"), at("2026-03-06 15:00"), "/crm", "c-1")
    known = propagate_merges(watched(rules, {key: [told]}, at("2026-03-02 09:00")))

    found = said(rules, key, known[key], at("2026-03-14 12:00"))

    last = found["verdicts"][-3:]
    assert [one["status"] for one in last] == ["met", "breached", "open"]
    assert [one["verdict"]["text"] for one in last] == [
        "In time: confirmed by Fri 2026-03-06 16:00:00 CET.",
        "Missed: not confirmed by Fri 2026-03-13 16:00:00 CET.",
        "Due on Fri 2026-03-20 16:00:00 CET.",
    ]
    assert [(one["quantity"], one["wanted"]) for one in last] == [(1, 1), (0, 1), (0, 1)]
    assert [one["moved_from"] for one in last] == [None] * 3


def test_a_delivery_that_a_closed_day_moved_is_explained_with_its_day_by_the_schedule() -> None:
    rules = RuleBook([agreement(REPORTS.replace(", on_closed_day: same", ""))])
    known = propagate_merges(watched(rules, {"leads:report": []}, at("2026-03-02 09:00")))

    (*_, last) = said(rules, "leads:report", known["leads:report"], at("2026-03-07 12:00"))["verdicts"]

    assert (last["verdict"]["text"], last["moved_from"]) == ("Due on Mon 2026-03-09 16:00:00 CET.", "2026-03-06")


def test_each_confirmation_says_whose_it_is_and_one_to_somebody_else_why_it_does_not_count() -> None:
    rules = RuleBook([agreement(REPORTS.replace("due:", "quantity: 3, to: [Bruno Martins], due:"))])
    key = "leads:report"
    told = [
        facts.Confirmed(at(when), at(when), "/crm", when, quantity=quantity, by="Ana Costa", to=to)
        for when, quantity, to in (
            ("2026-03-05 10:00", 2.0, "Bruno Martins"),
            ("2026-03-05 11:00", 4.0, "Carla Dias"),
            ("2026-03-05 12:00", 0.5, None),
        )
    ]
    known = propagate_merges(watched(rules, {key: told}, at("2026-03-02 09:00")))

    found = said(rules, key, known[key], at("2026-03-05 14:00"))

    last = found["verdicts"][-1]
    assert (last["status"], last["quantity"], last["wanted"]) == ("open", 2.5, 3)
    assert [(one["quantity"], one["by"], one["to"], text_of(one["why_not"])) for one in last["confirmations"]] == [
        (2.0, "Ana Costa", "Bruno Martins", None),
        (4.0, "Ana Costa", "Carla Dias", "it went to Carla Dias; agreed is Bruno Martins"),
        (0.5, "Ana Costa", None, None),
    ]


def test_where_each_recipient_has_a_quantity_of_its_own_it_is_said_who_lacks_what() -> None:
    rules = RuleBook([agreement(REPORTS.replace("due:", "to: {Bruno Martins: 3, Carla Dias: 1}, due:"))])
    key = "leads:report"
    told = [
        facts.Confirmed(at(when), at(when), "/crm", when, quantity=quantity, to=to)
        for when, quantity, to in (
            ("2026-03-05 10:00", 2.0, "Bruno Martins"),
            ("2026-03-05 11:00", 2.5, "Bruno Martins"),
            ("2026-03-05 12:00", 1.0, "Bruno Martins"),
        )
    ]
    known = propagate_merges(watched(rules, {key: told}, at("2026-03-02 09:00")))

    found = said(rules, key, known[key], at("2026-03-05 14:00"))

    last = found["verdicts"][-1]
    assert (last["status"], last["quantity"], last["wanted"]) == ("open", 3, 4)
    assert last["recipients"] == [
        {"to": "Bruno Martins", "quantity": 3, "wanted": 3},
        {"to": "Carla Dias", "quantity": 0, "wanted": 1},
    ]
    assert [(one["counted"], one["counts"], text_of(one["why_not"])) for one in last["confirmations"]] == [
        (2, True, None),
        (1, True, None),
        (0, False, "nothing was owed to Bruno Martins any more: it had been confirmed"),
    ]


REPORTS = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
obligations:
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: "16:00", on_closed_day: same}}
"""


def test_a_call_of_a_clock_without_fractions_says_that_it_is_stamped_before_and_counts_from_the_start() -> None:
    found = explained(
        wall(), attempted("2026-03-02 15:00"), handed_off("2026-03-02 15:00:00.412"), now="2026-03-02 16:00"
    )

    touch = verdict(found, "touch")

    assert (touch["status"], touch["follow_up"]["wall_clock_seconds"]) == ("met", 0)
    assert touch["follow_up"]["event"] == {"source": "/crm", "id": "attempted 2026-03-02 15:00"}
    (attempt,) = touch["attempts"]
    assert (attempt["time"], attempt["qualifies"]) == (iso(at("2026-03-02 15:00")), True)
    assert attempt["counts_from_start"]["text"] == (
        "it is stamped less than a second before the cycle began, by a clock without fractions of a second;"
        " up to 1s is taken for its start"
    )
    assert attempt["counts_from_start"]["early_by"] == 0.412
    assert found["attempts_in_no_cycle"] == []


def test_a_connection_of_a_clock_without_fractions_is_the_follow_up() -> None:
    told = turned("2026-03-02 15:00", "connected"), handed_off("2026-03-02 15:00:00.412")

    touch = verdict(explained(wall(), *told, now="2026-03-02 16:00"), "touch")

    assert touch["follow_up"]["event"]["id"] == "connected 2026-03-02 15:00"
    assert touch["ended"] == {"at": iso(at("2026-03-02 15:00:00.412")), "by": "connected"}


def test_a_cycle_that_a_lost_deal_closed_says_so_and_what_came_after_it_is_nobodys() -> None:
    loss = facts.DealClosed(
        **stamps("lost", "2026-03-02 15:20", None, None), outcome="lost", currency="EUR", deal="d-1", leads=(LEAD,)
    )

    found = explained(
        wall(), handed_off("2026-03-02 15:00"), loss, attempted("2026-03-02 15:25"), now="2026-03-02 19:00"
    )

    touch = verdict(found, "touch")
    assert (touch["status"], touch["ended"]) == ("closed", {"at": iso(at("2026-03-02 15:20")), "by": "lost"})
    assert [event["type"] for event in touch["moved_by"]] == ["lead.handed_off.v1", "deal.closed.v1"]
    assert touch["verdict"]["text"].startswith(
        "Neither met nor missed: the lead was closed by a lost deal at Mon 2026-03-02 09:20:00 EST before any follow-up"
    )
    assert [stray["why_not"]["text"] for stray in found["attempts_in_no_cycle"]] == [
        "the deal of cycle 1 had been lost"
    ]
