"""Opening a partition: what was recovered of it becomes the state that events are folded into."""

from dataclasses import dataclass

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.names import BREACHES_TOPIC, FORWARDED_TOPIC
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

    def opened(self, partition: int, recovered: RecoveredPartition) -> Owned:
        """The partition with its state loaded; what topics lost of it is to be written again.

        Raises:
            QuarantineLimitError: too many leads of the partition cannot be judged.

        """
        state = PartitionState(self.rules, recovered.leads, self.team_labels, self.settings.lead_limits)
        owned = Owned(state, restoring=set(recovered.lost))
        with of_partition(partition, self.settings):
            state.load(recovered.notices, recovered.figures.by_window, notices_lost=BREACHES_TOPIC in recovered.lost)
            state.write_again(forwards=FORWARDED_TOPIC in recovered.lost)
        return owned
