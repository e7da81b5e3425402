"""All agreements a worker runs with, ready to be asked: which terms does a cycle fall under, and in which segment?"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from sla_rules.agreement.conditions import Condition, folded, matches
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Judges, Obligation, OfLeads
from sla_rules.agreement.terms import terms_of
from sla_rules.events.vocabulary import LEAD, Vocabulary, vocabulary_of
from sla_rules.instants import DAY, Duration, Instant
from sla_rules.lead.facts import Fields
from sla_rules.names import ALL_SEGMENTS, UNMATCHED
from sla_rules.notation import MONTHS, Granularity
from sla_rules.time.calendar import Calendar
from sla_rules.time.intervals import BEGINNING, FOREVER, Interval
from sla_rules.time.periods import Period, first_day, period_from, period_of, start_of
from sla_rules.time.working_hours import WorkingHours

EDITION: Final = 4
"""Of the rules themselves: raised whenever a release reads the same agreement otherwise, so that leads are rejudged.

What each reads otherwise is said by the message `edition-<number>` of the catalogues, to whoever asks before an upgrade.
"""

ALWAYS: Final[Mapping[str, Instant]] = {}
"""The service has listened for every agreement as long as there has been one."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One obligation of one version of an agreement, in force in `[since, until)`; `index` is its place in the rule book."""

    index: int
    agreement: Agreement
    obligation: Obligation
    calendar: Calendar
    zone: ZoneInfo
    year_begins: int
    """The number of the month that years of figures begin with, the same for all versions."""
    since: Instant
    until: Instant
    by_segment: Mapping[str, Calendar]
    by_team: Mapping[str, Calendar]
    listening_since: Instant
    """From when on the service has listened for its agreement."""

    @property
    def name(self) -> tuple[str, str]:
        """Agreement and obligation: the same for every version."""
        return self.agreement.agreement, self.obligation.id

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments its figures come in: what belongs to no lead, as a delivery, belongs to no segment."""
        if isinstance(self.obligation, OfLeads):
            return self.obligation.segments or segments_of(self.agreement)
        return (ALL_SEGMENTS,)

    def period(self, interval: Granularity, at: Instant) -> Period:
        """The period of its figures that holds an instant."""
        return period_of(interval, at, self.zone, self.year_begins)

    def first_day(self, interval: Granularity, day: date) -> date:
        """The first day of the period of its figures that holds a day."""
        return first_day(interval, day, self.year_begins)

    def calendar_of(self, segment: str, team: str | None) -> Calendar:
        """The hours that clocks keep: those of the team, else of the segment, else of the agreement."""
        if team is not None and team in self.by_team:
            return self.by_team[team]
        return self.by_segment.get(segment, self.calendar)


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One version of an agreement with its terms."""

    agreement: Agreement
    since: Instant
    terms: tuple[Term, ...]
    subject: str | None
    """What it is about, if not leads."""
    of_hand_offs: Mapping[str, Sequence[Term]]
    """By segment, what judges the cycles of its leads, each by itself."""
    of_creations: Mapping[str, Sequence[Term]]
    """By segment, what judges the clock that runs from a lead's creation."""
    of_watches: Mapping[str, Sequence[Term]]
    """By segment, what judges how long services are up and customers stay."""
    cutting: Sequence[Term]
    """What judges less than a cycle, or more: messages, or cycles that reopenings continue."""
    applies_to: Condition
    """The agreement's, folded; and so are those that follow."""
    minimum_quality: Condition
    segments: Sequence[tuple[str, Condition]]
    """By id, in order."""

    def segment_of(self, fields: Fields) -> str:
        """The id of the first segment that matches."""
        if not self.segments:
            return ALL_SEGMENTS
        for name, condition in self.segments:
            if matches(condition, fields):
                return name
        return UNMATCHED


