"""What the service will not take of a file of events, known before any of it is sent, and which setting would have it taken."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from leadsla.event_files.event_line import event_of
from leadsla.event_files.lines import Line, Lines
from leadsla.event_files.opening import Source
from sla_rules.events.decode import facts_of
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import key_of
from sla_rules.events.vocabulary import Vocabulary, topic_of
from sla_rules.instants import DAY, Duration, Instant, instant
from streams.clock import wall_clock
from streams.kafka.connection import LARGEST_EVENT
from streams.kafka.topic_settings import are_stamped_by_broker
from streams.settings import Settings, variable

ASTRAY: Final = "contact-attempt"
"""Where a line goes that names no topic, if it has to be sent all the same."""


class Record(NamedTuple):
    """Where a line belongs."""

    topic: str
    key: bytes | None
    stamp: Instant | None = None


class TooOldError(RejectionError):
    """What happened lies further back than leads are kept; `days` would have been far enough."""

    def __init__(self, rejection: RejectionError, days: int) -> None:
        super().__init__(rejection.reason, rejection.detail)
        self.days = days


class Acceptance(NamedTuple):
    """By what the service takes an event, as far as that can be known here."""

    words: Vocabulary
    keep: Duration
    """How long leads are kept."""
    stamped_by_broker: bool
    """Whether an event arrives now, whatever it says of itself."""

    def record(self, line: Line) -> Record:
        """Where an event belongs.

        Raises:
            TooOldError: it happened longer ago than leads are kept.
            RejectionError: the line is no event that the service would take.

        """
        event = event_of(line, self.words)
        stamp = None if event.recordedtime is None else instant(event.recordedtime)
        arrival = wall_clock() if stamp is None or self.stamped_by_broker else stamp
        try:
            facts_of(event, arrival, keep=self.keep)
        except RejectionError as rejection:
            if rejection.reason != "expired":
                raise
            raise TooOldError(rejection, (arrival - instant(event.time)) // DAY + 1) from None
        return Record(topic_of(event.type, self.words) or ASTRAY, key_of(event).encode(), stamp)


async def acceptance(settings: Settings, words: Vocabulary) -> Acceptance:
    """That of a service with the same settings.

    Raises:
        TopicsError: a topic is not there.
        aiokafka.errors.KafkaError: no broker answers.

    """
    return Acceptance(words, settings.keep_days * DAY, await are_stamped_by_broker(settings))


@dataclass(slots=True)
class Foreseen:
    """The lines of a file that would be refused, by reason; with `days` of keeping none would be too old."""

    lines: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    days: int = 0

    def sentence(self, settings: Settings) -> str | None:
        """What to say before anything is sent; None if all would be taken."""
        if not self.refused:
            return None
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in self.refused.most_common())
        said = f"{self.refused.total():,} of {self.lines:,} lines will not be sent, since the service would put them away: {reasons}"
        if self.days:
            name = variable("keep_days")
            said += (
                f". Leads are kept for {settings.keep_days} days; {name}={self.days}, here and for the workers, would have "
                "those taken that are expired"
            )
        return said


def foreseen(source: Source, accepted: Acceptance) -> Foreseen:
    """Judge every line of a file.

    Raises:
        EventFileError: the file cannot be read, or not from here on.

    """
    found, lines = Foreseen(), Lines(LARGEST_EVENT)
    chunk = None
    while chunk != b"":
        chunk = source.read()
        for line in lines.of(chunk):
            found.lines += 1
            try:
                accepted.record(line)
            except TooOldError as old:
                found.refused[old.reason] += 1
                found.days = max(found.days, old.days)
            except RejectionError as rejection:
                found.refused[rejection.reason] += 1
    return found
