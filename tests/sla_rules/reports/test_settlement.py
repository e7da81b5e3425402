"""What a period entails: goals met and missed, by exact comparison, and the right to end the agreement."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla_rules.agreement.judged_intervals import judged_intervals
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally
from sla_rules.instants import DAY, MINUTE, SECOND, Instant, iso
from sla_rules.reports.consequences import Consequences
from sla_rules.reports.encode import document
from sla_rules.reports.settlement import Settled, attainment, result, settlement, targets
from sla_rules.time.periods import next_first_day, period_from
from tests.sla_rules.agreement.changed import TEXT, errors_of
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement

TERMS = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
currency: EUR
segments: [{id: ceo, when: {role: ceo}, value: 100}]
obligations:
  - {id: fast, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h},
     target: {share: "99%", average: 30m}, intervals: [day, month, quarter]}
  - {id: each, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}, intervals: [week]}
  - {id: deep, kind: depth, provider: sales, recipient: marketing, deadline: {within: 14d}, attempts: 6,
     target: {average: 5}, closed_leads: left_out}
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 3, intervals: [day, month]}
  - {id: worth, kind: volume, provider: marketing, recipient: sales, goal: 70, measure: value, intervals: [day, month]}
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: "16:00"}}
credits:
  - {obligation: fast, interval: quarter, fee: 1000, cap: "20%",
     tiers: [{below: "99%", credit: "10%"}, {below: "90%", credit: "50%"}]}
remedies: [{obligation: leads, owner: Bruno, within: 7d, action: Say why}]
cancellation: {missed_in_a_row: 2, interval: month, obligations: [leads, fast]}
"""
BERLIN = ZoneInfo("Europe/Berlin")
END = at("2027-12-31 00:00")
RULES = RuleBook([agreement(TERMS)])


def term(name: str) -> Term:
    return next(one for one in RULES.terms if one.obligation.id == name)


def judged(name: str, tally: Tally) -> list[str | None]:
    found = targets(term(name).obligation, tally)
    return [*(part.result for part in found), result(found)]


def settled(
    name: str, interval: Any, *published: Tally | None, known: Mapping[int, Tally] | None = None
) -> list[Settled]:
    """Periods from January on, published a day after their end."""
    found = []
    first = date(2026, 1, 1)
    for number, tally in enumerate(published):
        period = period_from(interval, first, BERLIN)
        now = (known or {}).get(number, tally or {})
        found.append(Settled(term(name), period, period.end + DAY, tally, now))
        first = next_first_day(interval, first)
    return found


def consequences(*found: Settled, until: Instant = END) -> Any:
    return document(settlement(RULES.versions["leads"][-1].agreement, found, until))


def test_ninety_nine_percent_are_not_below_ninety_nine_percent() -> None:
    assert judged("fast", {"met": 99, "breached": 1, "followed_up": 99}) == ["met"] * 3
    assert judged("fast", {"met": 98_999, "breached": 1_001, "followed_up": 9}) == ["missed", "met", "missed"]


def test_a_goal_is_missed_if_any_part_of_it_is() -> None:
    slow = {"met": 100, "followed_up": 2, "working_sum": 61 * MINUTE}

    assert judged("fast", slow) == ["met", "missed", "missed"]
    assert judged("fast", {**slow, "working_sum": 60 * MINUTE}) == ["met", "met", "met"]


def test_where_nothing_was_due_a_goal_is_neither_met_nor_missed() -> None:
    assert judged("fast", {}) == [None, None, None]
    assert judged("deep", {}) == [None, None]
    assert judged("report", {}) == [None, None]
    assert attainment(term("report").obligation, {}) is None


def test_an_average_of_nobody_followed_up_is_missed_once_a_lead_is_overdue() -> None:
    assert judged("fast", {"breached": 1, "untouched": 1}) == ["missed", "missed", "missed"]


def test_a_promise_without_a_target_is_one_about_each() -> None:
    assert judged("each", {"met": 999, "breached": 1}) == ["missed", "missed"]
    assert judged("each", {"met": 999}) == ["met", "met"]
    assert judged("report", {"met": 3, "breached": 1}) == ["missed", "missed"]


def test_depth_is_judged_by_the_average_with_closed_leads_in_or_out_as_agreed() -> None:
    tally = {"attempts": 12, "unconnected": 2, "attempts_open": 4, "unconnected_open": 1}

    assert judged("deep", tally) == ["missed", "missed"]


def test_a_volume_is_met_by_its_goal_exactly_and_a_value_by_its_sum() -> None:
    assert (judged("leads", {"delivered": 2}), judged("leads", {"delivered": 3})) == (["missed"] * 2, ["met"] * 2)
    assert judged("leads", {}) == ["missed", "missed"]
    assert attainment(term("leads").obligation, {"delivered": 2}) == Fraction(2, 3)
    assert judged("worth", {"delivered": 9, "value": 70 * VALUE_UNIT - 1}) == ["missed", "missed"]
    assert judged("worth", {"delivered": 1, "value": 70 * VALUE_UNIT}) == ["met", "met"]


def test_a_goal_is_judged_by_its_month_and_by_what_credits_and_cancellation_name() -> None:
    intervals = {one.obligation.id: judged_intervals(one.agreement, one.obligation) for one in RULES.terms}

    assert intervals == {
        "fast": ("month", "quarter"),
        "each": ("week",),
        "deep": ("month",),
        "leads": ("month",),
        "worth": ("month",),
        "report": ("month",),
    }


