"""What may be committed: only what is covered, without a hole, by spans that were folded and delivered.

Accounting by construction. Whatever lies between the fetcher and the agent may skip what it likes: what the agent makes
durable joins end to beginning from the committed position on, or it is not committed. A span that does not join shows
a hole. Where the broker has deleted what lies in it, it is said, counted and passed; any other is never passed.

Spans of a former run are of what will be read again, or has been; they count for nothing.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from faust.types import TP

from streams.reading.records import Span


class Hole(NamedTuple):
    """Offsets of a partition of a topic, from `begin` to before `end`, that were asked for and never came."""

    tp: TP
    begin: int
    end: int

    @property
    def offsets(self) -> str:
        """The offsets in words."""
        last = self.end - 1
        return f"offset {self.begin}" if last == self.begin else f"offsets {self.begin} to {last}"


class UnaccountedError(Exception):
    """Records were asked for and never came to be folded. Nothing of theirs is committed; a restart reads them again."""

    def __init__(self, hole: Hole) -> None:
        self.hole: Final = hole
        topic, partition = hole.tp
        super().__init__(
            f"{topic}, partition {partition}: {hole.offsets} never came to be folded; nothing from offset {hole.begin} on "
            "is committed, a restart reads it again"
        )


@dataclass(slots=True)
class _Track:
    """One partition of a topic: all from the committed position `base` to before `end` is durable, or was passed."""

    run: int
    base: int
    end: int
    given: int


@dataclass(slots=True)
class Coverage:
    """Keeps account of the partitions of one assignment, each from the time on that its committed position is known."""

    _tracks: dict[TP, _Track] = field(default_factory=dict)

    def __contains__(self, tp: TP) -> bool:
        """Whether account is kept of a partition."""
        return tp in self._tracks

    def start(self, tp: TP, committed: int, run: int) -> None:
        """Reading begins, or begins again, in a run at the committed position."""
        self._tracks[tp] = _Track(run, committed, committed, committed)

    def forget(self, tps: set[TP]) -> None:
        """Drop partitions: what was read of them and is not committed is read again by whoever owns them next."""
        for tp in tps:
            self._tracks.pop(tp, None)

    def is_current(self, tp: TP, span: Span) -> bool:
        """Whether a span is of the run that account is kept of, or a later one."""
        track = self._tracks.get(tp)
        return track is not None and span.run >= track.run

    def hole_before(self, tp: TP, span: Span) -> Hole | None:
        """What is missing between all that is durable and a current span that is about to be folded."""
        end = self._tracks[tp].end
        return Hole(tp, end, span.begin) if span.begin > end else None

    def begins_again(self, tp: TP, span: Span) -> bool:
        """Whether a log begins below what was committed of it: it was deleted and created again, or cut off."""
        return span.begin < self._tracks[tp].base

    def take(self, tp: TP, span: Span) -> None:
        """A current span is about to be folded. Whatever was missing before it has been passed."""
        track = self._tracks[tp]
        track.run = span.run
        if span.begin > track.end:
            track.end = span.begin
        elif span.begin < track.base:
            track.base = track.end = track.given = span.begin

    def done(self, tp: TP, span: Span) -> None:
        """All that follows from a span is durable, also where reading has begun somewhere else meanwhile."""
        track = self._tracks.get(tp)
        if track is not None and span.begin <= track.end:
            track.end = max(track.end, span.end)

    def reached(self, tp: TP) -> int | None:
        """Up to where all is durable; None where no account is kept."""
        track = self._tracks.get(tp)
        return None if track is None else track.end

    def committable(self) -> list[TP]:
        """The partitions that more of may be committed than is."""
        return [tp for tp, track in self._tracks.items() if track.end > track.given]

    def take_offset(self, tp: TP) -> int | None:
        """The offset to commit, once; None where there is nothing new."""
        track = self._tracks.get(tp)
        if track is None or track.end <= track.given:
            return None
        track.given = track.end
        return track.end
