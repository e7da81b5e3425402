"""What follows from folding facts and from letting time pass, for whoever writes it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sla_rules.engine.joining import Refused
from sla_rules.lead.facts import Fate, Forwarded


@dataclass(slots=True)
class Changes:
    """What to write: states by lead, breach records by key, facts to forward by lead.

    And what to take out, after the rest: the states of leads that `left`, and `forgotten` breach records. Records of open clocks
    are by lead, None where one is to be taken out.
    `fates` counts what became of the facts that arrived, `refused` holds those that were not taken, by lead.
    Of leads, `quarantined` are those that cannot be judged any more, with why, `released` those that can again, and
    `unpublished` those that cannot be judged as of the end of a period, with why, which is published without them.
    """

    states: dict[bytes, bytes] = field(default_factory=dict)
    notices: dict[str, bytes] = field(default_factory=dict)
    forwards: dict[bytes, list[Forwarded]] = field(default_factory=dict)
    clocks: dict[bytes, bytes | None] = field(default_factory=dict)
    left: list[bytes] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    fates: Counter[Fate] = field(default_factory=Counter)
    refused: dict[bytes, Sequence[Refused]] = field(default_factory=dict)
    quarantined: dict[bytes, str] = field(default_factory=dict)
    released: list[bytes] = field(default_factory=list)
    unpublished: dict[bytes, str] = field(default_factory=dict)
