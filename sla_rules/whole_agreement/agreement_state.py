"""The whole of one agreement, by the records of all partitions: what its owner knows, and what is to stand of it."""

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.period_records import read_record
from sla_rules.instants import Instant
from sla_rules.whole_agreement.standing_records import StandingRecords
from sla_rules.whole_agreement.whole import WholeAgreement


class AgreementState:
    """Takes records of `sla-periods` in any order and however often, and says which of `sla-agreements` follow.

    Pure: time is an argument, and the same knowledge gives the same bytes.
    """

    def __init__(self, rules: RuleBook, agreement: str, partitions: int) -> None:
        self._rules, self._agreement, self._partitions = rules, agreement, partitions
        self._records = StandingRecords(agreement)

    def take(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take in what a partition says of a window; None for what it says no more. Other agreements' are ignored.

        Raises:
            UnknownFormatError: the record is none of ours.

        """
        del partition, key
        if value is not None:
            read_record(value)

    def read_back(self, key: bytes, value: bytes | None) -> None:
        """Take in a record of `sla-agreements` as it stands; of a key the last counts. Other agreements' are ignored.

        Raises:
            UnknownFormatError: the record is none of ours.

        """
        self._records.read_back(key, value)

    def changes(self, now: Instant) -> dict[bytes, bytes]:
        """The records, by key, that are to stand by what is known at `now`, and do not yet stand so.

        They count as standing once they are read back.
        """
        del now
        return self._records.differing

    def next_due(self) -> Instant | None:
        """When time alone next changes something; None if never."""
        return None

    @property
    def whole(self) -> WholeAgreement:
        """All of it, as of when the changes were last asked for."""
        return WholeAgreement(agreement=None, periods=(), ledger=(), events=(), ignored=0)
