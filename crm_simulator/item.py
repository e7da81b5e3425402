"""What happens, by whom it is told, and what of it reaches the broker."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from sla_rules.instants import Instant


class Item(NamedTuple):
    """One record as a CRM publishes it; `value` is None where it publishes nothing."""

    arrival: Instant
    topic: str
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class Happening(NamedTuple):
    """Something that happened to a lead, before it is put in an envelope and sent."""

    time: Instant
    type: str
    subject: str
    data: dict[str, object]
    entered: Instant | None = None
    """When somebody typed it into the CRM, where that was later than it happened."""


class Episode(NamedTuple):
    """What belongs together and begins on one day: the life of a lead or a ticket, an outage, a delivery."""

    key: str
    """The Kafka key of all of it."""
    happenings: Iterator[Happening]
    """Each thing once, not always in the order of time, none before the day on which the episode begins."""
    number: str | None = None
    """Sets it apart where its key has others, too."""

    @property
    def names(self) -> tuple[str, ...]:
        """What chance and ids are drawn by."""
        return () if self.number is None else (self.number,)


class System(Protocol):
    """Whatever publishes events: a CRM, a help desk, a monitor, a supplier's shop."""

    @property
    def name(self) -> str:
        """As it stands in the source of its events."""

    @property
    def zone(self) -> ZoneInfo:
        """Where its days begin."""

    def episodes(self, day: date) -> Iterator[Episode]:
        """All that begins on a day."""
