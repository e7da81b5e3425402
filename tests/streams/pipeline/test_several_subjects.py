"""A record that is about several subjects brings a fact for each, and is counted, dead-lettered and acknowledged once."""

import json
from collections import Counter
from typing import Any

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.changes import Changes
from sla_rules.engine.partition import PartitionState
from sla_rules.instants import MINUTE
from sla_rules.limits import Limits
from streams.clock import MILLISECOND
from streams.pipeline.counters import Counters
from streams.pipeline.decode import Decoded, decode
from streams.pipeline.output import OutputBatch
from streams.pipeline.refusals import reject_refused
from tests.sla_rules.event_samples import sample
from tests.sla_rules.rules import agreement
from tests.streams.arrivals import NOW_MS, Arrived

NAMED = """
subject: {subject}
events: {events}
calendar:
  time_zone: UTC
  weekly_hours: {{mon: [["00:00", "24:00"]]}}
obligations:
  - {{id: answer, kind: speed, provider: sales, recipient: marketing, deadline: {{within: 1h, clock: wall}}}}
"""
RULES = RuleBook(
    [
        agreement(NAMED.format(subject=subject, events=events), name=subject)
        for subject, events in (
            ("ticket", "{handed_off: [lead.handed_off.v1], attempted: [desk.done.v1]}"),
            ("incident", "{handed_off: [desk.opened.v1], connected: [desk.done.v1]}"),
        )
    ]
)
FULL = Limits(facts=2)


def record(offset: int, kind: str, **data: Any) -> Arrived:
    told = sample("lead.handed_off.v1", id=f"e-{offset}", type=kind, data=data, time="2026-03-02T09:00:00Z")
    return Arrived("handed-off", 0, b"lead-1", json.dumps(told).encode(), (), offset, NOW_MS)


def folded(*records: Arrived, state: PartitionState | None = None, again: bool = False) -> tuple[Decoded, Changes]:
    state = state or PartitionState(RULES, {})
    decoded = decode(records, 1, (), 5 * MINUTE, RULES.vocabulary)
    changes = state.fold(decoded.facts, decoded.uncounted)
    reject_refused(changes, decoded, records, 0)
    return folded(*records, state=state) if again else (decoded, changes)


def subjects(decoded: Decoded) -> list[str | None]:
    """What the facts of the one lead are about, in order."""
    return [getattr(fact, "subject", None) for fact in decoded.facts[b"lead-1"]]


def counted(decoded: Decoded, changes: Changes) -> Counter[str]:
    """What `leadsla_events_total` says of them, by result."""
    counters = Counters()
    counters.count(OutputBatch(0, 0, changes, decoded, {}, "handed-off"), NOW_MS * MILLISECOND)
    return Counter({result: count for (_, result), count in counters.events.items() if count})


def test_a_record_about_two_subjects_brings_two_facts_and_counts_once() -> None:
    records = record(0, "lead.handed_off.v1", rep_id="ann"), record(1, "desk.done.v1", channel="mail")

    decoded, changes = folded(*records)

    assert subjects(decoded) == [None, "ticket", "incident", "ticket"]
    assert len(decoded.times) == 2
    assert counted(decoded, changes) == {"accepted": 2}
    assert counted(*folded(*records, again=True)) == {"duplicate": 2}


def test_a_record_that_cannot_be_read_for_one_subject_is_dead_lettered_once_and_believed_for_the_other() -> None:
    decoded, changes = folded(record(0, "desk.done.v1"), record(1, "lead.handed_off.v1"))

    assert subjects(decoded) == ["incident", None, "ticket"]
    assert [(one.record.offset, one.detail) for one in decoded.rejected] == [
        (0, "for the subject ticket: data.channel is missing")
    ]
    assert counted(decoded, changes) == {"rejected": 1, "accepted": 1}


def test_a_record_of_which_no_fact_finds_room_is_dead_lettered_once() -> None:
    state = PartitionState(RULES, {}, limits=FULL)

    decoded, changes = folded(
        record(0, "desk.opened.v1"), record(1, "desk.opened.v1"), record(2, "lead.handed_off.v1"), state=state
    )

    assert [(one.record.offset, one.reason) for one in decoded.rejected] == [(2, "lead_full")]
    assert counted(decoded, changes) == {"accepted": 2, "rejected": 1}


def test_a_record_of_which_one_fact_finds_room_counts_as_rejected() -> None:
    state = PartitionState(RULES, {}, limits=FULL)

    decoded, changes = folded(record(0, "desk.opened.v1"), record(1, "lead.handed_off.v1"), state=state)

    assert subjects(decoded) == ["incident", None, "ticket"]
    assert [(one.record.offset, one.reason) for one in decoded.rejected] == [(1, "lead_full")]
    assert counted(decoded, changes) == {"accepted": 1, "rejected": 1}
