"""How far an owned partition has come: now while nothing waits, and where it stands while something does."""

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.engine.partition import BEFORE_ALL, PartitionState
from sla_rules.instants import HOUR, MINUTE, SECOND, Instant
from sla_rules.lead.facts import HandedOff
from streams.partitions.ownership import Owned
from tests.script import ORIGIN
from tests.sla_rules.rules import wall

NOTHING_WAITS = {"handed-off": 0, "lead-created": 0}
ONE_WAITS = {"handed-off": 1, "lead-created": 0}


def owned(at: Instant = ORIGIN) -> Owned:
    """A partition without leads whose time was let on to an instant."""
    state = PartitionState(wall(), {})
    state.advance_to(at)
    return Owned(state)


def with_deadline(at: Instant = ORIGIN) -> tuple[Owned, Instant]:
    """A partition with one lead, and when that falls due."""
    partition = owned(at)
    partition.state.fold({b"lead-1": [HandedOff(at, at, "/crm", "a")]})
    due = partition.state.next_due
    assert due is not None
    return partition, due


def test_through_a_night_in_which_nothing_arrives_and_nothing_falls_due_its_time_is_now() -> None:
    night = owned()

    come_to = []
    for hour in range(10):
        night.see(NOTHING_WAITS, ORIGIN + hour * HOUR)
        come_to.append(night.come_to)

    assert come_to == [ORIGIN + hour * HOUR for hour in range(10)]
    assert night.state.now == ORIGIN


def test_a_deadline_that_is_not_judged_yet_holds_it_back() -> None:
    partition, due = with_deadline()

    partition.see(NOTHING_WAITS, due - 1)
    assert partition.come_to == due - 1
    partition.see(NOTHING_WAITS, due + HOUR)
    assert partition.come_to == due
    partition.state.advance_to(due + HOUR)
    assert partition.come_to == due + HOUR


def test_records_that_wait_hold_it_back_to_what_arrived_last_of_their_topic() -> None:
    partition = owned()
    partition.arrivals.take({"handed-off": ORIGIN + MINUTE, "lead-created": ORIGIN + 2 * MINUTE}, {})

    partition.see(ONE_WAITS, ORIGIN + HOUR)
    assert partition.come_to == ORIGIN + MINUTE
    partition.see(NOTHING_WAITS, ORIGIN + HOUR)
    assert partition.come_to == ORIGIN + HOUR


def test_a_record_that_has_just_arrived_in_a_topic_quiet_for_an_hour_takes_nothing_back() -> None:
    partition = owned()
    partition.arrivals.take({"handed-off": ORIGIN}, {})
    partition.see(NOTHING_WAITS, ORIGIN + HOUR)

    partition.see(ONE_WAITS, ORIGIN + HOUR + SECOND)

    assert partition.come_to == ORIGIN + HOUR


def test_a_lead_told_of_long_after_its_deadline_takes_nothing_back() -> None:
    partition, due = with_deadline(ORIGIN)
    partition.state.advance_to(due)
    partition.see(NOTHING_WAITS, due + HOUR)

    late = due - MINUTE
    partition.state.fold({b"lead-2": [HandedOff(late, due + HOUR, "/crm", "b")]})
    partition.see(NOTHING_WAITS, due + HOUR + SECOND)

    assert partition.come_to == due + HOUR


def test_nothing_has_been_come_to_where_nothing_was_read_of_a_topic_that_lags() -> None:
    unread = Owned(PartitionState(wall(), {}))

    unread.see(ONE_WAITS, ORIGIN)

    assert unread.come_to == BEFORE_ALL


def test_a_clock_that_was_ahead_and_is_set_back_takes_it_along() -> None:
    partition = owned()
    partition.see(NOTHING_WAITS, ORIGIN + HOUR)

    partition.see(NOTHING_WAITS, ORIGIN + MINUTE)

    assert partition.come_to == ORIGIN + MINUTE


@given(st.lists(st.tuples(st.integers(0, HOUR), st.booleans(), st.booleans())))
def test_however_it_looks_from_one_moment_to_the_next_it_never_goes_back_and_never_ahead(
    looks: list[tuple[int, bool, bool]],
) -> None:
    """Time goes by between looks; at each a record may wait, and a lead may have been folded whose deadline is near."""
    partition, now = owned(), ORIGIN
    for number, (passed, waits, folded) in enumerate(looks):
        before, now = partition.come_to, now + passed
        if folded:
            partition.state.fold({b"lead-%d" % number: [HandedOff(now, now, "/crm", "a")]})
        partition.see(ONE_WAITS if waits else NOTHING_WAITS, now)

        assert before <= partition.come_to <= now
