"""What a worker makes of where the topics end that it alone writes."""

from streams.partitions.offset_tracker import ForeignWrite, OffsetTracker

TOPIC, PLACE = "sla-breaches", 1


def known_to(end: int) -> OffsetTracker:
    offsets = OffsetTracker()
    offsets.begin(TOPIC, PLACE, end)
    return offsets


def test_what_was_written_since_the_broker_was_asked_is_not_lost() -> None:
    offsets = known_to(10)
    offsets.wrote(TOPIC, PLACE, 10, 5)

    offsets.saw(TOPIC, PLACE, 10, asked_at=10)

    assert (offsets.lost, offsets.foreign_writes, offsets.end(TOPIC, PLACE)) == ({}, {}, 15)


def test_a_topic_that_ended_before_what_was_known_when_it_was_asked_has_lost_something() -> None:
    offsets = known_to(10)
    offsets.wrote(TOPIC, PLACE, 10, 5)

    offsets.saw(TOPIC, PLACE, 9, asked_at=10)

    assert offsets.take_lost(PLACE) == {TOPIC}


def test_what_lies_beyond_all_that_is_known_is_a_foreign_write() -> None:
    offsets = known_to(10)

    offsets.saw(TOPIC, PLACE, 12, asked_at=10)

    assert offsets.take_foreign_writes(PLACE) == [ForeignWrite(TOPIC, 10, 12)]
