"""The fold without Kafka: what one process can decode and fold, the bound of everything around it."""

import json
from collections import defaultdict
from collections.abc import Sequence
from time import perf_counter, process_time
from typing import Final

from bench.contenders.job import BATCH, Arrived, BatchJob
from bench.workload import Record
from streams.clock import MILLISECOND
from streams.kafka.partitioning import partition_of

PARTITIONS: Final = 4


def fold_alone(told: Sequence[Record]) -> dict[str, float]:
    """Fold records in batches as a fetch brings them, one topic and partition each.

    `json_ratio` is its CPU by that of `json.loads` on the same values: a cost that means the same on any machine.
    """
    batches = in_batches(told)
    job = BatchJob(PARTITIONS)
    began, cpu = perf_counter(), process_time()
    for batch in batches:
        job.fold(batch[0].partition, batch)
    seconds, used = perf_counter() - began, process_time() - cpu
    return {
        "events_per_second": len(told) / seconds,
        "cpu_seconds_per_million": used / len(told) * 1e6,
        "json_ratio": used / _json_seconds(told),
    }


def _json_seconds(told: Sequence[Record]) -> float:
    began = process_time()
    for record in told:
        json.loads(record.value)
    return process_time() - began


def in_batches(told: Sequence[Record], size: int = BATCH) -> list[list[Arrived]]:
    """The records as a consumer hands them over: a partition's batch of each topic in turn."""
    lying: defaultdict[tuple[str, int], list[Arrived]] = defaultdict(list)
    for record in told:
        lies = lying[record.topic, partition_of(record.key, PARTITIONS)]
        place = partition_of(record.key, PARTITIONS)
        lies.append(Arrived(record.topic, place, len(lies), record.stamp // MILLISECOND, record.key, record.value))
    rounds = range(0, max(map(len, lying.values()), default=0), size)
    return [batch for first in rounds for lies in lying.values() if (batch := lies[first : first + size])]
