"""Records of every kind of event, and everything that may be wrong with one, drawn from a seed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any, Final

import msgspec

from sla_rules.engine.codec import encode_fact
from sla_rules.events.as_fact import fact_of
from sla_rules.events.decode import read_event
from sla_rules.events.schema import TOPIC_OF_TYPE, key_of
from sla_rules.instants import MINUTE
from sla_rules.names import FORWARDED_TOPIC
from streams.pipeline.decode import decode
from tests.sla_rules.event_samples import DATA, sample
from tests.streams.arrivals import NOW_MS, Arrived

HUGE: Final = (2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 1e308, -0.0, 1e-320)
NUMBERS: Final = (b"1e999", b"-1e999", b"NaN", b"Infinity", b"-Infinity", b"9" * 5_000, b"0" * 40, b"1E-9999", b"-")
TEXTS: Final = (
    *(
        "",
        "\0",
        "\ud800",
        "\u202e",
        "\ufeff",
        "é" * 300,
        "x" * 70_000,
        "a/b",
        "/",
        "lead-1/",
        "null",
        "0001-01-01T00:00:00Z",
    ),
    *("9999-12-31T23:59:60Z", "2026-03-02T09:00:00+99:99", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"),
    *("1e999", "NaN", "-1", "P1D", "lead.created.v1", "com.acme.lead.created.v1", "...", "lead.corrected.v1"),
)
PLAIN_TEXTS: Final = tuple(text for text in TEXTS if text != "\ud800")
INVALID_UTF8: Final = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe2\x82")
HEADERS: Final = (
    "ce_type",
    "ce_id",
    "ce_source",
    "ce_subject",
    "ce_time",
    "ce_specversion",
    "ce_",
    "ce_data",
    "CE_TYPE",
    "content-type",
    "",
    "\0",
    "é",
)


def corrections() -> list[dict[str, Any]]:
    """Events that put another in the place of one told before."""
    return [
        sample("lead.corrected.v1", data={"replaces": "event-0", "event": {"type": kind, "data": DATA[kind]}})
        for kind in DATA
    ]


EVENTS: Final = [*map(sample, DATA), *corrections()]


def structured(event: dict[str, Any]) -> Arrived:
    """The event as one JSON document."""
    value = json.dumps(event).encode()
    return Arrived(TOPIC_OF_TYPE[event["type"]], 0, key_of(read_event(value)).encode(), value)


def binary(event: dict[str, Any]) -> Arrived:
    """The event with its attributes in headers."""
    headers = [(f"ce_{name}", str(value).encode()) for name, value in event.items() if name != "data"]
    return replace(structured(event), value=json.dumps(event["data"]).encode(), headers=headers)


def forwarded() -> list[Arrived]:
    """Facts that a merge sent to another lead."""
    good = [event for event in EVENTS if not decode([structured(event)], 1, (), MINUTE).rejected]
    facts = [fact_of(read_event(json.dumps(event).encode()), NOW_MS * 1_000) for event in good]
    return [
        Arrived(FORWARDED_TOPIC, 0, b"lead-2", encode_fact(msgspec.structs.replace(fact, origin="lead-1")))
        for fact in facts
    ]


def flipped(value: bytes, random: Random) -> bytes:
    """Some bits are turned."""
    changed = bytearray(value)
    for _ in range(random.choice((1, 1, 2, 8))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def cut(value: bytes, random: Random) -> bytes:
    """The end is missing, or the beginning."""
    at = random.randrange(len(value) + 1)
    return value[:at] if random.random() < 0.8 else value[at:]


def spliced(value: bytes, random: Random) -> bytes:
    """A part of another event stands in it."""
    other = random.choice(CORPUS).value or b""
    begin, end = sorted(random.choices(range(len(other) + 1), k=2))
    at = random.randrange(len(value) + 1)
    return value[:at] + other[begin:end] + value[at + random.randrange(20) :]


def doubled(value: bytes, random: Random) -> bytes:
    """A key stands there twice."""
    name = random.choice(("id", "type", "time", "data", "subject", "specversion", "team"))
    with_it = json.dumps({name: random.choice((*TEXTS[:6], None, 1, {}, []))}).encode()
    return with_it[:-1] + b"," + value[1:] if random.random() < 0.5 else value[:-1] + b"," + with_it[1:]


def nested(value: bytes, random: Random) -> bytes:
    """What was a value is a tower."""
    depth = random.choice((10, 127, 128, 255, 1_000, 5_000))
    begin, end = random.choice(((b"[", b"]"), (b'{"a":', b"}")))
    tower = begin * depth + b"1" + (end * depth if random.random() < 0.7 else b"")
    at = value.rfind(b":", 0, random.randrange(len(value) + 1)) + 1
    return value[:at] + tower + b"," + value[at:]


def numbered(value: bytes, random: Random) -> bytes:
    """A number that no machine holds stands where anything stood."""
    colons = [at for at, byte in enumerate(value) if byte == ord(":")]
    if not colons:
        return random.choice(NUMBERS)
    at = random.choice(colons) + 1
    end = min((found for mark in b",}" if (found := value.find(mark, at)) > 0), default=len(value))
    return value[:at] + random.choice(NUMBERS) + value[end:]


def no_text(value: bytes, random: Random) -> bytes:
    """Bytes that are no UTF-8."""
    at = random.randrange(len(value) + 1)
    return value[:at] + random.choice(INVALID_UTF8) + value[at:]


def replaced(value: bytes, random: Random) -> bytes:
    """Somewhere in the document is something else."""
    try:
        tree = json.loads(value)
    except (ValueError, RecursionError):
        return flipped(value, random)
    spot, name = tree, None
    while isinstance(spot, dict) and spot:
        name = random.choice(list(spot))
        if isinstance(spot[name], dict) and random.random() < 0.8:
            spot = spot[name]
        else:
            break
    if name is not None:
        spot[name] = random.choice((*HUGE, *TEXTS, None, True, [], {}, [[]], [None], ["x"], {"": ""}))
    return json.dumps(tree, ensure_ascii=random.random() < 0.7).encode("utf-8", "surrogatepass")


def replaced_in_fact(value: bytes, random: Random) -> bytes:
    """A field of a forwarded fact is something else."""
    try:
        fields = msgspec.msgpack.decode(value[1:])
        at = random.randrange(len(fields))
        fields[at] = random.choice(
            (*(one for one in HUGE if -(2**63) <= one < 2**64), *PLAIN_TEXTS, None, True, -1, [], {})
        )
        packed = msgspec.msgpack.encode(fields)
        return value[:1] + (b"\x91" * random.choice((100, 5_000)) if random.random() < 0.1 else b"") + packed
    except (ValueError, TypeError, RecursionError, msgspec.DecodeError):
        return flipped(value, random)


DAMAGES: Final[Sequence[Callable[[bytes, Random], bytes]]] = (
    *(flipped, cut, spliced, doubled, nested, numbered, no_text, replaced, replaced, replaced),
)


def damaged(record: Arrived, random: Random) -> Arrived:
    """The record with something wrong, mostly one thing."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        part = random.random()
        if part < 0.75 and record.value is not None:
            damage = random.choice(DAMAGES)
            if record.topic == FORWARDED_TOPIC and damage is replaced:
                damage = replaced_in_fact
            record = replace(record, value=damage(record.value, random))
        elif part < 0.9:
            record = replace(record, headers=_damaged_headers(list(record.headers), random))
        elif part < 0.95:
            record = replace(
                record,
                key=random.choice(
                    (None, b"", b"\xff", b"a/lead-1", b"/lead-1", b"x" * 2_000, flipped(record.key or b"k", random))
                ),
            )
        elif part < 0.97:
            record = replace(record, timestamp=random.choice((-1, 0, 1, 2**53, 2**63 - 1)))
        else:
            record = replace(
                record, value=random.choice((None, b"", b"null", b"[]", b"1", b'""', b"\0", b"\x01", b"{}"))
            )
    return record


def _damaged_headers(headers: list[tuple[str, Any]], random: Random) -> list[tuple[str, Any]]:
    kind = random.random()
    if headers and kind < 0.5:
        at = random.randrange(len(headers))
        name, value = headers[at]
        headers[at] = (
            name,
            random.choice(
                (
                    None,
                    b"",
                    *INVALID_UTF8,
                    flipped(value or b"?", random),
                    b"x" * 5_000,
                    random.choice(TEXTS).encode("utf-8", "surrogatepass"),
                )
            ),
        )
    elif headers and kind < 0.7:
        del headers[random.randrange(len(headers))]
    else:
        headers.append((random.choice(HEADERS), random.choice((None, b"", b"lead.created.v1", b"\xff", b"1.0"))))
    return headers


CORPUS: Final = [*map(structured, EVENTS), *map(binary, EVENTS), *forwarded()]
