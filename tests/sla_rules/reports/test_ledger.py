"""The ledger: rates of matured cohorts alone, each with its n, and the goal that follows."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sla_rules.agreement.goals import Quota
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally
from sla_rules.instants import DAY, iso
from sla_rules.names import ALL_SEGMENTS
from sla_rules.reports.encode import document
from sla_rules.reports.ledger import Entry, ledger
from sla_rules.reports.replay import replay
from sla_rules.reports.report import Scope, report
from sla_rules.time.periods import period_from
from tests.sla_rules.clocks import at
from tests.sla_rules.evaluation.test_deals import closed
from tests.sla_rules.rules import agreement, company_x
from tests.sla_rules.story import handed_off

BERLIN = ZoneInfo("Europe/Berlin")


def quota(share: str = "1", revenue: int = 5_000) -> Quota:
    return Quota(
        revenue=Decimal(revenue), average_deal=Decimal(100), close_rate=Decimal("0.5"), marketing_share=Decimal(share)
    )


def volume(goal_from: Quota | dict[str, Quota] | None = None) -> Volume:
    goal = {"goal": Decimal(100)} if goal_from is None else {"goal_from": goal_from}
    return Volume(id="leads", kind="volume", provider="marketing", recipient="sales", **goal)


def month(number: int, terms: Volume, by_segment: Mapping[str, Tally]) -> Entry:
    """The first is January 2026."""
    first = date(2026 + number // 12, number % 12 + 1, 1)
    return Entry(period_from("month", first, BERLIN), terms, by_segment)


def tally(leads: int, customers: int = 0, deal: int = 100, other: int = 0, days: int = 20, **more: int) -> Tally:
    """Leads of a month of which so many became customers, in the same month, each after so many days."""
    money = customers * deal * VALUE_UNIT
    found = {
        "delivered": leads,
        "converted": customers,
        "customers:EUR": customers,
        "customer_revenue:EUR": money,
        "won": customers,
        "revenue:EUR": money,
        "other_revenue:EUR": other * VALUE_UNIT,
        "sales_cycles": customers,
        "sales_cycle_sum": customers * days * DAY,
        **more,
    }
    return {name: count for name, count in found.items() if count}


def rows(terms: Volume, *months: Tally, until: str, currency: str | None = None) -> list[Any]:
    entries = [month(number, terms, {ALL_SEGMENTS: one}) for number, one in enumerate(months)]
    return written(entries, currency, until)


def written(entries: Sequence[Entry], currency: str | None, until: str) -> list[Any]:
    return [document(row) for row in ledger(entries, currency, at(until))]


def test_only_cohorts_older_than_the_average_sales_cycle_are_gone_by() -> None:
    january, february, march = rows(
        volume(quota()), tally(200, 50), tally(100, 30), tally(400, 0), until="2026-04-01 00:00"
    )

    assert january["matured"]["leads"] == 0
    assert january["remark"] == {"code": "none-matured", "about": "lead"}
    assert (february["matured"]["leads"], february["matured"]["converted"]) == (200, 50)
    assert (march["matured"]["leads"], march["matured"]["converted"]) == (300, 80)
    assert (march["matured"]["since"], march["matured"]["until"]) == (iso(at("2026-01-01")), iso(at("2026-03-01")))
    assert march["matured"]["close_rate"] == 80 / 300
    assert march["matured"]["average_deal"] == "100.00"
    assert march["matured"]["value_per_lead"] == "26.666667"
    assert march["next_goal"] == 188  # 5,000 / 100 / (80 / 300) = 187.5


def test_the_sales_cycle_is_that_of_all_deals_of_the_year_and_says_of_how_many() -> None:
    _, february = rows(volume(quota()), tally(90, 30, days=10), tally(90, 60, days=40), until="2026-03-01 00:00")

    assert february["matured"]["sales_cycle_seconds"] == 30 * 86_400
    assert february["matured"]["sales_cycles"] == 90
    assert february["average_sales_cycle_seconds"] == 40 * 86_400
    assert february["matured"]["leads"] == 0  # January ended 28 days before


def test_without_a_win_nothing_follows_and_nothing_is_zero() -> None:
    (row,) = rows(volume(quota()), tally(100), until="2026-03-01 00:00")

    assert {row[name] for name in ("next_goal", "next_goal_at_agreed_share", "next_value")} == {None}
    rates = ("close_rate", "average_deal", "marketing_share", "value_per_lead", "sales_cycle_seconds")
    assert {row["matured"][name] for name in rates} == {None}
    assert row["close_rate_so_far"] == 0
    assert row["remark"] == {"code": "no-deal-won", "about": "lead"}


def test_of_a_year_without_revenue_marketing_has_no_share_and_of_others_revenue_none() -> None:
    """The customers are of a month that has just left the year; one of the year paid nothing."""
    gift = tally(10, won=1, sales_cycles=1, sales_cycle_sum=DAY)
    years = [tally(0), tally(60, 30), *[tally(0)] * 11]

    *_, nothing = rows(volume(quota()), *years, gift, until="2027-03-01 00:00")
    others = gift | {"other_revenue:EUR": 100 * VALUE_UNIT}
    *_, elsewhere = rows(volume(quota()), *years, others, until="2027-03-01 00:00")

    assert nothing["matured"]["marketing_share"] is None
    assert nothing["remark"] == {"code": "no-revenue", "currency": "EUR"}
    assert elsewhere["matured"]["marketing_share"] == 0
    assert elsewhere["remark"] == {"code": "no-revenue-of-marketing"}
    for row in (nothing, elsewhere):
        assert (row["next_goal"], row["next_goal_at_agreed_share"]) == (None, 100)


def test_without_leads_it_is_leads_that_are_said_to_be_missing() -> None:
    (never,) = rows(volume(quota()), {}, until="2026-03-01 00:00")
    late = tally(10, won=1, sales_cycles=1, sales_cycle_sum=DAY)
    *_, then = rows(volume(quota()), tally(10), *[tally(0)] * 13, late, until="2027-04-01 00:00")

    assert never["remark"] == {"code": "none-delivered", "about": "lead"}
    assert then["matured"]["leads"] == 0
    assert then["remark"] == {"code": "none-delivered-then", "about": "lead"}


def test_a_month_without_leads_has_no_rate_at_all() -> None:
    (row,) = rows(volume(quota()), {}, until="2026-03-01 00:00")

    assert (row["leads"], row["close_rate_so_far"], row["revenue"], row["all_revenue"]) == (0, None, {}, {})


def test_three_customers_ask_for_thousands_of_leads_and_are_said_to_be_too_few() -> None:
    *_, row = rows(volume(quota(revenue=100_000)), tally(53, 3), tally(0), until="2026-03-01 00:00")

    assert row["next_goal"] == 17_667
    assert row["matured"]["is_small"]
    assert row["remark"] == {"code": "few-customers", "about": "lead", "customers": 3, "leads": 53, "wanted": 30}


def test_customers_that_are_enough_need_no_remark() -> None:
    *_, row = rows(volume(quota()), tally(60, 30), tally(0), until="2026-03-01 00:00")

    assert (row["matured"]["is_small"], row["remark"]) == (False, None)


def test_the_next_goal_is_told_by_marketings_share_as_it_was_and_as_it_was_agreed() -> None:
    *_, row = rows(volume(quota("0.8")), tally(60, 30, other=1_000), tally(0), until="2026-03-01 00:00")

    assert row["matured"]["marketing_share"] == 0.75
    assert (row["goal"], row["next_goal"], row["next_goal_at_agreed_share"]) == (80, 75, 80)


def test_of_leads_older_than_a_year_before_the_last_that_matured_nothing_is_asked() -> None:
    *_, row = rows(volume(quota()), tally(1_000, 1), *[tally(10, 5)] * 12, tally(0), until="2027-03-01 00:00")

    assert (row["matured"]["leads"], row["matured"]["converted"]) == (120, 60)
    assert row["matured"]["since"] == iso(at("2026-02-01"))


def test_a_month_that_is_not_over_is_worked_out_as_of_now() -> None:
    open_month = rows(volume(quota()), tally(60, 30), tally(0), until="2026-02-21 00:00")[-1]
    too_early = rows(volume(quota()), tally(60, 30), tally(0), until="2026-02-20 23:59")[-1]

    assert (open_month["status"], open_month["next_goal"]) == ("open", 100)
    assert (too_early["status"], too_early["next_goal"]) == ("open", None)


def test_what_comes_later_changes_no_row_before() -> None:
    months = [tally(60, 30), tally(40, 10, other=500), tally(70, 20)]

    early = rows(volume(quota()), *months[:2], until="2026-06-01 00:00")

    assert rows(volume(quota()), *months, until="2026-06-01 00:00")[:2] == early


def test_without_a_quota_there_are_rates_and_no_goal() -> None:
    *_, row = rows(volume(), tally(60, 30), tally(0), until="2026-03-01 00:00")

    assert (row["matured"]["close_rate"], row["next_goal"], row["goal"]) == (0.5, None, None)
    assert row["remark"] == {"code": "no-quota"}


def test_by_segment_each_goal_is_rounded_up_then_they_are_added() -> None:
    terms = volume({"north": quota(revenue=100), "south": quota(revenue=100)})
    third = tally(90, 27)
    entries = [month(number, terms, {"north": one, "south": one}) for number, one in enumerate((third, tally(0)))]

    *_, row = written(entries, "EUR", "2026-03-01 00:00")

    assert [part["next_goal"] for part in row["segments"]] == [4, 4]
    assert row["next_goal"] == 8
    assert row["goal"] == 4
    assert row["remark"]["code"] == "of-segments"
    first = row["remark"]["remarks"][0]
    assert (first["segment"], first["remark"]["customers"], first["remark"]["leads"]) == ("north", 27, 90)


def test_of_a_segment_that_knows_no_rate_the_whole_goal_is_not_known() -> None:
    terms = volume({"north": quota(), "south": quota()})
    entries = [month(n, terms, {"north": tally(60, (30, 0)[n]), "south": tally(5)}) for n in range(2)]

    *_, row = written(entries, "EUR", "2026-03-01 00:00")

    assert [part["next_goal"] for part in row["segments"]] == [100, None]
    assert row["next_goal"] is None
    (south,) = row["remark"]["remarks"]
    assert south["segment"] == "south"
    assert south["remark"] == {"code": "none-converted", "about": "lead", "leads": 5}


def test_the_next_value_is_that_of_so_many_leads_of_the_same_mix() -> None:
    worth = 60 * 70 * VALUE_UNIT
    *_, row = rows(volume(quota()), tally(60, 30, value=worth), tally(0), until="2026-03-01 00:00")

    assert (row["next_goal"], row["next_value"]) == (100, "7000.00")


@pytest.mark.parametrize(
    ("currency", "average", "remark"),
    [
        ("EUR", "100.00", None),
        ("USD", "7.00", None),
        (None, None, {"code": "no-currency"}),
        ("CHF", None, {"code": "nothing-paid", "currency": "CHF"}),
    ],
)
def test_rates_are_in_the_currency_agreed(currency: str | None, average: str | None, remark: Any) -> None:
    dollars = {"customers:USD": 10, "customer_revenue:USD": 70 * VALUE_UNIT, "revenue:USD": 70 * VALUE_UNIT}
    *_, row = rows(volume(quota()), tally(60, 30, **dollars), tally(0), until="2026-03-01 00:00", currency=currency)

    assert (row["matured"]["average_deal"], row["remark"], row["currency"]) == (average, remark, currency)
    assert row["matured"]["close_rate"] == 0.5


def test_deals_of_one_currency_need_no_agreement_on_it() -> None:
    *_, row = rows(volume(quota()), tally(60, 30), tally(0), until="2026-03-01 00:00")

    assert row["currency"] == "EUR"


def test_deals_over_nothing_bring_no_goal_and_no_crash() -> None:
    *_, row = rows(volume(quota()), tally(60, 30, deal=0), tally(0), until="2026-03-01 00:00", currency="EUR")

    assert (row["matured"]["average_deal"], row["next_goal"]) == (None, None)


SEGMENTS = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
currency: EUR
segments: [{id: ceo, when: {role: ceo}, value: 100}]
obligations:
  - {id: leads, kind: volume, provider: marketing, recipient: sales, intervals: [week, month],
     goal_from: {ceo: {revenue: 1000, average_deal: 100, close_rate: "50%"}}}
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}}
"""