class RuleBook:
    """The agreements by id, each with its versions in the order they take effect."""

    def __init__(
        self,
        agreements: Sequence[Agreement],
        historic_after: Duration = DAY,
        keep: Duration | None = None,
        listening_since: Mapping[str, Instant] = ALWAYS,
    ) -> None:
        ordered = sorted(agreements, key=lambda a: (a.agreement, a.effective_from))
        self.historic_after: Final = historic_after
        self.listening_since: Final = listening_since
        """By agreement, from when on the service has listened; for others, always."""
        self.keep: Final = keep
        """How long leads are kept after they have gone quiet; None for good."""
        self.digest: Final = digest_of(ordered)
        terms: list[Term] = []
        self.versions: Final = {
            name: _versions(tuple(versions), terms, listening_since.get(name, BEGINNING))
            for name, versions in groupby(ordered, key=lambda a: a.agreement)
        }
        self.terms: Final = tuple(terms)
        self.judges_creation: Final = any(term.obligation.judges == "creations" for term in terms)
        """Whether any lead's own clock matters."""
        self.cuts_cycles: Final = any(map(_cuts, terms))
        """Whether any promise is about less than a cycle, or more: a message, or cycles that reopenings continue."""
        self.asked: Final = frozenset(name for agreement in ordered for name in _asked(agreement))
        """The fields of a lead that any agreement looks at."""
        self.teams: Final = frozenset(team for agreement in ordered for team in agreement.teams)
        """The teams that any agreement names."""
        self.counts_deals: Final = any(term.obligation.counts_deals for term in terms)
        """Whether any deal matters."""
        self.vocabulary: Final[Vocabulary] = vocabulary_of(
            (agreement.subject, part, kind)
            for agreement in ordered
            for part, kinds in agreement.events.items()
            for kind in kinds
        )
        """The event types that agreements name."""
        self.obligations: Final = _by_key(terms)
        """Terms of an obligation by its key, under which it is confirmed that something was delivered, or a remedy carried out."""
        self.deliverables: Final = {
            key: dated for key, found in self.obligations.items() if (dated := tuple(filter(_falls_due, found)))
        }
        """Those of what is owed on dates."""
        every = [version for versions in self.versions.values() for version in versions]
        self.judging_watches: Final = tuple(version for version in every if version.of_watches)
        """The versions under which anything is to be up or to stay."""
        self.watching: Final = tuple(
            sorted({term.obligation.kind for term in terms if term.obligation.judges == "watches"})
        )
        """The kinds of what they promise."""
        self._changes: Final = sorted({version.since for version in every})
        self._in_force: Final = [(), *(tuple(self._beginning_by(at)) for at in self._changes)]

    def in_force(self, at: Instant) -> Sequence[Version]:
        """Of each agreement the version in force at an instant; none of those that begin later."""
        return self._in_force[bisect_right(self._changes, at)]

    def next_change(self, at: Instant) -> Instant:
        """When a version next takes effect after an instant; `FOREVER` where none does."""
        later = bisect_right(self._changes, at)
        return self._changes[later] if later < len(self._changes) else FOREVER

    def _beginning_by(self, at: Instant) -> Iterator[Version]:
        for versions in self.versions.values():
            version = next((version for version in reversed(versions) if version.since <= at), None)
            if version is not None:
                yield version

    def zone_of(self, agreement: str) -> ZoneInfo:
        """The zone that the windows of an agreement lie in: that of its latest version."""
        return self.versions[agreement][-1].terms[0].zone

    def period_from(self, agreement: str, interval: Granularity, first: date) -> Period:
        """The period of an agreement that begins on a day."""
        return period_from(interval, first, self.zone_of(agreement))

    def publication_of(self, agreement: str, end: Instant) -> Instant:
        """When the figures of a period of an agreement that ends at an instant are published: by its latest version."""
        return self.versions[agreement][-1].agreement.publication_of(end)

    def is_history(self, agreement: str, end: Instant) -> bool:
        """Whether a period of an agreement that ends at an instant was over when the service began to listen (decision 57)."""
        return end <= self.listening_since.get(agreement, BEGINNING)

    def has_period(self, agreement: str, interval: Granularity, first: date) -> bool:
        """Whether a period of an agreement begins on a day; of another one's, or before its years moved, it may not."""
        versions = self.versions.get(agreement)
        return versions is not None and versions[-1].terms[0].first_day(interval, first) == first

    def applying(self, fields: Fields, at: Instant, subject: str | None = None) -> list[tuple[Version, str]]:
        """The versions that a lead with these fields, handed off at `at`, falls under, each with the lead's segment.

        `subject` says what it is, if not a lead.
        """
        return [
            (version, version.segment_of(fields))
            for version in self.in_force(at)
            if version.subject == subject and matches(version.applies_to, fields)
        ]

    def over(self, fields: Fields, span: Interval, subject: str | None) -> Iterator[tuple[Version, str, Interval]]:
        """The versions that judge what is watched and has these fields, with its segment, each in its part of a span of time."""
        for version in self.judging_watches:
            part = span & Interval(version.since, version.terms[0].until)
            if part.length and version.subject == subject and matches(version.applies_to, fields):
                yield version, version.segment_of(fields), part


