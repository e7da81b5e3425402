"""What a log says of each key in the end, where owners of a partition may not have known of each other."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.engine.state_merge import merge_states
from sla_rules.instants import MINUTE
from streams.partitions.disk_store import Mark
from streams.partitions.last_values import LastValueOf, LastValues
from streams.partitions.offset_tracker import GENERATION
from streams.partitions.recovery import TOO_OLD, objection_to
from tests.sla_rules.engine.test_state_merge import state
from tests.sla_rules.story import attempted, handed_off

LEAD, OTHER = b"lead-1", b"lead-2"
LITTLE = state([handed_off("2026-03-02 09:00")])
MORE = state([handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10")])
ELSE = state([handed_off("2026-03-02 09:00"), attempted("2026-03-02 11:00")])


class Logged(NamedTuple):
    """A record of a changelog."""

    key: bytes
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    offset: int = 0


def wrote(generation: int, value: bytes | None, lead: bytes = LEAD) -> Logged:
    return Logged(lead, value, [(GENERATION, b"%d" % generation)])


def read(*records: Logged) -> dict[bytes, bytes]:
    """In two fetches, as they might come."""
    values: dict[bytes, bytes] = {}
    reader = LastValues(values)
    for part in (records[:1], records[1:]):
        if part:
            reader.take(part)
    return values


def test_of_what_one_owner_wrote_the_last_value_counts() -> None:
    assert read(wrote(1, MORE), wrote(1, LITTLE), wrote(1, ELSE, OTHER)) == {LEAD: LITTLE, OTHER: ELSE}


def test_a_lead_that_left_is_not_there_until_it_comes_back() -> None:
    assert read(wrote(1, MORE), wrote(1, None)) == {}
    assert read(wrote(1, None), wrote(1, MORE)) == {LEAD: MORE}


def test_a_successor_that_knows_as_much_takes_the_place_of_what_was_there() -> None:
    assert read(wrote(1, LITTLE), wrote(2, MORE)) == {LEAD: MORE}
    assert read(wrote(1, LITTLE), wrote(2, MORE), wrote(2, LITTLE)) == {LEAD: LITTLE}, "from then on it is its own"


def test_what_two_owners_know_of_a_lead_without_each_other_is_joined() -> None:
    both = merge_states(MORE, ELSE)

    assert read(wrote(1, MORE), wrote(2, ELSE)) == {LEAD: both}
    assert read(wrote(2, MORE), wrote(1, ELSE)) == {LEAD: both}, "a former owner wrote late"


def test_what_a_former_owner_wrote_late_is_joined_also_to_what_comes_after_it() -> None:
    late = read(wrote(2, MORE), wrote(1, ELSE), wrote(2, MORE))

    assert late == {LEAD: merge_states(merge_states(MORE, ELSE), MORE)}


def test_a_lead_that_left_an_owner_that_had_been_succeeded_is_still_there() -> None:
    assert read(wrote(2, MORE), wrote(1, None)) == {LEAD: MORE}
    assert read(wrote(1, MORE), wrote(2, None)) == {}


def test_states_of_a_release_that_said_no_generation_are_of_one_before_all() -> None:
    assert read(Logged(LEAD, LITTLE, []), wrote(1, MORE), Logged(LEAD, None, [])) == {LEAD: MORE}


@given(
    st.lists(
        st.builds(
            wrote,
            st.integers(1, 3),
            st.sampled_from([None, LITTLE, MORE, ELSE]),
            st.sampled_from([LEAD, OTHER, b"lead-3"]),
        )
    )
)
def test_one_key_by_itself_has_the_value_that_it_has_among_all(log: list[Logged]) -> None:
    one = LastValueOf(LEAD)
    one.take(log)

    assert one.value == read(*log).get(LEAD)
    assert one.has_been == any(record.key == LEAD for record in log)


@pytest.mark.parametrize("offset", [5, 7, 9])
def test_what_lies_on_disk_is_read_on_from_where_it_ends_within_the_changelog(offset: int) -> None:
    assert objection_to(Mark(offset, MINUTE), 5, 9) is None


@pytest.mark.parametrize("offset", [4, 10])
def test_what_lies_on_disk_of_another_changelog_is_not_read_on_from(offset: int) -> None:
    assert "not of this changelog" in (objection_to(Mark(offset, MINUTE), 5, 9) or "")


def test_what_lies_on_disk_for_too_long_may_have_missed_that_leads_left() -> None:
    assert objection_to(Mark(7, TOO_OLD), 5, 9) is None
    assert "is old" in (objection_to(Mark(7, TOO_OLD + 1), 5, 9) or "")
