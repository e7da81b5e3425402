import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from crm_simulator import Item, Plan, simulate
from sla_rules.events.decode import check_stamps, read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import TOPIC_OF_TYPE, Event, LeadContactAttempted, LeadCreated, LeadHandedOff, key_of
from sla_rules.instants import HOUR, Instant, instant, moment
from sla_rules.time.periods import start_of
from tests.crm_simulator.plans import A_MONDAY, a_fortnight, small_plans
from tests.laws import examples

QUICK = examples(40)


@QUICK
@given(small_plans)
def test_the_same_plan_gives_the_same_records(plan: Plan) -> None:
    assert list(simulate(plan)) == list(simulate(replace(plan)))


@QUICK
@given(small_plans)
def test_records_come_in_the_order_of_their_arrival_within_the_days_planned(plan: Plan) -> None:
    arrivals = [item.arrival for item in simulate(plan)]

    assert arrivals == sorted(arrivals)
    assert all(start_of(plan.first, ZoneInfo("Europe/Berlin")) <= arrival < plan.end for arrival in arrivals)


@QUICK
@given(small_plans)
def test_a_longer_plan_begins_like_a_shorter_one(plan: Plan) -> None:
    longer = list(simulate(replace(plan, days=plan.days + 1)))

    assert [item for item in longer if item.arrival < plan.end] == list(simulate(plan))


@QUICK
@given(small_plans)
def test_without_broken_records_every_record_is_an_event_of_its_topic_under_its_key(plan: Plan) -> None:
    for item in simulate(replace(plan, broken_share=0)):
        event = read_event(item.value, dict(item.headers))
        check_stamps(event, item.arrival)
        assert TOPIC_OF_TYPE[event.type] == item.topic
        assert key_of(event).encode() == item.key


@QUICK
@given(small_plans)
def test_broken_records_come_beside_the_events_and_replace_none(plan: Plan) -> None:
    clean = Counter(simulate(replace(plan, broken_share=0)))

    assert clean <= Counter(simulate(replace(plan, broken_share=0.5)))


def test_another_seed_gives_other_leads_and_other_ids() -> None:
    one, other = (list(simulate(a_fortnight(seed, broken_share=0))) for seed in (1, 2))

    assert not {item.key for item in one} & {item.key for item in other}
    assert not _ids(one) & _ids(other)


def test_every_broken_record_is_refused_and_every_fault_happens() -> None:
    reasons = _reasons(list(simulate(a_fortnight(broken_share=0.2))))

    assert set(reasons) == {
        "broken_json",
        "future_time",
        "invalid_field",
        "missing_field",
        "null_value",
        "unknown_type",
    }
    events = len(list(simulate(a_fortnight(broken_share=0))))
    assert sum(reasons.values()) / events == pytest.approx(0.2, rel=0.15)


def test_some_events_come_twice_some_hours_late_and_some_out_of_order() -> None:
    first: dict[str, Item] = {}
    twice = late = 0
    by_lead: defaultdict[bytes, list[Instant]] = defaultdict(list)
    for item in simulate(a_fortnight(broken_share=0)):
        event = read_event(item.value)
        if event.id in first:
            assert first[event.id].value == item.value
            twice += 1
            continue
        first[event.id] = item
        late += item.arrival - instant(event.time) > HOUR
        by_lead[item.key].append(instant(event.time))
    disordered = sum(times != sorted(times) for times in by_lead.values())

    assert twice > len(first) / 100
    assert late > len(first) / 100
    assert disordered > len(by_lead) / 50


def test_few_leads_come_at_night_and_most_by_day() -> None:
    hours = Counter(event.time.hour for event in _events(a_fortnight()) if isinstance(event, LeadCreated))

    night, day = (sum(hours[hour] for hour in between) for between in (range(6), range(9, 18)))
    assert 0 < night < day / 15


def test_humans_work_in_working_hours_only_and_automation_at_any_time() -> None:
    plan = a_fortnight()
    attempts = [
        event
        for event in _events(plan)
        if isinstance(event, LeadContactAttempted) and event.data.direction == "outbound"
    ]

    by_actor = {
        actor: [plan.calendar.is_open(instant(attempt.time)) for attempt in attempts if attempt.data.actor == actor]
        for actor in ("human", "automation")
    }
    assert all(by_actor["human"])
    assert not all(by_actor["automation"])


def test_some_reps_are_fast_and_some_are_slow() -> None:
    plan = a_fortnight()
    handed: dict[str, tuple[Instant, str]] = {}
    waits: defaultdict[str, list[float]] = defaultdict(list)
    for event in sorted(_events(plan), key=lambda event: event.time):
        if isinstance(event, LeadHandedOff) and event.data.rep_id:
            handed[event.subject] = (instant(event.time), event.data.rep_id)
        elif isinstance(event, LeadContactAttempted) and event.data.actor == "human" and event.subject in handed:
            since, rep = handed.pop(event.subject)
            waits[rep].append(plan.calendar.between(since, instant(event.time)) / HOUR)

    within_an_hour = {rep: sum(wait <= 1 for wait in some) / len(some) for rep, some in waits.items()}
    assert within_an_hour["rep-11"] > 0.9
    assert within_an_hour["rep-13"] < 0.75


def test_a_rush_brings_more_leads_on_its_day_alone() -> None:
    day = A_MONDAY + timedelta(days=2)
    plan = a_fortnight(broken_share=0)
    usual, rush = (
        Counter(key[:6].decode() for key in {item.key for item in simulate(one)})
        for one in (plan, replace(plan, rushes={day: 4}))
    )

    assert rush[f"{day:%y%m%d}"] > 3 * usual[f"{day:%y%m%d}"]
    assert {**rush, f"{day:%y%m%d}": 0} == {**usual, f"{day:%y%m%d}": 0}


def test_no_record_names_a_person() -> None:
    for item in simulate(a_fortnight(broken_share=0)):
        text = (item.value or b"").decode()
        assert "@" not in text
        assert "name" not in json.loads(text)["data"]


def _events(plan: Plan) -> list[Event]:
    found: list[Event] = []
    for item in simulate(replace(plan, broken_share=0)):
        event = read_event(item.value)
        local = moment(instant(event.time)).astimezone(plan.calendar.zone)
        found.append(event.model_copy(update={"time": local}))
    return found


def _ids(items: list[Item]) -> set[str]:
    return {read_event(item.value).id for item in items}


def _reasons(items: list[Item]) -> Counter[str]:
    reasons: Counter[str] = Counter()
    for item in items:
        try:
            check_stamps(read_event(item.value), item.arrival)
        except RejectionError as rejection:
            reasons[rejection.reason] += 1
    return reasons
