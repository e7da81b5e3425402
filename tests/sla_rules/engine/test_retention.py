"""Leads leave after they have been quiet for long; no figure falls, and nothing of them is left."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode
from sla_rules.engine.expiry import first_after, horizon_at, inactive_since, least_keep
from sla_rules.engine.partition import PartitionState
from sla_rules.events import schema
from sla_rules.events.decode import check_stamps
from sla_rules.events.rejection import RejectionError
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.instants import DAY, HOUR, Duration, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from tests.script import ORIGIN, History, Script
from tests.sla_rules.rules import LATER, PICKY, agreement, company_x
from tests.sla_rules.worker import CRASH_POINTS, Crash, Worker
from tests.strategies import histories

BOOKS: Final = (
    RuleBook([agreement(LATER)], keep=9 * DAY),
    RuleBook([agreement(PICKY), agreement(PICKY, name="other")], keep=3 * DAY),
)
LEAD: Final = b"lead-1"
TURNS: Final = 3
"""So many ticks let leads go: the first freezes and tells, the next looks for them."""


def for_good(rules: RuleBook) -> RuleBook:
    """The same agreements, with leads kept for good."""
    return RuleBook([version.agreement for versions in rules.versions.values() for version in versions])


@st.composite
def lives(draw: st.DrawFn) -> tuple[RuleBook, Script]:
    """A rule book, and facts in the order they arrive with ticks between, until every lead has long been quiet."""
    rules = draw(st.sampled_from(BOOKS))
    assert rules.keep is not None
    history = [(lead, at_once(fact)) for lead, fact in draw(histories())]
    taken = sorted((one for one in history if not is_expired(one[1], rules.keep)), key=lambda one: one[1].arrival)
    taken = list(while_known(taken, rules.keep))
    script: Script = []
    for one in taken:
        script += [one[1].arrival] * TURNS + [[one]]
    last = max((fact.arrival for _, fact in taken), default=ORIGIN)
    steps = draw(st.lists(st.integers(1, 40), min_size=1, max_size=8))
    ticks = [last + sum(steps[:number]) * 12 * HOUR for number in range(1, len(steps) + 1)]
    script += [tick for tick in (*ticks, last + 60 * DAY) for _ in range(TURNS)]
    return rules, script


def while_known(taken: History, keep: Duration) -> Iterator[tuple[str, Fact]]:
    """Without what comes after a lead may have left: it would begin a life of its own, and where leads are kept it does not."""
    heard: dict[str, Instant] = {}
    for lead, fact in taken:
        if fact.arrival - heard.get(lead, fact.arrival) < keep:
            heard[lead] = fact.arrival
            yield lead, fact


def at_once(fact: Fact) -> Fact:
    """A fact that arrives after it happened."""
    arrival = max(fact.arrival, fact.time)
    if isinstance(fact, facts.Corrected) and fact.instead is not None:
        instead = msgspec.structs.replace(fact.instead, arrival=arrival)
        return msgspec.structs.replace(fact, arrival=arrival, instead=instead)
    return msgspec.structs.replace(fact, arrival=arrival)


def is_expired(fact: Fact, keep: Duration) -> bool:
    return fact.arrival - fact.time > keep


def not_empty(worker: Worker) -> dict[WindowKey, Figures]:
    """Figures of something; periods in which nothing happened are published by whoever was there when they ended."""
    return {key: found for key, found in worker.durable.figures.items() if found.current or found.published}


def run(worker: Worker, script: Script, crashes: Mapping[int, Crash]) -> Worker:
    """Take every step, and die at those named."""
    pending = dict(crashes)
    at = 0
    while at < len(script):
        crash = pending.pop(at, None)
        ticked(worker, script[at], crash)
        if crash is not None:
            worker.take_over()
        at = max(at - crash.unacknowledged, 0) if crash is not None else at + 1
    return worker


def ticked(worker: Worker, taken: History | Instant, crash: Crash | None = None) -> None:
    """Take a step, and what mergers send on with it."""
    worker.take(taken, crash.point if crash is not None else None)
    while crash is None and worker.durable.forwarded:
        batch, worker.durable.forwarded = worker.durable.forwarded, []
        worker.take(batch)


@given(lives())
def test_no_figure_falls_when_leads_leave(life: tuple[RuleBook, Script]) -> None:
    rules, script = life
    keeping, letting = Worker(for_good(rules)), Worker(rules)
    frozen: dict[WindowKey, Figures] = {}

    for taken in script:
        ticked(keeping, taken)
        ticked(letting, taken)
        if isinstance(taken, int):
            for key, figures in letting.durable.figures.items():
                kept = keeping.durable.figures[key]
                if figures.frozen:
                    assert frozen.setdefault(key, kept).current == figures.current
                else:
                    assert kept.current == figures.current
                assert kept.published == figures.published

    assert not letting.durable.states
    assert not letting.durable.breaches
    assert not letting.partition.leads
    assert not letting.partition.open_work.overdue


def test_a_week_that_ended_while_nobody_looked_is_published_though_it_began_before_leads_are_kept() -> None:
    now = ORIGIN + 6 * DAY
    attentive, away = (PartitionState(BOOKS[0], {}) for _ in range(2))
    for day in range(6):
        leaving(attentive, ORIGIN + day * DAY)
    late = facts.HandedOff(ORIGIN, now, "/crm", "a")

    for partition in (attentive, away):
        leaving(partition, now)
        partition.fold({LEAD: [late]})
        leaving(partition, now + 12 * HOUR)

    week = WindowKey("leads", "touch", "unmatched", "week", date(2026, 3, 2))
    assert attentive.windows.figures(week) == away.windows.figures(week) == Figures({}, {}, frozen=True)


@given(lives(), st.data())
def test_wherever_a_worker_dies_while_leads_leave_the_topics_say_the_same(
    life: tuple[RuleBook, Script], data: st.DataObject
) -> None:
    rules, script = life
    crash = st.builds(Crash, st.sampled_from(CRASH_POINTS), st.integers(0, 3))
    crashes = data.draw(st.dictionaries(st.integers(0, len(script) - 1), crash, min_size=1, max_size=6))

    undisturbed, died = run(Worker(rules), script, {}), run(Worker(rules), script, crashes)

    assert died.durable.states == undisturbed.durable.states == {}
    assert died.durable.breaches == undisturbed.durable.breaches == {}
    assert not_empty(died) == not_empty(undisturbed)


@given(lives())
def test_who_takes_over_after_leads_have_left_says_what_was_said(life: tuple[RuleBook, Script]) -> None:
    rules, script = life
    worker = run(Worker(rules), script, {})
    before = {key: worker.partition.windows.figures(key) for key in worker.partition.windows.tallies}

    worker.take_over()

    windows = worker.partition.windows
    assert not windows.changed
    assert {key: windows.figures(key) for key in windows.tallies} == before


def one_lead(last: Instant = ORIGIN) -> PartitionState:
    partition = PartitionState(BOOKS[1], {})
    partition.fold({LEAD: [facts.HandedOff(last, last, "/crm", "a", fields={"role": "ceo"})]})
    return partition


def leaving(partition: PartitionState, now: Instant) -> list[bytes]:
    """Who leaves while time comes to an instant."""
    left: list[bytes] = []
    for _ in range(TURNS):
        left += partition.advance_to(now).left
        partition.windows.take_changed()
    return left


def test_a_lead_leaves_at_the_first_midnight_that_finds_it_quiet_for_long_enough() -> None:
    partition = one_lead()
    keep = BOOKS[1].keep
    assert keep is not None
    leaving(partition, ORIGIN + HOUR)
    quiet = inactive_since(decode(partition.leads[LEAD]))
    leaves = first_after(quiet, keep)

    assert quiet > ORIGIN, "its deadline lies behind its last fact"
    assert quiet + keep < leaves <= quiet + keep + DAY
    assert horizon_at(leaves - 1, keep) <= quiet < horizon_at(leaves, keep)
    assert leaving(partition, leaves - 1) == []
    assert leaving(partition, leaves) == [LEAD]
    assert LEAD not in partition.leads
    assert partition.next_timer is not None
    assert partition.next_timer > leaves


def test_nobody_leaves_before_what_freezes_has_been_published() -> None:
    partition = one_lead()

    assert partition.advance_to(ORIGIN + 30 * DAY).left == []
    assert partition.advance_to(ORIGIN + 30 * DAY).left == []
    partition.windows.take_changed()
    assert partition.advance_to(ORIGIN + 30 * DAY).left == [LEAD]


def test_leads_leave_a_few_at_a_time() -> None:
    partition = PartitionState(BOOKS[1], {})
    told = {f"lead-{number}".encode(): [facts.Created(ORIGIN, ORIGIN, "/crm", "a")] for number in range(100)}
    partition.fold(told)
    partition.advance_to(ORIGIN + 30 * DAY)
    partition.windows.take_changed()

    left = [len(partition.advance_to(ORIGIN + 30 * DAY, scan_budget=20).left)]
    while partition.is_looking:
        left.append(len(partition.advance_to(ORIGIN + 30 * DAY, scan_budget=20).left))

    assert max(left) < 100
    assert sum(left) == 100


def test_a_lead_that_an_event_is_about_again_stays_with_a_life_of_its_own() -> None:
    partition = one_lead()
    now = ORIGIN + 30 * DAY
    leaving(partition, now)
    before = dict(partition.windows.tallies)

    partition.fold({LEAD: [facts.HandedOff(now, now, "/crm", "b", fields={"role": "ceo"})]})

    assert len(decode(partition.leads[LEAD]).facts) == 1
    assert {key: partition.windows.tallies[key] for key in before} == before


def test_a_lead_with_a_deadline_ahead_and_a_delivery_that_is_due_again_and_again_stay() -> None:
    reports = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["00:00", "24:00"]]}}
obligations:
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: "16:00"},
     intervals: [day]}
"""
    partition = PartitionState(RuleBook([agreement(reports)], keep=3 * DAY), {})
    partition.watch([b"leads:report"], ORIGIN)

    for day in range(60):
        assert leaving(partition, ORIGIN + day * DAY) == []
    assert b"leads:report" in partition.leads


