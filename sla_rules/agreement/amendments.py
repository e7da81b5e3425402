"""Does what is loaded still say what was worked with? Agreements change by new versions, not by rewriting old ones.

Clocks keep the version in force at their hand-off, so that rewriting a version that was worked with judges again what
was published, credited and paid for. Who is called, and how things are worded, may change at any time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import EDITION
from sla_rules.agreement.terms import terms_of
from sla_rules.instants import Instant
from sla_rules.time.periods import start_of

_GONE: Final = "is there no more"
_EDITION_BEFORE: Final = 2
"""Of the rules, while it was not remembered."""


class Version(NamedTuple):
    """A version of an agreement as it is remembered: from when on it is in force, and what it promises."""

    agreement: str
    version: str
    since: Instant
    terms: dict[str, Any]
    edition: int = _EDITION_BEFORE
    """Of the rules that it was worked with by."""

    @property
    def key(self) -> bytes:
        """The key of its record."""
        return f"{self.agreement}/{self.version}".encode()


class Amendment(NamedTuple):
    """A version that was worked with and does not say any more what it said; `changes` name every field."""

    key: bytes
    name: str
    since: str
    changes: tuple[str, ...]

    def __str__(self) -> str:
        """One sentence."""
        return f"{self.name} is in force since {self.since} and has been worked with, and {'; '.join(self.changes)}"


def version_of(agreement: Agreement) -> Version:
    """What is to be remembered of an agreement: all but wording and people."""
    since = start_of(agreement.effective_from, ZoneInfo(agreement.calendar.time_zone))
    return Version(agreement.agreement, agreement.version, since, terms_of(agreement), EDITION)


def record(version: Version) -> bytes:
    """A version as it is kept: the same bytes for the same terms."""
    return _ENCODE(version)


def read_record(value: bytes) -> Version:
    """The version that `record` made the bytes of."""
    return msgspec.json.decode(value, type=Version)


def amendments(remembered: Iterable[Version], agreements: Sequence[Agreement], now: Instant) -> Iterator[Amendment]:
    """The versions in force by `now` that are remembered otherwise than they are loaded, or not loaded any more."""
    loaded = {version.key: version for version in map(version_of, agreements)}
    for before in remembered:
        if before.since > now:
            continue
        after = loaded.get(before.key)
        changes = (_GONE,) if after is None else tuple(_changes("", before.terms, after.terms))
        if changes:
            name = f"{before.agreement} {before.version}"
            yield Amendment(before.key, name, before.terms["effective_from"], changes)


def later_editions(remembered: Iterable[Version], now: Instant) -> range:
    """The editions of the rules that came after those by which versions in force by `now` were worked with."""
    return range(
        min((version.edition for version in remembered if version.since <= now), default=EDITION) + 1, EDITION + 1
    )


def backdated(remembered: Iterable[Version], agreements: Sequence[Agreement], now: Instant) -> Iterator[Version]:
    """New versions of agreements that were worked with, in force before anybody knew of them."""
    known = list(remembered)
    keys, names = {version.key for version in known}, {version.agreement for version in known}
    for version in map(version_of, agreements):
        if version.key not in keys and version.agreement in names and version.since <= now:
            yield version


def _changes(place: str, before: Any, after: Any) -> Iterator[str]:
    """Every field that differs, by its path; entries of lists go by their id. The first segment that matches counts."""
    before, after = _by_id(before), _by_id(after)
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        if before != after:
            yield f"{place} was {_shown(before)}, is {_shown(after)}"
        return
    both = [name for name in before if name in after]
    if place == "segments" and both != (now := [name for name in after if name in before]):
        yield f"the order of {place} was {', '.join(both)}, is {', '.join(now)}"
    for name in [*before, *(name for name in after if name not in before)]:
        yield from _changes(f"{place}.{name}" if place else name, before.get(name), after.get(name))


def _by_id(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(one, dict) and "id" in one for one in value):
        return {one["id"]: one for one in value}
    return value


def _shown(value: Any) -> str:
    """As JSON, since that is YAML too; what is not there stands at its default."""
    return "not there" if value is None else value if isinstance(value, str) else msgspec.json.encode(value).decode()


_ENCODE: Final = msgspec.json.Encoder(order="deterministic").encode
