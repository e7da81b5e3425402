"""While history is loaded time stands for the leads that it brings, so that nothing is published and taken back."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.published_notices import RETRACTED
from sla_rules.instants import HOUR, MINUTE, SECOND, Instant
from tests.script import History, Script
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import rule_books, wall
from tests.sla_rules.scratch import outcome
from tests.sla_rules.story import attempted, handed_off
from tests.sla_rules.worker import Worker
from tests.strategies import deliveries, ends, histories

NOW = at("2026-03-06 12:00")
LOADED = "2026-03-06 12:00"
HAND_OFF = ("a", handed_off("2026-03-03 15:00", arrived=LOADED))
CALLS = [("a", attempted(f"2026-03-03 15:{minute}", arrived=LOADED)) for minute in (10, 20)]


def loading() -> Worker:
    """A worker in whose partition history began to be loaded at noon, and that has a hand-off of it."""
    worker = Worker(wall())
    worker.take(NOW)
    worker.partition.backfill.begin(NOW)
    worker.take([HAND_OFF])
    worker.take(NOW + SECOND)
    return worker


def kinds(worker: Worker) -> set[str]:
    return {msgspec.json.decode(value)["type"] for value in worker.durable.breaches.values()}


def test_without_the_marks_a_breach_is_published_and_taken_back_when_its_answer_comes() -> None:
    worker = Worker(wall())
    worker.take([HAND_OFF])
    worker.take(NOW)

    worker.take(CALLS)

    assert RETRACTED in kinds(worker)


def test_between_the_marks_nothing_is_published_that_the_rest_disproves() -> None:
    worker = loading()
    assert not worker.durable.breaches

    worker.take(CALLS)
    worker.partition.backfill.end(NOW + MINUTE)
    worker.take(NOW + MINUTE)

    assert not worker.durable.breaches
    assert worker.partition.next_due is None or worker.partition.next_due > NOW + MINUTE


def test_what_was_broken_in_history_is_published_once_all_that_came_before_the_second_mark_is_read() -> None:
    worker = loading()

    worker.partition.backfill.end(NOW + MINUTE)
    worker.take(NOW + MINUTE - 1)
    assert not worker.durable.breaches
    assert worker.partition.next_due == NOW + MINUTE
    worker.take(NOW + MINUTE)

    assert kinds(worker) == {"sla.breached.v1"}


def test_without_a_second_mark_time_stands_for_an_hour() -> None:
    worker = loading()

    worker.take(NOW + HOUR - 1)
    assert not worker.durable.breaches
    worker.take(NOW + HOUR)

    assert kinds(worker) == {"sla.breached.v1"}


def test_meanwhile_leads_of_now_are_judged_as_ever() -> None:
    worker = loading()

    worker.take([("b", handed_off("2026-03-06 12:01"))])
    worker.take(NOW + 32 * MINUTE)

    assert [msgspec.json.decode(value)["subject"] for value in worker.durable.breaches.values()] == ["b"]


def test_who_takes_over_in_between_waits_for_more_for_a_while() -> None:
    worker = loading()

    worker.take_over()
    worker.take(NOW + 2 * SECOND)
    assert not worker.durable.breaches
    worker.take(NOW + 5 * MINUTE)

    assert kinds(worker) == {"sla.breached.v1"}


@st.composite
def loaded(draw: st.DrawFn) -> tuple[History, Script, Instant]:
    history, end = draw(histories()), draw(ends())
    return history, draw(deliveries(history, end)), end


@pytest.mark.parametrize("crashes", [False, True])
@given(st.sampled_from(rule_books()), loaded(), st.data())
def test_wherever_the_marks_lie_and_a_worker_dies_all_comes_to_the_same_in_the_end(
    crashes: bool,  # noqa: FBT001
    rules: RuleBook,
    given: tuple[History, Script, Instant],
    data: st.DataObject,
) -> None:
    history, script, end = given
    begins, ended = sorted(data.draw(st.lists(st.integers(0, len(script)), min_size=2, max_size=2)))
    worker = Worker(rules)

    for place, step in enumerate(script):
        if place == begins:
            worker.partition.backfill.begin(max(worker.partition.now, end))
        worker.take(step)
        if place == ended:
            worker.partition.backfill.end(worker.partition.now)
        if crashes and data.draw(st.booleans()):
            worker.take_over()
    worker.settle()
    worker.take(end + 20 * 24 * HOUR)

    assert outcome(rules, history, end + 20 * 24 * HOUR) == worker.outcome()
