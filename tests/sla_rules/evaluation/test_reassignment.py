"""Reassignment that is due: once for each owner, while nobody has followed up and nobody else has taken over."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.notices import REASSIGNMENT, Notice
from sla_rules.evaluation.verdicts import assess
from sla_rules.instants import HOUR, MINUTE, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, merge
from tests.script import ORIGIN
from tests.sla_rules.rules import agreement

AFTER = 20 * MINUTE
RULES = RuleBook(
    [
        agreement(
            """
calendar: {time_zone: UTC, weekly_hours: {mon: [["00:00", "24:00"]]}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}, reassign_after: 20m,
     reassignment: restarts}
"""
        )
    ]
)


@st.composite
def lives(draw: st.DrawFn) -> list[Fact]:
    """One hand-off, owners one after the other, and maybe a call or an end."""
    told: list[Fact] = [facts.HandedOff(ORIGIN, ORIGIN, "/crm", "h", rep=draw(st.sampled_from(("ann", None))))]
    grid = st.integers(0, 24).map(lambda count: ORIGIN + 5 * count * MINUTE)
    for number, at in enumerate(draw(st.lists(grid, max_size=4))):
        told.append(facts.Reassigned(at, at, "/crm", f"r{number}", rep=draw(st.sampled_from(("ann", "bob", None)))))
    for number, at in enumerate(draw(st.lists(grid, max_size=1))):
        told.append(facts.Attempted(at, at, "/crm", f"c{number}", channel="phone"))
    for number, at in enumerate(draw(st.lists(grid, max_size=1))):
        told.append(facts.StatusChanged(at, at, "/crm", f"e{number}", status="rejected"))
    return told


def due(told: Sequence[Fact], now: Instant) -> list[Notice]:
    found = [notice for one in assess(RULES, "lead-1", merge((), told)[0], now) for notice in one.notices]
    return [notice for notice in found if notice.tier.startswith(REASSIGNMENT)]


@given(lives(), st.integers(0, 30))
def test_it_is_due_of_whoever_had_the_lead_so_long_and_nobody_had_followed_up(told: list[Fact], later: int) -> None:
    now = ORIGIN + 5 * later * MINUTE
    notices = due(told, now)

    assert len({notice.key for notice in notices}) == len(notices)
    for notice in notices:
        assert notice.deadline < now
        before = [fact for fact in told if fact.time <= notice.deadline]
        owners = sorted(
            (fact for fact in before if isinstance(fact, facts.HandedOff | facts.Reassigned)), key=_in_order
        )
        assert notice.rep == owners[-1].rep
        assert all(fact.rep == notice.rep for fact in owners if notice.deadline - AFTER < fact.time)
        assert not any(isinstance(fact, facts.Attempted | facts.StatusChanged) for fact in before)


@given(lives())
def test_it_is_resolved_by_the_follow_up_another_owner_or_the_end_whichever_comes_first(told: list[Fact]) -> None:
    for notice in due(told, ORIGIN + 10 * HOUR):
        ends = [
            fact.time
            for fact in told
            if fact.time > notice.deadline and not (isinstance(fact, facts.Reassigned) and fact.rep == notice.rep)
        ]
        assert notice.resolved_at == min(ends, default=None)
        assert notice.status == ("resolved" if ends else "reassignment_due")


@given(lives(), st.integers(0, 30))
def test_what_was_due_of_an_owner_keeps_its_key_whatever_comes_later(told: list[Fact], later: int) -> None:
    now = ORIGIN + 5 * later * MINUTE

    first = {notice.key for notice in due([fact for fact in told if fact.time < now], now)}

    assert first <= {notice.key for notice in due(told, ORIGIN + 10 * HOUR)}


def _in_order(fact: Fact) -> tuple[Instant, int, str]:
    return fact.time, fact.rank, fact.id
