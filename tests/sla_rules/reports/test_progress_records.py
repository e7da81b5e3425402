"""Records of `leadsla-progress` are read back as they were written, and the one that counts is found whatever their order."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from sla_rules.formats import UnknownFormatError
from sla_rules.instants import MINUTE, SECOND
from sla_rules.reports.progress_records import ProgressRecord, read_progress
from tests.agreements.examples import PROJECT
from tests.laws import LAWS
from tests.script import ORIGIN
from tests.sla_rules.reports.progress import record, records, written

SCHEMA = Draft202012Validator(
    json.loads((PROJECT / "schemas" / "progress.schema.json").read_text(encoding="utf-8")),
    format_checker=FormatChecker(),
)
INSTANTS = st.integers(0, 10**16)
RECORDS = st.builds(
    ProgressRecord,
    partition=st.integers(0, 3),
    generation=st.integers(0, 5),
    at=INSTANTS,
    every=st.integers(1, 10**12),
    as_of=st.none() | INSTANTS,
    digest=st.text(),
    is_loading=st.booleans(),
    quarantined=st.integers(0, 10),
    incomplete=st.lists(st.text(), max_size=2).map(tuple),
    topics=st.dictionaries(st.text(), INSTANTS, max_size=3),
    sources=st.dictionaries(st.text(), INSTANTS, max_size=3),
    others=st.none() | INSTANTS,
)


@LAWS
@given(one=RECORDS)
def test_what_is_written_is_read_back_and_keeps_to_the_schema(one: ProgressRecord) -> None:
    value = written(one)

    assert read_progress(value) == one
    assert list(SCHEMA.iter_errors(json.loads(value))) == []


@LAWS
@given(
    moments=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 200)), min_size=1, unique_by=lambda one: one[1]),
    data=st.data(),
)
def test_which_record_counts_depends_on_no_order(moments: list[tuple[int, int]], data: st.DataObject) -> None:
    some = [record(at=ORIGIN + after * SECOND, generation=generation) for generation, after in moments]
    newest = max(one.at for one in some)
    last = {generation: max(one.at for one in some if one.generation == generation) for generation, _ in moments}
    counts = max(generation for generation, at in last.items() if newest - at <= MINUTE)

    found = records(*data.draw(st.permutations(some))).of(0)

    assert found is not None
    assert (found.generation, found.at) == (counts, last[counts])


def test_what_a_former_owner_writes_late_does_not_count() -> None:
    assert records(record(generation=2), record(generation=1, at=ORIGIN + 50 * SECOND)).of(0) == record(generation=2)


def test_a_group_that_begins_anew_counts_once_the_old_one_has_been_silent_for_a_minute() -> None:
    anew = record(generation=1, at=ORIGIN + 2 * MINUTE)

    assert records(record(generation=7), anew).of(0) == anew


def test_of_a_partition_that_nobody_wrote_of_there_is_nothing() -> None:
    assert records(record(1)).of(0) is None


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"rubbish",
        b"[]",
        b"{}",
        written(record()).replace(b'"partition": 0', b'"partition": -1'),
        written(record()).replace(b"Z", b""),
        written(record()).replace(b'"every_seconds": 5.0', b'"every_seconds": 0'),
        b"[" * 100_000,
    ],
)
def test_what_is_no_record_of_ours_is_refused_with_the_name_of_the_topic(value: bytes) -> None:
    with pytest.raises(UnknownFormatError, match=r"^leadsla-progress holds a record that is none of ours: "):
        read_progress(value)


def test_what_a_later_release_may_add_is_passed_over() -> None:
    assert read_progress(written(record()).replace(b"{", b'{"more": 1, ', 1)) == record()
