"""Confirmed remedies stand in the record of the period that they are for, beside figures that they do not change."""

import json
from datetime import date

import pytest

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.figures.period_records import read_record, record
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.instants import DAY
from sla_rules.lead import facts
from tests.sla_rules.clocks import at
from tests.sla_rules.evaluation.test_remedies import RULES, TOUCH, confirmed
from tests.sla_rules.story import handed_off, stamps
from tests.sla_rules.worker import Worker

KEPT_SHORTLY = RuleBook([version.agreement for version in RULES.versions["leads"]], keep=100 * DAY)
MARCH = WindowKey("leads", "touch", "all", "month", date(2026, 3, 1))
DONE = ConfirmedRemedy("Ana", at("2026-04-03 10:00"), "Eva")
TOLD = confirmed("2026-04-03 10:00", "2026-03", "Ana", by="Eva", name="done")


@pytest.fixture
def worker() -> Worker:
    """A breach of March, which is published."""
    worker = Worker(RULES)
    worker.take([("lead-1", handed_off("2026-03-02 10:00"))])
    worker.take(at("2026-04-02 12:00"))
    return worker


def test_a_confirmation_stands_beside_figures_that_are_as_they_were(worker: Worker) -> None:
    before = worker.durable.figures[MARCH]

    worker.take([(TOUCH, TOLD)])
    worker.take(at("2026-04-03 12:00"))

    found = worker.durable.figures[MARCH]
    assert found == before._replace(confirmed=(DONE,))
    assert found.status == before.status == "published"
    assert worker.partition.open_work.uncovered == 0


def test_a_record_says_who_did_it_and_is_read_back() -> None:
    all_of_it = ConfirmedRemedy(None, at("2026-04-04 10:00") + 1, "Ana")
    figures = Figures({"leads": 1}, {"leads": 1}, confirmed=(DONE, all_of_it))

    value = record(MARCH, figures, 3, RULES)

    assert json.loads(value)["remedies_confirmed"] == [
        {"owner": "Ana", "at": "2026-04-03T08:00:00Z", "by": "Eva"},
        {"at": "2026-04-04T08:00:00.000001Z", "by": "Ana"},
    ]
    assert read_record(value) == (MARCH, figures)
    assert b"remedies" not in record(MARCH, figures._replace(confirmed=()), 3, RULES)


def test_a_confirmation_that_is_corrected_away_is_taken_out_of_the_record(worker: Worker) -> None:
    before = worker.durable.figures[MARCH]
    worker.take([(TOUCH, TOLD)])
    worker.take(at("2026-04-03 12:00"))

    worker.take([(TOUCH, facts.Corrected(**stamps("corrected", "2026-04-04 10:00", None, None), replaces="done"))])
    worker.take(at("2026-04-04 12:00"))

    assert worker.durable.figures[MARCH] == before


def test_it_may_come_before_the_period_is_published_and_before_anything_was_missed() -> None:
    early = confirmed("2026-03-20 10:00", "2026-03", "Ana", by="Eva")
    worker = Worker(RULES)

    worker.take([(TOUCH, early)])
    worker.take(at("2026-03-20 12:00"))
    worker.take(at("2026-04-02 12:00"))

    found = worker.durable.figures[MARCH]
    assert (found.published, found.current, found.status) == ({}, {}, "published")
    assert [one.at for one in found.confirmed] == [early.time]


def test_who_takes_over_without_its_state_and_without_its_record_comes_to_the_same(worker: Worker) -> None:
    worker.take([(TOUCH, TOLD)])
    worker.take(at("2026-04-03 12:00"), "after_outputs")  # the record is written, the state is not
    worker.durable.figures[MARCH] = worker.durable.figures[MARCH]._replace(confirmed=())
    worker.take_over()

    worker.take([(TOUCH, TOLD)])
    worker.take(at("2026-04-03 12:00"))

    assert worker.durable.figures[MARCH].confirmed == (DONE,)


def test_a_frozen_period_keeps_what_was_confirmed_when_who_confirmed_it_has_left() -> None:
    worker = Worker(KEPT_SHORTLY)
    worker.take([("lead-1", handed_off("2026-03-02 10:00")), (TOUCH, TOLD)])
    for hour in range(2, 6):
        worker.take(at(f"2026-08-10 0{hour}:00"))

    assert TOUCH.encode() not in worker.partition.leads
    assert worker.durable.figures[MARCH].frozen
    assert worker.durable.figures[MARCH].confirmed == (DONE,)
    worker.take_over()
    assert not worker.partition.windows.changed
    assert worker.partition.windows.figures(MARCH).confirmed == (DONE,)


def test_a_remedy_of_a_frozen_period_may_still_be_confirmed() -> None:
    worker = Worker(KEPT_SHORTLY)
    worker.take([("lead-1", handed_off("2026-03-02 10:00"))])
    worker.take(at("2026-06-20 00:00"))
    worker.take(at("2026-06-20 01:00"))
    assert worker.durable.figures[MARCH].frozen

    late = confirmed("2026-06-20 02:00", "2026-03", "Ana", by="Eva")
    worker.take([(TOUCH, late)])
    worker.take(at("2026-06-20 03:00"))

    assert [one.at for one in worker.durable.figures[MARCH].confirmed] == [late.time]
