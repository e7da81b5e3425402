"""What do mergers cost: how many records lie between leads merged in a shape, how much is written, how much is worked?

The fold alone, without Kafka; every record sent on is written and read as in the topic. Each lead was handed off and
called, and merged with others, all at once or one merger after the other, what follows from each read before the next.
"""

from time import process_time
from typing import Any, Final, NamedTuple

from bench.contenders.job import AGREEMENT
from bench.progress import say
from bench.results import keep
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from tests.sla_rules.groups import SHAPES, Settling, lives_of, mergers_of

LEADS: Final = 1_000
_SMALL: Final = (10, 60, 200)
_ONE_BY_ONE: Final = 200
"""Leads of a ring or a way that are merged one by one: each merger is a step of its own for all before it."""
_CLIQUES: Final = (9, 30)


class _Case(NamedTuple):
    shape: str
    leads: int
    at_once: bool = True


def mergers(leads: int = LEADS) -> None:
    """Measure rings, ways and fans of some sizes up to that many leads, and small cliques."""
    points = []
    for case in _cases(leads):
        point = _measured(case)
        points.append({**case._asdict(), **point})
        say(f"{case.shape} of {case.leads}, {'at once' if case.at_once else 'one by one'}: {point}")
    keep("mergers", {"points": points})


def _cases(leads: int) -> list[_Case]:
    counts = [*(count for count in _SMALL if count < leads), leads]
    at_once = [_Case(shape, count) for shape in ("fan", "ring", "way") for count in counts]
    one_by_one = [_Case("fan", leads, at_once=False)]
    one_by_one += [_Case(shape, min(leads, _ONE_BY_ONE), at_once=False) for shape in ("ring", "way")]
    return [*at_once, *one_by_one, *(_Case("clique", count) for count in _CLIQUES)]


def _measured(case: _Case) -> dict[str, Any]:
    pairs = SHAPES[case.shape](case.leads)
    lives, told = lives_of(pairs), mergers_of(pairs)
    settling = Settling(PartitionState(RuleBook(load_agreements([AGREEMENT])), {}))
    settling.take(lives)
    written, size, began = settling.written.total(), settling.bytes, process_time()
    for some in [told] if case.at_once else [[one] for one in told]:
        settling.take(some)
    return {
        "facts": len(lives) + len(told),
        "mergers": len(told),
        "records": settling.sent,
        "by_facts_times_mergers": round(settling.sent / ((len(lives) + len(told)) * len(told)), 3),
        "states_written": settling.written.total() - written,
        "mib_written": round((settling.bytes - size) / 2**20, 1),
        "cpu_seconds": round(process_time() - began, 2),
    }
