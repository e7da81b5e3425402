# ruff: noqa: S311 - the same damage each time, no secret
"""A hundred thousand damaged records: each is a fact that can be folded, or is dead-lettered with a reason.

The damage is drawn from a seed: whatever fails here fails again.
"""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Final

import pytest

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.figures.period_records import read_record, record
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import MINUTE, SECOND
from streams.pipeline.decode import Decoded, decode
from tests.sla_rules.event_samples import sample
from tests.streams.agreements import EXAMPLE
from tests.streams.arrivals import NOW_MS, Arrived
from tests.streams.mutations import CORPUS, DAMAGES, damaged, structured

SEEDS: Final = range(10)
RECORDS_PER_SEED: Final = 10_000
FOLDED_AT_ONCE: Final = 200


def test_the_records_are_good_before_they_are_damaged() -> None:
    assert {one.reason for one in decode(CORPUS, 1, (), MINUTE).rejected} <= {"invalid_field"}
    assert len(decode(CORPUS, 1, (), MINUTE).rejected) < len(CORPUS) / 10


@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_record_is_a_fact_or_is_dead_lettered_with_a_reason(seed: int) -> None:
    random = Random(seed)
    partition = PartitionState(RuleBook(load_agreements([EXAMPLE])), {})
    outcomes: Counter[str] = Counter()
    waiting: list[Arrived] = []
    for offset in range(RECORDS_PER_SEED):
        waiting.append(replace(damaged(random.choice(CORPUS), random), offset=offset))
        if len(waiting) == FOLDED_AT_ONCE:
            outcomes += _taken(waiting, partition)
            waiting = []

    assert sum(outcomes.values()) == RECORDS_PER_SEED
    assert outcomes["fact"] > RECORDS_PER_SEED / 100
    assert len(outcomes) > 8, "the damage is too much alike"


def _taken(records: list[Arrived], partition: PartitionState) -> Counter[str]:
    """Read and folded, as a batch is; what became of each record."""
    decoded = decode(records, 1, partition.leads, 5 * MINUTE)
    assert [one for one in decoded.rejected if not one.reason or not one.detail.strip()] == []
    assert all(one.record in records for one in decoded.rejected)
    partition.fold(decoded.facts)
    partition.advance_to(NOW_MS * 1_000 + SECOND)
    return decoded.reasons() + Counter({"fact": _facts(decoded)})


def _facts(decoded: Decoded) -> int:
    return sum(len(facts) for facts in decoded.facts.values())


@pytest.mark.parametrize("seed", range(4))
def test_what_a_damaged_partition_holds_is_loaded_or_refused_in_words(seed: int) -> None:
    random = Random(seed)
    rules = RuleBook(load_agreements([EXAMPLE]))
    partition = PartitionState(rules, {})
    left_alone = structured(sample("lead.handed_off.v1", subject="lead-3"))
    partition.fold(decode([*CORPUS, left_alone], 1, (), MINUTE).facts)
    told = list(partition.advance_to(NOW_MS * 1_000).notices.values())
    figures = [record(key, partition.windows.figures(key), 0, rules) for key in partition.windows.take_changed()]
    assert told
    assert figures
    outcomes: Counter[str] = Counter()
    for _ in range(1_000):
        lead = random.choice(list(partition.leads))
        broken = {lead: random.choice(DAMAGES[:-1])(partition.leads[lead], random)}
        event = random.choice(DAMAGES)(random.choice(told), random)
        figure = random.choice(DAMAGES)(random.choice(figures), random)
        outcomes[_fate(rules, broken, [], [])] += 1
        outcomes[_fate(rules, {}, [event], [])] += 1
        outcomes[_fate(rules, {}, [], [figure])] += 1

    assert outcomes["loaded"] > 100
    assert outcomes["refused"] > 100
    assert outcomes.keys() == {"loaded", "refused"}


def _fate(rules: RuleBook, leads: dict[bytes, bytes], told: list[bytes], figures: list[bytes]) -> str:
    """Whether what a partition holds could be loaded; if not, the error says why."""
    try:
        PartitionState(rules, leads).load(told, dict(map(read_record, figures)))
    except UnknownFormatError as refused:
        return "refused" if str(refused) else "refused without a word"
    return "loaded"
