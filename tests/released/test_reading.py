"""Whatever a release has written stays readable: states and forwarded facts lie in topics for as long as leads live."""

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
import pytest

from sla_rules.engine.codec import FORMAT, FORMER, LeadState, Reader, decode, decode_fact, pack_facts
from sla_rules.engine.fold import step
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.contributions import Contribution
from sla_rules.formats import UnknownFormatError
from sla_rules.lead.facts import Fact, HandedOff
from tests.released import kept, stories

WHAT_TO_DO: Final = (
    "{name} of {file} means something else to this release. If {release} has not been released yet, write its file anew: "
    "`python -m tests.released`. If it has, its topics are full of such bytes: raise FORMAT in sla_rules/engine/codec.py, keep "
    "the old structs beside it and put a Reader for them into FORMER. Never change the file of a release; where the "
    "verdict alone is another one because a rule was wrong, raise EDITION in sla_rules/agreement/rulebook.py and mend `anew` and "
    "`standing` in the file by hand."
)


@pytest.mark.parametrize("file", kept.files(), ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_what_a_release_wrote_means_what_it_meant(file: Path) -> None:
    for name, found, wanted in kept.meanings(kept.read(file)):
        assert found == wanted, WHAT_TO_DO.format(name=name, file=file.name, release=file.stem)


def test_what_the_release_in_the_making_writes_is_kept() -> None:
    release = version("leadsla")
    file = kept.file_of(release)
    advice = "keep what this release writes: `python -m tests.released`"

    assert file.exists(), advice
    if not kept.is_released(release):
        assert kept.read(file) == kept.read_back(kept.written()), advice


def test_every_type_of_fact_and_of_share_is_among_what_is_kept() -> None:
    written = kept.written()
    rules = kept.rules_of(stories.AGREEMENTS)
    contributions = [
        type(contribution)
        for lead, told in stories.LEADS.items()
        for contribution in step(rules, lead, None, told, stories.JUDGED_AT).state.contributions
    ]

    assert {type(fact) for told in stories.LEADS.values() for fact in told} == set(get_args(Fact))
    assert set(contributions) == set(get_args(Contribution))
    assert len(written.forwarded) > len(get_args(Fact))


class OldState(msgspec.Struct, frozen=True):
    """A made-up former format: facts by name, times in seconds, and nothing made of them."""

    judged: int
    hand_offs: list[tuple[str, int, str | None]]


def from_old_fact(data: memoryview) -> Fact:
    name, second, rep = msgspec.msgpack.decode(data, type=tuple[str, int, str | None])
    return HandedOff(second * 1_000_000, second * 1_000_000, "/crm", name, rep=rep)


def from_old_state(data: memoryview) -> LeadState:
    old = msgspec.msgpack.decode(data, type=OldState)
    facts = tuple(from_old_fact(memoryview(msgspec.msgpack.encode(one))) for one in old.hand_offs)
    last = max((fact.time for fact in facts), default=0)
    return LeadState("", old.judged * 1_000_000, None, (), False, last, last, pack_facts(facts))  # noqa: FBT003


OLD: Final = b"\x00"


@pytest.fixture
def former(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMER, OLD, Reader(from_old_state, from_old_fact))


def old_bytes(value: Any) -> bytes:
    return OLD + msgspec.msgpack.encode(value)


@pytest.mark.usefixtures("former")
def test_a_former_format_is_read_as_if_this_release_had_written_it() -> None:
    second = stories.JUDGED_AT // 1_000_000
    hand_off = HandedOff(second * 1_000_000, second * 1_000_000, "/crm", "a", rep="ann")
    rules = kept.rules_of(stories.AGREEMENTS)
    leads = {b"lead-1": old_bytes(OldState(second, [("a", second, "ann")]))}

    partition = PartitionState(rules, leads)
    partition.load()
    changes = partition.advance_to(stories.JUDGED_AT)

    assert decode_fact(old_bytes(("a", second, "ann"))) == hand_off
    assert leads[b"lead-1"][:1] == changes.states[b"lead-1"][:1] == FORMAT
    assert decode(leads[b"lead-1"]) == step(rules, "lead-1", None, [hand_off], stories.JUDGED_AT).state


@pytest.mark.usefixtures("former")
def test_damage_in_a_former_format_is_named_by_it() -> None:
    with pytest.raises(UnknownFormatError, match="lead state of format 00 is damaged"):
        decode(OLD + b"\xc0")
    with pytest.raises(UnknownFormatError, match="fact of format 00 is damaged"):
        decode_fact(OLD + b"\xc0")
    with pytest.raises(UnknownFormatError, match="unknown format 7f; this release reads 00, 01"):
        decode(b"\x7f")
