"""How does one worker process stand beside Kafka Streams on one core?

Kafka Streams is Java and cannot call our fold. So the two are compared by jobs that both can do: the shells alone by a
count of events per lead, and, beside the worker as it is, the keeping of a lead's facts without what the rules make of
them. Every contender is held to one core; the broker may use them all.
"""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec

from bench.contenders.job import Task
from bench.contest import Contender, LeadSLA
from bench.java_contenders import compiled, version
from bench.kept_facts import Known, in_java_state, in_state
from bench.progress import say
from bench.results import keep
from bench.stage import stage
from bench.throughput import faust_changelog, in_rounds
from bench.workload import EVENTS, records
from sla_rules.names import INPUT_TOPICS
from tests.real_parts.kafka import VERSION, NoKafkaError

LIMIT: Final = "kafka-streams"
COUNTED: Final = 5
"""How often the events lie on the topics for the counts, which would be through with one telling in no time."""


@dataclass(frozen=True, slots=True)
class Counting(LeadSLA):
    """The worker with a count where the fold is."""

    def command(self) -> list[str]:
        """A worker of its module."""
        return Contender.command(self)


@dataclass(frozen=True, slots=True)
class Java(Contender):
    """A class of ours on Kafka Streams."""

    by: Sequence[str] = ()

    def command(self) -> list[str]:
        """The class with its arguments, and the topics."""
        return [*self.by, *INPUT_TOPICS]


def kafka_streams(events: int = EVENTS, rounds: int = 3) -> None:
    """Run both comparisons and keep what each took.

    Raises:
        BenchError: a contender did not come to the same as the others.
        NoKafkaError: Java, its compiler, the jars or taskset are not to be had.

    """
    if shutil.which("taskset") is None:
        message = "no taskset on the PATH to hold a process to one core"
        raise NoKafkaError(message)
    told = records(events)
    core = max(os.sched_getaffinity(0))
    with TemporaryDirectory(prefix="leadsla-java-") as classes:
        java = compiled(Path(classes))
        with stage() as on:
            on.empty_events()
            on.publish(told)
            say("the lead's facts")
            facts = in_rounds(_keeping(java, core), on, events, rounds, LIMIT)
            for _ in range(COUNTED - 1):
                on.publish(told)
            say("the shells alone")
            counts = in_rounds(_counting(java, core), on, COUNTED * events, rounds, LIMIT)
    keep(
        "kafka_streams",
        {
            "rounds": rounds,
            "kafka_streams": VERSION,
            "java": version(java[0]),
            "shells": {"events": COUNTED * events, "contenders": counts},
            "facts": {"events": events, "contenders": facts},
        },
    )


def _counting(java: Sequence[str], core: int) -> list[Contender]:
    changelog = _changelog("counts")
    count = [*java, "CountByLead"]
    return [
        Counting("leadsla", "bench.contenders.counting_worker", faust_changelog, core=core, digest=_of_counts),
        Contender("aiokafka", "bench.contenders.plain_count", core=core, digest=_of_counts),
        Java(LIMIT, "CountByLead", changelog, core=core, digest=_of_counts, by=[*count, "memory"]),
        Java("rocksdb", "CountByLead", changelog, core=core, digest=_of_counts, by=[*count, "rocksdb"]),
    ]


def _keeping(java: Sequence[str], core: int) -> list[Contender]:
    ours, theirs = _of_facts(in_state), _of_facts(in_java_state)
    return [
        LeadSLA("leadsla", "leadsla", faust_changelog, core=core, digest=ours),
        Java(LIMIT, "FactsByLead", _changelog("facts"), core=core, digest=theirs, by=[*java, "FactsByLead"]),
    ]


def _changelog(store: str) -> Callable[[Task], str]:
    return lambda task: f"{task.group}-{store}-changelog"


def _of_counts(states: Mapping[bytes, bytes]) -> str:
    return _digest(sorted(states.items()))


def _of_facts(known: Callable[[bytes], set[Known]]) -> Callable[[Mapping[bytes, bytes]], str]:
    return lambda states: _digest([(lead, sorted(known(state))) for lead, state in sorted(states.items())])


def _digest(found: Any) -> str:
    return blake2b(msgspec.msgpack.encode(found), digest_size=12).hexdigest()
