"""The records of one batch that lies outside a log: of a dead letter that holds it, packed as it was."""

import sys
from collections.abc import Iterator

from streams.reading.old_batches import OldRecord, old_records
from streams.reading.patient_reading import PatientRecord, read_patiently
from streams.reading.raw_batches import ATTRIBUTES_AT, CODEC, FORMAT_AT, HEAD_SIZE, LATEST_FORMAT, SHORTEST, Head
from streams.reading.unpacking import unpacked


def records_of(packed: bytes, most: int) -> Iterator[PatientRecord | OldRecord]:
    """The records of a batch, which unpack to at most `most` bytes.

    Raises:
        TooLargeError: they are more.
        aiokafka.errors.KafkaError: they are none.

    """
    raw = memoryview(packed)
    if len(raw) >= SHORTEST[0] and raw[FORMAT_AT] < LATEST_FORMAT:
        yield from old_records(raw, most)
        return
    head = Head.of(raw)
    plain = bytearray(raw[:HEAD_SIZE])
    plain[ATTRIBUTES_AT] &= ~CODEC
    whole = unpacked(head.codec, raw[HEAD_SIZE:], most, plain) if head.codec else raw
    yield from read_patiently(whole, head, sys.maxsize)
