"""What stands of agreements is read back as it was written, by whoever shows it."""

import json
from typing import Final

import pytest
from hypothesis import given
from msgspec.structs import replace

from sla_rules.formats import UnknownFormatError
from sla_rules.instants import DAY, MINUTE, Instant
from sla_rules.reports.encode import document
from sla_rules.reports.json_form import JsonObject
from sla_rules.reports.progress_records import ProgressRecord
from sla_rules.reports.topic_tallies import TopicTallies
from sla_rules.whole_agreement.known_agreements import KnownAgreement, KnownAgreements
from sla_rules.whole_agreement.service_status import OwnerState
from sla_rules.whole_agreement.status import agreement_status, records_following
from tests.laws import examples
from tests.sla_rules.reports.progress import record as progress
from tests.sla_rules.whole_agreement.test_agreement_laws import END, PARTITIONS, RULES, Owner, Said, logs

KEY: Final = b"leads"


def read(topic: dict[bytes, bytes]) -> KnownAgreements:
    known = KnownAgreements()
    for key, value in topic.items():
        known.take(1, key, value)
    return known


def place(row: JsonObject) -> tuple[str, str]:
    return str(row["obligation"]), str(row["start"])


@examples(30)
@given(logs(taken_back=True))
def test_what_stands_is_read_back_as_it_was_written(told: list[list[Said]]) -> None:
    owner = Owner(told)
    owner.finish()

    known = read(owner.topic)
    found = known.by_name()["leads"]

    written = [json.loads(value) for value in owner.topic.values()]
    assert len(known) == len(written)
    assert (found.partition, document(found.data)) == (1, json.loads(owner.topic[KEY])["data"])
    decided = [one["data"] for one in written if one["type"] == "sla.agreement_period.v1"]
    of_all = [document(one) for one in found.periods]
    assert len(of_all) == sum(one["published"] is not None for one in decided)
    assert all(one in decided for one in of_all)
    rows = [one["data"] for one in written if one["type"] == "sla.agreement_ledger.v1"]
    assert sorted(map(document, found.ledger), key=place) == sorted(rows, key=place)
    ends = [one.row.period.end for one in found.ledger]
    assert ends == sorted(ends)


@examples(20)
@given(logs(taken_back=False))
def test_what_follows_from_figures_is_what_their_owner_would_write(told: list[list[Said]]) -> None:
    owner, figures = Owner(told), TopicTallies(RULES)
    owner.finish()
    for partition, some in enumerate(told):
        for key, one in some:
            figures.put(partition, key, one)

    assert dict(records_following(RULES, "leads", figures, PARTITIONS, END)) == owner.topic


def standing() -> dict[bytes, bytes]:
    owner = Owner([[], []])
    owner.write(END)
    return owner.topic


def test_of_an_agreement_that_is_gone_nothing_is_known() -> None:
    known = read(standing())
    known.take(1, KEY, None)

    assert (len(known), known.by_name()) == (len(standing()) - 1, {})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (KEY, b"{rubbish"),
        (KEY, b"[]"),
        (b"another", standing()[KEY]),
        (KEY, standing()[KEY].replace(b'"promises"', b'"others"')),
        (KEY, standing()[KEY].replace(b'"active"', b'"lost"')),
    ],
)
def test_what_is_none_of_ours_is_said(key: bytes, value: bytes) -> None:
    with pytest.raises(UnknownFormatError, match="sla-agreements holds a record that is none of ours"):
        KnownAgreements().take(0, key, value)


def status(owner: ProgressRecord | None, now: Instant, *, is_written: bool = True, **changes: str) -> OwnerState:
    known = read(standing()).by_name()["leads"]
    changed: KnownAgreement = known._replace(data=replace(known.data, **changes))
    return agreement_status(changed, owner, now, is_written=is_written).owner


def test_an_owner_is_up_to_date_as_long_as_it_is_heard_of_and_begins_each_day() -> None:
    midnight = read(standing()).by_name()["leads"].data.as_of + DAY
    soon, later = midnight + 10_000_000, midnight + MINUTE

    assert status(progress(at=END), END) == "up_to_date"
    assert status(progress(at=soon), soon) == "up_to_date"
    assert status(progress(at=later), later) == "behind"
    assert status(progress(at=later), later, status="withdrawn") == "up_to_date"
    assert status(progress(at=END, incomplete=("sla-agreements",)), END) == "behind"
    assert status(progress(at=END - MINUTE), END) == "silent"
    assert status(None, END) == "silent"
    assert status(None, END, is_written=False) == "nothing_written"
