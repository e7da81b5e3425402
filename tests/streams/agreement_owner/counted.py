"""An agreement of which stands how many figures each partition has published: enough to see who writes what, and when."""

import msgspec

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import Instant
from sla_rules.whole_agreement.agreement_state import AgreementState
from sla_rules.whole_agreement.whole import NOTHING_KNOWN, WholeAgreement


class Counted(AgreementState):
    """The key `name` has how many figures there are, `name/0` those of partition 0. What is no number is damaged."""

    def __init__(self, rules: RuleBook, agreement: str, partitions: int) -> None:
        super().__init__(rules, agreement, partitions)
        self.name, self.is_known = agreement, agreement in rules.versions
        self.figures: dict[bytes, tuple[int, int]] = {}
        self.standing: dict[bytes, bytes] = {}
        self.due: Instant | None = None
        self.has_failed = False

    def take(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Count a record; a fault where it says so."""
        if value == b"fault":
            self.has_failed, message = True, "a fault in the rules"
            raise ZeroDivisionError(message)
        if value is None:
            self.figures.pop(key, None)
        else:
            self.figures[key] = partition, _read(value)

    def read_back(self, key: bytes, value: bytes | None) -> None:
        """Take a record as it stands."""
        if value is None:
            self.standing.pop(key, None)
        else:
            _read(value)
            self.standing[key] = value

    def changes(self, now: Instant) -> dict[bytes, bytes]:
        """What does not stand as it is known; of an agreement in no file, that there is nothing any more."""
        sums: dict[int, int] = {}
        for partition, figure in self.figures.values():
            sums[partition] = sums.get(partition, 0) + figure
        wanted = {f"{self.name}/{partition}": figure for partition, figure in sums.items()}
        wanted[self.name] = sum(sums.values()) if self.is_known else 0
        if self.due is not None and self.due <= now:
            self.due = None
            wanted[f"{self.name}/due"] = 1
        encoded = {key.encode(): msgspec.json.encode(value) for key, value in wanted.items()}
        return {key: value for key, value in encoded.items() if self.standing.get(key) != value}

    def next_due(self) -> Instant | None:
        """As a test has set it."""
        return self.due

    @property
    def whole(self) -> WholeAgreement:
        """Nothing; what was left half done by a fault cannot be looked at."""
        if self.has_failed:
            raise KeyError(self.name)
        return NOTHING_KNOWN


def _read(value: bytes) -> int:
    try:
        return msgspec.json.decode(value, type=int)
    except msgspec.DecodeError as wrong:
        raise UnknownFormatError(str(wrong)) from None
