"""What a group remembers of its topics, and when a log is called another one."""

import pytest

from streams.kafka.topic_memory import Log, TopicMemory, is_of_topic
from streams.kafka.topic_metadata import TopicMetadata

HANDED_OFF, BREACHES = "handed-off", "sla-breaches"


def written(memory: TopicMemory) -> TopicMemory:
    """What another worker finds remembered, beside what is not about topics."""
    return TopicMemory.among({**memory.known, b"company-x/2026-01": b"{}"})


def test_what_is_kept_is_found_by_whoever_reads_it() -> None:
    memory = TopicMemory()
    memory.alter_topic(HANDED_OFF, TopicMetadata(4, "one"))
    memory.keep_log(BREACHES, 3, Log("two", 7))

    found = written(memory)

    assert found.topic(HANDED_OFF) == TopicMetadata(4, "one")
    assert found.log(BREACHES, 3) == Log("two", 7)
    assert found.ids == {HANDED_OFF: "one"}
    assert (found.topic("deliverable"), found.log(BREACHES, 2)) == (None, None)
    assert all(is_of_topic(key) for key in found.known)


def test_what_is_known_already_is_not_written_again() -> None:
    memory = TopicMemory()

    assert memory.keep_log(BREACHES, 3, Log("two", 7))
    assert memory.keep_log(BREACHES, 3, Log("two", 7)) == {}
    assert memory.keep_log(BREACHES, 3, Log("two", 8))


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        (Log("two", 7), False),
        (Log("other", 7), True),
        (Log("two", 8), True),
        (Log("other", 0), True),
        (Log("", 7), False),
        (Log("", 0), True),
    ],
    ids=[
        "the same",
        "created again",
        "records deleted",
        "created again and shorter",
        "a broker without ids",
        "shorter, no id",
    ],
)
def test_a_log_is_another_one_by_its_id_or_where_it_begins(now: Log, *, lost: bool) -> None:
    memory = TopicMemory()
    memory.keep_log(BREACHES, 3, Log("two", 7))

    assert written(memory).changed(BREACHES, {2: now, 3: now}) == ({3} if lost else set())


@pytest.mark.parametrize(
    ("before", "now", "other"), [("a", "b", True), ("a", "a", False), ("", "b", False), ("a", "", False)]
)
def test_a_topic_is_another_one_only_where_both_ids_are_known(before: str, now: str, *, other: bool) -> None:
    memory = TopicMemory()
    assert not memory.is_other(HANDED_OFF, TopicMetadata(4, now))
    memory.alter_topic(HANDED_OFF, TopicMetadata(4, before))

    assert memory.is_other(HANDED_OFF, TopicMetadata(4, now)) is other
