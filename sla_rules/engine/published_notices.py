"""What has been published of the leads of one partition, and what is to be published so that it agrees with the verdicts.

Not part of any lead's state: whoever takes a partition over reads it back from the breaches topic, so that no crash
between publishing and keeping leaves an orphan or a silence.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from sla_rules.evaluation.notices import DEADLINE_TIER, ENDED, REASSIGNMENT, Notice, notice_event
from sla_rules.formats import DAMAGED, UnknownFormatError
from sla_rules.former_words import NOTICE, in_words_of_now
from sla_rules.instants import Instant, instant, iso
from sla_rules.names import BREACHES_TOPIC

RETRACTED: Final = "sla.retracted.v1"
_BREACHED: Final = "sla.breached.v1"
_WHOLE_SECONDS: Final = len("2026-03-14T15:04:54")
"""Instants as text are in order as far as whole seconds go."""


class PublishedNotices:
    """The last record of each key, by lead; `counts` says how many breaches were published and how many retracted.

    A breach is that of the deadline: warnings before it and escalations after it are published, and not counted.
    """

    def __init__(self) -> None:
        self._by_lead: dict[str, dict[str, bytes]] = {}
        self.counts: Counter[tuple[str, str, str, str]] = Counter()
        self.reassignments: Counter[tuple[str, str, str, str]] = Counter()
        """The same of reassignments that were due."""
        self._latest = ""

    def __contains__(self, lead: str) -> bool:
        """Whether anything was ever published of a lead."""
        return lead in self._by_lead

    def read_back(self, value: bytes) -> None:
        """Take in a record of the breaches topic, the last of its key.

        Raises:
            UnknownFormatError: it is none of ours.

        """
        record = self._taken_in(value)
        self._count(record, "published")
        if record.is_retracted:
            self._count(record, "retracted")

    def overwritten(self, value: bytes) -> bytes:
        """Take in what a former owner published over what is known here; the lead it is about."""
        return self._taken_in(value).lead.encode()

    def _taken_in(self, value: bytes) -> "_Record":
        record = _Record(value)
        self._by_lead.setdefault(record.lead, {})[record.key] = record.value
        if not record.is_retracted:
            self._latest = max(self._latest, record.deadline[:_WHOLE_SECONDS])
        return record

    @property
    def latest(self) -> Instant | None:
        """The latest deadline, to the second, of what others published here and did not retract; None without any.

        Raises:
            UnknownFormatError: it is no time.

        """
        try:
            return instant(datetime.fromisoformat(f"{self._latest}Z")) if self._latest else None
        except ValueError as broken:
            message = f"{BREACHES_TOPIC} holds a record that is none of ours: {broken}"
            raise UnknownFormatError(message) from None

    def take_back_from(self, first: Instant) -> Iterator[tuple[str, bytes]]:
        """Retract all that was published of deadlines at an instant or later: it was published before they had come."""
        self._latest = ""
        for records in self._by_lead.values():
            for key, value in records.items():
                record = _Record(value)
                if record.is_retracted:
                    continue
                if record.passed_at >= first:
                    self._count(record, "retracted")
                    records[key] = record.retracted()
                    yield key, records[key]
                else:
                    self._latest = max(self._latest, record.deadline[:_WHOLE_SECONDS])

    def forget(self, lead: str) -> list[str]:
        """Drop what was published of a lead that leaves; the keys to take out of the topic. What was counted stays counted."""
        return list(self._by_lead.pop(lead, ()))

    def wiped(self, key: str) -> bytes | None:
        """Take note that a former owner took a record out; the lead it was about, if it is known here."""
        for lead, records in self._by_lead.items():
            if records.pop(key, None) is not None:
                return lead.encode()
        return None

    @property
    def leads(self) -> list[str]:
        """Of whom anything was ever published."""
        return list(self._by_lead)

    def standing(self, lead: str) -> Iterator[tuple[str, bytes]]:
        """Key and bytes of what was published of a lead and not retracted."""
        return ((key, value) for key, value in self._by_lead.get(lead, {}).items() if not _Record(value).is_retracted)

    def left_over(self, leads: Iterable[str], known: Container[bytes], horizon: Instant) -> list[str]:
        """Of some leads those that are not known, and of whom nothing was published that fell due after the horizon."""
        before = iso(horizon)
        return [
            lead
            for lead in leads
            if lead.encode() not in known
            and all(_Record(value).deadline < before for value in self._by_lead.get(lead, {}).values())
        ]

    def difference(
        self, lead: str, standing: Mapping[str, Notice], undecided: Mapping[str, Instant]
    ) -> Iterator[tuple[str, bytes]]:
        """Key and bytes of what is to be published of a lead, each taken as published when it is given.

        A breach published before is retracted when the facts disprove it, not when time has merely not come so far yet in
        the eyes of a worker that is still behind. Whatever is wrong with what stands is raised at once.
        """
        before = self._by_lead.get(lead, {})
        values = {key: notice_event(notice) for key, notice in standing.items()}
        ahead = {key: iso(undecided[key]) for key in before.keys() & undecided.keys()}
        return self._differences(lead, before, values, ahead)

    def _differences(
        self, lead: str, before: dict[str, bytes], values: Mapping[str, bytes], ahead: Mapping[str, str]
    ) -> Iterator[tuple[str, bytes]]:
        for key, value in values.items():
            if before.get(key) != value:
                if key not in before or _Record(before[key]).is_retracted:
                    self._count(_Record(value), "published")
                self._by_lead.setdefault(lead, {})[key] = value
                yield key, value
        for key in [key for key in before if key not in values]:
            record = _Record(before[key])
            still_to_come = record.deadline == ahead.get(key)
            if not record.is_retracted and not still_to_come:
                self._count(record, "retracted")
                before[key] = record.retracted()
                yield key, before[key]

    def _count(self, record: "_Record", outcome: str) -> None:
        if record.tier == DEADLINE_TIER:
            self.counts[(*record.promise, outcome)] += 1
        elif record.tier.startswith(REASSIGNMENT):
            self.reassignments[(*record.promise, outcome)] += 1


class _Data(msgspec.Struct):
    """What is looked at of a record's data."""

    key: str
    lead: str
    deadline: str
    tier: str
    agreement: str
    obligation: str
    segment: str


