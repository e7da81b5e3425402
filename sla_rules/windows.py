"""The figures of every calendar window that one partition has a share in: derived from shares, never counted up."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from sla_rules.agreement import Interval, Volume
from sla_rules.figures import Tally, add, subtract
from sla_rules.instants import iso, moment
from sla_rules.obligations.shares import Share
from sla_rules.periods import Period, first_day, period_from
from sla_rules.rulebook import RuleBook, Term
from sla_rules.verdicts import tally_of


class WindowKey(NamedTuple):
    """One obligation, one segment, one calendar period, by its first day in the agreement's zone."""

    agreement: str
    obligation: str
    segment: str
    interval: Interval
    first: date


class Windows:
    """Sums of shares by window; `changed` holds the windows whose figures have not been told as they are."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules
        self.tallies: dict[WindowKey, Tally] = {}
        self.changed: set[WindowKey] = set()

    def put_in(self, share: Share) -> None:
        """Add a share to each of its windows."""
        tally = tally_of(share, self._rules)
        for key in self._keys(share):
            add(self.tallies.setdefault(key, {}), tally)
            self.changed.add(key)

    def take_out(self, share: Share) -> None:
        """Take a share that was put in out again."""
        tally = tally_of(share, self._rules)
        for key in self._keys(share):
            subtract(self.tallies[key], tally)
            self.changed.add(key)

    def take_changed(self) -> dict[WindowKey, Tally]:
        """The figures to tell; asked again, none until something changes."""
        changed = {key: self.tallies[key] for key in sorted(self.changed)}
        self.changed.clear()
        return changed

    def read_back(self, told: Mapping[WindowKey, Tally]) -> None:
        """Hold the figures derived against those told: what differs is to be told, what agrees is not told again."""
        for key in told.keys() - self.tallies.keys():
            if key.agreement in self._rules.versions:
                self.tallies[key] = {}
        self.changed = {key for key, tally in self.tallies.items() if told.get(key) != tally}

    def _keys(self, share: Share) -> Iterator[WindowKey]:
        term = self._rules.terms[share.term]
        agreement, obligation = term.name
        day = moment(share.start).astimezone(term.zone).date()
        for interval in intervals_of(term):
            yield WindowKey(agreement, obligation, share.segment, interval, first_day(interval, day))


def intervals_of(term: Term) -> Iterable[Interval]:
    """The windows a term is counted by; deliveries always by day too, for the waterfall."""
    intervals = term.obligation.intervals
    if isinstance(term.obligation, Volume) and "day" not in intervals:
        return ("day", *intervals)
    return intervals


def record_key(key: WindowKey, partition: int) -> bytes:
    """The key of a window's record in the periods topic."""
    return "/".join((*map(str, key), str(partition))).encode()


def record(key: WindowKey, tally: Mapping[str, int], partition: int, zone: ZoneInfo) -> bytes:
    """A window's figures in one partition, absolute: the same bytes for the same figures."""
    period: Period = period_from(key.interval, key.first, zone)
    return _ENCODE(
        {
            "agreement": key.agreement,
            "obligation": key.obligation,
            "segment": key.segment,
            "interval": key.interval,
            "first": key.first.isoformat(),
            "start": iso(period.start),
            "end": iso(period.end),
            "partition": partition,
            "status": "open",
            "figures": tally,
        }
    )


def read_record(value: bytes) -> tuple[WindowKey, Tally]:
    """The window and the figures of a record of the periods topic."""
    found: Any = msgspec.json.decode(value)
    first = date.fromisoformat(found["first"])
    key = WindowKey(found["agreement"], found["obligation"], found["segment"], found["interval"], first)
    return key, found["figures"]


_ENCODE = msgspec.json.Encoder(order="deterministic").encode
