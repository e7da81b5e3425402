"""The whole of one agreement, by the records of all partitions: what its owner knows, and what is to stand of it.

Pure: time is an argument. What is to stand is a function of the last record of each window and partition, and of now, whatever
came in which order and however often. Only the content of an agreement event that was to stand once is kept from then on.
"""

from typing import Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.period_records import read_record, window_of
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import Instant
from sla_rules.names import PERIODS_TOPIC
from sla_rules.whole_agreement.encoding import withdrawn_record
from sla_rules.whole_agreement.standing_records import StandingRecords
from sla_rules.whole_agreement.whole import NOTHING_KNOWN, WholeAgreement
from sla_rules.whole_agreement.whole_figures import WholeFigures


class AgreementState:
    """Takes records of `sla-periods`, and says which of `sla-agreements` follow.

    Of an agreement that no file says any more nothing follows but that its record is marked as withdrawn.
    """

    def __init__(self, rules: RuleBook, agreement: str, partitions: int) -> None:
        self._key: Final = agreement.encode()
        self._prefix: Final = b"%s/" % self._key
        self._records = StandingRecords(agreement)
        self._figures = WholeFigures(rules, agreement, partitions) if agreement in rules.versions else None

    def take(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Take in what a partition says of a window; None for what it says no more. Other agreements' are ignored.

        Raises:
            UnknownFormatError: the record is none of ours.

        """
        if not key.startswith(self._prefix):
            return
        window, of = window_of(key)
        said, figures = (window, None) if value is None else read_record(value)
        if (said, of) != (window, partition):
            message = f"{PERIODS_TOPIC} holds a record that is none of ours: {key.decode()!r} says something else"
            raise UnknownFormatError(message)
        if self._figures is not None:
            self._figures.put(partition, window, figures)

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
        if self._figures is not None:
            self._figures.work_out(now, self._records)
        elif (value := self._records.standing(self._key)) is not None:
            self._records.want(self._key, withdrawn_record(self._key, value))
        return self._records.differing

    def next_due(self) -> Instant | None:
        """When time alone next changes something; None if never."""
        return None if self._figures is None else self._figures.next_due()

    @property
    def whole(self) -> WholeAgreement:
        """All of it, as of when the changes were last asked for."""
        return NOTHING_KNOWN if self._figures is None else self._figures.whole
