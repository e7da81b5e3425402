"""Quix Streams: the topics as one stream, states in its RocksDB store with a changelog."""

from typing import Any

from quixstreams import Application, State, message_context

from bench.contenders.job import COMMIT_SECONDS, Arrived, EventJob, Once, Task
from sla_rules.names import INPUT_TOPICS


def run(task: Task) -> None:
    """Run until told to stop."""
    app = Application(
        broker_address=task.broker,
        consumer_group=task.group,
        auto_offset_reset="earliest",
        commit_interval=COMMIT_SECONDS,
        state_dir=task.folder,
        loglevel="WARNING",
    )
    first, *rest = (
        app.dataframe(app.topic(name, key_deserializer="bytes", value_deserializer="bytes")) for name in INPUT_TOPICS
    )
    events = first
    for other in rest:
        events = events.concat(other)
    job, ready = EventJob(task.partitions), Once()

    def fold(value: bytes, key: bytes, timestamp: int, headers: Any, state: State) -> None:
        ready()
        place = message_context()
        record = Arrived(place.topic, place.partition, place.offset, timestamp, key, value, headers or ())
        before = state.get_bytes("state")
        after = job.fold(record, before)
        if after is not None and after != before:
            state.set_bytes("state", after)

    events.update(fold, stateful=True, metadata=True)
    app.run()


if __name__ == "__main__":
    run(Task.given())
