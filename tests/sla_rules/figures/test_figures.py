from collections import Counter
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.evaluation.tallies import RELATIVE_ERROR, add, bucket_of, middle_of, quantile, ratio, subtract, total
from sla_rules.instants import DAY
from tests.strategies import tallies

DURATIONS = st.integers(1, 400 * DAY)


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


@given(DURATIONS)
def test_the_middle_of_a_bucket_is_within_one_percent_of_all_in_it(duration: int) -> None:
    assert abs(middle_of(bucket_of(duration)) - duration) <= RELATIVE_ERROR * duration * (1 + 1e-9)


@given(DURATIONS, DURATIONS)
def test_a_longer_duration_never_lies_in_a_lower_bucket(one: int, other: int) -> None:
    assert (bucket_of(one) <= bucket_of(other)) or one > other


def test_nothing_lies_in_a_bucket_of_its_own() -> None:
    assert bucket_of(0) == bucket_of(-5) == 0
    assert middle_of(0) == 0
    assert bucket_of(1) > 0


@given(
    st.lists(DURATIONS | st.just(0), min_size=1, max_size=30), st.floats(0, 1) | st.sampled_from((0.25, 0.5, 0.75, 1.0))
)
def test_a_quantile_is_within_one_percent_of_the_one_in_the_sorted_list(durations: list[int], share: float) -> None:
    tally = total({f"wall_bucket:{bucket_of(duration)}": 1, "leads": 1} for duration in durations)
    exact = sorted(durations)[floor(share * (len(durations) - 1))]

    found = quantile(tally, "wall_bucket:", share)

    assert found is not None
    assert abs(found - exact) <= RELATIVE_ERROR * exact * (1 + 1e-9)


def test_of_nothing_there_is_no_average_and_no_quantile() -> None:
    assert quantile({"leads": 3}, "wall_bucket:", 0.5) is None
    assert ratio({"met": 0}, "met", "leads") is None
    assert ratio({"leads": 4}, "met", "leads") == 0
    assert ratio({"leads": 4, "met": 1}, "met", "leads") == 0.25
