"""What `leadsla replay` prints of the shipped agreements, for machines and for people, is what it printed before."""

import json

import pytest

from tests.leadsla.golden_replays import AGREEMENTS, KEPT, Kept


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.output)
def test_a_replay_prints_what_is_kept_of_it(kept: Kept) -> None:
    expected = kept.file.read_text(encoding="utf-8")
    printed = kept.printed()

    if kept.file.suffix == ".json":
        assert json.loads(printed) == json.loads(expected)
    assert printed == expected


def test_of_every_agreement_that_ships_a_replay_is_kept() -> None:
    assert {kept.agreement for kept in KEPT} == set(AGREEMENTS.rglob("*.yaml"))
