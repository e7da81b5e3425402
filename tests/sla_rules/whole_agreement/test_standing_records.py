"""What stands in `sla-agreements` beside what is to stand."""

import json

import pytest

from sla_rules.formats import UnknownFormatError
from sla_rules.whole_agreement.standing_records import StandingRecords

KEY = b"acme/leads/month/2026-03-01"
EVENT = b"acme/leads/month/2026-03-01/period_met"


def state(content: str, agreement: str = "acme") -> bytes:
    return json.dumps(
        {"id": f"{KEY.decode()}@{content}", "type": "sla.agreement_period.v1", "subject": agreement, "data": {}}
    ).encode()


def event(content: str) -> bytes:
    return json.dumps(
        {"id": EVENT.decode(), "type": "sla.period_met.v1", "subject": "acme", "data": {"title": content}}
    ).encode()


def test_what_differs_is_wanted_until_it_is_read_back() -> None:
    records = StandingRecords("acme")
    records.want(KEY, state("a"))

    assert records.differing == {KEY: state("a")}
    records.read_back(KEY, state("a"))
    assert records.differing == {}
    records.read_back(KEY, state("b"))
    assert records.differing == {KEY: state("a")}
    records.read_back(KEY, state("a"))
    records.read_back(KEY, None)
    assert records.differing == {KEY: state("a")}


def test_an_event_keeps_the_content_that_stood_first() -> None:
    records = StandingRecords("acme")
    records.read_back(EVENT, event("first"))
    records.want_event(EVENT, event("second"))

    assert records.differing == {}
    records.read_back(EVENT, event("by a late owner"))
    assert records.differing == {EVENT: event("first")}


def test_an_event_keeps_the_content_that_was_to_be_written_first() -> None:
    records = StandingRecords("acme")
    records.want_event(EVENT, event("first"))
    records.want_event(EVENT, event("second"))

    assert records.differing == {EVENT: event("first")}


def test_an_event_that_nothing_calls_for_is_never_taken_away() -> None:
    records = StandingRecords("acme")
    records.read_back(EVENT, event("first"))
    records.read_back(EVENT, None)

    assert records.differing == {EVENT: event("first")}


def test_what_stands_of_other_agreements_is_not_looked_at() -> None:
    records = StandingRecords("acme")
    records.want(KEY, state("a"))
    records.read_back(KEY.replace(b"acme", b"acme-2"), b"{")

    assert records.differing == {KEY: state("a")}


@pytest.mark.parametrize("value", [b"{", b"[]", b"\xff", b"{}", state("a").replace(b"period.v1", b"year.v1")])
def test_a_record_that_is_none_of_ours_is_said(value: bytes) -> None:
    with pytest.raises(UnknownFormatError, match="sla-agreements holds a record that is none of ours"):
        StandingRecords("acme").read_back(KEY, value)


@pytest.mark.parametrize(
    ("key", "value"), [(EVENT, state("a")), (KEY, event("a")), (KEY, state("a", agreement="other"))]
)
def test_a_record_of_something_else_than_its_key_says_is_none_of_ours(key: bytes, value: bytes) -> None:
    with pytest.raises(UnknownFormatError, match=" as b'acme/leads"):
        StandingRecords("acme").read_back(key, value)
