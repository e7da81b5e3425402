"""What is said of an import: rows that are refused, first events, and what became of all."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from leadsla.importing.event_types import short
from leadsla.importing.rows import RowRefused, Tally
from wording.voice import Voice

NAMED: Final = 20
"""Refused rows that are named one by one; the others are counted."""


def refused_line(refused: RowRefused, voice: Voice) -> str:
    """Which row and which column, and why."""
    why = voice.text(f"import-{refused.code}", **refused.values)
    if refused.column is None:
        return voice.text("import-row", row=str(refused.row), why=why)
    return voice.text("import-cell", row=str(refused.row), column=refused.column, why=why)


def event_lines(row: int, lines: Sequence[bytes], voice: Voice) -> Iterator[str]:
    """The events of a row: what happened when to which lead, and the fields of each."""
    yield voice.text("import-events-of-row", row=str(row))
    for line in lines:
        event = msgspec.json.decode(line)
        fields = ", ".join(f"{name}: {_said(value)}" for name, value in _flat(event["data"]))
        yield f"  {short(event['type']):<18} {event['time']}  {event['subject']}  {fields}".rstrip()


def _flat(data: dict[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{within}{name}.")
        else:
            yield f"{within}{name}", value


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def summary_lines(tally: Tally, voice: Voice) -> Iterator[str]:
    """What became of the rows, after what became of the file."""
    for kind, count in tally.events.most_common():
        yield f"  {short(kind):<18}{voice.fixed(count, 0):>12}"
    counts = {
        "import-left-out": tally.left_out,
        "import-again": tally.again,
        "import-put-back": tally.put_back,
        "import-refused": tally.refused.total(),
    }
    for name, count in counts.items():
        if count:
            yield voice.text(name, count=count)


def summary(tally: Tally, refused: Sequence[RowRefused], voice: Voice) -> dict[str, Any]:
    """The summary that scripts read; of refused rows the first are listed."""
    return {
        "rows": tally.rows,
        "events": tally.events.total(),
        "events_by_type": dict(sorted(tally.events.items())),
        "left_out": tally.left_out,
        "again": tally.again,
        "put_back": tally.put_back,
        "refused": tally.refused.total(),
        "refused_by_reason": dict(sorted(tally.refused.items())),
        "refused_rows": [
            {"row": one.row, "column": one.column, "reason": one.code, "text": refused_line(one, voice)}
            for one in refused
        ],
    }