def test_a_credit_is_cut_at_its_cap_and_says_so() -> None:
    (period,) = consequences(*settled("fast", "quarter", {"met": 8, "breached": 2}))["periods"]

    (credit,) = period["credits"]
    assert credit["published"] == {
        "tier": {"below": "0.9", "credit": "0.5"},
        "credit": "0.2",
        "is_capped": True,
        "amount": "200.00",
    }
    assert (credit["cap"], credit["claim_until"], credit["exclusions"]) == ("0.2", None, [])


def test_a_remedy_is_due_so_long_after_the_publication_and_none_for_a_goal_that_was_met() -> None:
    months = settled("leads", "month", {"delivered": 2}, {"delivered": 3})
    first, second = consequences(*months, until=at("2026-02-09 00:00"))["periods"]

    (remedy,) = first["remedies"]
    assert remedy == {
        "owner": "Bruno",
        "action": "Say why",
        "by": iso(at("2026-02-09 00:00")),
        "status": "due",
        "confirmed_at": None,
        "confirmed_by": None,
        "late_by_seconds": None,
    }
    assert (second["remedies"], second["published"]["result"]) == ([], "met")
    assert (second["provider"], second["recipient"]) == ("marketing", "sales")


def remedy_of(*confirmed: ConfirmedRemedy, until: str) -> tuple[Any, ...]:
    """Of January, by Bruno until 9 February: how it stands, when it was done, by whom, and how many seconds late."""
    (month,) = settled("leads", "month", {"delivered": 2})
    (period,) = consequences(month._replace(confirmed=confirmed), until=at(until))["periods"]
    (remedy,) = period["remedies"]
    return tuple(remedy[name] for name in ("status", "confirmed_at", "confirmed_by", "late_by_seconds"))


def test_a_remedy_is_overdue_after_its_instant_unless_somebody_says_that_it_was_carried_out() -> None:
    by, done = at("2026-02-09 00:00"), at("2026-02-05 10:00")

    assert remedy_of(until="2026-02-09 00:00") == ("due", None, None, None)
    assert remedy_of(until="2026-02-09 00:00:01") == ("overdue", None, None, None)
    assert remedy_of(ConfirmedRemedy("Ana", done, "Ana"), until="2026-02-10 00:00") == ("overdue", None, None, None)
    assert remedy_of(ConfirmedRemedy("Bruno", done, "Ana"), until="2026-02-10 00:00") == (
        "confirmed",
        iso(done),
        "Ana",
        None,
    )
    assert remedy_of(ConfirmedRemedy(None, by, "Ana"), until="2026-02-10 00:00") == ("confirmed", iso(by), "Ana", None)
    assert remedy_of(ConfirmedRemedy(None, by + SECOND, "Ana"), until="2026-02-10 00:00") == (
        "confirmed",
        iso(by + SECOND),
        "Ana",
        1.0,
    )


def test_of_several_confirmations_the_first_counts_and_one_before_the_miss_was_known_too() -> None:
    early, late = at("2026-01-20 10:00"), at("2026-02-20 10:00")

    found = remedy_of(
        ConfirmedRemedy("Bruno", late, "Bruno"), ConfirmedRemedy(None, early, "Eva"), until="2026-03-01 00:00"
    )

    assert found == ("confirmed", iso(early), "Eva", None)


@pytest.mark.parametrize(
    ("months", "in_a_row", "reached"),
    [
        ([2, 2], 2, ["2026-03-02"]),
        ([2, 3, 2], 1, []),
        ([2, 2, 2, 3], 0, ["2026-03-02"]),
        ([2, 2, 3, 2, 2], 2, ["2026-03-02", "2026-06-02"]),
        ([2, None], 1, []),
        ([], 0, []),
    ],
)
def test_the_agreement_may_be_ended_after_so_many_missed_months_in_a_row(
    months: list[int | None], in_a_row: int, reached: list[str]
) -> None:
    found = settled("leads", "month", *[None if leads is None else {"delivered": leads} for leads in months])

    cancellation = consequences(*found)["cancellation"]

    assert len(cancellation["in_a_row"]) == in_a_row
    assert cancellation["is_reached"] == (in_a_row >= 2)
    assert [one["at"] for one in cancellation["reached"]] == [iso(at(f"{day} 00:00")) for day in reached]


def test_a_month_is_missed_if_any_of_the_goals_named_was() -> None:
    months = settled("leads", "month", {"delivered": 2}, {"delivered": 3})
    months += settled("fast", "month", {"met": 1}, {"breached": 1})

    assert consequences(*months)["cancellation"]["is_reached"]


def test_what_is_known_now_ends_no_agreement() -> None:
    months = settled("leads", "month", {"delivered": 3}, {"delivered": 2}, known={0: {"delivered": 2}})

    found = consequences(*months)

    assert not found["cancellation"]["is_reached"]
    assert [one["status"] for one in found["periods"]] == ["restated", "published"]
    assert [one["restated"]["result"] for one in found["periods"]] == ["missed", "missed"]


def test_an_agreement_without_consequences_says_so() -> None:
    bare = TERMS[: TERMS.index("credits:")]
    rules = RuleBook([agreement(bare)])

    assert settlement(rules.versions["leads"][-1].agreement, [], END) == Consequences(periods=(), cancellation=None)


def test_a_cancellation_by_periods_that_have_no_goal_is_an_error() -> None:
    text = TEXT + "\ncancellation: {missed_in_a_row: 3, interval: week, obligations: [leads-delivered]}\n"

    (error,) = errors_of(text)

    assert error.endswith("cancellation.interval: 'leads-delivered' is not judged by week; write month")
