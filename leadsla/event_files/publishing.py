"""Puts a file of events on a broker, each where it belongs, and counts what was refused and why."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final, NamedTuple

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from leadsla.console import Console
from leadsla.event_files.lines import Line, Lines
from leadsla.event_files.opening import CHUNK, Source
from leadsla.event_files.refused import show_refused
from sla_rules.events.decode import facts_of, read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import TOPIC_OF_TYPE, key_of
from sla_rules.events.vocabulary import Vocabulary, topic_of
from sla_rules.instants import Instant, instant
from streams.clock import wall_clock
from streams.kafka.connection import LARGEST_EVENT
from streams.kafka.publisher import Publisher
from streams.settings import Settings

SHOWN: Final = 20
"""Refused lines that are named one by one; the others are counted."""
ASTRAY: Final = "contact-attempt"
"""Where a line goes that names no topic, if it has to be sent all the same."""


class Record(NamedTuple):
    """Where a line belongs."""

    topic: str
    key: bytes | None
    stamp: Instant | None = None


@dataclass(slots=True)
class Tally:
    """What became of the lines of a file."""

    file: str
    lines: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    sent_though_invalid: int = 0
    refused: Counter[str] = field(default_factory=Counter)
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
            "seconds": round(self.seconds, 3),
        }


async def publish_lines(
    settings: Settings, source: Source, tally: Tally, words: Vocabulary, *, send_invalid: bool
) -> None:
    """Publish each line to its topic, and tally what becomes of it.

    Raises:
        KafkaError: the broker cannot be reached, or refuses a record.
        TopicsError: the topics are not what they have to be.
        EventFileError: the file cannot be read, or not from here on.

    """
    console = Console(stderr=True)
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[events]:,} events"),
        TimeRemainingColumn(),
    )
    lines = Lines(LARGEST_EVENT)
    began = monotonic()
    publisher = Publisher(settings, frozenset(TOPIC_OF_TYPE.values()))
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("publishing", total=source.size, events=0)
        async with publisher:
            while chunk := await asyncio.to_thread(source.read):
                for line in lines.of(chunk):
                    await _publish_line(publisher, line, tally, console, words, send_invalid=send_invalid)
                if source.size is None and len(chunk) < CHUNK:
                    await publisher.flush()  # whoever writes into the pipe may pause now
                progress.update(task, completed=source.position(), events=tally.sent.total())
            for line in lines.of(b""):
                await _publish_line(publisher, line, tally, console, words, send_invalid=send_invalid)
    tally.seconds = monotonic() - began


async def _publish_line(
    publisher: Publisher, line: Line, tally: Tally, console: Console, words: Vocabulary, *, send_invalid: bool
) -> None:
    tally.lines += 1
    try:
        record = _record(line, words)
    except RejectionError as rejection:
        if not send_invalid or line.cut:
            tally.refused[rejection.reason] += 1
            if tally.refused.total() <= SHOWN:
                show_refused(console, line, rejection)
            return
        record = _named(line.text)
        tally.sent_though_invalid += 1
    await publisher.publish(record.topic, record.key, _value(line), stamp=record.stamp)
    tally.sent[record.topic] += 1


def _record(line: Line, words: Vocabulary) -> Record:
    """Where an event belongs.

    Raises:
        RejectionError: the line is no event that the service would take.

    """
    if line.cut:
        raise RejectionError(reason="too_large", detail=f"the line is longer than {LARGEST_EVENT} bytes")
    event = read_event(_value(line), None, words)
    arrival = None if event.recordedtime is None else instant(event.recordedtime)
    facts_of(event, wall_clock() if arrival is None else arrival)
    return Record(topic_of(event.type, words) or ASTRAY, key_of(event).encode(), arrival)


def _value(line: Line) -> bytes | None:
    """The record's value; the line `null` stands for none."""
    return None if line.text == b"null" else line.text


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
