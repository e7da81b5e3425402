"""How much may still be missed: as many as can be, one after the other, while the target is still met."""

from collections.abc import Callable
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.obligations import Obligation
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.tallies import Tally
from sla_rules.reports.settlement import attainment, result, targets
from sla_rules.whole_agreement.budgets import downtime_budget, lead_budget
from tests.laws import LAWS
from tests.sla_rules.clocks import at
from tests.sla_rules.customers import kept
from tests.sla_rules.reports.test_settlement import RULES, TERMS
from tests.sla_rules.rules import agreement
from tests.sla_rules.services import uptime


def fast(share: Fraction) -> Obligation:
    body = TERMS.replace('share: "99%", average: 30m', f'share: "{float(share * 100):.6g}%"')
    return RuleBook([agreement(body)]).terms[0].obligation


def term(rules: RuleBook, number: int = 0) -> Term:
    return rules.terms[number]


SHARES: Final = [Fraction(percent, 200) for percent in (1, 10, 67, 100, 133, 180, 199, 200)]
SPEED: Final = {share: fast(share) for share in SHARES}
UP: Final = term(uptime())
counts = st.fixed_dictionaries({name: st.integers(0, 40) for name in ("met", "breached", "open")})


def most_missed(terms: Obligation, tally: Tally) -> int:
    """By missing one more of those that are open or were met, as long as the target is still met."""
    left = tally["met"] + tally["open"]
    more = 0
    while more < left and meets(terms, tally["breached"] + more + 1, left - more - 1):
        more += 1
    return more


def meets(terms: Obligation, breached: int, met: int) -> bool:
    (share,) = (part for part in targets(terms, {"met": met, "breached": breached}) if part.name == "share")
    return share.result == "met"


@LAWS
@given(st.sampled_from(SHARES), counts)
def test_as_many_may_be_missed_as_leave_the_target_met(share: Fraction, tally: Tally) -> None:
    terms, budget = SPEED[share], lead_budget(SPEED[share], {name: count for name, count in tally.items() if count})

    count = sum(tally.values())
    assert (budget is None) == (count == 0)
    if budget is not None:
        assert budget.left == most_missed(terms, tally)
        assert budget.used == tally["breached"]
        assert budget.is_out_of_reach == (not meets(terms, tally["breached"], count - tally["breached"]))
        assert budget.left == max(budget.allowed - budget.used, 0)


@pytest.mark.parametrize(
    ("name", "tally", "left"),
    [
        ("fast", {"met": 100}, 1),
        ("fast", {"met": 99, "breached": 1}, 0),
        ("each", {"met": 500, "open": 3}, 0),
        ("report", {"met": 3, "breached": 1}, 0),
        ("deep", {"met": 3, "breached": 1}, None),
        ("leads", {"delivered": 3}, None),
    ],
)
def test_an_average_has_no_budget_and_where_all_were_promised_it_is_nothing(
    name: str, tally: Tally, left: int | None
) -> None:
    (terms,) = (one.obligation for one in RULES.terms if one.obligation.id == name)

    budget = lead_budget(terms, tally)

    assert (None if budget is None else budget.left) == left


def test_customers_may_be_lost_as_far_as_is_agreed() -> None:
    terms = term(kept()).obligation
    (share,) = (part.agreed for part in targets(terms, {}))

    found = lead_budget(terms, {"leads": 40, "met": 38, "breached": 2})

    assert found is not None
    assert found.allowed == int(40 * (1 - share))


@LAWS
@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_services_may_be_down_until_the_uptime_of_the_whole_period_is_no_more_than_agreed(
    available: int, ahead: int, down: int
) -> None:
    one = UP
    period = one.period("month", at("2026-01-10 00:00"))
    tally = {"available": available, "ahead:month": ahead, "down": min(down, available)}

    budget = downtime_budget(one.obligation, period, {name: count for name, count in tally.items() if count})

    assert (budget is None) == (available + ahead == 0)
    if budget is not None:
        up_with: Callable[[int], Fraction | None] = lambda more: attainment(  # noqa: E731 - said in one place
            one.obligation, {"available": available + ahead, "down": tally["down"] + more}
        )
        agreed = Fraction("0.995")
        assert budget.is_out_of_reach == ((up_with(0) or 0) < agreed)
        if not budget.is_out_of_reach:
            assert (up_with(budget.left) or 0) >= agreed > (up_with(budget.left + 1) or 0)


def test_other_kinds_are_not_down() -> None:
    one = RULES.terms[0]

    assert downtime_budget(one.obligation, one.period("month", at("2026-01-10 00:00")), {"met": 1}) is None
    assert lead_budget(term(uptime()).obligation, {"available": 10, "down": 10}) is None
    assert result([]) is None
