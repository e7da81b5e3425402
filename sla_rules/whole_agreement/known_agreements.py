"""What stands of agreements in `sla-agreements`, read back by the last record of each key, for whoever shows it."""

from typing import NamedTuple

import msgspec
from msgspec import Struct

from sla_rules.agreement.judged_intervals import INTERVALS
from sla_rules.formats import DAMAGED, UnknownFormatError
from sla_rules.instants import Instant
from sla_rules.names import AGREEMENTS_TOPIC
from sla_rules.reports.json_reading import read_result
from sla_rules.whole_agreement.record_schema import DATA
from sla_rules.whole_agreement.records import AgreementData, LedgerData, PeriodData
from sla_rules.whole_agreement.standing_records import opened


class KnownAgreement(NamedTuple):
    """What stands of one agreement, and on which partition; periods and rows by obligation, the earliest first."""

    partition: int
    data: AgreementData
    periods: tuple[PeriodData, ...]
    ledger: tuple[LedgerData, ...]


class KnownAgreements:
    """Takes records in the order in which they were written; of a key the last counts."""

    def __init__(self) -> None:
        self._found: dict[str, dict[bytes, tuple[int, Struct]]] = {}

    def take(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take in a record of a partition; None for one that was taken away.

        Raises:
            UnknownFormatError: it is none of ours.

        """
        if value is None:
            for standing in self._found.values():
                standing.pop(key, None)
        else:
            agreement, data = _read(key, value)
            self._found.setdefault(agreement, {})[key] = partition, data

    def __len__(self) -> int:
        """How many records stand."""
        return sum(map(len, self._found.values()))

    def by_name(self) -> dict[str, KnownAgreement]:
        """The agreements of which it is known how they stand, by name."""
        found = {}
        for name, standing in sorted(self._found.items()):
            partition, data = standing.get(name.encode(), (0, None))
            if isinstance(data, AgreementData):
                said = [one for _, one in standing.values()]
                found[name] = KnownAgreement(partition, data, _periods(said), _rows(said))
        return found


def _periods(said: list[Struct]) -> tuple[PeriodData, ...]:
    """Those that are decided: one that is not any more says so in its record."""
    found = [one for one in said if isinstance(one, PeriodData) and one.goal.published is not None]
    return tuple(sorted(found, key=_place))


def _place(one: PeriodData) -> tuple[str, int, Instant]:
    return one.goal.obligation, INTERVALS.index(one.goal.period.interval), one.goal.period.start


def _rows(said: list[Struct]) -> tuple[LedgerData, ...]:
    found = [one for one in said if isinstance(one, LedgerData)]
    return tuple(sorted(found, key=lambda one: (one.obligation, one.row.period.end)))


def _read(key: bytes, value: bytes) -> tuple[str, Struct]:
    record = opened(key, value)
    try:
        return record.subject, read_result(DATA[record.type], msgspec.json.decode(record.data))
    except (*DAMAGED, ValueError) as broken:
        message = f"{AGREEMENTS_TOPIC} holds a record that is none of ours: {broken}"
        raise UnknownFormatError(message) from None
