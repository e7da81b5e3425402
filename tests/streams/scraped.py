"""What a scrape at an instant would say of the agreements and of one partition."""

from collections.abc import Iterable

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.instants import Instant
from streams.monitoring.exposed_kinds import Sample
from streams.monitoring.exposition import Outline, outline, owed, snapshot, windows
from streams.partitions.ownership import Owned


def outlines(rules: RuleBook, now: Instant) -> list[Outline]:
    """Of every version in force."""
    return [outline(version, rules, now) for version in rules.in_force(now)]


def targets(of: Iterable[Outline]) -> list[Sample]:
    """What was agreed."""
    return [sample for one in of for sample in one.targets]


def series(state: PartitionState, now: Instant, partition: int = 0, teams: TeamLabels | None = None) -> list[Sample]:
    """What was agreed, what happened in the current windows and what is owed now."""
    known = outlines(state.rules, now)
    seen = snapshot(Owned(state), partition, known, TeamLabels() if teams is None else teams)
    return [*targets(known), *windows(known, seen), *owed(known, seen)]
