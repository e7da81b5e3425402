"""The owner of a partition: what it wakes for, what it writes, and what it leaves alone."""

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.engine.codec import decode
from sla_rules.engine.partition import PartitionState
from sla_rules.engine.publication import next_after
from sla_rules.instants import DAY, HOUR, MINUTE
from sla_rules.lead import facts
from tests.script import ORIGIN
from tests.sla_rules.rules import company_x, several, wall
from tests.sla_rules.story import attempted, handed_off, types_of

LEAD = b"lead-1"


def loaded(leads: dict[bytes, bytes]) -> PartitionState:
    partition = PartitionState(wall(), leads)
    partition.load()
    partition.advance_to(ORIGIN)
    return partition


def with_starts(starts: list[int]) -> PartitionState:
    partition = loaded({})
    for number, start in enumerate(starts):
        partition.fold({f"lead-{number}".encode(): [facts.HandedOff(ORIGIN + start, ORIGIN, "/crm", "a")]})
    return partition


def test_what_a_topic_lost_is_written_again_before_time_has_come_and_nothing_is_published() -> None:
    known = dict(with_starts([1, 2]).leads)
    partition = PartitionState(wall(), known)
    partition.load()
    partition.write_again(states=True, notices=True, figures=True)

    changes = partition.advance_to(partition.now, 100, 100)

    assert changes.states == known
    assert partition.is_whole
    assert not partition.is_looking


@given(st.lists(st.integers(0, 5 * HOUR), min_size=1, max_size=12, unique=True))
def test_leads_wake_in_the_order_of_their_deadlines_before_and_after_a_takeover(starts: list[int]) -> None:
    before = with_starts(starts)
    after = loaded(dict(before.leads))

    for partition in (before, after):
        woken = []
        while (next_due := partition.next_timer) is not None and next_due <= ORIGIN + 6 * HOUR:
            assert types_of(partition.advance_to(next_due - 1)) == []
            woken += types_of(partition.advance_to(next_due))
        assert woken.count("touch breached") == len(starts)


@given(st.lists(st.integers(0, HOUR), min_size=1, max_size=12))
def test_one_tick_wakes_all_whose_deadline_has_passed(starts: list[int]) -> None:
    partition = with_starts(starts)

    changes = partition.advance_to(ORIGIN + HOUR + 30 * MINUTE + 1)

    assert types_of(changes) == ["touch breached"] * len(starts)
    assert len(changes.states) == len(starts)


def test_a_duplicate_writes_nothing() -> None:
    partition = PartitionState(company_x(), {})
    told = [handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10")]
    first = partition.fold({LEAD: told})

    again = partition.fold({LEAD: told})

    assert (first.fates, list(first.states)) == ({"accepted": 2}, [LEAD])
    assert (again.fates, again.states, again.notices) == ({"duplicate": 2}, {}, {})


def test_what_is_written_is_what_is_kept() -> None:
    partition = PartitionState(company_x(), {})

    changes = partition.fold({LEAD: [handed_off("2026-03-02 09:00")], b"lead-2": [handed_off("2026-03-02 10:00")]})

    assert changes.states == partition.leads
    assert set(changes.states) == {LEAD, b"lead-2"}


def test_time_that_changes_no_verdict_writes_nothing() -> None:
    partition = PartitionState(wall(), {})
    partition.fold({LEAD: [facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a")]})

    changes = partition.advance_to(ORIGIN + 30 * MINUTE)

    assert (changes.states, changes.notices) == ({}, {})


def test_a_deadline_that_an_event_has_met_wakes_nobody_in_vain_twice() -> None:
    partition = loaded({})
    partition.fold({LEAD: [facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a")]})
    partition.fold({LEAD: [facts.StatusChanged(ORIGIN + MINUTE, ORIGIN, "/crm", "b", None, "connected")]})

    changes = partition.advance_to(ORIGIN + 5 * HOUR)

    assert (changes.states, changes.notices) == ({}, {})
    assert partition.next_timer == next_after(ORIGIN + 5 * HOUR, wall())


@given(st.lists(st.integers(0, 90), max_size=8))
def test_a_lead_waits_in_one_place_and_wakes_at_its_last_deadline(minutes: list[int]) -> None:
    partition = PartitionState(company_x(), {})
    partition.load()
    partition.advance_to(ORIGIN)
    partition.fold({LEAD: [facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a")]})
    for number, after in enumerate(sorted(minutes)):
        at = ORIGIN + after * MINUTE
        partition.advance_to(at)
        partition.fold({LEAD: [facts.Attempted(at, at, "/crm", f"attempt-{number}", channel="phone")]})

        assert len(partition._folding.timers) <= 1  # noqa: SLF001 - memory that a lead takes, shown nowhere else

    partition.advance_to(ORIGIN + 90 * DAY)

    assert decode(partition.leads[LEAD]).next_due is None
    assert len(partition._folding.timers) == 0  # noqa: SLF001 - as above


def test_an_empty_partition_waits_for_nothing_but_the_next_period_to_publish() -> None:
    partition = loaded({})

    assert partition.next_timer == next_after(ORIGIN, wall())
    assert partition.advance_to(ORIGIN).states == {}


def test_leads_kept_under_another_agreement_are_kept_under_this_one_from_then_on() -> None:
    partition = PartitionState(wall(), {})
    partition.fold({LEAD: [facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a")]})
    other = PartitionState(several(), partition.leads)

    other.load()

    assert decode(other.leads[LEAD]).digest == several().digest
    assert other.next_timer == other.now


def test_leads_of_another_agreement_are_reconciled_a_few_at_a_time() -> None:
    before = with_starts(list(range(5)))
    partition = PartitionState(several(), before.leads)
    partition.load()

    turns = 0
    while partition.next_timer == partition.now:
        partition.advance_to(ORIGIN, 2)
        turns += 1

    assert turns == 3


def test_deadlines_that_fall_due_while_a_period_is_published_are_published_at_once() -> None:
    rules = wall()
    published_at = next_after(ORIGIN + DAY, rules)
    assert published_at is not None
    at_once, bit_by_bit = (with_starts([0] * 20 + [published_at - ORIGIN - 30 * MINUTE]) for _ in range(2))
    for partition in (at_once, bit_by_bit):
        partition.advance_to(published_at - 1)
    at_once.advance_to(published_at)
    assert not at_once.is_looking

    bit_by_bit.advance_to(published_at, scan_budget=0)
    told = types_of(bit_by_bit.advance_to(published_at + 1, scan_budget=1))

    assert told == ["touch breached"]
    turns = 0
    while bit_by_bit.is_looking:
        bit_by_bit.advance_to(published_at + 1, scan_budget=1)
        turns += 1
    assert turns > 10
    assert bit_by_bit.windows.published == at_once.windows.published


def test_what_is_looked_at_calls_for_no_time() -> None:
    partition = with_starts([0] * 20)
    published_at = next_after(ORIGIN + DAY, wall())
    assert published_at is not None

    partition.advance_to(published_at, scan_budget=0)

    assert partition.is_looking
    assert partition.next_timer == published_at
    assert partition.next_due == next_after(published_at, wall()) or partition.next_due is None
