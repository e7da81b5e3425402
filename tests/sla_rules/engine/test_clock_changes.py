"""Which records of open clocks are written, and when: by facts, whatever the topic held before, and never by time alone."""

from collections.abc import Sequence
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine import clock_changes
from sla_rules.engine.clock_records import read_clocks, record
from sla_rules.engine.codec import SHORTENED, decode, encode
from sla_rules.engine.partition import PartitionState
from sla_rules.engine.state_merge import merge_states
from sla_rules.evaluation.assessment import Assessment
from sla_rules.instants import DAY, Instant
from sla_rules.lead.facts import Fact
from tests.script import ORIGIN, History, Script
from tests.sla_rules.clocks import at
from tests.sla_rules.faults import Faults, name_of
from tests.sla_rules.rules import WALL, agreement, rule_books, talks, wall
from tests.sla_rules.story import attempted, handed_off, turned, updated
from tests.sla_rules.test_laws import delivered
from tests.sla_rules.worker import Worker, by_lead

BOOKS: Final = st.sampled_from(rule_books())
LEAD: Final = b"lead-1"
HANDED_OFF: Final = handed_off("2026-03-09 10:00", "ann")
CALLED: Final = attempted("2026-03-09 10:10")
CONNECTED: Final = turned("2026-03-09 10:20", "connected")
LATE: Final = at("2026-03-12 12:00")


def partition_with(*known: Fact, rules: RuleBook | None = None) -> PartitionState:
    partition = PartitionState(rules or wall(), {})
    partition.fold({LEAD: known})
    return partition


def obligations(record: bytes | None) -> list[str]:
    return [] if record is None else [clock.obligation for clock in read_clocks(record).data.clocks]


@given(BOOKS, delivered(), st.integers(0, 400))
def test_time_alone_writes_nothing_whatever_came_before(
    rules: RuleBook, given: tuple[History, Script, Instant], days: int
) -> None:
    worker = Worker(rules).run(given[1])

    changes = worker.partition.advance_to(worker.partition.now + days * DAY)

    assert changes.clocks == {}


def test_each_fact_that_comes_of_a_lead_with_open_clocks_has_them_written_as_they_are_then() -> None:
    partition = PartitionState(wall(), {})

    told = [partition.fold({LEAD: [fact]}).clocks for fact in (HANDED_OFF, CALLED, CONNECTED)]

    assert [obligations(clocks[LEAD]) for clocks in told] == [["touch", "tries"], ["tries"], []]
    assert told[2] == {LEAD: None}


def test_what_is_received_again_writes_nothing() -> None:
    partition = partition_with(HANDED_OFF, CALLED)

    assert partition.fold({LEAD: [HANDED_OFF, CALLED]}).clocks == {}


def test_of_a_lead_that_never_had_a_clock_there_is_nothing_to_take_out() -> None:
    partition = PartitionState(wall(), {})

    assert partition.fold({LEAD: [CALLED]}).clocks == {}
    assert partition.fold({LEAD: [updated("2026-03-09 10:11", role="ceo")]}).clocks == {}
    assert partition.fold({LEAD: [handed_off("2026-03-09 09:00"), CALLED, CONNECTED]}).clocks == {}


def test_of_a_batch_that_brings_several_facts_of_a_lead_one_record_is_written() -> None:
    changes = PartitionState(wall(), {}).fold({LEAD: [HANDED_OFF, CALLED]})

    assert {lead: obligations(record) for lead, record in changes.clocks.items()} == {LEAD: ["tries"]}


def test_the_next_date_of_a_delivery_begins_a_clock() -> None:
    reports = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {fri: [["00:00", "24:00"]]}}