class _Record:
    """A record of the breaches topic, opened; `value` are its bytes in the words of now."""

    def __init__(self, value: bytes) -> None:
        try:
            self._event: dict[str, Any] = msgspec.json.decode(value, type=dict[str, Any])
            data = msgspec.convert(self._event.get("data"), _Data)
            self.type = self._event["type"]
            self.is_retracted = self.type == RETRACTED
            if NOTICE.keys() & self._event["data"].keys():
                self._event["data"] = in_words_of_now(self._event["data"], NOTICE)
                value = _ENCODE(self._event)
        except (*DAMAGED, KeyError) as broken:
            message = f"{BREACHES_TOPIC} holds a record that is none of ours: {broken}"
            raise UnknownFormatError(message) from None
        self.value = value
        self.key, self.lead, self.deadline, self.tier = data.key, data.lead, data.deadline, data.tier
        self.promise = data.agreement, data.obligation, data.segment

    @property
    def passed_at(self) -> Instant:
        """The deadline."""
        return instant(datetime.fromisoformat(self.deadline))

    def retracted(self) -> bytes:
        data = {name: value for name, value in self._event["data"].items() if name not in ENDED}
        event = {**self._event, "id": f"{self.key}-retracted", "type": RETRACTED, "data": data}
        return _ENCODE(event)


def says_breached(value: bytes) -> bool:
    """Whether a record of the breaches topic says that what was owed has not come.

    Raises:
        UnknownFormatError: it is none of ours.

    """
    return bool(_Record(value).type == _BREACHED)


_ENCODE = msgspec.json.Encoder(order="deterministic").encode
