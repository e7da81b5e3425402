"""Is a worker alive, and is it ready? Judged from what it was last seen doing; all times are seconds of one clock.

A worker is not alive when something waits, the broker answers, and nothing moves: a restart helps. While the broker is
away nothing can move, and a restart would not help, so that such a worker is alive.
"""

from typing import Final, NamedTuple

from streams.health.conditions import Kind
from streams.health.worker_health import Phase, WorkerHealth

SLOW_TO_FORM: Final = 120.0
"""Seconds that a group may take to divide the partitions, beside the patience: the dead have to be missed first."""


class Finding(NamedTuple):
    """An answer with the sentence that says why."""

    well: bool
    why: str


def liveness(health: WorkerHealth, now: float, patience: float) -> Finding:
    """Whether a restart would not help; `patience` is how long something may wait while nothing moves."""
    if silent := health.silence(now):
        return Finding(
            well=True,
            why=f"live: the broker has not answered for {silent:.0f} s; the worker waits, a restart would not help",
        )
    if health.conditions.stand(Kind.TOPIC_MISSING):
        return Finding(well=True, why=f"live: {health.conditions.sentence}; a restart would not help")
    if health.phase in {Phase.JOINING, Phase.LOADING}:
        return _getting_ready(health, now, patience)
    if (stalled := health.stalled_for(min(health.in_hand.values(), default=None), now) or 0) > patience:
        return Finding(well=False, why=f"not live: one batch has been in hand for {stalled:.0f} s")
    for partition, progress in sorted(health.partitions.items()):
        if (stalled := health.stalled_for(progress.stalled_since(), now) or 0) > patience:
            what = f"{sum(progress.lag.values())} records wait" if any(progress.lag.values()) else "deadlines are due"
            why = f"not live: partition {partition} has stood still for {stalled:.0f} s while {what}"
            return Finding(well=False, why=why)
    return Finding(well=True, why=f"live: {_doing(health)}")


def readiness(health: WorkerHealth, now: float) -> Finding:
    """Whether all owned partitions are loaded and served; a worker that owns none stands by, and is ready too."""
    if health.phase is Phase.STOPPING:
        return Finding(well=False, why=f"not ready: {_doing(health)}")
    if silent := health.silence(now):
        return Finding(
            well=False, why=f"not ready: the broker has not answered for {silent:.0f} s; nothing is lost, time stands"
        )
    if sentence := health.conditions.sentence:
        return Finding(well=False, why=f"not ready: {sentence}")
    if health.phase is not Phase.SERVING:
        return Finding(well=False, why=f"not ready: {_doing(health)}")
    return Finding(well=True, why=f"ready: {_doing(health)}")


def _getting_ready(health: WorkerHealth, now: float, patience: float) -> Finding:
    stalled = health.stalled_for(health.progressed_at, now) or 0
    limit = patience + (SLOW_TO_FORM if health.phase is Phase.JOINING else 0)
    if stalled > limit:
        return Finding(well=False, why=f"not live: {_doing(health)}, for {stalled:.0f} s without getting on")
    return Finding(well=True, why=f"live: {_doing(health)}")


def _doing(health: WorkerHealth) -> str:
    if health.phase is Phase.LOADING and health.to_read:
        return f"loading partitions, {health.read} of about {health.to_read} records read"
    if health.phase is Phase.SERVING:
        count = len(health.partitions)
        waiting = sum(sum(progress.lag.values()) for progress in health.partitions.values())
        behind = f", {waiting} records wait" if waiting else ""
        return f"serving {count} partition{'' if count == 1 else 's'}{behind}" if count else "standing by, no partition"
    return str(health.phase.value)
