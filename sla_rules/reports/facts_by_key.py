"""What was received, by key: as far as it was known by an instant, in groups that mergers connect, and sent along them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sla_rules.engine.codec import pack_facts
from sla_rules.engine.fold import questions_apart
from sla_rules.engine.forwarding import NOTHING, owed
from sla_rules.engine.joining import join_all
from sla_rules.engine.quarantine import Guard
from sla_rules.instants import Instant
from sla_rules.lead.counted_arrival import counted_arrival
from sla_rules.lead.facts import Fact, Forwarded, Merged
from sla_rules.reports.result import Unfoldable
from sla_rules.time.intervals import BEGINNING

Facts = Mapping[str, Sequence[Fact]]
"""By the key they were received under: the lead, the deal without one, or `agreement:obligation`."""


def known_by(facts: Facts, until: Instant, listening_since: Instant = BEGINNING) -> dict[str, Sequence[Fact]]:
    """What had arrived by an instant; keys that nothing had arrived under are left out."""
    known = {
        key: [fact for fact in told if counted_arrival(fact, listening_since) <= until] for key, told in facts.items()
    }
    return {key: told for key, told in known.items() if told}


def connected(facts: Facts) -> list[list[str]]:
    """The keys in groups that no merge connects, each in order, so that groups can be worked out apart."""
    leader: dict[str, str] = {}

    def find(key: str) -> str:
        while (above := leader.get(key, key)) != key:
            leader[key] = leader.get(above, above)
            key = above
        return key

    for key, told in facts.items():
        for fact in told:
            if isinstance(fact, Merged):
                first, second = sorted((find(key), find(fact.into)))
                leader[second] = first
    groups: dict[str, list[str]] = defaultdict(list)
    for key in facts:
        groups[find(key)].append(key)
    return [sorted(group) for group in groups.values()]


def propagate_merges(facts: Facts, unfoldable: list[Unfoldable] | None = None) -> dict[str, tuple[Fact, ...]]:
    """The facts merged by key, each lead's with all that mergers bring it, forwarded until nothing moves.

    Those that cannot be merged are left out, and added to `unfoldable`.
    """
    left_out = [] if unfoldable is None else unfoldable
    known = {key: _joined(key, (), told, left_out) for key, told in facts.items()}
    packed = dict.fromkeys(known, NOTHING)
    arriving: dict[str, list[Forwarded]] = {
        key: [] for key, told in known.items() if any(isinstance(fact, Merged) for fact in told)
    }
    while arriving:
        forwarded: dict[str, list[Forwarded]] = defaultdict(list)
        for key, arrived in arriving.items():
            before = packed.get(key, NOTHING)
            told, asked_by = questions_apart(arrived)
            known[key] = _joined(key, known.get(key, ()), told, left_out)
            packed[key] = pack_facts(known[key])
            with Guard([]):  # of whom nobody can say what it has to send on, nothing is sent
                for target, sent in owed(key, before, known[key], packed[key], asked_by).items():
                    forwarded[target].extend(sent)
        arriving = forwarded
    return known


def _joined(
    key: str, known: tuple[Fact, ...], arrived: Sequence[Fact], unfoldable: list[Unfoldable]
) -> tuple[Fact, ...]:
    found, refused = join_all(known, arrived)
    unfoldable += [Unfoldable(key, one.fact.source, one.fact.id, one.detail) for one in refused]
    return found.facts
