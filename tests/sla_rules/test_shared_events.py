"""Agreements about several subjects that name the same events: together they give what each gives alone."""

import json
from typing import Any, Final

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.fold import step
from sla_rules.evaluation.contributions import FiguredContribution
from sla_rules.events.decode import facts_of, read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.instants import DAY, MINUTE, Instant, iso
from sla_rules.lead.facts import Fact
from tests.script import ORIGIN
from tests.sla_rules.rules import agreement

BODY: Final = """
subject: {subject}
events: {events}
calendar:
  time_zone: UTC
  weekly_hours: {{fri: [["00:00", "24:00"]]}}
obligations:
  - {{id: answer, kind: speed, provider: sales, recipient: marketing, deadline: {{within: 1h, clock: wall}}, pauses: true}}
  - {{id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 2, closed_leads: counted,
     deadline: {{within: 2h, clock: wall}}}}
  - {{id: many, kind: volume, provider: marketing, recipient: sales, goal: 5, interval: month}}
"""
NAMED: Final = {
    "lead": "{attempted: [desk.called.v1]}",
    "ticket": """{handed_off: [lead.handed_off.v1, desk.opened.v1], attempted: [lead.contact_attempted.v1, desk.called.v1],
        paused: [desk.waiting.v1], resumed: [desk.continued.v1], closed: [desk.solved.v1], merged: [lead.merged.v1],
        deleted: [lead.deleted.v1], corrected: [lead.corrected.v1, desk.corrected.v1]}""",
    "incident": """{handed_off: [desk.opened.v1], connected: [desk.called.v1], recycled: [desk.solved.v1],
        excused: [desk.waiting.v1], paused: [lead.paused.v1], corrected: [desk.corrected.v1]}""",
}
ALONE: Final = tuple(
    agreement(BODY.format(subject=subject, events=events), name=subject) for subject, events in NAMED.items()
)
TYPES: Final = (
    *(f"lead.{part}.v1" for part in ("handed_off", "contact_attempted", "paused", "merged", "deleted", "corrected")),
    *(f"desk.{part}.v1" for part in ("opened", "called", "waiting", "continued", "solved", "corrected")),
)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Events of one key; what some lack makes them none to some of their subjects."""
    data = {"channel": "phone", "reason": "strike", "by": "ana", "into": "lead-2", "rep_id": "ann"}
    kept = draw(st.sets(st.sampled_from(sorted(data)), min_size=3))
    right = {"type": draw(st.sampled_from(TYPES)), "data": data}
    return {
        "specversion": "1.0",
        "id": draw(st.sampled_from("abcdef")),
        "source": "/crm",
        "subject": "lead-1",
        "type": draw(st.sampled_from(TYPES)),
        "time": iso(ORIGIN + 10 * MINUTE * draw(st.integers(0, 20))),
        "data": {**{name: data[name] for name in kept}, "replaces": draw(st.sampled_from("abcdef")), "event": right},
    }


def told(rules: RuleBook, history: list[dict[str, Any]], arrival: Instant) -> list[Fact]:
    found: list[Fact] = []
    for event in history:
        try:
            facts, _ = facts_of(read_event(json.dumps(event).encode(), None, rules.vocabulary), arrival)
        except RejectionError:
            continue
        found += facts
    return found


def says(agreements: tuple[Agreement, ...], history: list[dict[str, Any]], end: Instant) -> dict[str, Any]:
    """What comes of a history under some agreements, by agreement: contributions, notices that stand, and what is ahead."""
    rules = RuleBook(agreements)
    after = step(rules, "lead-1", None, told(rules, history, ORIGIN + DAY), end)
    found: dict[str, Any] = {agreement.agreement: ([], []) for agreement in agreements}
    for contribution in after.state.contributions:
        if isinstance(contribution, FiguredContribution):
            agreement, obligation = rules.terms[contribution.term].name
            found[agreement][0].append((obligation, msgspec.structs.replace(contribution, term=0)))
    for notice in after.standing.values():
        found[notice.agreement][1].append(notice)
    return found


@given(st.lists(events(), min_size=1, max_size=8), st.integers(0, 300))
def test_agreements_together_give_what_each_gives_alone(history: list[dict[str, Any]], minutes: int) -> None:
    end = ORIGIN + minutes * MINUTE

    together = says(ALONE, history, end)

    assert together == {name: said for one in ALONE for name, said in says((one,), history, end).items()}
