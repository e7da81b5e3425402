"""`leadsla deadletter show`: one letter whole."""

from collections.abc import Iterator
from typing import Final

from leadsla.dead_letters.text import page, printable
from sla_rules.instants import iso
from sla_rules.names import REJECTED_TOPIC
from streams.dead_letters.letters import DeadLetter
from streams.dead_letters.topic import DeadLetterTopic

_MEANT: Final = {
    "headers-dropped": "{} headers are missing: they did not fit",
    "key-cut": "the key is cut: it had {:,} bytes",
    "value-cut": "the value is cut: it had {:,} bytes",
}


async def letters_at(dead: DeadLetterTopic, topic: str, partition: int, offset: int) -> list[DeadLetter]:
    """The letters of one original record, oldest first, or the one at a place of the rejected topic."""
    if topic == REJECTED_TOPIC:
        letter = await dead.at(partition, offset)
        return [] if letter is None else [letter]
    return [
        letter
        async for letter in dead.letters()
        if (letter.original_topic, letter.original_partition, letter.original_offset) == (topic, partition, offset)
    ]


def page_of(letter: DeadLetter) -> Iterator[str]:
    """All that is known of a letter, line by line."""
    place = f"{letter.original_topic or 'an unknown topic'}, partition {letter.original_partition}"
    arrived = "unknown" if letter.arrival is None else iso(letter.arrival)
    offsets = f"offset {letter.original_offset}"
    if letter.last_offset is not None:
        offsets = f"offsets {letter.original_offset} to {letter.last_offset}"
    rows = {
        "record" if letter.last_offset is None else "batch": f"{printable(place)}, {offsets}",
        "arrived": arrived,
        "letter": f"{iso(letter.dead_lettered_at)}, {REJECTED_TOPIC}, partition {letter.partition}, offset {letter.offset}",
        "reason": printable(letter.reason),
        "detail": printable(letter.detail),
        "key": printable(letter.key),
    }
    for name, text in rows.items():
        yield f"{name:<10}{text}"
    for name, number in letter.missing.items():
        yield f"{'missing':<10}{_MEANT[name].format(number)}"
    for name, value in letter.headers:
        yield f"{'header':<10}{printable(name)}: {printable(value)}"
    if letter.value is None:
        yield f"{'value':<10}none"
        return
    yield f"{'value':<10}{len(letter.value):,} bytes"
    yield ""
    yield from page(letter.value)