def test_what_was_published_of_a_lead_that_nobody_knows_is_taken_out_when_it_is_old() -> None:
    partition = one_lead()
    told = list(partition.advance_to(ORIGIN + 10 * DAY).notices.items())
    assert told
    orphans = PartitionState(BOOKS[1], {})
    orphans.load([value for _, value in told])

    young = orphans.advance_to(ORIGIN + 3 * DAY)
    old = PartitionState(BOOKS[1], {})
    old.load([value for _, value in told])
    assert old.advance_to(ORIGIN + 30 * DAY).forgotten == []
    old.windows.take_changed()

    assert young.forgotten == []
    assert old.advance_to(ORIGIN + 30 * DAY).forgotten == [key for key, _ in told]


def test_leads_that_nobody_knows_are_found_a_few_at_a_time() -> None:
    known = PartitionState(BOOKS[1], {})
    handed_off = facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a", fields={"role": "ceo"})
    known.fold({f"lead-{number}".encode(): [handed_off] for number in range(20)})
    told = known.advance_to(ORIGIN + 10 * DAY).notices
    assert told
    orphans = PartitionState(BOOKS[1], {})
    orphans.load(told.values())
    orphans.advance_to(ORIGIN + 30 * DAY)
    orphans.windows.take_changed()

    forgotten = [orphans.advance_to(ORIGIN + 30 * DAY, scan_budget=7).forgotten for _ in range(6)]

    assert sorted(key for some in forgotten for key in some) == sorted(told)
    assert max(map(len, forgotten)) < len(told)
    assert not orphans.is_looking


