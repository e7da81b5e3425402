"""Since when the service listens is remembered for each agreement, and never moved later."""

import pytest

from sla_rules.agreement.amendments import record, version_of
from sla_rules.agreement.file import load_agreements
from sla_rules.instants import SECOND
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.group_memory import remember, remembered
from streams.kafka.known_agreements import agreed
from streams.kafka.listening import ListeningError, begun, listening_since, records_of, told_before
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


def test_who_loads_history_tells_before_the_first_worker_starts_and_may_tell_an_earlier_instant_again() -> None:
    assert told_before({}, [NAME, NAME], ORIGIN) == {NAME: ORIGIN}
    known = records_of({NAME: ORIGIN})
    assert told_before(known, [NAME], ORIGIN) == {}
    assert told_before(known, [NAME], ORIGIN - SECOND) == {NAME: ORIGIN - SECOND}
    assert begun(known, AGREEMENTS, ORIGIN + SECOND) == {}


def test_nobody_moves_it_later_and_nobody_at_all_once_a_worker_has_served_the_agreement() -> None:
    known = records_of({NAME: ORIGIN})

    with pytest.raises(ListeningError, match=f"for {NAME} the service listens since 2026"):
        told_before(known, [NAME], ORIGIN + SECOND)
    served = {**known, VERSION.key: record(VERSION)}
    assert told_before(served, [NAME], ORIGIN) == {}
    with pytest.raises(ListeningError, match="never moved later"):
        told_before(served, [NAME], ORIGIN - SECOND)
    with pytest.raises(ListeningError, match=f"for {NAME} the service has always listened"):
        told_before({VERSION.key: record(VERSION)}, [NAME], ORIGIN)


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
