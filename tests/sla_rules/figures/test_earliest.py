"""The least of what is counted is what looking at all of it would find."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.figures.earliest import Earliest


@given(st.lists(st.tuples(st.integers(-5, 20), st.integers(-2, 3)), max_size=300))
def test_the_least_is_the_least_of_all_that_are_counted(steps: list[tuple[int, int]]) -> None:
    numbers, counts = Earliest(), Counter[int]()

    for number, by in steps:
        numbers.count(number, by)
        counts[number] += by

        assert numbers.least == min((one for one, count in counts.items() if count), default=None)


def test_what_comes_and_goes_leaves_nothing_behind_though_a_lesser_number_stays() -> None:
    numbers = Earliest()
    numbers.count(0, 1)

    for number in range(1, 10_000):
        numbers.count(number, 1)
        numbers.count(number, -1)

    assert numbers.least == 0
    assert len(numbers._heap) < 100  # noqa: SLF001