def test_a_report_has_a_ledger_of_every_obligation_of_volume_by_the_interval_of_its_goal() -> None:
    rules = RuleBook([agreement(SEGMENTS)])
    told = {
        "lead-1": [handed_off("2026-01-05 09:00", role="ceo"), closed("2026-01-15 09:00")],
        "lead-2": [handed_off("2026-01-05 09:00", role="clerk")],
    }
    until = at("2026-03-01 00:00")

    found: Any = document(report(rules, "leads", replay(rules, told, until), Scope(at("2026-01-05 09:00"), until)))
    leads, touch = found["obligations"]

    assert touch["ledger"] is None
    assert [(row["interval"], row["status"]) for row in leads["ledger"]] == [
        ("month", "over"),
        ("month", "over"),
        ("month", "open"),
    ]
    january, february, _ = leads["ledger"]
    assert (january["leads"], january["converted"], january["next_goal"]) == (2, 1, None)
    assert (february["matured"]["leads"], february["next_goal"], february["next_value"]) == (2, 10, "1000.00")
    assert [(part["segment"], part["leads"], part["next_goal"]) for part in february["segments"]] == [
        ("ceo", 0, 10),
        ("unmatched", 0, None),
    ]


def test_every_key_is_always_there() -> None:
    until = at("2026-03-01 00:00")
    outcome = replay(company_x(), {}, until)
    found: Any = document(report(company_x(), "company-x", outcome, Scope(at("2026-01-05 09:00"), until)))
    empty = found["obligations"][-1]["ledger"]
    filled = rows(volume(quota()), tally(60, 30), tally(40), until="2026-03-01 00:00")

    keys = [(set(row), set(row["matured"])) for row in (*empty, *filled)]

    assert len(empty) == 3
    assert all(one == keys[0] for one in keys)
