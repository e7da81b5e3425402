"""What is told of breaches: the same bytes for the same breach, the difference to what was told before, and no more."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from sla_rules.engine.published_notices import PublishedNotices
from sla_rules.evaluation.notices import DEADLINE_TIER, Notice, notice_event, notice_key
from sla_rules.instants import MINUTE, Instant
from tests.sla_rules.clocks import at

DUE = at("2026-03-02 10:00")
NOBODY: dict[str, Instant] = {}
KEY = notice_key("company-x", "2026-01", "first-touch", "lead-1", 1)
BREACH = Notice(
    key=KEY,
    tier=DEADLINE_TIER,
    agreement="company-x",
    version="2026-01",
    obligation="first-touch",
    kind="speed",
    segment="all",
    provider="sales",
    lead="lead-1",
    cycle=1,
    rep="ann",
    team=None,
    deadline=DUE,
)
RESOLVED = msgspec.structs.replace(BREACH, resolved_at=DUE + 90_500_000)
ENDED = msgspec.structs.replace(BREACH, ended_at=DUE + MINUTE, ended_by="closed")
COUNTED = ("company-x", "first-touch", "all")


def tell(told: PublishedNotices, *standing: Notice, undecided: Mapping[str, Instant] = NOBODY) -> list[str]:
    found = told.difference("lead-1", {notice.key: notice for notice in standing}, undecided)
    return [msgspec.json.decode(value)["type"] for _, value in found]


def test_a_breach_is_published_in_full() -> None:
    event: dict[str, Any] = msgspec.json.decode(notice_event(RESOLVED))

    assert event == {
        "specversion": "1.0",
        "id": f"{KEY}-resolved",
        "source": "/leadsla",
        "type": "sla.resolved.v1",
        "subject": "lead-1",
        "time": "2026-03-02T09:00:00Z",
        "datacontenttype": "application/json",
        "data": {
            "key": KEY,
            "agreement": "company-x",
            "version": "2026-01",
            "obligation": "first-touch",
            "kind": "speed",
            "tier": "deadline",
            "segment": "all",
            "provider": "sales",
            "lead": "lead-1",
            "cycle": 1,
            "rep_id": "ann",
            "team": None,
            "deadline": "2026-03-02T09:00:00Z",
            "resolved_at": "2026-03-02T09:01:30.500000Z",
            "late_by_seconds": 90.5,
            "historic": False,
        },
    }


def test_the_same_breach_is_the_same_bytes() -> None:
    assert notice_event(BREACH) == notice_event(msgspec.structs.replace(BREACH))
    assert notice_event(BREACH) != notice_event(RESOLVED)


@pytest.mark.parametrize("place", range(6))
def test_a_key_is_that_of_one_promise_and_changes_with_each_of_its_parts(place: int) -> None:
    parts = ["company-x", "2026-01", "first-touch", "lead-1", "1", "deadline"]
    other = [*parts]
    other[place] += "1"

    def key(agreement: str, version: str, obligation: str, lead: str, cycle: str, tier: str) -> str:
        return notice_key(agreement, version, obligation, lead, int(cycle), tier)

    assert key(*parts) == KEY
    assert key(*other) != KEY


def test_a_breach_is_published_once_then_resolved_once() -> None:
    told = PublishedNotices()

    assert tell(told, BREACH) == ["sla.breached.v1"]
    assert tell(told, BREACH) == []
    assert tell(told, RESOLVED) == ["sla.resolved.v1"]
    assert tell(told, RESOLVED) == []
    assert told.counts == {(*COUNTED, "published"): 1}


def test_a_breach_that_the_facts_disprove_is_retracted_once_and_may_be_published_again() -> None:
    told = PublishedNotices()
    tell(told, BREACH)

    assert tell(told) == ["sla.retracted.v1"]
    assert tell(told) == []
    assert tell(told, BREACH) == ["sla.breached.v1"]
    assert told.counts == {(*COUNTED, "published"): 2, (*COUNTED, "retracted"): 1}


def test_a_notice_in_the_words_of_a_former_release_is_known_and_not_published_again_for_them() -> None:
    told = PublishedNotices()
    told.read_back(notice_event(RESOLVED).replace(b'"resolved_at":', b'"settled_at":'))

    assert tell(told, RESOLVED) == []
    assert [msgspec.json.decode(value)["data"] for _, value in told.standing("lead-1")] == [
        msgspec.json.decode(notice_event(RESOLVED))["data"]
    ]
    assert tell(told) == ["sla.retracted.v1"]


@pytest.mark.parametrize("tier", ["warning-15m", "escalation-1h"])
def test_warnings_and_escalations_are_published_and_retracted_and_are_no_breaches(tier: str) -> None:
    milestone = msgspec.structs.replace(BREACH, key=f"{KEY}-{tier}", tier=tier)
    told, reader = PublishedNotices(), PublishedNotices()

    assert len(tell(told, milestone)) == 1
    assert tell(told) == ["sla.retracted.v1"]
    reader.read_back(notice_event(milestone))
    assert told.counts == reader.counts == {}


def test_a_breach_that_time_may_still_bring_is_not_taken_back() -> None:
    told = PublishedNotices()
    tell(told, BREACH)

    assert tell(told, undecided={KEY: DUE}) == []
    assert tell(told, BREACH) == []
    assert tell(told) == ["sla.retracted.v1"]


def test_a_breach_is_taken_back_when_its_deadline_has_moved_into_the_future() -> None:
    told = PublishedNotices()
    tell(told, BREACH)

    assert tell(told, undecided={KEY: DUE + MINUTE}) == ["sla.retracted.v1"]


def test_a_retraction_carries_what_it_takes_back() -> None:
    told = PublishedNotices()
    tell(told, RESOLVED)
    ((key, value),) = told.difference("lead-1", {}, NOBODY)
    event: dict[str, Any] = msgspec.json.decode(value)

    assert (key, event["id"], event["type"]) == (KEY, f"{KEY}-retracted", "sla.retracted.v1")
    assert event["data"] == msgspec.json.decode(notice_event(RESOLVED))["data"]


def test_a_breach_says_since_when_nobody_can_act_on_it_and_nothing_of_it_before() -> None:
    owed, ended = (msgspec.json.decode(notice_event(notice)) for notice in (BREACH, ENDED))

    assert ended == {
        **owed,
        "id": f"{KEY}-ended",
        "data": {**owed["data"], "ended_at": "2026-03-02T09:01:00Z", "ended_by": "closed"},
    }


def test_a_breach_that_ends_is_published_once_more_and_again_when_that_is_taken_back() -> None:
    told = PublishedNotices()

    assert [tell(told, notice) for notice in (BREACH, ENDED, ENDED, BREACH)] == [
        ["sla.breached.v1"],
        ["sla.breached.v1"],
        [],
        ["sla.breached.v1"],
    ]
    assert told.counts == {(*COUNTED, "published"): 1}


def test_a_breach_that_is_retracted_after_it_ended_never_did() -> None:
    told = PublishedNotices()
    tell(told, ENDED)
    ((_, value),) = told.difference("lead-1", {}, NOBODY)

    assert msgspec.json.decode(value)["data"] == msgspec.json.decode(notice_event(BREACH))["data"]


def test_what_is_read_back_is_not_published_again() -> None:
    told = PublishedNotices()
    told.read_back(notice_event(BREACH))

    assert tell(told, BREACH) == []
    assert tell(told) == ["sla.retracted.v1"]


def test_a_retraction_read_back_is_not_taken_back_again() -> None:
    before, after = PublishedNotices(), PublishedNotices()
    tell(before, BREACH)
    for _, value in list(before.difference("lead-1", {}, NOBODY)):
        after.read_back(value)

    assert tell(after) == []
    assert tell(after, BREACH) == ["sla.breached.v1"]


def test_each_lead_has_its_own_difference() -> None:
    told = PublishedNotices()
    tell(told, BREACH)

    assert list(told.difference("lead-2", {}, NOBODY)) == []
    assert tell(told, BREACH) == []


def test_how_late_is_counted_to_the_microsecond_and_only_once_settled() -> None:
    assert (BREACH.late_by, RESOLVED.late_by) == (None, MINUTE + 30_500_000)
