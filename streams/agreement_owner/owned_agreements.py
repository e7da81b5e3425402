"""The agreements that are owned here, by the partitions of their ids, and whose record is whose."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from aiokafka import ConsumerRecord, TopicPartition
from structlog import get_logger

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.period_records import read_record
from sla_rules.formats import UnknownFormatError
from sla_rules.names import AGREEMENTS_TOPIC, PERIODS_TOPIC
from sla_rules.whole_agreement.agreement_state import AgreementState
from sla_rules.whole_agreement.whole import WholeAgreement
from streams.agreement_owner.damaged_records import DamagedRecords
from streams.agreement_owner.owned_agreement import OwnedAgreement
from streams.agreement_owner.tail import Found
from streams.kafka.partitioning import partition_of

log = get_logger("leadsla")

NewState = Callable[[RuleBook, str, int], AgreementState]
"""The state of an agreement of which nothing is known yet."""


class ShownAgreement(NamedTuple):
    """An agreement as it may be shown: whether all is known of it, and what that comes to."""

    name: str
    is_ready: bool
    whole: WholeAgreement


def agreement_of(key: bytes | None) -> str:
    """Whose a record is: the first part of its key; nobody's where there is none."""
    return (key or b"").partition(b"/")[0].decode(errors="replace")


class OwnedAgreements:
    """Those of the files, and those that are in no file any more and of which something stands.

    A fault of the rules stops the agreement that it meets, and says so in `faults`.
    """

    def __init__(self, rules: RuleBook, partitions: int, new_state: NewState = AgreementState) -> None:
        self.by_name: dict[str, OwnedAgreement] = {}
        self.damaged: Final = DamagedRecords()
        self.faults: dict[str, str] = {}
        self._rules = rules
        self._partitions = partitions
        self._new_state = new_state
        self._places: frozenset[int] = frozenset()

    def take_over(self, places: Collection[int]) -> bool:
        """Own the agreements of these partitions and no others; whether there are any whose figures have not been read."""
        self._places = frozenset(places)
        self.by_name = {name: one for name, one in self.by_name.items() if one.place in self._places}
        self.faults = {name: why for name, why in self.faults.items() if name in self.by_name}
        came = [name for name in self._rules.versions if name not in self.by_name and self.place(name) in self._places]
        for name in came:
            self._own(name)
        self.damaged.keep_only_of(self.by_name)
        return bool(came)

    def begin_again(self) -> None:
        """All is read from its beginning: nothing stands, and nothing is damaged, that is not found there."""
        self.damaged.keep_only(set())
        for one in self.by_name.values():
            one.lose_standing()

    @property
    def of_the_files(self) -> list[OwnedAgreement]:
        """Those that are agreed now."""
        return [one for name, one in sorted(self.by_name.items()) if name in self._rules.versions]

    @property
    def spots(self) -> list[TopicPartition]:
        """What there is to read: where records of ours stand, and all figures if there is an agreement to have them."""
        figures = range(self._partitions) if self.of_the_files else ()
        return [
            *(TopicPartition(AGREEMENTS_TOPIC, place) for place in sorted(self._places)),
            *(TopicPartition(PERIODS_TOPIC, partition) for partition in figures),
        ]

    def place(self, name: str) -> int:
        """The partition that the records of an agreement lie on."""
        return partition_of(name.encode(), self._partitions)

    def wants(self, record: ConsumerRecord) -> bool:
        """Whether a record is of an agreement that is owned here, or of none that anybody owns."""
        name = agreement_of(record.key)
        return record.topic == AGREEMENTS_TOPIC or name in self.by_name or name not in self._rules.versions

    def is_stopped(self, name: str) -> bool:
        """Whether nothing may be decided of an agreement until somebody acts."""
        return name in self.faults or self.damaged.stop(name)

    def take(self, record: Found) -> None:
        """Take in a record; one that is damaged is noted, until there is a readable one under its key."""
        name = agreement_of(record.key)
        with self.on_its_own(name):
            try:
                if record.spot.topic == PERIODS_TOPIC:
                    self._take_figures(name, record)
                else:
                    self._take_standing(name, record)
            except UnknownFormatError as wrong:
                self.damaged.note(record, name if name in self.by_name else None, str(wrong))
            else:
                self.damaged.mend(record)

    @contextmanager
    def on_its_own(self, name: str) -> Iterator[None]:
        """Where the rules fail on an agreement, it stands still, and all else goes on."""
        try:
            yield
        except Exception as fault:
            log.exception("the rules fail on an agreement", agreement=name)
            self.faults[name] = f"the rules fail on agreement {name}, and nothing more is decided of it: {fault!r}"

    def lose_standing(self, place: int) -> None:
        """A partition of `sla-agreements` does not hold any more what was written to it."""
        for one in self.by_name.values():
            if one.place == place:
                one.lose_standing()

    def _take_figures(self, name: str, record: Found) -> None:
        if (owned := self.by_name.get(name)) is not None:
            owned.take_figures(record)
        elif record.value is not None and name not in self._rules.versions:
            read_record(record.value)  # of an agreement that is no more

    def _take_standing(self, name: str, record: Found) -> None:
        if self.place(name) != record.spot.partition:
            if record.value is not None:
                message = f"{AGREEMENTS_TOPIC} holds a record that lies where none of ours does"
                raise UnknownFormatError(message)
        elif name in self.by_name:
            self.by_name[name].take_standing(record)
        elif record.value is not None:
            self._own(name).take_standing(record)

    def _own(self, name: str) -> OwnedAgreement:
        owned = self.by_name[name] = OwnedAgreement(
            name, self.place(name), self._new_state(self._rules, name, self._partitions)
        )
        return owned
