from bench.scaling import Costs, drained, excess, plan, table

COSTS = Costs(event=40e-6, memory=1_000, state=700, load=15e-6)


def test_no_worker_is_fuller_than_its_core_allows() -> None:
    for rate in (10, 1_000, 100_000):
        found = plan(COSTS, rate, keep_days=60)

        assert found.workers >= 2
        assert rate * COSTS.event / found.workers * excess(found.workers, found.partitions, seed=1) <= 0.5


def test_days_take_memory_and_where_it_is_full_more_workers() -> None:
    short, long = plan(COSTS, 10, keep_days=30), plan(COSTS, 10, keep_days=60)
    full = plan(COSTS, 10, keep_days=4_000)

    assert long.memory == 2 * short.memory
    assert long.workers == short.workers
    assert long.away > short.away
    assert full.workers > long.workers
    assert full.memory <= 16 * 2**30


def test_the_fullest_worker_has_its_part_and_more_and_little_more_where_there_are_many_leads() -> None:
    assert 1 < excess(4, 16, seed=1) < 1.1
    assert excess(1, 4, seed=1) == 1


def test_what_waited_is_folded_while_more_comes_in() -> None:
    assert drained(rate=100, capacity=200, away=60) == 60
    assert drained(rate=100, capacity=1_100, away=60) == 6
    assert drained(rate=100, capacity=100, away=60) == 86_400


def test_the_table_says_each_plan_in_words() -> None:
    head, (row,) = table([plan(COSTS, 1_000, keep_days=60)])

    assert len(head) == len(row)
    assert row[0] == "1,000"
    assert row[1] == "60 days"
