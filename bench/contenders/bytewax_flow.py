"""Bytewax: its Kafka source and sink around a keyed state in memory; the sink writes the changelog.

It keeps no offsets in Kafka and its recovery store is off, so it makes less durable than the others. It runs to the end of
the topics and says `done`.
"""

from typing import Any

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSink, KafkaSinkMessage, KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.run import cli_main

from bench.contenders.job import BATCH, DONE, Arrived, EventJob, Once, Task
from sla_rules.names import INPUT_TOPICS

State = bytes | None


def build(task: Task) -> Dataflow:
    """The flow, from end to end."""
    job, ready = EventJob(task.partitions), Once()

    def fold(before: State, message: Any) -> tuple[State, list[State]]:
        ready()
        record = Arrived(
            message.topic, message.partition, message.offset, message.timestamp[1], message.key, message.value
        )
        after = job.fold(record, before)
        return after, [] if after == before else [after]

    flow = Dataflow("leads")
    source = KafkaSource([task.broker], list(INPUT_TOPICS), tail=False, batch_size=BATCH)
    by_lead = op.key_on("by-lead", op.input("events", flow, source), lambda message: message.key.decode())
    states = op.stateful_flat_map("fold", by_lead, fold)
    written = op.map("record", states, lambda pair: KafkaSinkMessage(pair[0].encode(), pair[1]))
    extra = {"compression.type": "zstd", "partitioner": "murmur2_random", "queue.buffering.max.messages": "1000000"}
    op.output("changelog", written, KafkaSink([task.broker], task.changelog, add_config=extra))
    return flow


if __name__ == "__main__":
    cli_main(build(Task.given()))
    print(DONE, flush=True)
