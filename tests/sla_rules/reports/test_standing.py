"""What is broken stays so whatever still comes in its period, what is at risk may still be kept."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.tallies import Tally, total
from sla_rules.instants import DAY, HOUR
from sla_rules.reports.standing import standing_of
from sla_rules.time.periods import Period
from tests.sla_rules.clocks import at
from tests.sla_rules.customers import kept
from tests.sla_rules.rules import agreement
from tests.sla_rules.services import uptime

PROMISES = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
obligations:
  - {id: most, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}, target: {share: 90%}}
  - {id: all, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}, target: {share: 100%}}
  - {id: each, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}}
  - {id: fast, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}, target: {average: 30m}}
  - {id: goal, kind: volume, provider: marketing, recipient: sales, goal: 31, interval: month}
"""
NOW = at("2026-01-11 12:00")
COUNTS = st.integers(0, 30)


@cache
def term(name: str) -> Term:
    return next(one for one in RuleBook([agreement(PROMISES)]).terms if one.obligation.id == name)


def of_leads(met: int, breached: int, took: int = 0) -> Tally:
    found = {"met": met, "breached": breached, "followed_up": met, "wall_sum": met * took}
    return {name: count for name, count in found.items() if count}


def month(of: Term) -> Period:
    return of.period("month", NOW)


def stands(name: str, tally: Tally) -> str:
    return standing_of(term(name), month(term(name)), tally, NOW)


@given(met=COUNTS, breached=COUNTS, more=COUNTS, name=st.sampled_from(["most", "all", "each", "fast"]))
def test_what_is_broken_stays_so_and_what_is_at_risk_may_still_be_kept(
    met: int, breached: int, more: int, name: str
) -> None:
    tally = of_leads(met, breached, HOUR // 2 + 1)
    standing = stands(name, tally)

    later = stands(name, total([tally, of_leads(more, 0)]))
    in_the_end = stands(name, total([tally, of_leads(10_000_000, 0)]))

    assert (standing == "broken") == (in_the_end != "kept")
    assert standing != "broken" or later == "broken"
    assert (standing == "nothing_due") == (not met and not breached)


def test_of_nine_in_ten_one_miss_in_ten_is_allowed() -> None:
    assert [stands("most", of_leads(met, 1)) for met in (8, 9)] == ["at_risk", "kept"]
    assert [stands("each", of_leads(met, 1)) for met in (8, 9)] == ["broken", "broken"]


def test_a_goal_is_measured_by_its_line_to_date() -> None:
    """Ten days of January's 31 are over, and hence ten leads are due."""
    assert [stands("goal", {"delivered": count}) for count in (9, 10, 31)] == ["at_risk", "kept", "kept"]
    goal = term("goal")
    first = at("2026-01-01 12:00")
    assert standing_of(goal, month(goal), {}, first) == "nothing_due"
    assert standing_of(goal, month(goal), {"delivered": 1}, first) == "kept"


@given(days=st.integers(1, 30), down=st.integers(0, 400))
def test_uptime_is_broken_once_the_whole_period_allows_no_such_downtime(days: int, down: int) -> None:
    (office_or_up, _) = uptime().terms
    whole = 30 * DAY
    tally = {"available": days * DAY, "ahead:month": whole - days * DAY, "down": down * HOUR // 60}

    standing = standing_of(office_or_up, month(office_or_up), {name: n for name, n in tally.items() if n}, NOW)

    allowed_now, allowed_in_all = days * DAY * 5 // 1000, whole * 5 // 1000
    expected = "kept" if tally["down"] <= allowed_now else "at_risk" if tally["down"] <= allowed_in_all else "broken"
    assert standing == expected


def test_customers_who_were_lost_may_come_back_whatever_share_is_to_be_kept() -> None:
    standings = {
        standing_of(term, term.period(term.obligation.intervals[0], NOW), of_leads(1, 9), NOW) for term in kept().terms
    }

    assert standings == {"at_risk"}
