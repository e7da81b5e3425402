"""Records that are none of ours, where only workers write: each stops what rests on it until something readable lies over it."""

from collections.abc import Container
from dataclasses import dataclass, field
from typing import NamedTuple

from streams.agreement_owner.tail import Found

Place = tuple[str, int, bytes | None]
"""Topic, partition and key."""


class Damage(NamedTuple):
    """Whose record it is, None where it does not say, and what is wrong with it in words."""

    agreement: str | None
    sentence: str


@dataclass(slots=True)
class DamagedRecords:
    """Those that lie last under their keys."""

    _by_place: dict[Place, Damage] = field(default_factory=dict)

    def note(self, record: Found, agreement: str | None, why: str) -> None:
        """A record cannot be read; `agreement` is whose it is by its key."""
        whose = "any agreement" if agreement is None else agreement
        sentence = (
            f"{record.spot.topic}, partition {record.spot.partition}, offset {record.offset}: {why}; nothing more is "
            f'decided of {whose} until it is written over, see "Damaged records of our own" in the runbook'
        )
        self._by_place[_place(record)] = Damage(agreement, sentence)

    def mend(self, record: Found) -> None:
        """A record can be read, whatever lay under its key before."""
        self._by_place.pop(_place(record), None)

    def keep_only(self, spots: set[tuple[str, int]]) -> None:
        """Forget what lies in partitions of topics that are not read any more."""
        self._by_place = {place: one for place, one in self._by_place.items() if place[:2] in spots}

    def keep_only_of(self, agreements: Container[str]) -> None:
        """Forget what is of agreements that somebody else owns by now; what is nobody's stops these as well."""
        self._by_place = {
            place: one for place, one in self._by_place.items() if one.agreement is None or one.agreement in agreements
        }

    def stop(self, agreement: str) -> bool:
        """Whether nothing may be decided of an agreement."""
        return any(one.agreement in {None, agreement} for one in self._by_place.values())

    @property
    def sentences(self) -> dict[str, str]:
        """What to say, by what it is about."""
        return {
            f"{topic}/{partition}/{(key or b'').decode(errors='backslashreplace')}": one.sentence
            for (topic, partition, key), one in self._by_place.items()
        }


def _place(record: Found) -> Place:
    return record.spot.topic, record.spot.partition, record.key
