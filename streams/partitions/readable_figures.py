"""The figures that a partition's owners published, though somebody else has written what is none of theirs among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aiokafka import ConsumerRecord
from structlog import get_logger

from sla_rules.figures.period_records import read_record, window_of
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.formats import UnknownFormatError
from sla_rules.names import PERIODS_TOPIC
from streams.partitions.offset_tracker import ForeignWrite
from streams.partitions.up_to_end import read_up_to_end
from streams.settings import Settings

log = get_logger("leadsla")


class ReadableFigures(NamedTuple):
    """Figures by window, the last that can be read of each, and what lies over some of them: it is to be written over."""

    by_window: dict[WindowKey, Figures]
    foreign_writes: Sequence[ForeignWrite] = ()


async def readable_figures(settings: Settings, partition: int, values: Mapping[bytes, bytes]) -> ReadableFigures:
    """The figures of a partition by the last values of its keys; where one cannot be read, by those before it.

    Raises:
        aiokafka.errors.KafkaError: no broker answers.

    """
    try:
        return ReadableFigures(dict(map(read_record, values.values())))
    except UnknownFormatError:
        log.warning("records are none of ours: going by those before them", topic=PERIODS_TOPIC, partition=partition)
    last = _LastReadable()
    await read_up_to_end(settings, PERIODS_TOPIC, [partition], last.take, lambda _read, _of: None)
    return ReadableFigures(last.by_window, tuple(last.damaged.values()))


@dataclass(slots=True)
class _LastReadable:
    by_window: dict[WindowKey, Figures] = field(default_factory=dict)
    damaged: dict[bytes, ForeignWrite] = field(default_factory=dict)

    def take(self, _partition: int, records: Sequence[ConsumerRecord]) -> None:
        for one in records:
            try:
                if one.value is None:
                    self.by_window.pop(window_of(one.key or b"")[0], None)
                else:
                    window, figures = read_record(one.value)
                    self.by_window[window] = figures
            except UnknownFormatError:
                self.damaged[one.key] = ForeignWrite(PERIODS_TOPIC, one.offset, one.offset + 1)
            else:
                self.damaged.pop(one.key, None)
