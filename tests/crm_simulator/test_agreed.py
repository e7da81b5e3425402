"""What is simulated of an agreement is about what it is about: every promise of the shipped ones is put to the test."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from typer.testing import CliRunner

from crm_simulator import Item, Plan, simulate
from leadsla.main import app
from sla_rules.agreement.file import AgreementErrors, load_agreements, parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.events.decode import facts_of, read_event
from sla_rules.events.schema import key_of
from sla_rules.events.vocabulary import topic_of
from sla_rules.instants import HOUR, parse_instant
from sla_rules.lead.facts import Fact
from sla_rules.reports.replay import replay, watched
from sla_rules.reports.report import Scope, report
from sla_rules.reports.result import Report
from sla_rules.time.periods import start_of
from tests.agreements.examples import FILES, FOLDER
from tests.any_agreement import folders
from tests.laws import examples

MARCH: Final = date(2026, 3, 1)
MONTH_AND_GRACE: Final = 33
ALL: Final = FOLDER
"""All of them together."""
OF_EACH: Final = pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
OF_EACH_AND_ALL: Final = pytest.mark.parametrize("file", [*FILES, ALL], ids=lambda file: file.stem)


@cache
def agreements(file: Path) -> tuple[Agreement, ...]:
    return load_agreements(FILES if file == ALL else [file])


def a_month(file: Path, seed: int = 1) -> Plan:
    return Plan.about(agreements(file), MARCH, MONTH_AND_GRACE, seed, broken_share=0)


@cache
def records(file: Path) -> Sequence[Item]:
    return list(simulate(a_month(file)))


@cache
def reported(file: Path, seed: int = 1) -> Report:
    """What a replay says of the month."""
    rules, plan = RuleBook(agreements(file)), a_month(file, seed)
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    for item in simulate(plan):
        facts[item.key.decode()].extend(facts_of(read_event(item.value, None, rules.vocabulary), item.arrival)[0])
    since = start_of(plan.begins, plan.calendar.zone)
    outcome = replay(rules, watched(rules, facts, since), plan.end)
    return report(rules, plan.agreements[0].agreement, outcome, Scope(since, plan.end))


def attained(file: Path, seed: int = 1) -> Mapping[str, Fraction | None]:
    """By obligation, the attainment that was published of March."""
    begins = start_of(MARCH, a_month(file).calendar.zone)
    return {
        one.obligation: Fraction(one.published.attainment)
        if one.published and one.published.attainment is not None
        else None
        for one in reported(file, seed).consequences.periods
        if one.period.start == begins and one.period.interval == "month"
    }


@OF_EACH_AND_ALL
def test_every_record_is_an_event_of_its_topic_under_its_key_in_the_order_of_arrival(file: Path) -> None:
    vocabulary, plan = RuleBook(agreements(file)).vocabulary, a_month(file)

    arrivals = [item.arrival for item in records(file)]
    assert arrivals == sorted(arrivals)
    assert start_of(plan.begins, plan.calendar.zone) <= arrivals[0]
    assert arrivals[-1] < start_of(plan.after + timedelta(1), plan.calendar.zone)
    for item in records(file):
        event = read_event(item.value, dict(item.headers), vocabulary)
        facts_of(event, item.arrival)
        assert topic_of(json.loads(item.value or b"")["type"], vocabulary) == item.topic
        assert key_of(event).encode() == item.key


@OF_EACH_AND_ALL
def test_a_longer_plan_begins_like_a_shorter_one_and_the_same_is_the_same(file: Path) -> None:
    shorter = replace(a_month(file), days=MONTH_AND_GRACE - 5)
    again = list(simulate(shorter))

    assert again == list(records(file))[: len(again)]
    assert 0 < len(again) < len(records(file))


@OF_EACH
def test_everything_in_it_falls_under_the_agreement(file: Path) -> None:
    found = reported(file)

    assert (found.uncovered.leads, found.quarantined, found.unfoldable) == (0, (), ())


@OF_EACH
def test_every_promise_of_a_month_is_judged_and_none_is_kept_by_nobody(file: Path) -> None:
    share = attained(file)

    assert share.keys() == {one.id for one in agreements(file)[0].obligations}
    assert all(found is not None and found > Fraction(1, 4) for found in share.values()), share


@OF_EACH
def test_in_some_months_something_is_missed_and_in_some_it_is_kept(file: Path) -> None:
    results = {
        one.published.result
        for seed in (1, 2)
        for one in reported(file, seed).consequences.periods
        if one.published is not None
    }

    assert {"met", "missed"} <= results


def test_the_month_brings_about_as_many_as_its_goal_asks_for() -> None:
    for name, obligation in (("company-x", "leads-delivered"), ("company-x-multilevel", "customers-closed")):
        (file,) = (one for one in FILES if one.stem == name)
        for seed in (1, 2):
            share = attained(file, seed)[obligation]
            assert share is not None
            assert Fraction(3, 4) < share < Fraction(4, 3)


def test_customers_are_won_in_the_month_before_so_that_there_is_somebody_to_keep() -> None:
    (file,) = (one for one in FILES if one.stem == "company-x-multilevel")

    assert a_month(file).begins == date(2026, 2, 1)
    assert attained(file)["kept"] is not None


def test_fifty_reams_are_brought_on_mondays_to_both_addresses() -> None:
    (file,) = (one for one in FILES if one.stem == "dunder-mifflin")
    brought = [json.loads(item.value or b"") for item in dict.fromkeys(records(file)) if item.key.endswith(b":reams")]
    by_id = {one["id"]: one for one in brought if one["time"] < "2026-04"}

    assert sum(one["data"]["quantity"] for one in by_id.values()) == 50
    assert {one["data"]["to"] for one in by_id.values()} == {"Address 1", "Address 2"}
    assert {date.fromisoformat(one["time"][:10]).weekday() for one in by_id.values()} == {0}


def test_a_ticket_whose_workaround_has_come_is_less_urgent_from_then_on() -> None:
    (file,) = (one for one in FILES if one.stem == "support")
    told: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in sorted(records(file), key=lambda one: json.loads(one.value or b"")["time"]):
        event = json.loads(item.value or b"")
        word = event["data"].get("channel") or (event["data"].get("attributes") or {}).get("priority") or ""
        told[event["subject"]].append((event["type"].split(".")[1], word))

    of_p1 = [events for events in told.values() if ("opened", "p1") in events and ("answered", "workaround") in events]
    assert of_p1
    assert all(("updated", "p2") in events for events in of_p1)
    kinds = {kind for events in told.values() for kind, _ in events}
    assert kinds >= {"opened", "assigned", "answered", "updated", "waiting", "continued", "solved", "reopened"}


def test_maintenance_is_announced_before_it_is_done() -> None:
    (file,) = (one for one in FILES if one.stem == "uptime")
    announced = [event for item in records(file) if "from" in (event := json.loads(item.value or b""))["data"]]

    assert announced
    assert all(one["time"] < one["data"]["from"] < one["data"]["until"] for one in announced)


def test_all_agreements_together_are_told_of_as_each_alone_and_some_events_come_twice_or_late() -> None:
    together = {item.key for item in records(ALL)}
    apart = [{item.key for item in records(file) if b":" in item.key} for file in FILES]
    values = [item.value for item in records(ALL)]
    late = [item for item in records(ALL) if item.arrival - _time(item) > HOUR]

    assert all(keys <= together for keys in apart)
    assert len(values) > len(set(values))
    assert len(late) > len(values) / 100


@OF_EACH
def test_what_is_simulated_can_be_replayed_at_once(file: Path) -> None:
    """As `leadsla simulate --agreement FILE | leadsla replay FILE --events -`."""
    made = CliRunner().invoke(app, ["simulate", "--agreement", str(file), "--days", "31", "--start", "2026-03-01"])
    found = CliRunner().invoke(app, ["replay", str(file), "--events", "-", "--json"], input=made.stdout)

    assert (made.exit_code, found.exit_code) == (0, 0), found.output
    assert json.loads(found.stdout)["consequences"]["periods"]


def test_an_agreement_that_is_none_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("agreement: 7\n")

    found = CliRunner().invoke(app, ["simulate", "--agreement", str(tmp_path / "wrong.yaml")])

    assert (found.exit_code, found.stdout) == (2, "")
    assert "wrong.yaml:1" in found.stderr


@examples(9)
@given(folders())
def test_of_whatever_is_accepted_something_can_be_simulated_that_the_service_takes(texts: dict[str, str]) -> None:
    try:
        found = [parse_agreement(text) for text in texts.values()]
    except AgreementErrors:
        return
    plan = Plan.about(found, MARCH, days=3, seed=1, broken_share=0, leads=3)
    vocabulary = RuleBook(found).vocabulary

    for item in simulate(plan):
        facts_of(read_event(item.value, dict(item.headers), vocabulary), item.arrival)


def _time(item: Item) -> int:
    return parse_instant(json.loads(item.value or b"")["time"])
