from random import Random

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.instants import iso
from streams.dead_letters.letters import DeadLetter, to_dead_letter
from streams.dead_letters.rejected import Rejected
from streams.kafka.connection import LARGEST_EVENT, REJECTED_OVERHEAD
from streams.kafka.outgoing import Headers, OutgoingRecord
from tests.laws import examples
from tests.streams.arrivals import NOW_MS, Arrived

ZSTD = 4
BYTES = st.none() | st.binary(max_size=60)
HEADERS = st.lists(st.tuples(st.text(max_size=8), BYTES), max_size=5)


def noise(size: int) -> bytes:
    return Random(size).randbytes(size)  # noqa: S311 - a test's noise, no secret


def written(key: bytes | None, value: bytes | None, headers: Headers = (), detail: str = "no use") -> OutgoingRecord:
    record = Arrived("handed-off", 3, key, value, headers, offset=41)  # type: ignore[arg-type]
    return to_dead_letter(Rejected(record, "broken_json", detail))


def read(writing: OutgoingRecord) -> DeadLetter:
    return DeadLetter.of(Arrived("leadsla-rejected", 1, *writing, offset=5, timestamp=NOW_MS + 1))  # type: ignore[arg-type]


@given(BYTES, BYTES, HEADERS, st.text(max_size=40))
def test_what_is_dead_lettered_is_read_back_as_it_was(
    key: bytes | None, value: bytes | None, headers: Headers, detail: str
) -> None:
    letter = read(written(key, value, headers, detail))

    assert (letter.key, letter.value, letter.headers, letter.detail) == (key, value, headers, detail)
    assert (letter.original_topic, letter.original_partition, letter.original_offset) == ("handed-off", 3, 41)
    assert (letter.reason, letter.arrival, letter.missing) == ("broken_json", NOW_MS * 1_000, {})
    assert (letter.partition, letter.offset, letter.dead_lettered_at) == (1, 5, (NOW_MS + 1) * 1_000)


@given(BYTES, BYTES, HEADERS)
def test_a_record_that_somebody_else_wrote_is_read_as_far_as_it_goes(
    key: bytes | None, value: bytes | None, headers: Headers
) -> None:
    letter = read(OutgoingRecord(key, value, headers))

    assert (letter.key, letter.value) == (key, value)


@pytest.mark.parametrize("stamp", [None, -1, 2**63 - 1, -(2**63)])
def test_a_record_without_an_arrival_on_the_calendar_is_dead_lettered_without_one(stamp: int | None) -> None:
    record = Arrived("handed-off", 3, b"L-1", b"{", timestamp=stamp)
    letter = read(to_dead_letter(Rejected(record, "broken_json", "no use")))

    assert (letter.arrival, letter.value, letter.original_offset) == (None, b"{", record.offset)


@given(st.binary(max_size=12))
def test_a_header_name_of_any_bytes_is_dead_lettered_as_text_that_shows_them(name: bytes) -> None:
    record = Arrived("handed-off", 3, b"L-1", b"{}", [(name.decode(errors="surrogateescape"), b"1")])
    writing = to_dead_letter(Rejected(record, "broken_header", "no use"))

    assert all(header.encode() for header, _ in writing.headers)
    assert read(writing).headers == [(name.decode(errors="backslashreplace"), b"1")]


def test_an_incompressible_record_as_large_as_a_topic_takes_is_dead_lettered_whole_with_its_headers() -> None:
    headers = [("ce_type", b"lead.created.v1"), ("trace", noise(40_000))]
    value = noise(LARGEST_EVENT - 41_000)

    assert read(written(b"L-1", value, headers)).missing == {}
    assert read(written(noise(LARGEST_EVENT - 100), None)).missing == {}


def test_what_only_compression_makes_fit_is_dead_lettered_whole() -> None:
    letter = read(written(b"L-1", b"\0" * 8 * LARGEST_EVENT))

    assert letter.missing == {}
    assert letter.value == b"\0" * 8 * LARGEST_EVENT


def test_of_headers_that_do_not_fit_the_shortest_are_kept_in_order_with_a_note() -> None:
    headers = [("ce_id", b"e-1"), ("junk", noise(LARGEST_EVENT)), ("ce_type", b"lead.created.v1")]
    letter = read(written(b"L-1", noise(100_000), headers))

    assert letter.headers == [headers[0], headers[2]]
    assert letter.missing == {"headers-dropped": 1}
    assert letter.value == noise(100_000)


def test_what_no_headers_make_room_for_is_cut_with_a_note_of_its_size() -> None:
    key, value = noise(LARGEST_EVENT), noise(2 * LARGEST_EVENT)
    letter = read(written(key, value, [("ce_id", b"e-1")]))

    assert letter.missing == {"key-cut": len(key), "value-cut": len(value)}
    assert letter.key
    assert letter.value
    assert key.startswith(letter.key)
    assert value.startswith(letter.value)
    assert letter.headers == [("ce_id", b"e-1")]


@examples(30)
@given(
    st.integers(0, 3 * LARGEST_EVENT),
    st.integers(0, 3 * LARGEST_EVENT),
    st.integers(0, 2_000),
    st.integers(0, 2 * LARGEST_EVENT),
)
def test_nothing_is_too_large_to_be_dead_lettered(key: int, value: int, headers: int, header: int) -> None:
    writing = written(b"k" * key, noise(value), [("h", b"")] * headers + [("large", noise(header))])

    batch = DefaultRecordBatchBuilder(2, ZSTD, 0, -1, -1, 0, 1)
    batch.append(0, NOW_MS, writing.key, writing.value, list(writing.headers))
    assert len(batch.build()) <= LARGEST_EVENT + REJECTED_OVERHEAD


def test_a_letter_says_when_the_record_arrived() -> None:
    assert dict(written(None, None).headers)["time"] == iso(NOW_MS * 1_000).encode()
