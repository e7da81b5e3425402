"""Whoever reads what the service says knows whether it may be out of date, and by what."""

import pytest

from sla_rules.instants import HOUR, MINUTE, SECOND
from sla_rules.reports.freshness import (
    Blindness,
    HistoryLoading,
    LeadsSetAside,
    PartitionsBehind,
    PartitionsNeverHeard,
    PartitionsSilent,
    TopicIncomplete,
    freshness,
)
from sla_rules.reports.progress_records import ProgressRecord
from tests.script import ORIGIN
from tests.sla_rules.reports.progress import EVERY, record, records
from wording.languages import Language
from wording.voice import Voice

UP_TO_DATE = (record(0), record(1, ORIGIN - 3 * SECOND))


def test_while_all_partitions_are_heard_of_it_sees_up_to_the_one_that_is_least_far() -> None:
    found = freshness(records(*UP_TO_DATE), 2, ORIGIN + SECOND)

    assert (found.is_blind, found.blind_since, found.why, found.remarks) == (False, None, (), ())
    assert found.as_of == ORIGIN - 3 * SECOND


@pytest.mark.parametrize(("after", "is_blind"), [(20 * SECOND, False), (20 * SECOND + 1, True)])
def test_four_records_that_do_not_come_are_a_silence(after: int, is_blind: bool) -> None:  # noqa: FBT001 - a parameter
    found = freshness(records(record()), 1, ORIGIN + after)

    assert found.is_blind == is_blind
    assert found.blind_since == (ORIGIN if is_blind else None)


def test_where_the_service_lives_by_a_fast_clock_records_come_further_apart() -> None:
    fast = record(every=60 * EVERY)

    assert not freshness(records(fast), 1, ORIGIN + 20 * MINUTE).is_blind
    assert freshness(records(fast), 1, ORIGIN + 20 * MINUTE + 1).is_blind


@pytest.mark.parametrize(
    ("some", "partitions", "why"),
    [
        ((), 2, (PartitionsNeverHeard((0, 1)),)),
        ((record(1),), 2, (PartitionsNeverHeard((0,)),)),
        ((record(0, ORIGIN - MINUTE), record(1)), 2, (PartitionsSilent((0,), MINUTE),)),
        (
            (record(0, ORIGIN - MINUTE), record(1, ORIGIN - 2 * MINUTE)),
            2,
            (PartitionsSilent((0, 1), 2 * MINUTE),),
        ),
        ((record(as_of=ORIGIN - HOUR),), 1, (PartitionsBehind((0,), HOUR),)),
        ((record(as_of=None),), 1, (PartitionsBehind((0,), None),)),
        # Of one that says nothing nobody knows how far it is by now.
        ((record(0, ORIGIN - MINUTE, as_of=ORIGIN - HOUR),), 1, (PartitionsSilent((0,), MINUTE),)),
        (
            (record(1, ORIGIN - MINUTE), record(2, as_of=ORIGIN - HOUR)),
            3,
            (PartitionsNeverHeard((0,)), PartitionsSilent((1,), MINUTE), PartitionsBehind((2,), HOUR)),
        ),
    ],
)
def test_what_it_is_blind_by_is_named(
    some: tuple[ProgressRecord, ...], partitions: int, why: tuple[Blindness, ...]
) -> None:
    assert freshness(records(*some), partitions, ORIGIN).why == why


def test_since_when_it_is_blind_is_not_known_of_a_partition_that_nobody_has_come_to_anything_in() -> None:
    for some in ((record(1),), (record(0, as_of=None), record(1))):
        found = freshness(records(*some), 2, ORIGIN)

        assert (found.is_blind, found.as_of, found.blind_since) == (True, None, None)


def test_a_reader_whose_clock_is_behind_takes_nobody_for_up_to_date_by_it() -> None:
    late = records(record(0), record(1, ORIGIN - MINUTE))

    assert freshness(late, 2, ORIGIN - HOUR).why == (PartitionsSilent((1,), MINUTE),)


def test_a_reader_is_blind_where_a_topic_that_it_reads_does_not_hold_all_and_by_no_other() -> None:
    some = records(record(0), record(1, incomplete=("sla-clocks",)), record(2, incomplete=("sla-periods",)))

    found = freshness(some, 3, ORIGIN, ["sla-clocks", "sla-breaches"])

    assert found.why == (TopicIncomplete("sla-clocks", (1,)),)
    assert (found.is_blind, found.as_of, found.blind_since) == (True, ORIGIN, None)


def test_what_is_missing_beside_is_said_and_makes_nobody_blind() -> None:
    found = freshness(records(record(0, is_loading=True, quarantined=2), record(1, quarantined=1)), 2, ORIGIN)

    assert not found.is_blind
    assert found.remarks == (HistoryLoading((0,)), LeadsSetAside(3))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["partition 3 has not been heard of for 40s", "partitions 1, 2 are 1h2m behind"]),
        ("es", ["no se sabe nada de la partición 3 desde hace 40s", "las particiones 1, 2 llevan 1h 2min de retraso"]),
    ],
)
def test_why_is_said_in_words(language: Language, said: list[str]) -> None:
    behind = HOUR + 2 * MINUTE + 3 * SECOND

    reasons = PartitionsSilent((3,), 40 * SECOND), PartitionsBehind((1, 2), behind)

    assert [Voice(language).say(reason) for reason in reasons] == said
