from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.evaluation.tallies import add, ratio, subtract, total
from tests.strategies import tallies


@given(tallies(), tallies())
def test_what_is_put_in_can_be_taken_out(one: dict[str, int], other: dict[str, int]) -> None:
    both = dict(one)
    add(both, other)
    assert both == dict(Counter(one) + Counter(other))

    subtract(both, other)
    assert both == one

    subtract(both, one)
    assert both == {}


@given(st.lists(tallies()))
def test_a_total_does_not_depend_on_the_order_and_holds_no_zero(found: list[dict[str, int]]) -> None:
    whole = total(found)

    assert whole == total(reversed(found))
    assert all(whole.values())


def test_of_nothing_there_is_no_average() -> None:
    assert ratio({"met": 0}, "met", "leads") is None
    assert ratio({"leads": 4}, "met", "leads") == 0
    assert ratio({"leads": 4, "met": 1}, "met", "leads") == 0.25
