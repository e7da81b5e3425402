"""What a worker makes of where the topics end that it alone writes."""

from streams.ledger import Gap, Ledger

TOPIC, PLACE = "sla-breaches", 1


def known_to(end: int) -> Ledger:
    ledger = Ledger()
    ledger.begin(TOPIC, PLACE, end)
    return ledger


def test_what_was_written_since_the_broker_was_asked_is_not_lost() -> None:
    ledger = known_to(10)
    ledger.wrote(TOPIC, PLACE, 10, 5)

    ledger.saw(TOPIC, PLACE, 10, asked_at=10)

    assert (ledger.lost, ledger.gaps, ledger.end(TOPIC, PLACE)) == ({}, {}, 15)


def test_a_topic_that_ended_before_what_was_known_when_it_was_asked_has_lost_something() -> None:
    ledger = known_to(10)
    ledger.wrote(TOPIC, PLACE, 10, 5)

    ledger.saw(TOPIC, PLACE, 9, asked_at=10)

    assert ledger.take_lost(PLACE) == {TOPIC}


def test_what_lies_beyond_all_that_is_known_is_a_strangers() -> None:
    ledger = known_to(10)

    ledger.saw(TOPIC, PLACE, 12, asked_at=10)

    assert ledger.take_gaps(PLACE) == [Gap(TOPIC, 10, 12)]
