"""Stops the worker before anything of a batch is written or dead-lettered that crosses a limit on rejections."""

from streams.dead_letters.limits import Limits, RejectionLimitError, Rejections
from streams.dead_letters.lookback import records_before
from streams.partitions.ownership import Owned
from streams.pipeline.batches import Batch
from streams.pipeline.decode import Decoded, Decoder
from streams.settings import Settings


class RejectionGuard:
    """Watches a partition from its first rejection on.

    What came before is read again, so that a worker that is restarted over and over does not dead-letter a limit's worth
    each time.
    """

    def __init__(self, settings: Settings, decoder: Decoder) -> None:
        self._settings = settings
        self._decoder = decoder
        self._limits = Limits.of(settings)

    async def check(self, owned: Owned, batch: Batch, decoded: Decoded) -> None:
        """Count what became of a batch.

        Raises:
            RejectionLimitError: more of it would have to be dead-lettered than is allowed.

        """
        if not self._limits.lookback:
            return
        rejections = owned.rejections.get(batch.topic)
        if rejections is None:
            if not decoded.rejected:
                return
            rejections = owned.rejections[batch.topic] = Rejections(self._limits)
            await self._look_back(owned, batch, rejections)
        reasons = decoded.reason_by_offset()
        for record in batch.records:
            crossed = rejections.take(record.offset, reasons.get(record.offset))
            if crossed:
                raise RejectionLimitError(_stopped(batch, crossed))

    async def _look_back(self, owned: Owned, batch: Batch, rejections: Rejections) -> None:
        first, lookback = batch.records[0].offset, self._limits.lookback
        async for records in records_before(self._settings, batch.topic, batch.partition, first, lookback):
            again = self._decoder.decode(records, owned.state).reason_by_offset()
            for record in records:
                rejections.take(record.offset, again.get(record.offset))


def _stopped(batch: Batch, crossed: str) -> str:
    topic, partition = batch.topic, batch.partition
    return (
        f"{topic}, partition {partition}: {crossed}. Nothing from offset {batch.records[0].offset} on has been "
        "dead-lettered or acknowledged; a restart reads it again. Fix the sender or the release, or raise or unset the limit "
        f"to dead-letter the records; `leadsla deadletter list --topic {topic} --partition {partition}` shows those "
        "dead-lettered before"
    )
