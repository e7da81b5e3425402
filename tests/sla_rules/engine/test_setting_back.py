"""Time that ran ahead of the broker's clock is set back, and in the end nothing is left of it."""

from itertools import zip_longest

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.ahead import TOLERATED
from sla_rules.engine.codec import decode
from sla_rules.engine.publication import next_after
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from tests.script import ORIGIN, Script
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import LATER, agreement, rule_books, wall
from tests.sla_rules.story import types_of
from tests.sla_rules.worker import CRASH_POINTS, Back, CrashPoint, Worker
from tests.strategies import deliveries, ends, histories

REPORTS = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["00:00", "24:00"]]}}
obligations:
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: "16:00"},
     intervals: [day]}
"""
REPORT = b"leads:report"
BOOKS = st.sampled_from(rule_books())


@st.composite
def lives(draw: st.DrawFn) -> tuple[Script, Instant, list[Instant], Script]:
    """What came before an instant, that instant, how far time ran ahead of it, and what came after."""
    history, end = draw(histories()), draw(ends())
    script = draw(deliveries(history, end))
    cut = draw(st.integers(0, len(script) - 1))
    broker = max([step for step in script[:cut] if isinstance(step, int)], default=ORIGIN)
    ahead = draw(st.lists(st.sampled_from((3 * SECOND, HOUR, DAY, 40 * DAY)), min_size=1, max_size=2))
    later: Script = [max(step, broker) if isinstance(step, int) else step for step in script[cut:]]
    later.append(max(end, broker + TOLERATED))
    return [*script[:cut], broker], broker, [broker + by for by in ahead], later


def published(worker: Worker) -> dict[WindowKey, Figures]:
    """Periods of something; those in which nothing happened are published by whoever is there when they end."""
    return {key: found for key, found in worker.durable.figures.items() if found.published}


@given(BOOKS, lives(), st.booleans(), st.lists(st.sampled_from(CRASH_POINTS), max_size=3), st.integers(1, 3))
def test_a_partition_that_was_ahead_and_was_set_back_ends_as_one_that_never_was(
    rules: RuleBook,
    life: tuple[Script, Instant, list[Instant], Script],
    successor: bool,  # noqa: FBT001
    crashes: list[CrashPoint],
    scan_budget: int,
) -> None:
    before, broker, ahead, after = life
    right = Worker(rules).run(before)
    right.take_over()
    right.run(after)

    wrong = Worker(rules).run(before)
    for moment, crash in zip_longest(ahead, crashes[: len(ahead)]):
        wrong.take(moment, crash)
    if successor or crashes:
        wrong.take_over()
    was_ahead = wrong.partition.is_ahead_of(broker)
    for crash in crashes:
        wrong.take(Back(broker), crash)
        wrong.take_over()
    wrong.take(Back(broker))
    while wrong.partition.is_looking:
        wrong.take(wrong.partition.now, scan_budget=scan_budget)
    assert not wrong.partition.is_ahead_of(broker)
    assert not wrong.take(Back(broker)).notices
    wrong.run(after)

    assert right.outcome() == wrong.outcome()
    if was_ahead:
        assert published(right) == published(wrong)


@given(BOOKS, lives(), st.integers(0, 3))
def test_before_all_leads_are_looked_at_nothing_is_published_that_a_right_clock_would_not_have_published(
    rules: RuleBook, life: tuple[Script, Instant, list[Instant], Script], scan_budget: int
) -> None:
    before, broker, ahead, after = life
    right, wrong = Worker(rules).run(before), Worker(rules).run(before)
    for moment in ahead:
        wrong.take(moment)
    wrong.take_over()
    wrong.take(Back(broker))

    for step in after:
        right.take(step)
        wrong.take(step, scan_budget=scan_budget)
        assert wrong.outcome().standing.keys() <= right.outcome().standing.keys()


@given(BOOKS, lives())
def test_who_takes_over_from_a_right_clock_finds_nothing_to_set_back(
    rules: RuleBook, life: tuple[Script, Instant, list[Instant], Script]
) -> None:
    before, broker, _, _ = life
    worker = Worker(rules).run(before)
    worker.take_over()
    left = dict(worker.partition.leads)

    changes = worker.take(Back(broker))

    assert (changes.notices, changes.states, left) == ({}, {}, worker.partition.leads)
    assert not worker.partition.is_looking


def late_by_an_hour(rules: RuleBook, **known: Fact) -> Worker:
    """A worker whose time had come an hour too far, when a lead that had an hour was told as breached; taken over."""
    worker = Worker(rules)
    worker.take(ORIGIN)
    worker.take(list(known.items()))
    worker.take(ORIGIN + HOUR)
    worker.take_over()
    return worker


def test_a_breach_published_too_early_is_retracted_at_once_and_published_again_at_its_deadline() -> None:
    worker = late_by_an_hour(wall(), lead=facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a"))

    assert types_of(worker.take(Back(ORIGIN))) == ["touch retracted"]
    assert types_of(worker.take(ORIGIN + 30 * MINUTE)) == []
    assert types_of(worker.take(ORIGIN + 30 * MINUTE + 1)) == ["touch breached"]


def test_a_breach_published_too_early_whose_state_was_not_kept_is_retracted_too() -> None:
    worker = Worker(wall())
    worker.take([("lead", facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a"))])
    worker.take(ORIGIN + HOUR, "after_outputs")
    worker.take_over()

    assert types_of(worker.take(Back(ORIGIN))) == ["touch retracted"]
    assert types_of(worker.take(ORIGIN + HOUR)) == ["touch breached"]


def test_what_is_published_within_what_clocks_may_differ_by_is_left_and_waited_for() -> None:
    worker = Worker(wall())
    worker.take([("lead", facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a"))])
    worker.take(ORIGIN + 30 * MINUTE + 1)
    worker.take_over()

    for now in (ORIGIN + 30 * MINUTE - SECOND, ORIGIN + 30 * MINUTE + 1):
        assert types_of(worker.take(Back(now))) == []
        assert types_of(worker.take(now)) == []


def test_a_breach_that_a_former_owner_publishes_late_and_too_early_calls_for_another_setting_back() -> None:
    worker = late_by_an_hour(wall(), lead=facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a"))
    (early,) = worker.durable.breaches.items()
    worker.take(Back(ORIGIN))
    worker.take(ORIGIN)
    assert not worker.partition.is_ahead_of(ORIGIN)

    worker.partition.absorb_foreign_writes([], [early], [])

    assert worker.partition.is_ahead_of(ORIGIN)
    assert types_of(worker.take(Back(ORIGIN))) == ["touch retracted"]
    assert not worker.partition.is_ahead_of(ORIGIN)


def test_figures_of_a_period_that_is_not_over_are_no_longer_published() -> None:
    worker = Worker(wall())
    worker.take(ORIGIN)
    over = next_after(ORIGIN, wall())
    assert over is not None
    worker.take(over)
    early = {key for key, figures in worker.durable.figures.items() if figures.published is not None} - published_by(
        ORIGIN
    )
    worker.take_over()

    worker.take(Back(ORIGIN))
    worker.take(ORIGIN)

    assert early
    assert {worker.durable.figures[key].status for key in early} == {"open"}
    worker.take(over)
    assert {worker.durable.figures[key].status for key in early} == {"published"}


def published_by(now: Instant) -> set[WindowKey]:
    worker = Worker(wall())
    worker.take(now)
    return {key for key, figures in worker.durable.figures.items() if figures.published is not None}


def test_what_was_published_by_a_shorter_grace_stays_when_a_new_version_has_a_longer_one() -> None:
    before = agreement(f"grace: 1h\n{LATER}")
    worker = Worker(RuleBook([before]))
    now = at("2026-03-08 07:00")
    worker.take(now)
    assert published(worker) == {}
    told = dict(worker.durable.figures)
    assert any(figures.published is not None for figures in told.values())

    worker.rules = RuleBook([before, agreement(f"grace: 9d\n{LATER}", version="2", since="2026-03-08")])
    worker.take_over()

    assert not worker.partition.is_ahead_of(now)
    assert not worker.take(Back(now)).notices
    worker.take(now)
    assert {key: worker.durable.figures[key].published for key in told} == {
        key: figures.published for key, figures in told.items()
    }


def test_what_left_has_left_and_frozen_windows_stay_as_they_are() -> None:
    rules = RuleBook([agreement(LATER)], keep=9 * DAY)
    worker = Worker(rules)
    worker.take(ORIGIN)
    worker.take([("lead", facts.HandedOff(ORIGIN, ORIGIN, "/crm", "a", fields={"role": "ceo"}))])
    for days in (40, 80, 80):
        worker.take(ORIGIN + days * DAY)
    frozen = {key: figures for key, figures in worker.durable.figures.items() if figures.frozen}
    assert frozen
    assert worker.durable.states == {}
    worker.take_over()

    worker.take(Back(ORIGIN))
    worker.take(ORIGIN)

    assert {key: worker.durable.figures[key] for key in frozen} == frozen
    assert types_of(worker.take(ORIGIN + DAY)) == []


def test_what_is_watched_since_an_instant_that_had_not_come_is_watched_since_now() -> None:
    worker = Worker(RuleBook([agreement(REPORTS)]))
    begun = worker.partition.watch([REPORT], ORIGIN + 30 * DAY)
    worker.durable.states.update(begun.states)
    worker.take_over()

    worker.durable.states.update(worker.partition.watch([REPORT], ORIGIN).states)
    assert worker.partition.watch([REPORT], ORIGIN + DAY).states == {}
    worker.take_over()
    worker.take(ORIGIN + 30 * DAY)

    assert [fact.time for fact in decode(worker.durable.states[REPORT]).facts] == [ORIGIN]
    told = [msgspec.json.decode(value)["data"] for value in worker.durable.breaches.values()]
    assert {one["historic"] for one in told if one["deadline"] > "2026-03-06"} == {False}
