"""Puts a file of events on a broker, each where it belongs, and counts what was refused and why."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from aiokafka import TopicPartition
from rich.console import Console
from rich.progress import DownloadColumn

from leadsla.cli.progress import progress
from leadsla.event_files.aftermath import Aftermath
from leadsla.event_files.event_line import show_refused
from leadsla.event_files.foreseeing import ASTRAY, Acceptance, Record
from leadsla.event_files.lines import Line, Lines
from leadsla.event_files.opening import CHUNK, Source
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import TOPIC_OF_TYPE
from sla_rules.names import BACKFILL, BACKFILL_TOPIC, BEGINS, ENDS
from streams.kafka.connection import LARGEST_EVENT
from streams.kafka.publisher import Publisher
from streams.settings import Settings

SHOWN: Final = 20
"""Refused lines that are named one by one; the others are counted."""


@dataclass(slots=True)
class Tally:
    """What became of the lines of a file."""

    file: str
    group: str = ""
    """Of the workers that read it."""
    lines: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    sent_though_invalid: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    places: Mapping[TopicPartition, Sequence[range]] = field(default_factory=dict)
    """The offsets at which lies what was sent."""
    became: Aftermath | None = None
    """What the service made of it; None where nobody can tell."""
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The summary that scripts read."""
        return {
            "file": self.file,
            "lines": self.lines,
            "sent": self.sent.total(),
            "sent_by_topic": dict(sorted(self.sent.items())),
            "sent_though_invalid": self.sent_though_invalid,
            "refused": self.refused.total(),
            "refused_by_reason": dict(sorted(self.refused.items())),
            "became": None if self.became is None else self.became.as_json(),
            "seconds": round(self.seconds, 3),
        }


async def publish_lines(
    settings: Settings, source: Source, tally: Tally, accepted: Acceptance, *, send_invalid: bool, backfill: bool
) -> None:
    """Publish each line to its topic, and tally what becomes of it; a `backfill` between two marks.

    Raises:
        KafkaError: the broker cannot be reached, or refuses a record.
        TopicsError: the topics are not what they have to be.
        EventFileError: the file cannot be read, or not from here on.

    """
    lines = Lines(LARGEST_EVENT)
    began = monotonic()
    publisher = Publisher(settings, frozenset(TOPIC_OF_TYPE.values()))
    with progress(DownloadColumn()) as shown:
        task = shown.add_task("publishing", total=source.size, done="0 events")
        async with publisher, marked(publisher) if backfill else nullcontext():
            while chunk := await asyncio.to_thread(source.read):
                for line in lines.of(chunk):
                    await _publish_line(publisher, line, tally, shown.console, accepted, send_invalid=send_invalid)
                if source.size is None and len(chunk) < CHUNK:
                    await publisher.flush()  # whoever writes into the pipe may pause now
                shown.update(task, completed=source.position(), done=f"{tally.sent.total():,} events")
            for line in lines.of(b""):
                await _publish_line(publisher, line, tally, shown.console, accepted, send_invalid=send_invalid)
    tally.seconds = monotonic() - began
    tally.places = publisher.places


@asynccontextmanager
async def marked(publisher: Publisher) -> AsyncIterator[None]:
    """Mark in each partition that history begins, and whatever happens, that it has ended.

    Raises:
        aiokafka.errors.KafkaError: a mark could not be delivered.

    """
    await publisher.publish_everywhere(BACKFILL_TOPIC, [(BACKFILL, BEGINS)])
    try:
        yield
    finally:
        await publisher.publish_everywhere(BACKFILL_TOPIC, [(BACKFILL, ENDS)])


async def _publish_line(
    publisher: Publisher, line: Line, tally: Tally, console: Console, accepted: Acceptance, *, send_invalid: bool
) -> None:
    tally.lines += 1
    try:
        record = accepted.record(line)
    except RejectionError as rejection:
        if not send_invalid or line.cut:
            tally.refused[rejection.reason] += 1
            if tally.refused.total() <= SHOWN:
                show_refused(console, line, rejection)
            return
        record = _named(line.text)
        tally.sent_though_invalid += 1
    await publisher.publish(record.topic, record.key, line.value, stamp=record.stamp)
    tally.sent[record.topic] += 1


def _named(text: bytes) -> Record:
    """The topic and key that a line names, as far as it names any."""
    tree: object = None
    with suppress(ValueError, RecursionError):
        tree = json.loads(text)
    if not isinstance(tree, dict):
        return Record(ASTRAY, None)
    kind, subject = tree.get("type"), tree.get("subject")
    topic = TOPIC_OF_TYPE.get(".".join(kind.split(".")[-3:]), ASTRAY) if isinstance(kind, str) else ASTRAY
    return Record(topic, subject.encode(errors="replace") if isinstance(subject, str) and subject else None)
