"""Of every agreement that ships, what its partitions publish comes to what a replay of the same events says."""

from itertools import chain

import pytest

from leadsla.event_files.evidence import evidence_of
from sla_rules.instants import DAY
from sla_rules.reports.replay import watched
from tests.agreements.examples import FILES, example
from tests.leadsla.golden_replays import FOLDER, UNTIL
from tests.sla_rules.clocks import at
from tests.sla_rules.reports.test_period_figures import from_topics
from tests.sla_rules.whole_agreement.test_agreement_state import check, records_of


@pytest.mark.parametrize("name", sorted(UNTIL))
def test_the_whole_of_an_agreement_that_ships_is_what_a_replay_says(name: str) -> None:
    rules = example(name)
    evidence = evidence_of(str(FOLDER / name / "events.jsonl"), rules.vocabulary, rules)
    now = at(f"{UNTIL[name]} 12:00") + 40 * DAY
    first = min(fact.time for fact in chain.from_iterable(evidence.facts.values()))
    facts = {key: list(told) for key, told in watched(rules, evidence.facts, first).items()}
    (agreement,) = rules.versions

    found = check(rules, agreement, list(records_of(rules, from_topics(rules, facts, now))), facts, now)

    assert found.periods
    assert found.events


def test_every_agreement_that_ships_has_events() -> None:
    assert {file.stem for file in FILES} == set(UNTIL)
