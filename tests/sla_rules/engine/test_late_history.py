"""Periods that were over when the service began to listen are published by what happened, whenever it is told."""

from collections.abc import Iterator
from datetime import date

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.figures.windows import WindowKey, intervals_of
from sla_rules.instants import DAY, MINUTE, SECOND, Instant
from sla_rules.lead.facts import Confirmed, Fact
from sla_rules.reports.replay import replay, watched
from sla_rules.time.periods import period_from
from tests.laws import examples
from tests.script import ORIGIN, History, Script
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement, rule_books, wall
from tests.sla_rules.story import attempted, handed_off
from tests.sla_rules.worker import CRASH_POINTS, Crash, Worker, by_lead
from tests.strategies import deliveries, ends, histories

BOOKS = st.sampled_from(rule_books())


def listening(rules: RuleBook, since: Instant) -> RuleBook:
    """The same agreements, which the service has listened for since an instant."""
    agreements = [version.agreement for versions in rules.versions.values() for version in versions]
    return RuleBook(agreements, listening_since=dict.fromkeys(rules.versions, since))


def told(history: History) -> dict[str, list[Fact]]:
    return {lead.decode(): found for lead, found in by_lead(history).items()}


def is_history(rules: RuleBook, key: WindowKey) -> bool:
    end = period_from(key.interval, key.first, rules.zone_of(key.agreement)).end
    return rules.is_history(key.agreement, end)


@st.composite
def lives(draw: st.DrawFn) -> tuple[Instant, History, Script, Instant]:
    """Since when the service listens; what happened; how that comes, and until when."""
    since = ORIGIN + draw(st.integers(0, 6)) * DAY
    history, end = draw(histories()), max(since, draw(ends()))
    return since, history, draw(deliveries(history, end)), end


@given(BOOKS, lives(), st.data())
def test_history_is_published_as_a_replay_says_whatever_its_order_and_wherever_a_worker_dies(
    rules: RuleBook, life: tuple[Instant, History, Script, Instant], data: st.DataObject
) -> None:
    since, history, script, end = life
    rules = listening(rules, since)
    crash = st.builds(Crash, st.sampled_from(CRASH_POINTS), st.integers(0, 3))
    crashes = data.draw(st.dictionaries(st.integers(0, len(script) - 1), crash, max_size=3))

    worker = Worker(rules).run(script, crashes)
    worker.take(end + MINUTE)

    whole = replay(rules, told(history), end + MINUTE)
    published = {key: figures.published for key, figures in worker.durable.figures.items() if is_history(rules, key)}
    assert {key: tally for key, tally in published.items() if tally} == {
        key: tally for key, tally in whole.published.items() if is_history(rules, key)
    }
    assert {key: figures.current for key, figures in worker.durable.figures.items() if figures.current} == {
        key: tally for key, tally in whole.current.items() if tally
    }
    assert not any(figures.behind for figures in worker.durable.figures.values())


@given(BOOKS, st.lists(st.integers(0, 40), min_size=1, max_size=4).map(sorted), st.integers(0, 20))
@examples(40)
def test_every_period_that_ended_is_published_empty_ones_too_however_long_nobody_was_there(
    rules: RuleBook, days: list[int], since: int
) -> None:
    rules = listening(rules, ORIGIN + since * DAY)
    worker = Worker(rules)

    for day in days:
        worker.take_over()
        worker.take(ORIGIN + day * DAY)

    now = ORIGIN + days[-1] * DAY
    assert set(worker.durable.figures) == set(ended(rules, now))
    assert all(figures.published == {} for figures in worker.durable.figures.values())


def ended(rules: RuleBook, now: Instant) -> Iterator[WindowKey]:
    """Every window of a period that a term was in force in, and whose grace is over."""
    for term in rules.terms:
        for interval in intervals_of(term):
            period = term.period(interval, term.since)
            while rules.publication_of(term.name[0], period.end) <= now and period.start < term.until:
                yield from (WindowKey(*term.name, name, interval, period.first) for name in term.segments)
                period = term.period(interval, period.end)


SINCE = at("2026-03-06 12:00")
TUESDAY = WindowKey("leads", "touch", "unmatched", "day", date(2026, 3, 3))
THURSDAY = TUESDAY._replace(first=date(2026, 3, 5))
FRIDAY = TUESDAY._replace(first=date(2026, 3, 6))


def opened() -> Worker:
    """A worker that listens since Friday noon, and has published the days before as empty."""
    worker = Worker(listening(wall(), SINCE))
    worker.take(at("2026-03-08 12:00"))
    return worker


def late(when: str) -> tuple[str, Fact]:
    """A hand-off that is told on Sunday."""
    return "a", handed_off(when, arrived="2026-03-08 12:00")


def test_what_was_published_as_empty_before_history_came_follows_it_once_no_more_comes() -> None:
    worker = opened()
    assert worker.durable.figures[TUESDAY].published == {}

    worker.take([late("2026-03-03 15:00")])

    assert worker.durable.figures[TUESDAY].behind
    assert worker.partition.next_due == worker.partition.now
    worker.take(worker.partition.now)
    assert worker.durable.figures[TUESDAY].behind
    assert worker.partition.next_due == worker.partition.now + 5 * SECOND
    worker.take(worker.partition.now + 5 * SECOND)
    figures = worker.durable.figures[TUESDAY]
    assert (figures.history, figures.behind, figures.status) == (True, False, "published")
    assert figures.published == {"leads": 1, "breached": 1, "untouched": 1}


