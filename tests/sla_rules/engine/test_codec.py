import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import FORMAT, LeadState, decode, encode, pack_facts
from sla_rules.engine.fold import step
from sla_rules.formats import UnknownFormatError
from sla_rules.lead.erasure import deleted, erased
from sla_rules.lead.facts import merge
from tests.script import History
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import company_x, rule_books
from tests.sla_rules.story import attempted, created, handed_off
from tests.strategies import ends, histories

SPEED_AND_DEPTH = (1, 2)
"""Tags of their contributions."""
EMPTY = LeadState("digest", 0, None, (), revised=False, last_time=0, last_arrival=0, packed=pack_facts(()))


@given(st.sampled_from(rule_books()), histories(), ends())
def test_a_state_survives_its_bytes(rules: RuleBook, history: History, end: int) -> None:
    facts = [fact for _, fact in history]
    state = step(rules, "lead-1", None, facts, end).state

    back = decode(encode(state))

    assert back == state
    known = merge((), facts)[0]
    assert back.facts == erased("lead-1", known, deleted("lead-1", known), rules.asked)
    assert encode(back) == encode(state)


def test_contributions_that_were_kept_before_flags_were_counted_are_read_as_without_any() -> None:
    told = [handed_off("2026-03-02 09:00"), attempted("2026-03-02 09:10")]
    state = step(company_x(), "lead-1", None, told, at("2026-03-02 09:20")).state
    digest, as_of, due, contributions, *rest = msgspec.msgpack.decode(encode(state)[1:])
    former = [one[:-1] if one[0] in SPEED_AND_DEPTH else one for one in contributions]

    assert [one[-1] for one in contributions if one[0] in SPEED_AND_DEPTH] == [[], []]
    assert decode(FORMAT + msgspec.msgpack.encode([digest, as_of, due, former, *rest])) == state


def test_a_state_is_never_empty_bytes() -> None:
    assert encode(EMPTY).startswith(FORMAT)
    assert decode(encode(EMPTY)) == EMPTY


def test_what_is_kept_of_an_open_lead_is_small() -> None:
    facts = [created("2026-03-02 08:00", role="ceo", region="emea"), handed_off("2026-03-02 09:00", "ann", "north")]

    assert len(encode(step(company_x(), "lead-1", None, facts, at("2026-03-02 09:00")).state)) < 400


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x02" + encode(EMPTY)[1:], b"{}"])
def test_bytes_of_another_format_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(UnknownFormatError, match=r"unknown format .*; this release reads 01"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [FORMAT, encode(EMPTY)[:-1], encode(EMPTY) + b"\x00", FORMAT + b"\xc0", FORMAT + msgspec.msgpack.encode([1])],
)
def test_damaged_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(UnknownFormatError, match="lead state of format 01 is damaged"):
        decode(data)
