"""A plan is what an agreement with the same quotas would have for its goal, and says what hangs on it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.goals import Quota
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Volume
from sla_rules.reports.plan import UnplannableError, plan, planned_agreement, quotas_of, volume_of
from sla_rules.reports.planned import Plan
from tests.agreements.examples import FILES
from tests.laws import examples
from tests.sla_rules.rules import agreement

TERMS = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]]}}
currency: EUR
segments:
  - {id: ceo, when: {role: ceo}, value: 100}
  - {id: director, when: {role: director}}
obligations:
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 22, INTERVAL}
"""


def terms(interval: str = "month", line: str = "calendar_days", more: str = "") -> Agreement:
    wanted = f"interval: {interval}, intervals: [{interval}], goal_line: {line}"
    return agreement(TERMS.replace("INTERVAL", wanted) + more)


def quota(revenue: str = "5000", deal: str = "100", rate: str = "0.5", share: str = "1") -> Quota:
    return Quota(
        revenue=Decimal(revenue), average_deal=Decimal(deal), close_rate=Decimal(rate), marketing_share=Decimal(share)
    )


def planned(quotas: Mapping[str | None, Quota], base: Agreement | None = None, first: str = "2026-04-01") -> Plan:
    found = planned_agreement(base or terms(), "leads", quotas, date.fromisoformat(first))
    return plan(found, "leads")


amounts = st.decimals("0.01", "1000000", places=2)
rates = st.decimals("0.0001", "1", places=4)
quotas = st.builds(Quota, revenue=amounts, average_deal=amounts, close_rate=rates, marketing_share=rates)


def test_half_of_the_leads_of_a_hundred_each_make_five_thousand() -> None:
    found = planned({None: quota()})

    assert found.revenue_goal == found.value_needed == 5000
    assert (found.customers_needed, found.leads_needed) == (50, 100)
    assert (found.leads_if_rate_falls, found.leads_if_rate_rises) == (112, 91)
    assert (found.a_day, found.days[14].due, len(found.days)) == (Fraction(10, 3), Fraction(50), 30)


def test_each_segment_is_rounded_up_by_itself_and_worth_what_is_agreed_or_what_it_brings() -> None:
    found = planned({"ceo": quota("1000", "300"), "director": quota("500", "100", "0.3")})

    assert [(part.segment, part.leads_needed, part.customers_needed) for part in found.parts] == [
        ("ceo", 7, 4),
        ("director", 17, 5),
    ]
    assert [(part.value_per_lead, part.is_value_agreed) for part in found.parts] == [
        (Fraction(100), True),
        (Fraction(30), False),
    ]
    assert (found.leads_needed, found.customers_needed) == (24, 9)
    assert found.value_needed == 7 * 100 + 17 * 30


def test_no_close_rate_rises_above_all() -> None:
    assert planned({None: quota(rate="0.95")}).leads_if_rate_rises == 50


@examples(30)
@given(one=quotas, other=quotas)
def test_who_sells_more_needs_more_leads_and_who_closes_more_needs_fewer(one: Quota, other: Quota) -> None:
    raised = {
        name: max(getattr(one, name), getattr(other, name)) for name in ("revenue", "marketing_share", "close_rate")
    }
    more = {name: one.model_copy(update={name: value}) for name, value in raised.items()}

    assert more["revenue"].leads_needed >= one.leads_needed
    assert more["marketing_share"].leads_needed >= one.leads_needed
    assert more["close_rate"].leads_needed <= one.leads_needed
    found = planned({None: one})
    assert found.leads_if_rate_rises <= found.leads_needed <= found.leads_if_rate_falls


@examples(30)
@given(one=quotas, other=quotas)
def test_a_plan_by_segment_is_the_sum_of_those_of_its_segments(one: Quota, other: Quota) -> None:
    found = planned({"ceo": one, "director": other})

    for name in ("revenue_goal", "customers_needed", "leads_needed", "value_needed", "leads_if_rate_falls"):
        assert getattr(found, name) == sum(getattr(part, name) for part in found.parts)
    assert [part.leads_needed for part in found.parts] == [one.leads_needed, other.leads_needed]


@examples(30)
@given(
    one=quotas,
    interval=st.sampled_from(("day", "week", "month", "quarter", "year")),
    line=st.sampled_from(("calendar_days", "working_days")),
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_the_goal_line_never_falls_and_ends_at_the_goal(one: Quota, interval: str, line: str, first: date) -> None:
    found = planned({None: one}, terms(interval, line), first.isoformat())
    due = [day.due for day in found.days]

    assert due == sorted(due)
    assert due[-1] == found.leads_needed
    assert first in {day.day for day in found.days}
    counted = sum(day.counts for day in found.days)
    assert (found.a_day is None) == (counted == 0)
    assert found.a_day is None or found.a_day * counted == found.leads_needed


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_plan_of_an_example_comes_to_its_own_goal(file: Path) -> None:
    (found,) = load_agreements([file])
    for one in found.obligations:
        if isinstance(one, Volume) and one.goal_from is not None:
            made = planned_agreement(found, one.id, quotas_of(one), found.effective_from)

            assert plan(made, one.id, agreed=one).leads_needed == one.agreed
            assert made == found


def test_some_example_has_a_goal_from_a_quota() -> None:
    goals = [one for found in load_agreements(FILES) for one in found.obligations if isinstance(one, Volume)]

    assert any(one.goal_from is not None for one in goals)


def test_a_goal_that_is_a_number_says_what_to_write_in_its_place() -> None:
    with pytest.raises(
        UnplannableError, match=r"'leads' is agreed as 22, and from no quota; write goal_from in its place"
    ):
        quotas_of(volume_of(terms(), "leads"))


def test_more_leads_than_anybody_delivers_are_no_plan() -> None:
    with pytest.raises(UnplannableError, match="which is more than 1,000,000,000,000"):
        planned({None: quota("999999999999999", "0.01")})


CAPACITY = "capacity: {obligation: leads, reps: 2, time_per_attempt: 10m, attempts_per_lead: 6}\n"


@pytest.mark.parametrize(("revenue", "reps", "is_enough"), [("6400", 2, True), ("6401", 3, False)])
def test_reps_who_cannot_serve_the_goal_are_told_how_many_it_takes(revenue: str, reps: int, is_enough: bool) -> None:  # noqa: FBT001 - expected
    """Eight Mondays and Tuesdays of eight hours in the tightest month: 64 leads a rep."""
    found = planned({None: quota(revenue)}, terms(more=CAPACITY)).serving

    assert found is not None
    assert (found.feasible.capacity, found.feasible.reps_wanted) == (128, reps)
    assert (found.feasible.capacity >= found.feasible.agreed) == is_enough
    served = found.working_time * found.share_for_marketing / (found.time_per_attempt * found.attempts_per_lead)
    assert served * found.feasible.reps == found.feasible.capacity
