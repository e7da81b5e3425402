"""What a scrape says of one partition: zeros before anything happened, then what the facts say."""

from collections.abc import Mapping
from typing import Final

import pytest

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.instants import SECOND
from sla_rules.lead.facts import Confirmed, Corrected, Fact
from sla_rules.names import METRIC
from streams.monitoring.exposed_kinds import Sample
from tests.agreements.examples import example
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement
from tests.sla_rules.story import attempted, created, handed_off, turned
from tests.streams.scraped import outlines, series, targets

TERMS: Final = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
segments: [{id: ceo, when: {role: ceo}}]
minimum_quality: {score: {at_least: 60}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}, reassign_after: 20m,
     intervals: [day]}
  - {id: answer, kind: speed, starts: created, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall},
     intervals: [day]}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 2, closed_leads: counted,
     deadline: {within: 2h, clock: wall}, intervals: [day]}
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 10, interval: month, intervals: [month]}
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, intervals: [week],
     due: {weekdays: [mon, fri], at: "16:00", until: 2026-03-13, on_closed_day: same}}
"""
MONDAY: Final = "2026-03-02 09:00"
REPORT: Final = b"leads:report"


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    return RuleBook([agreement(TERMS, since="2026-03-01")])


@pytest.fixture
def state(rules: RuleBook) -> PartitionState:
    """Watched from a Monday morning on."""
    partition = PartitionState(rules, {})
    partition.load()
    partition.watch([REPORT], at(MONDAY))
    partition.advance_to(at(MONDAY))
    return partition


def scraped(state: PartitionState, when: str) -> list[Sample]:
    now = at(when)
    state.advance_to(now)
    return series(state, now)


def found(samples: list[Sample], metric: str, **labels: str) -> list[float]:
    """The values of the series whose labels are these."""
    return [
        value
        for name, values, value in samples
        if name == metric and labels.items() <= dict(zip(METRIC[metric].labels, values, strict=True)).items()
    ]


def of_report(samples: list[Sample]) -> Mapping[str, float]:
    names = ("leads", "within_target_leads", "breached_leads", "open_leads")
    values = {name: found(samples, f"leadsla_window_{name}", obligation="report") for name in names}
    assert {name: len(value) for name, value in values.items()} == dict.fromkeys(names, 1)
    return {name: value[0] for name, value in values.items()}


def test_every_series_is_there_once_with_the_labels_of_its_metric(state: PartitionState) -> None:
    samples = scraped(state, MONDAY)

    assert len({(name, labels) for name, labels, _ in samples}) == len(samples)
    assert all(len(labels) == len(METRIC[name].labels) for name, labels, _ in samples)


def test_a_delivery_belongs_to_no_segment_and_is_open_until_it_is_due(state: PartitionState) -> None:
    samples = scraped(state, "2026-03-02 16:00")

    assert of_report(samples) == {"leads": 1, "within_target_leads": 0, "breached_leads": 0, "open_leads": 1}
    assert found(samples, "leadsla_window_leads", obligation="report", segment="all") == [1]
    assert found(samples, "leadsla_overdue_leads", obligation="report") == [0]
    assert found(samples, "leadsla_open_leads", obligation="report", state="waiting", team="unassigned") == [1]
    assert found(samples, "leadsla_breaches_total", obligation="report", outcome="published") == [0]


def test_a_reassignment_that_was_due_is_counted_and_that_a_late_call_disproved_it(state: PartitionState) -> None:
    def counted(when: str) -> dict[str, float]:
        samples = scraped(state, when)
        return {labels[3]: value for name, labels, value in samples if name == "leadsla_reassignments_total"}

    state.fold({b"L-1": [handed_off(MONDAY, "rita", score=70)]})
    assert counted("2026-03-02 09:20") == {}
    assert counted("2026-03-02 09:21") == {"published": 1}

    state.fold({b"L-1": [attempted("2026-03-02 09:10")]})
    assert counted("2026-03-02 09:22") == {"published": 1, "retracted": 1}


def test_a_missed_delivery_is_overdue_until_a_confirmation_names_its_day(state: PartitionState) -> None:
    missed = scraped(state, "2026-03-02 16:01")
    assert of_report(missed) == {"leads": 2, "within_target_leads": 0, "breached_leads": 1, "open_leads": 1}
    assert found(missed, "leadsla_overdue_leads", obligation="report") == [1]
    assert found(missed, "leadsla_breaches_total", obligation="report", outcome="published") == [1]

    late = at("2026-03-02 18:00")
    state.fold({REPORT: [Confirmed(late, late, "/crm", "c-1", due="2026-03-02")]})

    settled = scraped(state, "2026-03-02 18:01")
    assert of_report(settled) == of_report(missed)
    assert found(settled, "leadsla_overdue_leads", obligation="report") == [0]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-01 12:00", "2026-03-02 16:00"),
        ("2026-03-02 16:00", "2026-03-02 16:00"),
        ("2026-03-02 16:01", "2026-03-06 16:00"),
        ("2026-03-13 16:00", "2026-03-13 16:00"),
    ],
)
def test_the_next_delivery_is_the_one_due_now_or_later(rules: RuleBook, now: str, due: str) -> None:
    assert found(targets(outlines(rules, at(now))), "leadsla_target_due_timestamp_seconds") == [at(due) / SECOND]


def test_once_nothing_is_due_any_more_there_is_no_next_delivery(rules: RuleBook) -> None:
    over = outlines(rules, at("2026-03-13 16:00") + 1)

    assert found(targets(over), "leadsla_target_due_timestamp_seconds") == []


def test_a_deadline_is_exposed_in_the_unit_that_it_is_agreed_in() -> None:
    exposed = targets(outlines(example("support"), at(MONDAY)))

    by_time, by_days = (found(exposed, f"leadsla_target_deadline_{unit}") for unit in ("seconds", "working_days"))
    assert sorted(by_days) == [1, 5]
    assert {*by_time} == {2 * 3600, 8 * 3600, 12 * 3600, 72 * 3600}


def test_attempts_are_counted_by_who_made_them_whether_they_count_or_not(state: PartitionState) -> None:
    nothing = scraped(state, MONDAY)
    robot = attempted("2026-03-02 09:10", channel="email", automated=True)
    state.fold({b"lead-1": [handed_off(MONDAY, score=70), robot, attempted("2026-03-02 09:20")]})

    samples = scraped(state, "2026-03-02 09:30")

    for actor in ("human", "automation"):
        assert found(nothing, "leadsla_window_contact_attempts", actor=actor, segment="unmatched") == [0]
        assert found(samples, "leadsla_window_contact_attempts", actor=actor, segment="unmatched") == [1]
    assert found(samples, "leadsla_window_unconnected_attempts", segment="unmatched") == [1]


def test_a_hand_off_below_the_agreed_quality_is_shown_wherever_hand_offs_are_judged(state: PartitionState) -> None:
    state.fold({b"lead-1": [created(MONDAY, score=50), handed_off(MONDAY, score=50)]})

    samples = scraped(state, "2026-03-02 09:30")

    unready = {
        name: found(samples, "leadsla_window_unready_leads", obligation=name, segment="unmatched")
        for name in ("touch", "answer", "tries", "leads", "report")
    }
    assert unready == {"touch": [1], "answer": [], "tries": [1], "leads": [1, 1], "report": []}
    assert found(samples, "leadsla_window_leads", obligation="touch", segment="unmatched") == [0]


def test_a_hand_off_under_no_agreement_is_shown_until_one_applies(state: PartitionState) -> None:
    assert found(scraped(state, MONDAY), "leadsla_uncovered_leads") == [0]

    state.fold({b"lead-1": [handed_off("2026-02-27 09:00")], b"lead-2": [handed_off(MONDAY)]})
    before = scraped(state, "2026-03-02 09:30")
    state.fold({b"lead-1": [corrected_to(handed_off("2026-03-02 09:00"), "handed off 2026-02-27 09:00")]})
    after = scraped(state, "2026-03-02 09:31")

    assert found(before, "leadsla_uncovered_leads", partition="0") == [1]
    assert found(after, "leadsla_uncovered_leads", partition="0") == [0]


def corrected_to(right: Fact, wrong: str) -> Fact:
    return Corrected(right.time, right.arrival, "/crm", "c-1", replaces=wrong, instead=right)


def test_a_connection_stamped_before_the_leads_creation_is_an_anomaly_of_its_clock(state: PartitionState) -> None:
    told = [
        handed_off("2026-03-02 08:50", score=70),
        turned("2026-03-02 08:55", "connected"),
        created(MONDAY, score=70),
    ]
    state.fold({b"lead-1": told})

    samples = scraped(state, "2026-03-02 09:30")

    assert found(samples, "leadsla_window_anomalies", obligation="answer", segment="unmatched") == [1]
    assert found(samples, "leadsla_window_anomalies", obligation="touch", segment="unmatched") == [0]


FISCAL: Final = """
year_begins: february
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall},
     intervals: [month, quarter, year]}
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 89, interval: quarter, intervals: [quarter]}
"""


def test_quarters_and_years_are_those_of_the_agreement() -> None:
    """89 days from February to April: a lead a day."""
    state = PartitionState(RuleBook([agreement(FISCAL)]), {})
    state.load()
    state.fold({b"acme": [handed_off("2026-02-01 09:00")], b"bolt": [handed_off("2026-01-31 09:00")]})

    samples = scraped(state, "2026-04-01 12:00")

    edges = [
        [found(samples, f"leadsla_window_{edge}_timestamp_seconds", window=window) for edge in ("start", "end")]
        for window in ("month", "quarter", "year")
    ]
    assert edges == [
        [[at(start) / SECOND], [at(end) / SECOND]]
        for start, end in (
            ("2026-04-01 00:00", "2026-05-01 00:00"),
            ("2026-02-01 00:00", "2026-05-01 00:00"),
            ("2026-02-01 00:00", "2027-02-01 00:00"),
        )
    ]
    assert found(samples, "leadsla_window_leads", window="quarter", obligation="leads") == [1]
    assert found(samples, "leadsla_target_leads_to_date", window="quarter") == [28 + 31]
    assert found(samples, "leadsla_window_breached_leads", window="year") == [1]


def test_how_many_leads_the_reps_can_serve_is_told_of_each_window_where_it_is_agreed(rules: RuleBook) -> None:
    capacity = "capacity: {obligation: leads, reps: 3, time_per_attempt: 20m, attempts_per_lead: 3}"
    agreed_on = RuleBook([agreement(TERMS + capacity)])

    samples = targets(outlines(agreed_on, at(MONDAY)))

    assert found(samples, "leadsla_target_capacity_leads") == [5 * 8 * 3]
    assert found(samples, "leadsla_target_capacity_leads", obligation="leads", segment="all", window="month") == [120]
    assert found(targets(outlines(rules, at(MONDAY))), "leadsla_target_capacity_leads") == []


def test_what_was_worked_out_once_holds_until_it_says() -> None:
    """At every instant before its end an outline is what would be worked out then, and the end comes no sooner than it must."""
    later = agreement(FISCAL, version="2", since="2026-03-10")
    rules = RuleBook([agreement(TERMS, since="2026-03-01"), agreement(FISCAL), later, agreement(TERMS, name="other")])
    now, end = at("2026-03-05 15:00"), at("2026-04-01 12:00")
    steps = 0

    while now < end:
        known = outlines(rules, now)
        until = min(one.until for one in known)
        assert now < until <= now + 25 * 3600 * SECOND
        for instant in (now + 1, (now + until) // 2, until - 1):
            assert [one[2:] for one in outlines(rules, instant)] == [one[2:] for one in known]
        now = until
        steps += 1

    assert 28 <= steps <= 40


def test_flagged_attempts_are_shown_by_team_and_flag_and_teams_beyond_the_limit_together(state: PartitionState) -> None:
    for number, team in enumerate(("West", "West", "East", None)):
        lead = [handed_off(MONDAY, "ann", team, score=80), attempted("2026-03-02 09:10", duration=0)]
        state.fold({f"lead-{number}".encode(): lead})
    state.advance_to(at("2026-03-02 09:20"))

    def flagged(samples: list[Sample], **labels: str) -> dict[str, float]:
        name, place = "leadsla_window_flagged_attempts", METRIC["leadsla_window_flagged_attempts"].labels.index("team")
        shown = [one for one in samples if one[0] == name and found([one], name, obligation="touch", **labels)]
        return {values[place]: value for _, values, value in shown}

    limited = series(state, at("2026-03-02 09:20"), teams=TeamLabels(["East"], 0))

    assert flagged(series(state, at("2026-03-02 09:20"))) == {"West": 2, "East": 1, "unassigned": 1}
    assert flagged(limited, flag="zero_seconds") == {"other": 2, "East": 1, "unassigned": 1}
    assert flagged(limited, flag="outside_hours") == {}