obligations:
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: "16:00"}}
"""
    partition = PartitionState(RuleBook([agreement(reports, since="2026-03-09")]), {})
    [first] = partition.watch([b"leads:report"], at("2026-03-09 10:00")).clocks.values()
    meanwhile = partition.advance_to(at("2026-03-13 15:59")).clocks
    [second] = partition.advance_to(at("2026-03-13 16:01")).clocks.values()

    assert (len(obligations(first)), meanwhile, len(obligations(second))) == (1, {}, 2)


def test_nothing_is_written_where_nobody_wants_clocks() -> None:
    partition = PartitionState(wall(), {}, clocks=False)
    partition.fold({LEAD: [HANDED_OFF]})
    heir = PartitionState(rule_books()[0], dict(partition.leads), clocks=False)
    heir.load()

    written = [partition.fold({LEAD: [CALLED]}), partition.fold({LEAD: [CONNECTED]}), heir.advance_to(LATE)]
    heir.write_again(clocks=True)
    assert [changes.clocks for changes in (*written, heir.advance_to(LATE))] == [{}] * 4


def test_what_leaves_takes_its_record_along() -> None:
    partition = partition_with(HANDED_OFF, rules=RuleBook([agreement(WALL)], keep=3 * DAY))
    written: dict[bytes, bytes | None] = {}

    for _ in range(5):
        written |= partition.advance_to(LATE + 30 * DAY).clocks
        partition.windows.take_changed()

    assert not partition.leads
    assert written == {LEAD: None}


def test_a_lead_that_cannot_be_judged_has_no_clocks_until_it_can() -> None:
    poison = attempted("2026-03-09 10:05", name="poison")
    partition = partition_with(HANDED_OFF)

    with Faults(unjudgeable=[name_of(poison)]).put_in():
        aside = partition.fold({LEAD: [poison]}).clocks
        heir = PartitionState(wall(), dict(partition.leads))
        heir.load()
        still_aside = heir.advance_to(LATE).clocks
    cured = PartitionState(wall(), dict(partition.leads))
    cured.load()

    assert aside == {LEAD: None}
    assert still_aside == {LEAD: None}
    assert obligations(cured.advance_to(LATE).clocks[LEAD]) == ["tries"]


def test_a_lead_whose_clocks_cannot_be_said_is_set_aside_and_those_of_others_are_written_for_the_first_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = PartitionState(wall(), {}, clocks=False)
    before.fold({LEAD: [HANDED_OFF], b"lead-2": [HANDED_OFF]})
    heir = PartitionState(wall(), dict(before.leads))
    heir.load(clocks=[LEAD])

    def broken(lead: str, assessments: Sequence[Assessment], last_time: Instant) -> bytes | None:
        if lead == LEAD.decode():
            raise ZeroDivisionError
        return record(lead, assessments, last_time)

    monkeypatch.setattr(clock_changes, "record", broken)
    changes = [heir.advance_to(at("2026-03-09 10:05"), scan_budget=100) for _ in range(2)]

    written = changes[0].clocks | changes[1].clocks
    assert {lead: obligations(one) for lead, one in written.items()} == {LEAD: [], b"lead-2": ["touch", "tries"]}
    assert set(changes[1].quarantined) == {LEAD}
    assert heir.quarantined == 1


def test_terms_that_change_have_the_clocks_of_leads_that_they_concern_written_again() -> None:
    before = PartitionState(wall(), {})
    before.fold({LEAD: [HANDED_OFF], b"done": [HANDED_OFF, CALLED, CONNECTED]})
    heir = PartitionState(talks(), dict(before.leads))
    heir.load()

    changes = heir.advance_to(LATE)

    assert set(changes.states) == {LEAD, b"done"}
    assert [obligations(changes.clocks[lead]) for lead in (LEAD,)] == [["first", "tries"]]
    assert changes.clocks.keys() == {LEAD}


def test_terms_that_promise_a_lead_nothing_any_more_have_its_record_taken_out() -> None:
    heir = PartitionState(RuleBook([agreement(WALL, since="2026-04-01")]), dict(partition_with(HANDED_OFF).leads))
    heir.load()

    assert heir.advance_to(LATE).clocks == {LEAD: None}


def test_what_a_former_owner_wrote_late_is_written_over() -> None:
    """Whatever that was: of a lead that is known what stands of it, of another that there is none."""
    partition = partition_with(HANDED_OFF)
    partition.fold({b"done": [HANDED_OFF, CALLED, CONNECTED]})

    at_once = partition.absorb_foreign_writes((), (), (), [LEAD, b"done", b"unknown"]).clocks
    later = partition.advance_to(LATE).clocks

    assert at_once == {b"unknown": None}
    assert {lead: obligations(record) for lead, record in later.items()} == {LEAD: ["touch", "tries"], b"done": []}
    assert partition.is_whole


def test_what_a_former_owner_wrote_and_did_not_live_to_keep_is_taken_out_where_all_comes_at_once() -> None:
    successor = PartitionState(wall(), {})
    successor.load(taken_over_at=CONNECTED.arrival)

    assert successor.fold({LEAD: [HANDED_OFF, CONNECTED]}).clocks == {LEAD: None}
    assert successor.fold({b"lead-2": [turned("2026-03-09 10:30", "accepted")]}).clocks == {}


def test_what_two_owners_knew_of_a_lead_is_written_as_it_comes_to_together() -> None:
    ours, theirs = partition_with(HANDED_OFF), partition_with(HANDED_OFF, CALLED)

    at_once = ours.absorb_foreign_writes([(LEAD, theirs.leads[LEAD])], (), ()).clocks
    heir = PartitionState(wall(), {LEAD: merge_states(ours.leads[LEAD], theirs.leads[LEAD])})
    heir.load()

    assert obligations(at_once[LEAD]) == ["tries"]
    assert obligations(heir.advance_to(LATE).clocks[LEAD]) == ["tries"]


@pytest.fixture
def twenty() -> PartitionState:
    """Of twenty leads half wait for a call."""
    partition = PartitionState(wall(), {})
    waiting = by_lead([(f"waiting-{number}", HANDED_OFF) for number in range(10)])
    done = by_lead([(f"done-{number}", fact) for number in range(10) for fact in (HANDED_OFF, CALLED, CONNECTED)])
    partition.fold({**waiting, **done})
    return partition


def test_who_begins_to_write_clocks_writes_all_and_takes_out_what_stands_from_before(twenty: PartitionState) -> None:
    found = [b"done-3", b"waiting-4", b"gone"]
    heir = PartitionState(wall(), dict(twenty.leads))
    heir.load(clocks=found)
    assert heir.is_looking

    turns = [heir.advance_to(LATE, scan_budget=100).clocks for _ in range(4)]
    written = {lead: record for clocks in turns for lead, record in clocks.items()}

    assert max(map(len, turns)) <= 20, "a few leads at a time"
    assert {lead for lead, record in written.items() if record is not None} == {b"waiting-%d" % n for n in range(10)}
    assert {lead for lead, record in written.items() if record is None} == {b"done-3", b"gone"}
    assert heir.is_whole
    assert not heir.is_looking


def test_who_takes_over_what_is_whole_writes_nothing_of_it(twenty: PartitionState) -> None:
    heir = PartitionState(wall(), dict(twenty.leads))
    heir.load()

    assert heir.advance_to(LATE).clocks == {}


@given(BOOKS, delivered(), st.data())
def test_clocks_that_were_not_written_for_a_while_come_to_what_they_would_have_been(
    rules: RuleBook, given: tuple[History, Script, int], data: st.DataObject
) -> None:
    _, script, _ = given
    off, on = sorted(data.draw(st.tuples(st.integers(0, len(script)), st.integers(0, len(script)))))
    worker = Worker(rules)
    for step in script[:off]:
        worker.take(step)
    worker.partition = PartitionState(rules, dict(worker.durable.states), clocks=False)
    worker.partition.load(worker.durable.breaches.values(), worker.durable.figures)
    for step in script[off:on]:
        worker.take(step)
    worker.partition = PartitionState(rules, dict(worker.durable.states))
    worker.partition.load(worker.durable.breaches.values(), worker.durable.figures, clocks=list(worker.durable.clocks))
    for step in script[on:]:
        worker.take(step)
    worker.take(ORIGIN + 30 * DAY)
    worker.settle()
    whole = Worker(rules).run([*script, ORIGIN + 30 * DAY])

    assert worker.durable.clocks == whole.durable.clocks


def test_history_that_is_loaded_has_clocks_that_say_so() -> None:
    """Its deadline had passed long before it arrived; what answers it may still be to come."""
    worker = Worker(wall())
    worker.take(LATE)
    worker.partition.backfill.begin(LATE)

    changes = worker.take([("lead-1", handed_off("2026-03-03 15:00", arrived="2026-03-12 12:00"))])

    [record] = changes.clocks.values()
    assert record is not None
    assert all(clock.historic for clock in read_clocks(record).data.clocks)


def test_a_state_that_says_nothing_of_what_was_owed_has_its_clocks_written() -> None:
    """One that was too large with what follows from it is kept without."""
    partition = partition_with(HANDED_OFF, CALLED, CONNECTED)
    short = msgspec.structs.replace(decode(partition.leads[LEAD]), digest=SHORTENED, contributions=(), next_due=None)
    heir = PartitionState(wall(), {LEAD: encode(short)})
    heir.load()

    assert heir.advance_to(LATE).clocks == {LEAD: None}
