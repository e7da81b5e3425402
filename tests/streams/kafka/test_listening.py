"""Since when the service listens is remembered for each agreement, and never moved later."""

import pytest

from sla_rules.agreement.amendments import record, version_of
from sla_rules.agreement.file import load_agreements
from sla_rules.instants import SECOND
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.group_memory import remember, remembered
from streams.kafka.known_agreements import agreed
from streams.kafka.listening import begun, listening_since, records_of
from streams.settings import Settings
from tests.script import ORIGIN
from tests.streams.agreements import EXAMPLE

AGREEMENTS = load_agreements([EXAMPLE])
(AGREEMENT,) = AGREEMENTS
VERSION = version_of(AGREEMENT)
NAME = AGREEMENT.agreement


def test_who_serves_an_agreement_first_begins_to_listen() -> None:
    assert begun({}, AGREEMENTS, ORIGIN) == {NAME: ORIGIN}


def test_what_is_remembered_is_not_moved() -> None:
    known = records_of({NAME: ORIGIN})

    assert begun(known, AGREEMENTS, ORIGIN + SECOND) == {}
    assert listening_since(known) == {NAME: ORIGIN}


def test_a_new_version_begins_nothing() -> None:
    known = {**records_of({NAME: ORIGIN}), VERSION.key: record(VERSION)}
    later = AGREEMENT.model_copy(update={"version": "later"})

    assert begun(known, [AGREEMENT, later], ORIGIN + SECOND) == {}


def test_an_agreement_that_was_served_before_this_was_remembered_has_always_been_listened_for() -> None:
    known = {VERSION.key: record(VERSION)}

    assert begun(known, AGREEMENTS, ORIGIN) == {}
    assert listening_since(known) == {}


def test_what_is_remembered_of_agreements_is_told_apart_from_since_when_they_are_listened_for() -> None:
    assert agreed({**records_of({NAME: ORIGIN}), VERSION.key: record(VERSION)}) == {VERSION.key: VERSION}


@pytest.mark.parametrize("seconds", [(2, 1), (1, 2)])
async def test_of_two_that_begin_at_once_the_earlier_counts(
    service_embedded: EmbeddedBroker, seconds: tuple[int, int]
) -> None:
    settings = Settings(broker=service_embedded.bootstrap)

    for one in seconds:
        await remember(settings, records_of({NAME: ORIGIN + one * SECOND}))

    assert listening_since(await remembered(settings)) == {NAME: ORIGIN + SECOND}
