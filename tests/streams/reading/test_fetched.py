"""Whatever a fetch brings: each record at its place, or what cannot be read dead-lettered as it is, in bounded memory."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.names import BREACHES_TOPIC
from streams.kafka.connection import LARGEST_EVENT
from streams.reading.budget import BUDGET, half_read
from streams.reading.fetched import Records, read_within
from streams.reading.in_hand import IN_HAND, let_go
from streams.reading.raw_batches import RawBatches
from streams.reading.stand_ins import TOO_LARGE, TOO_LARGE_UNPACKED, UNREADABLE_BATCH, StandIn
from streams.reading.unreadable import UnreadableError
from tests.real_parts.hostile import CODECS, old_batch, old_record, packed, raw_batch, record
from tests.streams.lies import BOMBS, MEBIBYTE, OLD_AND_TOO_MUCH, OLD_AND_UNREADABLE, TOO_MUCH, UNREADABLE, of_headers

SPOT = TopicPartition("handed-off", 1)
OURS = TopicPartition(BREACHES_TOPIC, 1)
MOST = 3 * MEBIBYTE
TRANSACTIONAL, CONTROL = 0x10, 0x20
CHECKED = True
FIRST = 100
"""The offset that everything begins at."""


@pytest.fixture(autouse=True)
def _bounds() -> Iterator[None]:
    read_within(MOST, LARGEST_EVENT, dead_letter=True)
    yield
    BUDGET.half_read.clear()  # what a test left half read


def at(offset: int, raw: bytes) -> bytes:
    """A batch where the broker has put it: the offset of its first record, of an old one of its last."""
    return offset.to_bytes(8, "big") + raw[8:]


def good(offset: int, *values: bytes, codec: str = "none") -> bytes:
    content = b"".join(record(place, b"k", value) for place, value in enumerate(values))
    return at(offset, raw_batch(packed(codec, [content]), codec, len(values)))


def fetch(
    *batches: bytes, offset: int = FIRST, log_end: int = 1_000, spot: TopicPartition = SPOT, aborted: object = ()
) -> Records:
    """What a fetch from an offset brought."""
    records = Records(spot, RawBatches(b"".join(batches)), aborted, offset, None, None, CHECKED, READ_COMMITTED)
    records.log_end = log_end
    return records


def take(records: Records, most: int | None = None) -> list[ConsumerRecord]:
    """What one call of the fetcher takes."""
    BUDGET.spent = 0  # as the fetcher does
    return records.take(most)


def take_all(records: Records, most: int | None = None) -> list[ConsumerRecord]:
    found: list[ConsumerRecord] = []
    while not records.is_read:
        found += take(records, most)
    return found


def values(records: Sequence[ConsumerRecord]) -> list[bytes | None]:
    return [record.value for record in records]


def places(records: Sequence[ConsumerRecord]) -> list[int]:
    return [record.offset for record in records]


@pytest.mark.parametrize("codec", ["none", *CODECS])
@pytest.mark.parametrize("most", [1, 2, 3, None])
def test_records_come_each_once_at_their_places_in_pieces_of_any_size(codec: str, most: int | None) -> None:
    batches = [good(100, b"a", b"b", codec=codec), good(102, b"c", codec=codec), good(103, b"d", b"e", codec=codec)]

    found = take_all(records := fetch(*batches), most)

    assert values(found) == [b"a", b"b", b"c", b"d", b"e"]
    assert places(found) == [100, 101, 102, 103, 104]
    assert records.next_fetch_offset == 105
    assert (found[0].topic, found[0].partition, found[0].key, found[0].headers) == ("handed-off", 1, b"k", ())
    assert (found[0].timestamp, found[0].serialized_key_size, found[0].serialized_value_size) == (1_000, 1, 1)


@pytest.mark.parametrize("codec", ["none", "zstd"])
def test_a_fetch_may_begin_and_end_within_a_batch(codec: str) -> None:
    batches = good(100, b"a", b"b", b"c", codec=codec) + good(103, b"d", b"e", codec=codec)

    records = fetch(batches[:-1], offset=102)

    assert values(take_all(records)) == [b"c"]
    assert records.next_fetch_offset == 103


@pytest.mark.parametrize("codec", ["none", "lz4"])
@pytest.mark.parametrize("offset", [100, 101, 102, 104])
def test_what_compaction_left_of_a_batch_is_read_and_the_next_fetch_begins_behind_it(codec: str, offset: int) -> None:
    content = packed(codec, [record(1, b"k", b"a") + record(4, b"k", b"b")])
    empty = at(110, raw_batch(packed("none", []), count=0, last=4))
    batches = [at(100, raw_batch(content, codec, 2, last=7)), empty]

    found = take_all(records := fetch(*batches, offset=offset))

    assert places(found) == [place for place in (101, 104) if place >= offset]
    assert records.next_fetch_offset == 115


@pytest.mark.parametrize(
    "said", [[0, 0, 0], [2, 1, 0], [0, 5, 1], [-3, -2, -1], [2**31 - 1, 0, 1], [0, 2**31 - 1, -(2**31)]]
)
@pytest.mark.parametrize("codec", ["none", "gzip"])
def test_records_that_lie_about_their_places_are_read_where_they_lie(codec: str, said: Sequence[int]) -> None:
    content = b"".join(record(place, b"k", b"%d" % at) for at, place in enumerate(said))
    batch = at(100, raw_batch(packed(codec, [content]), codec, 3))

    assert places(take_all(fetch(batch, good(103, b"after")))) == [100, 101, 102, 103]
    assert values(take_all(fetch(batch, offset=101), 1)) == [b"1", b"2"]


@pytest.mark.parametrize("case", [*TOO_MUCH, *UNREADABLE])
def test_a_batch_that_nobody_can_read_is_dead_lettered_as_it_is_and_its_neighbours_are_read(case: str) -> None:
    reason, raw = (TOO_LARGE_UNPACKED, TOO_MUCH[case]) if case in TOO_MUCH else (UNREADABLE_BATCH, UNREADABLE[case])
    raw = at(102, raw)
    end = 105 if case == "more records than there are" else 104

    before, second, *read, found, after = take_all(records := fetch(good(100, b"x", b"y"), raw, good(end, b"after")))

    assert (before.value, second.value, after.value) == (b"x", b"y", b"after")
    assert isinstance(found, StandIn)
    assert (found.reason, found.original_value, found.first) == (reason, raw, 102)
    assert (found.key, found.value, found.headers) == (None, None, ())
    assert 102 <= found.offset < end == after.offset
    assert records.next_fetch_offset == end + 1
    # What came before the damage within it may have been read; it is what was sent.
    assert values(read) == [b"a", b"b"][: len(read)]
    assert len(found.detail) > 30


@pytest.mark.parametrize("codec", ["none", *CODECS])
@pytest.mark.parametrize("log_end", [FIRST, FIRST + 1])
def test_a_batch_that_came_after_the_broker_said_where_the_log_ends_is_read(codec: str, log_end: int) -> None:
    found = take_all(records := fetch(good(FIRST, b"a", b"b", b"c", codec=codec), log_end=log_end), 1)

    assert (values(found), places(found)) == ([b"a", b"b", b"c"], [100, 101, 102])
    assert records.next_fetch_offset == 103


@pytest.mark.parametrize("codec", ["none", "zstd"])
def test_a_batch_that_says_it_has_as_many_records_as_no_log_has_moves_nobody_on_that_far(codec: str) -> None:
    content = packed(codec, [record(0, b"k", b"a"), record(1, b"k", b"b")])
    lie = at(FIRST, raw_batch(content, codec, 50_000, last=49_999))

    found, after = take_all(records := fetch(lie, good(102, b"after"), log_end=103))

    assert isinstance(found, StandIn)
    assert (found.reason, found.original_value, found.offset) == (UNREADABLE_BATCH, lie, 101)
    assert (after.value, after.offset, records.next_fetch_offset) == (b"after", 102, 103)


@pytest.mark.parametrize("case", [*OLD_AND_TOO_MUCH, *OLD_AND_UNREADABLE])
def test_an_old_record_that_holds_what_nobody_can_read_is_dead_lettered_as_it_is(case: str) -> None:
    reasons = [
        (reason, at(102, cases[case]))
        for reason, cases in ((TOO_LARGE_UNPACKED, OLD_AND_TOO_MUCH), (UNREADABLE_BATCH, OLD_AND_UNREADABLE))
        if case in cases
    ]
    for reason, raw in reasons:
        before, *read, found, after = take_all(fetch(good(100, b"x"), raw, good(103, b"after")))

        assert (before.value, after.value, after.offset) == (b"x", b"after", 103)
        assert isinstance(found, StandIn)
        assert (found.reason, found.original_value, found.offset) == (reason, raw, 102)
        assert values(read) in ([], [b"a"])


@pytest.mark.parametrize("offset", [100, 101, 102])
def test_old_records_are_read_with_those_they_hold(offset: int) -> None:
    inner = b"".join(old_record(place, b"k", b"%d" % place, stamp=5_000 + place) for place in range(3))
    whole = at(102, old_batch(packed("lz4", [inner]), "lz4"))
    appended = old_record(104, None, packed("gzip", [old_record(0, b"k", b"b", stamp=1)]), 1, 1 | 8, stamp=7_000)
    oldest = old_record(103, None, packed("snappy", [old_record(103, b"k", b"a", 0)]), 0, 2)

    found = take_all(records := fetch(whole, oldest, appended, old_record(105, None, None, 0), offset=offset))

    assert places(found) == [*range(offset, 106)]
    assert values(found[-3:]) == [b"a", b"b", None]
    assert [(record.timestamp, record.timestamp_type) for record in found[-4:]] == [
        (5_002, 0),
        (None, None),
        (7_000, 1),
        (None, None),
    ]
    assert records.next_fetch_offset == 106


@pytest.mark.parametrize("raw", [TOO_MUCH["zstd"], TOO_MUCH["zstd that says so"], UNREADABLE["no lz4"]])
def test_what_may_not_be_dead_lettered_is_told_with_its_place_after_what_came_before(raw: bytes) -> None:
    batches = good(100, b"x", b"y"), at(102, raw), good(103, b"after")
    read_within(MOST, LARGEST_EVENT, dead_letter=False)
    for spot in (SPOT, OURS):
        records = fetch(*batches, spot=spot)

        assert values(take(records)) == [b"x", b"y"]
        assert records.is_read
        with pytest.raises(UnreadableError, match=f"{spot.topic}, partition 1: offset 102 cannot be read: "):
            take(fetch(*batches[1:], offset=102, spot=spot))
    read_within(MOST, LARGEST_EVENT, dead_letter=True)
    with pytest.raises(UnreadableError, match=f"{BREACHES_TOPIC}, partition 1: offset 102 cannot be read"):
        take(fetch(*batches[1:], offset=102, spot=OURS))


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(good(100, b"a", b"b")[:-1] + b"\xff", id="checksum"),
        pytest.param(b"\0" * 7 + b"\x64\x7f\xff\xff\xff" + good(100, b"a", b"b")[12:], id="a length beyond all"),
        pytest.param(b"\0" * 7 + b"\x64\xff\xff\xff\xff" + good(100, b"a", b"b")[12:], id="a length below nothing"),
        pytest.param(good(100, b"a", b"b")[:16] + b"\0" + good(100, b"a", b"b")[17:], id="format"),
        pytest.param(old_record(100, b"k", b"a")[:-1] + b"\xff", id="checksum of an old one"),
    ],
)
def test_what_the_broker_damaged_is_never_dead_lettered(damaged: bytes) -> None:
    with pytest.raises(UnreadableError, match=r"handed-off, partition 1: offsets? 100.* cannot be read"):
        take(fetch(damaged, good(102, b"after")))


def test_a_record_that_is_too_large_to_be_an_event_is_dead_lettered_alone() -> None:
    read_within(64 * MEBIBYTE, LARGEST_EVENT, dead_letter=True)
    trace = ((b"caf\xe9", b"1"), (b"trace", None))
    for size in (LARGEST_EVENT + 1, 3 * MEBIBYTE):
        large = b"x" * size
        records = record(0, b"k", b"a") + record(1, b"L-1", large, trace) + record(2, b"k", b"b")
        for raw in (raw_batch(records, count=3), raw_batch(packed("zstd", [records]), "zstd", 3)):
            before, found, after = take_all(fetch(at(100, raw)))

            assert (before.value, after.value) == (b"a", b"b")
            assert isinstance(found, StandIn)
            assert (found.reason, found.first, found.offset) == (TOO_LARGE, None, 101)
            assert (found.key, found.value, found.headers) == (None, None, ())
            assert (found.original_key, found.original_value) == (b"L-1", large)
            assert found.original_headers == (("caf\udce9", b"1"), ("trace", None))
        # Of what is ours alone, states may be as large as they like.
        assert values(take_all(fetch(at(100, raw), spot=OURS))) == [b"a", large, b"b"]


def test_a_large_record_of_headers_alone_puts_its_batch_away() -> None:
    read_within(64 * MEBIBYTE, LARGEST_EVENT, dead_letter=True)
    content = record(0, b"k", b"a") + of_headers(1_200_000)

    read, found = take_all(fetch(at(100, raw_batch(packed("gzip", [content]), "gzip", 2))))

    assert read.value == b"a"
    assert isinstance(found, StandIn)
    assert found.reason == TOO_LARGE_UNPACKED
    assert "1,200,000 headers" in found.detail


def test_no_more_than_allowed_is_handed_over_at_once_of_all_partitions_together() -> None:
    batches = [good(100 + number, b"x" * MEBIBYTE, codec="zstd") for number in range(12)]
    fetches = [fetch(*batches, spot=TopicPartition("handed-off", place)) for place in range(3)]
    BUDGET.spent = 0  # one call of the fetcher takes from all three

    taken = [records.take() for records in fetches]

    assert [len(found) for found in taken] == [2, 0, 0]
    assert [len(take_all(records)) for records in fetches] == [10, 12, 12]


def test_what_is_handed_over_counts_until_it_is_let_go_or_nobody_holds_it() -> None:
    read_within(64 * MEBIBYTE, LARGEST_EVENT, dead_letter=True)
    before = IN_HAND.size
    for let in (True, False):
        found = take(fetch(good(100, b"x" * MEBIBYTE, b"y" * MEBIBYTE, codec="zstd")))
        assert before + 2 * MEBIBYTE < IN_HAND.size < before + 2 * MEBIBYTE + 2_000
        if let:
            let_go(found)
            let_go(found)
            assert IN_HAND.size == before
        del found
        assert IN_HAND.size == before


def test_large_batches_are_kept_half_read_up_to_what_is_allowed_and_fetched_again_beyond() -> None:
    large = good(100, *[b"x" * 500_000] * 4, codec="zstd")
    spots = [TopicPartition("handed-off", place) for place in range(2)]
    first, second = (fetch(large, spot=spot) for spot in spots)

    assert values(take(first, 1)) == [b"x" * 500_000]
    assert half_read() == {spots[0]}
    assert len(take(second, 1)) == 1

    assert first.is_read
    assert half_read() == {spots[1]}
    again = fetch(large, spot=spots[0], offset=first.next_fetch_offset)
    assert places(take_all(second)) == [101, 102, 103]
    assert places(take_all(again)) == [101, 102, 103]
    assert half_read() == set()


@pytest.mark.parametrize("codec", ["none", "zstd"])
def test_what_a_transaction_took_back_is_passed_over_unread_and_so_are_the_brokers_marks(codec: str) -> None:
    def of(producer: int, value: bytes) -> bytes:
        return raw_batch(packed(codec, [record(0, b"k", value)]), codec, producer=producer, flags=TRANSACTIONAL)

    def mark(producer: int, kind: int) -> bytes:
        content = record(0, b"\0\0" + kind.to_bytes(2, "big"), bytes(6))
        return raw_batch(content, producer=producer, flags=TRANSACTIONAL | CONTROL)

    back = raw_batch(BOMBS["zstd"][61:], "zstd", producer=7, flags=TRANSACTIONAL)
    batches = [of(7, b"back"), of(8, b"held"), back, mark(8, 1), mark(7, 0), of(7, b"again"), mark(7, 1)]

    found = take_all(records := fetch(*(at(100 + place, raw) for place, raw in enumerate(batches)), aborted=[(7, 100)]))

    assert [(record.offset, record.value) for record in found] == [(101, b"held"), (105, b"again")]
    assert records.next_fetch_offset == 107


@given(
    st.lists(st.lists(st.binary(max_size=40), min_size=1, max_size=5), min_size=1, max_size=6),
    st.sampled_from(["none", *CODECS]),
    st.integers(1, 4),
    st.data(),
)
def test_every_offset_is_handed_over_once_and_in_order_wherever_a_fetch_begins(
    batches: list[list[bytes]], codec: str, most: int, data: st.DataObject
) -> None:
    at_, sent, raw = FIRST, [], []
    for batch in batches:
        raw.append(good(at_, *batch, codec=codec))
        sent += batch
        at_ += len(batch)
    begin = data.draw(st.integers(FIRST, at_ - 1))

    found = take_all(fetch(*raw, offset=begin), most)

    assert values(found) == sent[begin - FIRST :]
    assert all(later == earlier + 1 for earlier, later in pairwise(places(found)))