def digest_of(agreements: Sequence[Agreement]) -> str:
    """A short hash of what was agreed: the same for the same terms, however the files are written and whoever is named."""
    ordered = sorted(agreements, key=lambda a: (a.agreement, a.effective_from))
    text = msgspec.json.encode([terms_of(agreement) for agreement in ordered])
    return blake2b(b"%d\n%s" % (EDITION, text), digest_size=6).hexdigest()


def segments_of(agreement: Agreement) -> tuple[str, ...]:
    """Every segment that a lead can fall in."""
    return (*(segment.id for segment in agreement.segments), UNMATCHED) if agreement.segments else (ALL_SEGMENTS,)


def _versions(agreements: Sequence[Agreement], terms: list[Term], listening_since: Instant) -> tuple[Version, ...]:
    """The versions of one agreement, in order; their terms join `terms`."""
    calendars = [_calendar(agreement.calendar.model_dump_json()) for agreement in agreements]
    starts = [start_of(a.effective_from, calendar.zone) for a, calendar in zip(agreements, calendars, strict=True)]
    year_begins = MONTHS.index(agreements[-1].year_begins) + 1
    versions = []
    for agreement, calendar, since, until in zip(agreements, calendars, starts, [*starts[1:], FOREVER], strict=True):
        named = {name: _calendar(hours.model_dump_json()) for name, hours in agreement.calendars.items()}
        by_segment = {one.id: named[one.calendar] for one in agreement.segments if one.calendar is not None}
        by_team = {name: named[team.calendar] for name, team in agreement.teams.items() if team.calendar is not None}
        own = tuple(
            Term(
                len(terms) + number,
                agreement,
                obligation,
                calendar,
                calendar.zone,
                year_begins,
                since,
                until,
                by_segment,
                by_team,
                listening_since,
            )
            for number, obligation in enumerate(agreement.obligations)
        )
        terms.extend(own)
        subject = None if agreement.subject == LEAD else agreement.subject
        whole = [term for term in own if not _cuts(term)]
        judges = _by_segment(whole, "hand_offs"), _by_segment(whole, "creations"), _by_segment(whole, "watches")
        segments = tuple((segment.id, folded(segment.when)) for segment in agreement.segments)
        versions.append(
            Version(
                agreement,
                since,
                own,
                subject,
                *judges,
                cutting=tuple(filter(_cuts, own)),
                applies_to=folded(agreement.applies_to),
                minimum_quality=folded(agreement.minimum_quality),
                segments=segments,
            )
        )
    return tuple(versions)


def _cuts(term: Term) -> bool:
    return term.obligation.judges == "messages" or term.obligation.continues_when_reopened


def _by_segment(terms: Sequence[Term], judges: Judges) -> dict[str, tuple[Term, ...]]:
    judging = [term for term in terms if term.obligation.judges == judges]
    segments = dict.fromkeys(segment for term in judging for segment in segments_of(term.agreement))
    return {segment: tuple(term for term in judging if segment in term.segments) for segment in segments}


def _asked(agreement: Agreement) -> Iterator[str]:
    for condition in (agreement.applies_to, agreement.minimum_quality, *(s.when for s in agreement.segments)):
        yield from condition


def _by_key(terms: Sequence[Term]) -> dict[str, tuple[Term, ...]]:
    found: dict[str, tuple[Term, ...]] = {}
    for term in terms:
        key = ":".join(term.name)
        found[key] = (*found.get(key, ()), term)
    return found


def _falls_due(term: Term) -> bool:
    return term.obligation.judges == "dates"


@lru_cache(maxsize=1_000)
def _calendar(hours: str) -> Calendar:
    """One calendar for all who keep the same hours, so that its years are laid out once."""
    return Calendar(WorkingHours.model_validate_json(hours))
