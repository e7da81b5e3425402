"""What is new is written at once, what changes once a second; and what a record stands over is known by its offset."""

from typing import Final

import pytest
from aiokafka import TopicPartition

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.names import AGREEMENTS_TOPIC, PERIODS_TOPIC
from streams.agreement_owner.owned_agreement import WRITE_EVERY, OwnedAgreement
from streams.agreement_owner.tail import Found
from tests.streams.agreement_owner.counted import Counted

KEY: Final = b"a/0"
NOW: Final = 1_000


@pytest.fixture
def owned() -> OwnedAgreement:
    return OwnedAgreement("a", 2, Counted(RuleBook([]), "a", 4))


def figures(value: int, partition: int = 0) -> Found:
    return Found(TopicPartition(PERIODS_TOPIC, partition), value, b"a/x/%d" % partition, b"%d" % value, 0)


def standing(offset: int, value: bytes | None, key: bytes = KEY) -> Found:
    return Found(TopicPartition(AGREEMENTS_TOPIC, 2), offset, key, value, 0)


def written(owned: OwnedAgreement, ticks: float, offset: int) -> set[bytes]:
    """Write what is to be written at once; its keys."""
    values = owned.to_write(NOW, ticks)
    if values:
        owned.wrote(dict.fromkeys(values, offset), ticks)
    return set(values)


def test_what_is_new_is_written_at_once_and_what_changes_once_a_second(owned: OwnedAgreement) -> None:
    owned.take_figures(figures(1))
    assert written(owned, 0.0, 10) == {b"a", KEY}

    owned.take_figures(figures(2))
    assert written(owned, 0.1, 12) == set()
    assert owned.again_in(NOW, 0.1) == pytest.approx(WRITE_EVERY - 0.1)
    owned.take_figures(figures(3, partition=1))
    assert written(owned, 0.2, 12) == {KEY, b"a/1"}

    owned.take_figures(figures(4))
    assert written(owned, 0.9, 20) == set()
    assert written(owned, 0.2 + WRITE_EVERY, 20) == {KEY}
    owned.take_figures(figures(5))
    assert written(owned, 99.0, 21) == {KEY}, "the first after a while is written without delay"


def test_our_own_records_and_those_that_they_stand_over_change_nothing(owned: OwnedAgreement) -> None:
    owned.take_figures(figures(1))
    written(owned, 0.0, 10)

    for offset in (7, 10):
        owned.take_standing(standing(offset, b"99"))
        assert written(owned, 5.0, 11) == set()

    owned.take_standing(standing(11, b"99"))
    assert written(owned, 10.0, 12) == {KEY}


def test_what_is_taken_away_or_lost_is_written_again(owned: OwnedAgreement) -> None:
    owned.take_figures(figures(1))
    written(owned, 0.0, 10)

    owned.take_standing(standing(11, None))
    assert written(owned, 0.1, 12) == {KEY}

    owned.lose_standing()
    owned.take_standing(standing(0, b"1"))
    assert written(owned, 0.2, 2) == {b"a"}


def test_what_could_not_be_written_is_still_to_be_written(owned: OwnedAgreement) -> None:
    owned.take_figures(figures(1))
    values = owned.to_write(NOW, 0.0)

    assert owned.to_write(NOW, 0.1) == values
    owned.take_standing(standing(10, values[KEY]))
    assert set(owned.to_write(NOW, 0.2)) == {b"a"}
