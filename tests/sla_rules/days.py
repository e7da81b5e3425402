"""The oracle of working days: lays out the days around a date piece by piece, and counts them one after the other.

It shares nothing with what it judges but the agreement's words and what hours a date has: no years, no places in lists, no conversion
from local time but by trying every offset that clocks have about then.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sla_rules.instants import Duration, Instant, instant, moment
from sla_rules.time.intervals import FOREVER
from sla_rules.time.working_days import WorkingDays
from sla_rules.time.working_hours import WorkingHours
from tests.sla_rules.minutes import breaks_of, spans_of

Ends = tuple[Instant, Instant]
DAYS_AFTER = 60


class Piece(NamedTuple):
    """Open time within which nothing opens or closes, and the date that it belongs to."""

    start: Instant
    end: Instant
    day: date


class Days:
    """Working days of a calendar around a date."""

    def __init__(self, hours: WorkingHours, middle: date) -> None:
        self.zone = ZoneInfo(hours.time_zone)
        written: list[Piece] = []
        for day in (middle + timedelta(days=n) for n in range(-14, DAYS_AFTER)):
            cuts = [self._ends(day, span) for span in breaks_of(hours, day)]
            own = self._less([self._ends(day, span) for span in spans_of(hours, day)], cuts)
            written += [Piece(*ends, self._day_shown(self.shown(day, time()))) for ends in own]
        begins: dict[date, Instant] = {}
        for piece in written:
            begins[piece.day] = min(piece.start, begins.get(piece.day, piece.start))
        edges = sorted({edge for piece in written for edge in piece[:2]})
        self.pieces: list[Piece] = []
        for start, end in pairwise(edges):
            near = [one for one in written if one.start <= start < one.end]
            if near:
                begun = (one.day + timedelta(days) for one in near for days in (0, 1, 2))
                day = max(day for day in begun if begins.get(day, end) <= start)
                self.pieces.append(Piece(start, end, day))
        self.days = sorted({piece.day for piece in self.pieces})

    def open_time(self, start: Instant, end: Instant) -> Duration:
        return sum(max(0, min(end, piece.end) - max(start, piece.start)) for piece in self.pieces)

    def opening(self, at: Instant) -> Instant:
        return next(max(at, piece.start) for piece in self.pieces if at < piece.end)

    def counted_from(self, start: Instant, cut_off: int | None) -> Instant:
        opening = self.opening(start)
        if cut_off is None:
            return opening
        day = self._day_of(opening)
        cut = self._at_minute(day, cut_off)
        if cut < self._first(day):
            cut = self._at_minute(day + timedelta(days=1), cut_off)
        return self._first(self._later(day, 1)) if start > cut else opening

    def after(self, opening: Instant, count: int, *, end_of_day: bool = False) -> Instant:
        if count == 0 and not end_of_day:
            return opening
        day = self._day_of(opening)
        last = self._later(day, count)
        if end_of_day:
            return max(piece.end for piece in self.pieces if piece.day == last)
        wall = moment(opening).astimezone(self.zone)
        at = self.shown(last + (wall.date() - day), wall.time())
        at = max(at, self._first(last))
        return at if any(piece.start < at <= piece.end for piece in self.pieces) else self.opening(at)

    def split(self, start: Instant, end: Instant) -> tuple[int, Duration]:
        opening, count = self.opening(start), 0
        if opening >= end:
            return 0, 0
        while not self.open_time(end, self.after(opening, count + 1)):
            count += 1
        return count, self.open_time(self.after(opening, count), end)

    def run(self, at: Instant, left: Duration) -> Instant:
        """When so much open time is over."""
        for piece in self.pieces:
            has = piece.end - max(at, piece.start)
            if has > 0 and left:
                if left <= has:
                    return max(at, piece.start) + left
                left -= has
        return at

    def due(self, start: Instant, within: WorkingDays, pauses: Sequence[Ends]) -> Instant | None:
        return due_by([self], [], start, within, pauses)

    def _day_of(self, at: Instant) -> date:
        return next(piece.day for piece in self.pieces if piece.start <= at < piece.end)

    def _later(self, day: date, count: int) -> date:
        return self.days[self.days.index(day) + count]

    def _first(self, day: date) -> Instant:
        return min(piece.start for piece in self.pieces if piece.day == day)

    def _ends(self, day: date, span: tuple[int, int]) -> Ends:
        opening, closing = span
        return self._at_minute(day, opening), self._at_minute(day, closing + 1440 * (closing <= opening))

    def _at_minute(self, day: date, minute: int) -> Instant:
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        return self.shown(wall.date(), wall.time())

    def shown(self, day: date, of_day: time) -> Instant:
        """When clocks first show a time of a day; where they skip it, by the offset before."""
        wall = datetime.combine(day, of_day, UTC)
        offsets = [
            found
            for days in (-2, -1, 0, 1, 2)
            if (found := (wall + timedelta(days=days)).astimezone(self.zone).utcoffset()) is not None
        ]
        tried = [wall - offset for offset in offsets]
        right = [at for at in tried if at.astimezone(self.zone).replace(tzinfo=UTC) == wall]
        return instant(min(right) if right else tried[0])

    def _day_shown(self, at: Instant) -> date:
        return moment(at).astimezone(self.zone).date()

    @staticmethod
    def _less(spans: Iterable[Ends], cuts: Iterable[Ends]) -> Iterable[Ends]:
        left = list(spans)
        for cut_from, cut_to in cuts:
            left = (
                [
                    ends
                    for start, end in left
                    for ends in ((start, min(end, cut_from)), (max(start, cut_to), end))
                    if ends[0] < ends[1]
                ]
                if cut_from < cut_to
                else left
            )
        return [ends for ends in left if ends[0] < ends[1]]


def due_by(
    calendars: Sequence[Days], changes: Sequence[Instant], start: Instant, within: WorkingDays, pauses: Sequence[Ends]
) -> Instant | None:
    """When it is due on a clock that goes over to the next calendar at each change: one stretch of the clock after the other."""
    left: tuple[int, Duration] | None = None
    at = start
    while True:
        place = sum(change <= at for change in changes)
        days, until = calendars[place], changes[place] if place < len(changes) else FOREVER
        begun = days.counted_from(at, within.cut_off if left is None else None)
        count, rest = (within.working_days, 0) if left is None else left
        stops, goes_on = until, until
        for pause, resumed in pauses:
            due = days.run(days.after(begun, count, end_of_day=within.end_of_day and left is None), rest)
            if resumed <= begun or pause >= due or pause >= until:
                continue
            if resumed == FOREVER:
                return None
            if resumed > until:
                stops, goes_on = pause, resumed
                break
            whole, open_time = days.split(max(pause, begun), resumed)
            count, rest = count + whole, rest + open_time
        due = days.run(days.after(begun, count, end_of_day=within.end_of_day and left is None), rest)
        if due <= stops:
            return due
        if stops > begun:
            left = days.split(stops, due)
        at = goes_on


def running(
    calendars: Sequence[Days | None], changes: Sequence[Instant], pauses: Sequence[Ends], start: Instant, end: Instant
) -> list[Ends]:
    """The time that a clock runs from start to end; None is a calendar that is always open."""
    found: list[Ends] = []
    for days, since, until in zip(calendars, (-FOREVER, *changes), (*changes, FOREVER), strict=True):
        spans = [(start, end)] if days is None else [(piece.start, piece.end) for piece in days.pieces]
        stretch = [(max(a, since, start), min(b, until, end)) for a, b in spans]
        found += [(a, b) for a, b in Days._less(stretch, pauses) if a < b]  # noqa: SLF001 - of this module
    return found
