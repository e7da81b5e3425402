"""How much a partition puts up with: how large a lead may grow, and how many leads may fail to be judged.

A lead's state is one record of a topic, so that its facts have to stay well under what the topic takes (`LARGEST_FACTS`).
What ops set lies below that by what a full lead still takes (`Limits.fit`): what clocks hang on has some room more, and a deletion that replaces what it erases by fingerprints may add some bytes to each fact.
"""

from typing import Final, NamedTuple

LARGEST_FACTS: Final = 960 * 1024
"""Bytes that the facts of a lead never exceed."""
LARGEST_STATE: Final = LARGEST_FACTS + 1024
"""Bytes that the state of a lead never exceeds where it is kept for a successor."""
ERASED: Final = 24
"""Bytes that a fact may grow by when it is erased."""
FOR_DELETIONS: Final = 32 * 1024
"""Bytes that are left for deletions, which are always taken: some hundreds."""


class Limits(NamedTuple):
    """`facts` and their `size` in bytes, of one lead; of the last `of` leads judged, how many may newly be `quarantined`."""

    facts: int = 10_000
    size: int = 512 * 1024
    quarantined: int = 10
    of: int = 1_000

    @property
    def most_facts(self) -> int:
        """How many there may be with those that clocks hang on."""
        return self.facts + self.facts // 8

    @property
    def most_size(self) -> int:
        """The same in bytes."""
        return self.size + self.size // 8

    @property
    def fit(self) -> bool:
        """Whether the largest lead that they allow is still a record."""
        return self.most_size + ERASED * self.most_facts + FOR_DELETIONS <= LARGEST_FACTS


DEFAULT: Final = Limits()
BOUNDLESS: Final = Limits(2**62, 2**62, 2**62, 1)
