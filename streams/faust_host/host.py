"""What the two sides of a worker need of each other: Faust's services of its parts, and the parts of the group's member."""

from typing import Protocol

from faust.types import TP

from streams.faust_host.flow import SteadyFlow
from streams.kafka.end_offsets import EndOffsets
from streams.pipeline.handover import Handover
from streams.pipeline.intake import Intake
from streams.pipeline.timekeeper import Timekeeper
from streams.settings import Settings


class Host(Protocol):
    """What transport and store need of the worker that they are in."""

    @property
    def settings(self) -> Settings:
        """What ops have set."""

    @property
    def end_offsets(self) -> EndOffsets:
        """Says where topics begin."""

    @property
    def timekeeper(self) -> Timekeeper:
        """Says which ticks are due."""

    @property
    def intake(self) -> Intake:
        """Keeps account of what is handed over."""

    @property
    def handover(self) -> Handover:
        """Is told which partitions come and go."""


class Member(Protocol):
    """What the parts of a worker need of it as a member of the group."""

    @property
    def flow_control(self) -> SteadyFlow:
        """What lets messages into the agent's queue."""

    def generation(self) -> int:
        """The generation of the group that the partitions owned now are of."""

    def reached(self, tp: TP) -> int | None:
        """Offset up to which all of a partition of a topic is folded; None before anything of it was fetched."""

    async def begin_of(self, tp: TP) -> int:
        """Where a partition of a topic begins now."""

    async def read_from(self, tp: TP, offset: int) -> None:
        """Go on reading a partition of a topic elsewhere."""

    async def join_again(self) -> None:
        """Have the group divide its partitions again."""

    async def crash(self, reason: BaseException) -> None:
        """End the worker, whatever it is at."""
