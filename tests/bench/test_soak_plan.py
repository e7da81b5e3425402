from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bench.soak.plan import SECONDS_EACH, Kind, counts_within, drawn
from bench.soak.run import SESSION_SECONDS

counts = st.dictionaries(st.sampled_from(Kind), st.integers(0, 50))
seeds = st.integers(0, 1_000_000)


@given(counts, st.integers(1, 4), seeds)
def test_a_plan_has_as_many_of_each_kind_as_asked_for(wanted: dict[Kind, int], seats: int, seed: int) -> None:
    plan = drawn(wanted, seats, seed)

    assert Counter(one.kind for one in plan) == Counter(wanted)
    assert {one.seat for one in plan} <= set(range(seats))


@given(counts, seeds)
def test_a_seed_gives_the_same_plan_again(wanted: dict[Kind, int], seed: int) -> None:
    assert drawn(wanted, 3, seed) == drawn(wanted, 3, seed)


@given(seeds)
def test_a_worker_that_is_frozen_or_cut_off_outlasts_its_session(seed: int) -> None:
    assert all(one.lasts > SESSION_SECONDS for one in drawn({Kind.FREEZE: 20, Kind.CUT_OFF: 20}, 3, seed))


@given(seeds)
def test_a_plan_lasts_about_as_long_as_it_says(seed: int) -> None:
    plan = drawn(counts_within(20 * 60), 3, seed)

    assert 0.7 < sum(one.after for one in plan) / (len(plan) * SECONDS_EACH) < 1.3


@given(st.floats(0.1, 3_600))
def test_a_run_of_any_length_has_everything_in_it(seconds: float) -> None:
    assert min(counts_within(seconds).values()) >= 1
    assert counts_within(seconds).keys() == set(Kind)
