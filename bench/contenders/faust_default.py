"""Faust as its documentation shows it: an agent over the topics, event by event, a table in memory, default settings.

Keys and values are raw bytes, since they are no JSON; that is also the cheaper way.
"""

import logging
import sys
from typing import Any

import faust

from bench.contenders.job import Arrived, EventJob, Once, Task
from sla_rules.names import INPUT_TOPICS


def build(task: Task) -> faust.App:
    """The app with its one agent."""
    app = faust.App(
        task.group,
        broker=f"kafka://{task.broker}",
        datadir=task.folder,
        topic_partitions=task.partitions,
        key_serializer="raw",
        value_serializer="raw",
        web_enabled=False,
        worker_redirect_stdouts=False,
    )
    table = app.Table("leads", partitions=task.partitions, key_type=bytes, value_type=bytes)
    topic = app.topic(*INPUT_TOPICS, partitions=task.partitions, key_type=bytes, value_type=bytes)
    job, ready = EventJob(task.partitions), Once()

    @app.agent(topic)
    async def fold(stream: Any) -> None:
        async for event in stream.events():
            ready()
            message = event.message
            record = Arrived(
                message.topic,
                message.partition,
                message.offset,
                round(message.timestamp * 1_000),
                message.key,
                event.value,
                message.headers or (),
            )
            before = table.get(message.key)
            after = job.fold(record, before)
            if after is not None and after != before:
                table[message.key] = after

    return app


if __name__ == "__main__":
    sys.argv = ["faust", "worker"]
    faust.Worker(build(Task.given()), loglevel=logging.WARNING, quiet=True).execute_from_commandline()
