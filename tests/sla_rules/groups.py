"""Leads that are merged in a shape, and a partition that folds what they send on until nothing moves."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from sla_rules.engine.changes import Changes
from sla_rules.engine.codec import decode_fact, encode_fact
from sla_rules.engine.partition import PartitionState
from sla_rules.instants import HOUR, MINUTE, SECOND
from sla_rules.lead import facts
from sla_rules.lead.facts import Forwarded
from tests.script import ORIGIN, History
from tests.sla_rules.worker import by_lead

Pairs = list[tuple[str, str]]
"""Losers, each with the lead that it was merged into."""


def names(count: int) -> list[str]:
    return [f"lead-{number:05}" for number in range(count)]


def ring(count: int) -> Pairs:
    """Each into the next, the last into the first."""
    leads = names(count)
    return [*pairwise(leads), (leads[-1], leads[0])]


def way(count: int) -> Pairs:
    """Each into the next."""
    return [*pairwise(names(count))]


def fan(count: int) -> Pairs:
    """All into the last."""
    *losers, survivor = names(count)
    return [(loser, survivor) for loser in losers]


def clique(count: int) -> Pairs:
    """Each into each other one."""
    return [(loser, into) for loser in names(count) for into in names(count) if loser != into]


SHAPES: Final[Mapping[str, Callable[[int], Pairs]]] = {"ring": ring, "way": way, "fan": fan, "clique": clique}


def lives_of(pairs: Pairs) -> History:
    """A hand-off and a call for each lead."""
    leads = sorted({name for pair in pairs for name in pair})
    handed_off: History = [(name, facts.HandedOff(ORIGIN, ORIGIN, "/crm", "h", rep="ann")) for name in leads]
    called = ORIGIN + 10 * MINUTE
    return [*handed_off, *((name, facts.Attempted(called, called, "/crm", "c", channel="phone")) for name in leads)]


def mergers_of(pairs: Pairs) -> History:
    """The mergers, one a second."""
    told: History = []
    for number, (loser, into) in enumerate(pairs):
        when = ORIGIN + HOUR + number * SECOND
        told.append((loser, facts.Merged(when, when, "/crm", f"m-{number}", into=into)))
    return told


class Settling:
    """Folds facts and all that follows from them; counts records that were `sent` on, and by lead what was `written`."""

    def __init__(self, partition: PartitionState, batch: int = 5_000) -> None:
        self.partition = partition
        self.sent = 0
        self.bytes = 0
        self.written: Counter[bytes] = Counter()
        self._batch = batch

    def take(self, told: Sequence[tuple[str, Forwarded]]) -> None:
        while told := self._fold(told):
            self.sent += len(told)

    def _fold(self, told: Sequence[tuple[str, Forwarded]]) -> list[tuple[str, Forwarded]]:
        found: list[tuple[str, Forwarded]] = []
        for first in range(0, len(told), self._batch):
            found += self._note(self.partition.fold(by_lead(told[first : first + self._batch])))
        return found

    def _note(self, changes: Changes) -> list[tuple[str, Forwarded]]:
        self.written.update(changes.states.keys())
        self.bytes += sum(map(len, changes.states.values()))
        return [
            (lead.decode(), decode_fact(encode_fact(fact)))
            for lead, forwarded in changes.forwards.items()
            for fact in forwarded
        ]