def test_days_that_no_history_came_for_are_not_told_again() -> None:
    worker = opened()

    worker.take([late("2026-03-03 15:00")])
    before = dict(worker.durable.figures)
    worker.take(worker.partition.now)
    worker.take(worker.partition.now + 5 * SECOND)

    changed = {key.first for key, figures in worker.durable.figures.items() if figures != before[key]}
    assert changed == {date(2026, 3, 3)}


def test_who_takes_over_after_history_was_kept_and_before_it_was_published_publishes_it() -> None:
    worker = opened()

    worker.take([late("2026-03-03 15:00")], "after_states")
    worker.take_over()
    worker.take(at("2026-03-08 12:01"))

    assert worker.durable.figures[TUESDAY].published == {"leads": 1, "breached": 1, "untouched": 1}


def test_history_that_comes_while_history_is_being_published_is_published_next() -> None:
    worker = Worker(listening(wall(), SINCE))
    worker.take([("b", handed_off("2026-03-03 14:00"))])
    worker.take(at("2026-03-08 12:00"), scan_budget=0)
    assert worker.partition.is_looking

    worker.take([late("2026-03-03 15:00"), ("b", attempted("2026-03-03 14:10", arrived="2026-03-08 12:00"))])
    worker.take(at("2026-03-08 12:01"))
    worker.take(at("2026-03-08 12:02"))

    published = worker.durable.figures[TUESDAY].published
    assert published is not None
    assert (published["leads"], published["met"], published["breached"]) == (2, 1, 1)


def test_a_period_that_ended_later_takes_nothing_that_comes_after_its_grace_whenever_it_is_stamped() -> None:
    worker = opened()

    worker.take([late("2026-03-06 11:00"), late("2026-03-06 17:00")])
    worker.take(worker.partition.now + MINUTE)

    figures = worker.durable.figures[FRIDAY]
    assert (figures.history, figures.published, figures.status) == (False, {}, "restated")


def test_what_was_published_before_the_service_knew_since_when_it_listens_stays() -> None:
    worker = Worker(wall())
    worker.take(at("2026-03-08 12:00"))

    worker.rules = listening(wall(), SINCE)
    worker.take_over()
    worker.take([late("2026-03-03 15:00")])
    worker.take(at("2026-03-08 12:02"))

    assert worker.durable.figures[TUESDAY].published == {}
    assert worker.durable.figures[TUESDAY].status == "restated"


def test_a_deadline_that_had_passed_before_the_service_listened_pages_nobody_and_one_that_had_not_does() -> None:
    worker = Worker(listening(wall(), SINCE))

    worker.take([("a", handed_off("2026-03-06 11:20")), ("b", handed_off("2026-03-06 11:40"))])
    worker.take(at("2026-03-06 12:30"))

    records = [msgspec.json.decode(value)["data"] for value in worker.durable.breaches.values()]
    touch = {one["lead"]: one["historic"] for one in records if one["obligation"] == "touch"}
    assert touch == {"a": True, "b": False}


def test_nothing_that_happened_before_the_service_listened_is_backdated() -> None:
    worker = Worker(listening(wall(), SINCE))
    told_late = "2026-03-08 18:00"

    worker.take([(lead, handed_off("2026-03-06 11:50", arrived="2026-03-06 12:01")) for lead in "ab"])
    worker.take([("a", attempted("2026-03-06 11:55", arrived=told_late))])
    worker.take([("b", attempted("2026-03-06 12:05", arrived=told_late))])

    figures = worker.partition.windows.figures(FRIDAY).current
    assert (figures["met"], figures["flagged:backdated:unassigned"]) == (2, 1)


REPORTS = """
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {fri: [["09:00", "17:00"]]}
obligations:
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, intervals: [week],
     due: {weekdays: [fri], at: "16:00"}}
"""


def test_a_delivery_was_owed_in_all_of_history_and_counts_by_when_it_was_confirmed() -> None:
    rules = listening(RuleBook([agreement(REPORTS)]), at("2026-03-03 12:00"))
    week = WindowKey("leads", "report", "all", "week", date(2026, 2, 16))
    confirmed = Confirmed(at("2026-02-20 15:00"), at("2026-03-08 12:00"), "/crm", "c-1")
    until = at("2026-03-12 12:00")
    worker = Worker(rules)
    worker.durable.states.update(worker.partition.watch([b"leads:report"], at("2026-03-03 12:00")).states)

    worker.take(at("2026-03-08 11:00"))
    before = worker.durable.figures[week].published
    worker.take([("leads:report", confirmed)])
    worker.take(at("2026-03-08 13:00"))
    worker.take(until)

    whole = replay(rules, watched(rules, {"leads:report": [confirmed]}, confirmed.time), until)
    assert before == {"leads": 1, "breached": 1, "wanted": 1_000_000}
    assert worker.durable.figures[week].published == {"leads": 1, "met": 1, "quantity": 1_000_000, "wanted": 1_000_000}
    published = {key: one.published for key, one in worker.durable.figures.items() if one.published}
    assert published == whole.published
