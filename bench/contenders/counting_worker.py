"""`leadsla worker` with a count in place of decoding and folding; transport, delivery and all else are as they are."""

import sys
from typing import Any
from unittest.mock import patch

from bench.contenders.counting import CountJob
from leadsla.main import run
from sla_rules.engine.changes import Changes
from streams.partitions.ownership import Owned
from streams.pipeline.batches import Batch
from streams.pipeline.decode import Decoded
from streams.pipeline.folder import Folder
from streams.pipeline.output import OutputBatch, output_of


class Counting(Folder):
    """Events are counted and not looked into."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._job = CountJob()

    async def batch(self, owned: Owned, batch: Batch) -> OutputBatch:
        """Count the records of a batch."""
        changes = Changes(states=self._job.fold(batch.partition, batch.records))
        return output_of(owned, batch.partition, changes, Decoded(), self.clock(), batch.topic)


if __name__ == "__main__":
    sys.argv = ["leadsla", "worker"]
    with patch("streams.faust_host.parts.Folder", Counting):
        run()
