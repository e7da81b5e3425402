"""A kind that no module of the product knows, handed to the rule book: its record is all that the fold needs.

A lead that is handed off has to be connected within a time by the wall, which silence breaks; and it must not be sent
back before, which an event breaks.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, cast

import pytest
from pydantic import Field

from sla_rules.agreement.deadlines import Deadline
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Deliverable, Depth, Judges, OfLeads, Speed, Volume
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import decode
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.assessment import Assessment, CycleEvaluation, Milestone
from sla_rules.evaluation.contributions import DeliverableContribution, SpeedContribution, SumAt
from sla_rules.evaluation.kind import Kind
from sla_rules.evaluation.kinds import KINDS
from sla_rules.evaluation.notices import DEADLINE_TIER
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.open_work import WorkGroup
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import HOUR, MINUTE, Instant
from sla_rules.lead.facts import Corrected
from sla_rules.names import ALL_SEGMENTS
from sla_rules.notation import Duration
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import WALL, agreement
from tests.sla_rules.story import LEAD, Stream, handed_off, recycled, turned

MONDAY = "2026-03-02"
WITHIN = 2 * HOUR


class Kept(OfLeads):
    """Connected in time, and not sent back."""

    kind: Literal["kept"]
    within: Duration

    @property
    def judges(self) -> Judges:
        return "hand_offs"

    @property
    def timed_by(self) -> Deadline | None:
        return None


class Wider(Agreement):
    """An agreement that may hold the kind."""

    obligations: tuple[  # type: ignore[assignment]
        Annotated[Speed | Depth | Volume | Deliverable | Kept, Field(discriminator="kind")], ...
    ]


def assess(evaluation: CycleEvaluation, terms: Kept, now: Instant) -> Assessment:
    cycle = evaluation.cycle
    due, kept = cycle.start + terms.within, cycle.connected_at
    lost = cycle.end if cycle.ended_by == "recycled" and cycle.end is not None and cycle.end <= due else None
    deadline = due if lost is None else lost
    contribution = DeliverableContribution(
        term=evaluation.term.index,
        segment=evaluation.segment,
        team=cycle.owner.team,
        start=cycle.start,
        deadline=deadline,
        status="met" if kept is not None and kept <= due else "breached" if now > deadline else "open",
        owed=cycle.end is None,
        historic=evaluation.is_historic(deadline),
    )
    if lost is not None:
        return evaluation.lose(contribution, lost, now)
    return evaluation.conclude(contribution, [Milestone(DEADLINE_TIER, due)], now, kept, cycle.end)


def count(contribution: DeliverableContribution, _: Kept, by: int, sum_at: SumAt) -> None:
    counting = sum_at(contribution, contribution.start)
    counting["leads"] += by
    counting[f"kept_{contribution.status}"] += by


KEPT = Kind(assess=assess, once=False, count=count, gives=(DeliverableContribution,), always_by_day=False)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> RuleBook:
    monkeypatch.setitem(cast("dict[str, Kind[Any, Any]]", KINDS), "kept", KEPT)
    agreed = agreement(WALL)
    kept = {"id": "keep", "kind": "kept", "provider": "sales", "recipient": "marketing", "within": WITHIN}
    terms = [*(one.model_dump(mode="json", exclude_defaults=True) for one in agreed.obligations), kept]
    given = agreed.model_dump(mode="json", exclude_defaults=True)
    return RuleBook([Wider.model_validate({**given, "segments": [], "obligations": [terms[0], kept]})])


@pytest.fixture
def stream(rules: RuleBook) -> Stream:
    found = Stream(rules)
    found.wait(f"{MONDAY} 08:00")
    return found


def figures(partition: PartitionState, interval: Literal["day", "month"] = "day") -> tuple[Tally, Tally | None]:
    """What is known of the day or the month of the hand-off, and what was published of it."""
    first = date(2026, 3, 2 if interval == "day" else 1)
    found = partition.windows.figures(WindowKey("leads", "keep", ALL_SEGMENTS, interval, first))
    return found.current, found.published


def owed(partition: PartitionState) -> Iterator[tuple[str, WorkGroup, int]]:
    """What is open and overdue under it."""
    for name, counter in (("open", partition.open_work.waiting), ("overdue", partition.open_work.overdue)):
        yield from ((name, group, number) for group, number in counter.items() if group.obligation == "keep")


GROUP = WorkGroup("leads", "keep", ALL_SEGMENTS, "emea")


def test_silence_breaks_it_at_its_deadline(stream: Stream) -> None:
    stream.tell(handed_off(f"{MONDAY} 09:00", team="emea"))
    assert figures(stream.partition)[0] == {"leads": 1, "kept_open": 1}
    assert list(owed(stream.partition)) == [("open", GROUP, 1)]

    told = stream.wait(at(f"{MONDAY} 09:00") + WITHIN + 1)

    assert "keep breached" in told
    assert figures(stream.partition)[0] == {"leads": 1, "kept_breached": 1}
    assert list(owed(stream.partition)) == [("overdue", GROUP, 1)]


def test_it_is_kept_by_a_connection_and_resolved_by_a_late_one(stream: Stream) -> None:
    stream.tell(handed_off(f"{MONDAY} 09:00"), turned(f"{MONDAY} 10:00", "connected"))
    stream.wait(f"{MONDAY} 12:00")
    assert figures(stream.partition)[0] == {"leads": 1, "kept_met": 1}

    late = Stream(stream.rules)
    late.tell(handed_off(f"{MONDAY} 09:00"))
    late.wait(f"{MONDAY} 12:00")
    assert "keep resolved" in late.tell(turned(f"{MONDAY} 11:30", "connected"))
    assert not list(owed(late.partition))


def test_an_event_breaks_it_at_its_own_instant(stream: Stream) -> None:
    stream.tell(handed_off(f"{MONDAY} 09:00"))
    stream.wait(f"{MONDAY} 09:45")

    assert "keep breached" in stream.tell(recycled(f"{MONDAY} 09:30"))
    assert figures(stream.partition)[0] == {"leads": 1, "kept_breached": 1}
    assert not list(owed(stream.partition))
    assert "keep breached" not in stream.wait(f"{MONDAY} 18:00")


def test_a_loss_whose_instant_has_not_come_is_published_when_it_has(stream: Stream) -> None:
    """The clocks of publishers may be ahead of the broker's by a little."""
    stream.tell(handed_off(f"{MONDAY} 09:00"))
    stream.wait(f"{MONDAY} 09:29")

    assert stream.tell(recycled(f"{MONDAY} 09:30")) == []
    assert "keep breached" in stream.wait(at(f"{MONDAY} 09:30") + 1)


