"""Whose record is whose: what is the matter with an agreement is said where it is owned, and nowhere else."""

from typing import Final

import pytest
from aiokafka import TopicPartition

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.names import AGREEMENTS_TOPIC, PERIODS_TOPIC
from streams.agreement_owner.owned_agreements import OwnedAgreements
from streams.agreement_owner.tail import Found
from streams.kafka.partitioning import partition_of
from tests.agreements.examples import FILES
from tests.streams.agreement_owner.counted import Counted

RULES: Final = RuleBook(load_agreements(FILES))
PARTITIONS: Final = 8
PLACES: Final = {name: partition_of(name.encode(), PARTITIONS) for name in RULES.versions}
NAME: Final = next(iter(PLACES))
OTHER: Final = next(name for name, place in PLACES.items() if place != PLACES[NAME])


@pytest.fixture
def agreements() -> OwnedAgreements:
    owned = OwnedAgreements(RULES, PARTITIONS, Counted)
    owned.take_over({PLACES[NAME], PLACES[OTHER]})
    return owned


def figures(value: bytes, name: str = NAME) -> Found:
    return Found(TopicPartition(PERIODS_TOPIC, 3), 7, f"{name}/a/3".encode(), value, 0)


def test_what_is_damaged_of_an_agreement_stops_nobody_who_does_not_own_it_any_more(agreements: OwnedAgreements) -> None:
    agreements.take(figures(b"{rubbish"))
    assert agreements.is_stopped(NAME)
    assert agreements.damaged.sentences

    agreements.take_over({PLACES[OTHER]})

    assert not agreements.damaged.sentences
    assert not agreements.is_stopped(OTHER)


def test_a_damaged_record_of_an_agreement_that_went_before_it_was_taken_in_is_its_new_owners(
    agreements: OwnedAgreements,
) -> None:
    agreements.take_over({PLACES[OTHER]})

    agreements.take(figures(b"{rubbish"))

    assert not agreements.damaged.sentences
    assert not agreements.is_stopped(OTHER)


def test_what_is_not_found_where_all_is_read_again_stands_no_more_and_is_damaged_no_more(
    agreements: OwnedAgreements,
) -> None:
    """The topics may have been created again while nothing could be read."""
    owned = agreements.by_name[NAME]
    wanted = dict(owned.to_write(0, 0.0))
    owned.wrote(dict.fromkeys(wanted, 500), 0.0)
    agreements.take(figures(b"{rubbish"))
    assert agreements.is_stopped(NAME)

    agreements.begin_again()

    assert not agreements.is_stopped(NAME)
    assert owned.to_write(0, 0.0) == wanted
    agreements.take(Found(TopicPartition(AGREEMENTS_TOPIC, PLACES[NAME]), 0, NAME.encode(), b"0", 0))
    assert owned.to_write(0, 0.0) == {}, "a record of the new log is known by its own offset"
