"""May what the service's topics say be out of date? By the records of `leadsla-progress`, for whoever reads the others."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from msgspec import Struct, field

from sla_rules.figures.units import Count, RoughDuration, Time
from sla_rules.instants import Duration, Instant
from sla_rules.reports.progress_records import ProgressRecord, ProgressRecords
from sla_rules.reports.reasons import Reason

_MISSED: Final = 4
"""So many records may be overdue before anybody is called silent, or behind: 20 s."""


class PartitionsNeverHeard(Reason, frozen=True):
    """No owner of these partitions has ever said how far it is."""

    partitions: tuple[Count, ...]
    """Of the event topics."""


class PartitionsSilent(Reason, frozen=True):
    """The owners of these partitions have said nothing for long; nobody may own them."""

    partitions: tuple[Count, ...]
    """Of the event topics."""
    silent_for: RoughDuration = field(name="silent_for_seconds")
    """Since the last record of the one that has been silent for the longest."""


class PartitionsBehind(Reason, frozen=True):
    """The owners of these partitions have not folded and judged all yet."""

    partitions: tuple[Count, ...]
    """Of the event topics."""
    behind_by: RoughDuration | None = field(name="behind_by_seconds")
    """The one that is furthest behind; None where nothing is known of one yet."""


class TopicIncomplete(Reason, frozen=True):
    """A topic that is read does not hold all of these partitions: it lost something, or nobody has written it yet."""

    topic: str
    """Its name."""
    partitions: tuple[Count, ...]
    """Of the event topics."""


class HistoryLoading(Reason, frozen=True):
    """History is being loaded, and time stands for the leads that it brings."""

    partitions: tuple[Count, ...]
    """Of the event topics."""


class LeadsSetAside(Reason, frozen=True):
    """Leads that cannot be judged are missing."""

    leads: Count
    """How many."""


Blindness: TypeAlias = PartitionsNeverHeard | PartitionsSilent | PartitionsBehind | TopicIncomplete
Remark: TypeAlias = HistoryLoading | LeadsSetAside


class Freshness(Struct, frozen=True, kw_only=True):
    """How far the service is. While it is blind, what its topics say may not be true any more, nor be all."""

    as_of: Time | None
    """Up to when everything is known of every partition; None where that is not known of one."""
    is_blind: bool = field(name="blind")
    """Whether that is too long ago, or the service does not say."""
    blind_since: Time | None
    """Since when something may be missing; None where nothing is, or it is not known."""
    why: tuple[Blindness, ...]
    """What it is blind by."""
    remarks: tuple[Remark, ...]
    """What is missing beside."""


def freshness(records: ProgressRecords, partitions: int, now: Instant, topics: Iterable[str] = ()) -> Freshness:
    """How far the owners of all partitions are, at an instant by the clock of a reader of these topics."""
    found = {number: records.of(number) for number in range(partitions)}
    heard = [one for one in found.values() if one is not None]
    now = records.time_at(now)
    unheard = tuple(number for number, one in found.items() if one is None)
    silent = [one for one in heard if is_silent(one, now)]
    behind = [one for one in heard if one not in silent and _is_behind(one)]
    as_of = None if unheard else _earliest(heard)
    why: list[Blindness] = []
    if unheard:
        why.append(PartitionsNeverHeard(unheard))
    if silent:
        why.append(PartitionsSilent(_numbers(silent), now - min(one.at for one in silent)))
    if behind:
        reached = _earliest(behind)
        why.append(PartitionsBehind(_numbers(behind), None if reached is None else now - reached))
    parts = {topic: [one for one in heard if topic in one.incomplete] for topic in topics}
    incomplete = [TopicIncomplete(topic, _numbers(some)) for topic, some in parts.items() if some]
    why += incomplete
    return Freshness(
        as_of=as_of,
        is_blind=bool(why),
        blind_since=as_of if why and not incomplete else None,
        why=tuple(why),
        remarks=tuple(_remarks(heard)),
    )


def is_silent(record: ProgressRecord, now: Instant) -> bool:
    """Whether nothing has followed the last record of a partition for too long."""
    return now - record.at > missed_by(record)


def missed_by(record: ProgressRecord) -> Duration:
    """For how long nothing may come of a partition, or not all be done, before anybody is called silent, or behind."""
    return _MISSED * record.every


def _is_behind(record: ProgressRecord) -> bool:
    return record.as_of is None or record.at - record.as_of > missed_by(record)


def _earliest(records: Iterable[ProgressRecord]) -> Instant | None:
    """What all have reached; None where one has not come to anything yet."""
    reached = [one.as_of for one in records]
    known = [at for at in reached if at is not None]
    return min(known) if known and len(known) == len(reached) else None


def _remarks(records: Sequence[ProgressRecord]) -> Iterator[Remark]:
    if loading := [one for one in records if one.is_loading]:
        yield HistoryLoading(_numbers(loading))
    if quarantined := sum(one.quarantined for one in records):
        yield LeadsSetAside(quarantined)


def _numbers(records: Iterable[ProgressRecord]) -> tuple[Count, ...]:
    return tuple(one.partition for one in records)
