"""Opening a partition: what was recovered of it becomes the state that events are folded into."""

from dataclasses import dataclass

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.ahead import TOLERATED
from sla_rules.engine.partition import PartitionState
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.names import BREACHES_TOPIC, CLOCKS_TOPIC, FORWARDED_TOPIC
from streams.clock import Clock
from streams.partitions.ownership import Owned
from streams.partitions.recovery import RecoveredPartition
from streams.pipeline.quarantine_limit import of_partition
from streams.settings import Settings


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens partitions by the rules in force."""

    settings: Settings
    rules: RuleBook
    team_labels: TeamLabels
    clock: Clock

    def opened(self, partition: int, recovered: RecoveredPartition) -> Owned:
        """The partition with its state loaded; what topics lost of it is to be written again.

        Raises:
            QuarantineLimitError: too many leads of the partition cannot be judged.

        """
        settings, lost = self.settings, recovered.lost
        state = PartitionState(
            self.rules, recovered.leads, self.team_labels, settings.lead_limits, clocks=settings.clocks
        )
        owned = Owned(state, restoring=set(lost))
        with of_partition(partition, settings):
            state.load(
                recovered.notices,
                recovered.figures.by_window,
                notices_lost=BREACHES_TOPIC in lost,
                clocks=recovered.clocks if CLOCKS_TOPIC in lost else None,
                taken_over_at=self.clock() + TOLERATED if recovered.ends.get(CLOCKS_TOPIC) else None,
            )
            state.write_again(forwards=FORWARDED_TOPIC in lost)
        return owned
