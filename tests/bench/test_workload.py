from collections import Counter

from bench.contenders.job import Arrived, BatchJob, EventJob
from bench.fold_alone import PARTITIONS, in_batches
from bench.workload import records
from sla_rules.engine.codec import decode

EVENTS = 3_000


def test_the_same_numbers_give_the_same_records_in_the_order_of_arrival() -> None:
    told = records(EVENTS)

    assert told == records(EVENTS)
    assert len(told) == EVENTS
    assert [record.stamp for record in told] == sorted(record.stamp for record in told)
    assert told != records(EVENTS, seed=2)


def test_some_events_come_twice_and_some_late() -> None:
    told = records(EVENTS)

    times = Counter(record.value for record in told)
    twice = sum(count - 1 for count in times.values()) / EVENTS
    assert 0.01 < twice < 0.03
    created = [record.key for record in told if record.topic == "lead-created"]
    first = {record.key: record.topic for record in reversed(told)}
    assert any(first[key] != "lead-created" for key in created)


def test_batches_hold_every_record_once_each_of_one_topic_and_partition() -> None:
    told = records(EVENTS)

    batches = in_batches(told, 100)

    assert Counter(one.value for batch in batches for one in batch) == Counter(record.value for record in told)
    assert all(len({(one.topic, one.partition) for one in batch}) == 1 for batch in batches)


def test_contenders_that_take_events_and_those_that_take_batches_come_to_the_same_states() -> None:
    batches = in_batches(records(EVENTS))
    by_batch, by_event = BatchJob(PARTITIONS), EventJob(PARTITIONS)
    written: dict[bytes, bytes] = {}
    kept: dict[bytes, bytes | None] = {}

    for batch in batches:
        written.update(by_batch.fold(batch[0].partition, batch))
        for one in batch:
            kept[_key(one)] = by_event.fold(one, kept.get(_key(one)))

    assert written.keys() == kept.keys()
    for lead, state in kept.items():
        assert state is not None
        mine, theirs = decode(written[lead]), decode(state)
        assert (mine.facts, mine.contributions, mine.next_due) == (theirs.facts, theirs.contributions, theirs.next_due)


def _key(record: Arrived) -> bytes:
    assert record.key is not None
    return record.key
