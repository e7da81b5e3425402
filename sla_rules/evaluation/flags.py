"""Flags: signs that an attempt may have been logged for the figures. They are counted, and judge nothing.

Only attempts that count are looked at, and of those only what a person made and went out to the lead:

- bulk: one of several by one rep on the lead within seconds. It goes by when they happened, since CRMs send in batches.
- backdated: it happened by the deadline, as it says, and arrived long after it; no sooner than a call can be logged,
  which is when it is over. Where the hand-off itself arrived after the deadline, history was loaded, and nothing is; and
  nothing is that happened before the service listened.
- zero seconds: it says that it lasted no time at all.
- outside hours: it happened outside the working hours of the team that had the lead then.

All of it follows from the facts of one lead, so that flags add up over leads and partitions like any other figure. What
a rep logs on many leads at once is therefore not seen (decision 44).
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from sla_rules.agreement.deadlines import FollowUp
from sla_rules.agreement.flags import FLAGS, Bulk, Flag
from sla_rules.evaluation.assessment import CycleEvaluation
from sla_rules.evaluation.contributions import FlaggedAttempts
from sla_rules.evaluation.qualifying import counted as all_counted
from sla_rules.evaluation.tallies import Counting
from sla_rules.instants import Duration, Instant
from sla_rules.lead.counted_arrival import counted_arrival
from sla_rules.lead.facts import Attempted
from sla_rules.names import NO_TEAM
from sla_rules.time.intervals import FOREVER

FLAGGED: Final = "flagged"
"""The figure of all attempts with a flag; those by flag and team have it in front (`figure_of`)."""
BULK, BACKDATED, ZERO_SECONDS, OUTSIDE_HOURS = 1, 2, 4, 8
"""Flags of one attempt as bits, in the order of `FLAGS`. They are in states: none ever means another."""
_ALL: Final = BULK | BACKDATED | ZERO_SECONDS | OUTSIDE_HOURS


def figure_of(flag: Flag, team: str) -> str:
    """The name of the figure of one flag and team."""
    return f"{FLAGGED}:{flag}:{team}"


def of_figure(name: str) -> tuple[Flag, str] | None:
    """The flag and the team that a figure counts; None of a figure of something else."""
    figure, _, rest = name.partition(":")
    flag, _, team = rest.partition(":")
    return (flag, team) if figure == FLAGGED and flag in FLAGS else None


@lru_cache(maxsize=16)
def flags_in(bits: int) -> tuple[Flag, ...]:
    """The flags that bits stand for."""
    return tuple(flag for place, flag in enumerate(FLAGS) if bits >> place & 1)


def on_follow_up(
    evaluation: CycleEvaluation, terms: FollowUp, attempt: Attempted, deadline: Instant | None
) -> tuple[FlaggedAttempts, ...]:
    """What is flagged of the attempt that a follow-up was: the first that counts."""
    counted: Sequence[Attempted] = [attempt]
    if _may_be_bulk(evaluation.cycle.attempts, evaluation.term.agreement.flags.bulk):
        counted = all_counted(evaluation.cycle, terms)
    found = by_place(evaluation, counted, deadline, most=1)
    return _added_up(evaluation, counted, found) if found else ()


def on_attempts(
    evaluation: CycleEvaluation, counted: Sequence[Attempted], deadline: Instant | None
) -> tuple[FlaggedAttempts, ...]:
    """What is flagged of the attempts that count, in order."""
    found = by_place(evaluation, counted, deadline)
    return _added_up(evaluation, counted, found) if found else ()


def by_place(
    evaluation: CycleEvaluation, counted: Sequence[Attempted], deadline: Instant | None, most: int | None = None
) -> dict[int, int]:
    """The bits of the attempts that count, or of the first `most` of them, by their places; most have none."""
    found: dict[int, int] = {}
    term, cycle, segment = evaluation.term, evaluation.cycle, evaluation.segment
    limits = term.agreement.flags
    asked_for = _ALL if limits.counted is FLAGS else _bits_of(limits.counted)
    if not counted or not asked_for:
        return found
    bulk = _bulk(counted, limits.bulk) if _may_be_bulk(counted, limits.bulk) else ()
    late = FOREVER if deadline is None or cycle.arrival > deadline else deadline + limits.backdated_by
    calendar = term.calendar_of(segment, cycle.owners[0].team)
    has_one_owner = len(cycle.owners) == 1
    for place, attempt in enumerate(counted if most is None else counted[:most]):
        if attempt.automated or attempt.inbound:
            continue
        if not has_one_owner:
            calendar = term.calendar_of(segment, cycle.owner_at(attempt.time).team)
        bits = OUTSIDE_HOURS if asked_for & OUTSIDE_HOURS and not calendar.is_open(attempt.time) else 0
        if attempt.duration == 0:
            bits |= ZERO_SECONDS
        if counted_arrival(attempt, term.listening_since) > late and _is_backdated(attempt, late, limits.backdated_by):
            bits |= BACKDATED
        if place in bulk:
            bits |= BULK
        if bits := bits & asked_for:
            found[place] = bits
    return found


def count(flagged: Sequence[FlaggedAttempts], by: int, counting: Counting) -> None:
    """Count flagged attempts, `by` times."""
    for team, bits, attempts in flagged:
        for name in _figures_of(team, bits):
            counting[name] += by * attempts


def _added_up(
    evaluation: CycleEvaluation, counted: Sequence[Attempted], found: dict[int, int]
) -> tuple[FlaggedAttempts, ...]:
    """Attempts of the same team with the same flags together, in the order of the first of each."""
    owners = evaluation.cycle.owners
    alike: dict[tuple[str | None, int], int] = {}
    for place, bits in found.items():
        owner = owners[0] if len(owners) == 1 else evaluation.cycle.owner_at(counted[place].time)
        group = owner.team, bits
        alike[group] = alike.get(group, 0) + 1
    return tuple([(team, bits, attempts) for (team, bits), attempts in alike.items()])


@lru_cache(maxsize=10_000)
def _figures_of(team: str | None, bits: int) -> tuple[str, ...]:
    return FLAGGED, *(figure_of(flag, NO_TEAM if team is None else team) for flag in flags_in(bits))


@lru_cache(maxsize=100)
def _bits_of(flags: Sequence[Flag]) -> int:
    return sum(1 << place for place, flag in enumerate(FLAGS) if flag in flags)


def _is_backdated(attempt: Attempted, late: Instant, by: Duration) -> bool:
    """Whether an attempt that arrived late says that it happened in time, and was not merely long."""
    return attempt.time + by <= late and attempt.arrival - (attempt.time + (attempt.duration or 0)) > by


def _may_be_bulk(attempts: Sequence[Attempted], bulk: Bulk) -> bool:
    """Whether any of the attempts, whoever made them, lie so close together: nearly none ever do."""
    farther = bulk.attempts - 1
    for place in range(farther, len(attempts)):
        if attempts[place].time - attempts[place - farther].time <= bulk.within:
            return True
    return False


def _bulk(counted: Sequence[Attempted], bulk: Bulk) -> set[int]:
    """The places of the attempts that are some of too many by one rep within too short a time."""
    by_rep: defaultdict[str | None, list[int]] = defaultdict(list)
    for place, attempt in enumerate(counted):
        if not (attempt.automated or attempt.inbound):
            by_rep[attempt.rep].append(place)
    found: set[int] = set()
    for places in by_rep.values():
        for first, last in zip(places, places[bulk.attempts - 1 :], strict=False):
            if counted[last].time - counted[first].time <= bulk.within:
                found.update(place for place in places if first <= place <= last)
    return found
