"""`leadsla worker` with a count in place of decoding and folding; transport, delivery and all else are as they are."""

import sys
from dataclasses import dataclass, field
from unittest.mock import patch

from bench.contenders.counting import CountJob
from leadsla.main import run
from sla_rules.engine.partition import Changes
from streams.batches import Batch
from streams.decode import Decoded
from streams.delivery import Parcel
from streams.folding import Folding
from streams.ownership import Owned


@dataclass
class Counting(Folding):
    """The agent's one door, behind which events are counted and not looked into."""

    job: CountJob = field(default_factory=CountJob)

    async def _batch(self, owned: Owned, batch: Batch) -> Parcel:
        changes = Changes(states=self.job.fold(batch.partition, batch.records))
        return self._parcel(owned, batch.partition, changes, Decoded())


if __name__ == "__main__":
    sys.argv = ["leadsla", "worker"]
    with patch("streams.app.Folding", Counting):
        run()
