"""All agreements a worker runs with, ready to be asked: which terms does a cycle fall under, and in which segment?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from sla_rules.agreement import Agreement, Condition, Depth, Matcher, Range, Speed, Volume, WorkingHours
from sla_rules.calendar import Calendar
from sla_rules.facts import Fields
from sla_rules.instants import DAY, Duration, Instant
from sla_rules.names import ALL_SEGMENTS, UNMATCHED
from sla_rules.periods import start_of

EDITION: Final = 1
"""Of the rules themselves: raised whenever a release reads the same agreement otherwise, so that leads are rejudged."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One obligation of one version of an agreement; `index` is its place in the rule book."""

    index: int
    agreement: Agreement
    obligation: Speed | Depth | Volume
    calendar: Calendar
    zone: ZoneInfo

    @property
    def name(self) -> tuple[str, str]:
        """Agreement and obligation: the same for every version."""
        return self.agreement.agreement, self.obligation.id


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One version of an agreement with its terms."""

    agreement: Agreement
    since: Instant
    terms: tuple[Term, ...]


class RuleBook:
    """The agreements by id, each with its versions in the order they take effect."""

    def __init__(self, agreements: Sequence[Agreement], historic_after: Duration = DAY) -> None:
        ordered = sorted(agreements, key=lambda a: (a.agreement, a.effective_from))
        self.historic_after: Final = historic_after
        self.digest: Final = digest_of(ordered)
        terms: list[Term] = []
        self.versions: Final = {
            name: tuple(_version(agreement, terms) for agreement in versions)
            for name, versions in groupby(ordered, key=lambda a: a.agreement)
        }
        self.terms: Final = tuple(terms)

    def in_force(self, at: Instant) -> Iterator[Version]:
        """Of each agreement the version in force at an instant; none of those that begin later."""
        for versions in self.versions.values():
            version = next((version for version in reversed(versions) if version.since <= at), None)
            if version is not None:
                yield version

    def zone_of(self, agreement: str) -> ZoneInfo:
        """The zone that the windows of an agreement lie in: that of its latest version."""
        return self.versions[agreement][-1].terms[0].zone

    def applying(self, fields: Fields, at: Instant) -> Iterator[tuple[Version, str]]:
        """The versions that a lead with these fields, handed off at `at`, falls under, each with the lead's segment."""
        for version in self.in_force(at):
            if matches(version.agreement.applies_to, fields):
                yield version, segment_of(version.agreement, fields)


def digest_of(agreements: Sequence[Agreement]) -> str:
    """A short hash of what was agreed: the same for the same terms, however the files are written."""
    text = "\n".join(
        agreement.model_dump_json(exclude_defaults=True)
        for agreement in sorted(agreements, key=lambda a: (a.agreement, a.effective_from))
    )
    return blake2b(f"{EDITION}\n{text}".encode(), digest_size=6).hexdigest()


def segment_of(agreement: Agreement, fields: Fields) -> str:
    """The id of the first segment that matches."""
    if not agreement.segments:
        return ALL_SEGMENTS
    return next((segment.id for segment in agreement.segments if matches(segment.when, fields)), UNMATCHED)


def segments_of(agreement: Agreement) -> tuple[str, ...]:
    """Every segment that a lead can fall in."""
    return (*(segment.id for segment in agreement.segments), UNMATCHED) if agreement.segments else (ALL_SEGMENTS,)


def matches(condition: Condition, fields: Mapping[str, object]) -> bool:
    """Whether every field named has a value that its matcher takes; a field that is missing matches nothing."""
    return all(name in fields and _takes(matcher, fields[name]) for name, matcher in condition.items())


def _takes(matcher: Matcher, value: object) -> bool:
    if isinstance(matcher, Range):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return (matcher.at_least is None or value >= matcher.at_least) and (
            matcher.below is None or value < matcher.below
        )
    return value in matcher if isinstance(matcher, tuple) else value == matcher


def _version(agreement: Agreement, terms: list[Term]) -> Version:
    calendar = _calendar(agreement.calendar.model_dump_json())
    own = tuple(
        Term(len(terms) + number, agreement, obligation, calendar, calendar.zone)
        for number, obligation in enumerate(agreement.obligations)
    )
    terms.extend(own)
    return Version(agreement, start_of(agreement.effective_from, calendar.zone), own)


@lru_cache(maxsize=1_000)
def _calendar(hours: str) -> Calendar:
    """One calendar for all who keep the same hours, so that its years are laid out once."""
    return Calendar(WorkingHours.model_validate_json(hours))
