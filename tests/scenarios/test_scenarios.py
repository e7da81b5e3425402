"""What the agreement means, told in stories: each file is one, with what a RevOps person expects of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sla_rules.evaluation.notices import notice_event
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.windows import Figures, ObligationPeriod, WindowKey
from sla_rules.lead.facts import merge
from sla_rules.reports.replay import replay, watched
from sla_rules.reports.report import Scope, report
from tests.scenarios.following import Following, follows
from tests.scenarios.judging import misses
from tests.scenarios.notation import Scenario, ScenarioError, read_scenario
from tests.scenarios.runner import Play, played
from tests.scenarios.staging import Stage
from tests.scenarios.stories import FILES
from tests.sla_rules.explained import differences

SEEDS = (1, 2, 3)
LONG = 50
"""Stories of so many records are told in one other order alone."""
WITH_GOALS = [
    file for file in FILES if re.search("^  (goals|remedies):", file.read_text(encoding="utf-8"), re.MULTILINE)
]
"""Stories that say what follows from the figures published."""


@pytest.fixture(params=FILES, ids=[file.stem for file in FILES])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    file: Path = request.param
    return read_scenario(file)


def restated(figures: Mapping[WindowKey, Figures]) -> dict[WindowKey, Tally]:
    return {key: found.current for key, found in figures.items() if found.current}


def published(figures: Mapping[WindowKey, Figures]) -> dict[WindowKey, Tally]:
    return {key: found.published for key, found in figures.items() if found.published}


def by_key(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {record["key"]: record for record in records}


def test_the_story_ends_as_told(scenario: Scenario) -> None:
    missed = misses(played(scenario.file))

    assert not missed, "\n" + "\n".join(missed)


@pytest.mark.parametrize("ticking", [False, True], ids=["time comes last", "time passes"])
def test_another_order_of_arrival_ends_the_same(scenario: Scenario, *, ticking: bool) -> None:
    stage, told = Stage(scenario), played(scenario.file)

    for seed in SEEDS if len(scenario.timeline) < LONG else SEEDS[:1]:
        play = Play(stage).shuffled(seed, ticking=ticking)
        assert play.all_shares() == told.all_shares()
        assert by_key(play.standing()) == by_key(told.standing())
        assert restated(play.figures()) == restated(told.figures())
        assert ticking or published(play.figures()) == published(told.figures())
        assert play.rejected == told.rejected


def test_a_replay_of_the_same_facts_says_the_same(scenario: Scenario) -> None:
    stage, told = Stage(scenario), played(scenario.file)

    facts = {lead.decode(): merge((), known)[0] for lead, known in told.facts.items()}
    since = min([stage.instant(scenario.watched_from or scenario.until), *(r.arrival for r in stage.records())])
    outcome = replay(told.rules, watched(told.rules, facts, since), stage.instant(scenario.until))
    assert {key: tally for key, tally in outcome.current.items() if tally} == restated(told.figures())
    assert {key: tally for key, tally in outcome.published.items() if tally} == published(told.figures())
    assert {period: confirmed for period, confirmed in outcome.confirmed.items() if confirmed} == {
        ObligationPeriod.of(key): set(found.confirmed) for key, found in told.figures().items() if found.confirmed
    }
    assert outcome.uncovered == told.uncovered
    assert sorted(notice.key for notice in outcome.notices) == sorted(by_key(told.standing()))
    assert all(notice_event(notice) for notice in outcome.notices)


def test_two_partitions_together_end_as_one(scenario: Scenario) -> None:
    one, two = played(scenario.file), Play(Stage(scenario), partitions=2).in_order()

    assert misses(two) == []
    assert two.all_shares() == one.all_shares()
    assert by_key(two.standing()) == by_key(one.standing())
    assert restated(two.figures()) == restated(one.figures())
    assert published(two.figures()) == published(one.figures())


@pytest.mark.parametrize("file", WITH_GOALS, ids=[file.stem for file in WITH_GOALS])
def test_a_replay_finds_the_same_to_follow(file: Path) -> None:
    scenario = read_scenario(file)
    stage = Stage(scenario)
    until, play = stage.instant(scenario.until), played(file)
    facts = {lead.decode(): merge((), known)[0] for lead, known in play.facts.items()}
    since = min([stage.instant(scenario.watched_from or scenario.until), *(r.arrival for r in stage.records())])
    outcome = replay(play.rules, watched(play.rules, facts, since), until)

    for agreement in play.rules.versions:
        found = report(play.rules, agreement, outcome, Scope(since, until))
        following = Following(found.consequences.periods, found.consequences.cancellation, found.events)
        assert list(follows(stage, agreement, following)) == []


def test_explanations_say_what_a_replay_says(scenario: Scenario) -> None:
    stage = Stage(scenario)
    play, until = played(scenario.file), stage.instant(scenario.until)
    facts = {lead.decode(): merge((), known)[0] for lead, known in play.facts.items()}

    assert differences(play.rules, facts, until, replay(play.rules, facts, until).notices) == []


def test_every_title_is_another_one() -> None:
    titles = [read_scenario(file).title for file in FILES]

    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("edge", range(1, 22))
def test_every_edge_has_a_story(edge: int) -> None:
    assert [file for file in FILES if file.name.startswith(f"{edge:02}-")]


def test_an_unknown_key_is_an_error_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(FILES[0].read_text().replace("\nuntil:", "\nuntill: never\nuntil:"))

    with pytest.raises(ScenarioError, match=r"wrong.yaml:\d+: Extra inputs"):
        read_scenario(file)


def test_a_wrong_expectation_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(FILES[0].read_text().replace("status: met", "status: breached", 1))

    missed = misses(Play(Stage(read_scenario(file))).in_order())

    line = next(number for number, text in enumerate(file.read_text().splitlines(), 1) if "status: breached" in text)
    assert [f"{file}:{line}"] == [one.split(": ")[0] for one in missed]