def test_a_state_or_a_record_that_a_former_owner_took_out_is_written_again() -> None:
    partition = one_lead(ORIGIN)
    told = partition.advance_to(ORIGIN + 4 * DAY).notices
    assert told

    partition.absorb_foreign_writes([(LEAD, None)], [(key, None) for key in told], [])
    changes = partition.advance_to(ORIGIN + 4 * DAY)

    assert changes.states == partition.leads
    assert changes.notices == told


def test_an_event_older_than_leads_are_kept_is_expired() -> None:
    event = schema.EVENT.validate_json(
        b'{"specversion": "1.0", "id": "a", "source": "/crm", "type": "lead.accepted.v1", "subject": "L-1",'
        b' "time": "2026-03-06T13:00:00Z", "data": {}}'
    )
    check_stamps(event, ORIGIN + 3 * DAY, keep=3 * DAY)
    check_stamps(event, ORIGIN + 999 * DAY)

    with pytest.raises(RejectionError, match="4 days before its arrival, leads are kept for 3") as rejection:
        check_stamps(event, ORIGIN + 4 * DAY, keep=3 * DAY)

    assert rejection.value.reason == "expired"


def test_leads_have_to_be_kept_for_the_longest_period_and_its_grace() -> None:
    assert least_keep(company_x()) == 31 * DAY + HOUR + DAY
    assert all(book.keep is not None and least_keep(book) <= book.keep for book in BOOKS)