def test_a_loss_is_taken_back_with_its_event(stream: Stream) -> None:
    sent_back = recycled(f"{MONDAY} 09:30")
    stream.tell(handed_off(f"{MONDAY} 09:00"))
    stream.wait(f"{MONDAY} 09:45")
    stream.tell(sent_back)

    now = at(f"{MONDAY} 09:50")
    assert "keep retracted" in stream.tell(Corrected(now, now, sent_back.source, "never", replaces=sent_back.id))
    assert figures(stream.partition)[0] == {"leads": 1, "kept_open": 1}


@pytest.mark.parametrize("sent_back", [True, False])
def test_its_periods_are_published_as_they_stood_at_their_end(stream: Stream, *, sent_back: bool) -> None:
    stream.tell(handed_off(f"{MONDAY} 23:30"))
    stream.wait("2026-03-03 12:00")
    if sent_back:
        stream.tell(recycled("2026-03-03 00:10"))

    stream.wait("2026-03-05 00:00")

    # By the zone of the agreement, New York, the hand-off was on Monday at 17:30.
    assert figures(stream.partition) == ({"leads": 1, "kept_breached": 1}, {"leads": 1, "kept_breached": 1})
    assert figures(stream.partition, "month") == ({"leads": 1, "kept_breached": 1}, None)


def test_whoever_takes_over_finds_the_same(stream: Stream) -> None:
    stream.tell(handed_off(f"{MONDAY} 09:00", team="emea"))
    stream.wait(f"{MONDAY} 10:00")

    successor = PartitionState(stream.rules, dict(stream.partition.leads))
    successor.load()

    assert figures(successor) == figures(stream.partition)
    assert list(owed(successor)) == [("open", GROUP, 1)]
    changes = successor.advance_to(at(f"{MONDAY} 09:00") + WITHIN + MINUTE)
    assert list(changes.states) == [LEAD.encode()]


def test_it_gives_no_share_that_its_record_does_not_name(stream: Stream) -> None:
    stream.tell(handed_off(f"{MONDAY} 09:00"))

    contributions = decode(stream.partition.leads[LEAD.encode()]).contributions
    assert [type(contribution) for contribution in contributions] == [SpeedContribution, *KEPT.gives]


def test_terms_that_do_not_say_what_they_judge_cannot_be_made() -> None:
    class Silent(OfLeads):
        kind: Literal["silent"]

    with pytest.raises(TypeError, match="abstract"):
        Silent.model_validate({"id": "a", "kind": "silent", "provider": "b", "recipient": "c"})


def test_leads_under_a_kind_without_a_record_cannot_be_judged(monkeypatch: pytest.MonkeyPatch, rules: RuleBook) -> None:
    monkeypatch.delitem(cast("dict[str, Kind[Any, Any]]", KINDS), "kept")
    stream = Stream(rules)

    changes = stream.partition.fold({LEAD.encode(): [handed_off(f"{MONDAY} 09:00")]})

    assert changes.quarantined[LEAD.encode()].startswith("KeyError: 'kept'")
    assert not stream.partition.windows.tallies
