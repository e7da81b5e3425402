"""The rows of a table, each as the events that it tells of, or as refused with the reason why.

Every event is read by the decoder that the workers read with before it counts as one. Its id, unless the table has one, is a hash
of all that it says, so that the same row gives the same events whenever and wherever it is imported.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec

from leadsla.importing.cells import text_of
from leadsla.importing.compiled import ColumnRefused, Compiled, Told
from leadsla.importing.event_types import ATTRIBUTES, DEAL, DELIVERABLE, REMEDY, short
from leadsla.importing.said_before import Before, SaidBefore
from leadsla.importing.table import Cells, Row, cell_at
from sla_rules.events.decode import facts_of, read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.events.vocabulary import Vocabulary
from sla_rules.instants import Instant, iso

_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_OF_A_CELL: Final = 8
"""Bytes that tell what one cell says from what another does."""
_AT_A_TIME: Final = 1_000
"""Rows between two looks at the progress."""


class RowRefused(Exception):
    """No event is made of a row; `code` says why, in the words of the catalogues."""

    def __init__(self, row: int, column: str | None, code: str, values: Mapping[str, str]) -> None:
        self.row, self.column, self.code, self.values = row, column, code, values
        super().__init__(f"row {row}: {code}")


class Line(NamedTuple):
    """An event as a line of JSON; `named` if the table gave its id."""

    type: str
    id: str
    named: bool
    json: bytes


class _Claim(NamedTuple):
    """What a row says of a lead, or of an event's id, by the name that people know it by."""

    key: str
    what: bytes
    name: str


@dataclass(slots=True)
class Tally:
    """What became of the rows of a table."""

    rows: int = 0
    events: Counter[str] = field(default_factory=Counter)
    """By type."""
    left_out: int = 0
    again: int = 0
    """Rows that said what an earlier one had said."""
    refused: Counter[str] = field(default_factory=Counter)
    """By code."""
    put_back: int = 0


@dataclass(slots=True)
class Rows:
    """Makes events of rows; `now` is what no event may lie after."""

    compiled: Compiled
    vocabulary: Vocabulary
    now: Instant
    said: SaidBefore
    tally: Tally = field(default_factory=Tally)

    def events_of(self, row: Row) -> Sequence[bytes]:
        """The events of a row, one line of JSON each; none where it is left out, or an earlier row said the same.

        Raises:
            RowRefused: a cell cannot be read, the row says nothing, or otherwise than one before it.

        """
        self.tally.rows += 1
        try:
            lines = self._lines(row)
        except ColumnRefused as refused:
            raise RowRefused(row.number, refused.column, refused.why.code, refused.why.values) from None
        for line in lines:
            self.tally.events[line.type] += 1
        return [line.json for line in lines]

    def _lines(self, row: Row) -> Sequence[Line]:
        cells = row.cells
        if len(cells) > self.compiled.width and any(text_of(cell) for cell in cells[self.compiled.width :]):
            values = {"cells": str(len(cells)), "columns": str(self.compiled.width)}
            raise RowRefused(row.number, None, "too-many-cells", values)
        if self.compiled.leave_out(cells):
            self.tally.left_out += 1
            return ()
        lead = None if self.compiled.lead is None else self.compiled.lead(cells)
        told = [self._line(row, one, lead) for one in self.compiled.events if one.when(cells)]
        lines = [one for one in told if one is not None]
        if not lines:
            raise RowRefused(row.number, None, "no-event", {})
        return self._new(row, lead, lines)

    def _new(self, row: Row, lead: str | None, lines: Sequence[Line]) -> Sequence[Line]:
        """Those of which no row before has told; a row that contradicts one is refused before any of it is remembered."""
        by_lead = self.compiled.mapping.row == "lead"
        claims = [_Claim(f"id {line.id}", _digest(line.json), line.id) for line in lines if line.named or not by_lead]
        if by_lead and lead is not None:
            claims.append(_Claim(f"lead {lead}", self._cells(row), lead))
        own: dict[str, Before] = {}
        again: set[str] = set()
        for claim in claims:
            before = self.said.find(claim.key) or own.get(claim.key)
            if before is None:
                own[claim.key] = Before(row.number, claim.what)
            elif before.what != claim.what:
                raise self._contradicted(row, claim, before)
            else:
                again.add(claim.key)
        for claim in claims:
            self.said.say(claim.key, claim.what, row.number)
        new = [line for line in lines if not {f"id {line.id}", f"lead {lead}"} & again]
        self.tally.again += not new
        return new

    def _cells(self, row: Row) -> bytes:
        """A short hash of each cell that the mapping looks at."""
        texts = (text_of(cell_at(row.cells, place)) for place in self.compiled.columns)
        return b"".join(_digest(text.encode())[:_OF_A_CELL] for text in texts)

    def _contradicted(self, row: Row, claim: _Claim, before: Before) -> RowRefused:
        values = {"name": claim.name, "row": str(before.row)}
        if not claim.key.startswith("lead "):
            return RowRefused(row.number, None, "id-again", values)
        pairs = zip(_parts(claim.what), _parts(before.what), strict=True)
        columns = [name for name, (now, then) in zip(self.compiled.columns.values(), pairs, strict=True) if now != then]
        return RowRefused(row.number, ", ".join(columns), "lead-again", values)

    def _line(self, row: Row, told: Told, lead: str | None) -> Line | None:
        """An event; None where it did not happen."""
        cells = row.cells
        time = told.time(cells)
        if time is None:
            return None
        data = _data(told, cells)
        if told.stands_for == DEAL:
            _name_deal(data, lead)
        subject = _subject(told, data, lead)
        if subject is None:
            column = None if self.compiled.mapping.lead is None else self.compiled.mapping.lead.column
            raise RowRefused(row.number, column, "no-lead", {"event": short(told.type)})
        event: dict[str, Any] = {
            "specversion": "1.0",
            "source": self.compiled.mapping.source,
            "type": told.type,
            "subject": subject,
            "time": iso(time),
            "data": data,
        }
        given = None if told.id is None else told.id(cells)
        event["id"] = given or _digest(_encode(event)).hex()
        line = _encode(event)
        try:
            facts_of(read_event(line, None, self.vocabulary), self.now)
        except RejectionError as rejected:
            values = {"event": short(told.type), "detail": rejected.detail}
            raise RowRefused(row.number, told.column, "rejected", values) from None
        return Line(told.type, event["id"], given is not None, line)


def _data(told: Told, cells: Cells) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, read in told.data:
        value = read(cells)
        if value is None or value == []:
            continue
        head, _, rest = name.partition(".")
        if head == ATTRIBUTES:
            data.setdefault(ATTRIBUTES, {})[rest] = value
        else:
            data[name] = value
    return data


def _name_deal(data: dict[str, Any], lead: str | None) -> None:
    """A deal of a row about a lead is that lead's and called like it, unless the mapping says otherwise."""
    if lead is not None:
        data.setdefault("lead_ids", [lead])
    if "lead_ids" in data:
        data.setdefault("deal_id", data["lead_ids"][0])


def _subject(told: Told, data: Mapping[str, Any], lead: str | None) -> str | None:
    if told.stands_for in {DELIVERABLE, REMEDY}:
        return f"{data.get('agreement', '')}:{data.get('obligation', '')}"
    subject: str | None = data.get("deal_id") if told.stands_for == DEAL else lead
    return subject


def _parts(what: bytes) -> list[bytes]:
    return [what[begin : begin + _OF_A_CELL] for begin in range(0, len(what), _OF_A_CELL)]


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).digest()


def take_all(
    rows: Rows,
    table: Iterable[Row],
    take: Callable[[Row, Sequence[bytes]], object],
    refuse: Callable[[RowRefused], object],
    show: Callable[[], object],
) -> Tally:
    """Take the events of every row, or refuse it, and tally what became of them.

    Raises:
        TableError: the table cannot be read to its end.

    """
    for number, row in enumerate(table):
        try:
            take(row, rows.events_of(row))
        except RowRefused as refused:
            rows.tally.refused[refused.code] += 1
            refuse(refused)
        if number % _AT_A_TIME == 0:
            show()
    rows.tally.put_back = rows.compiled.put_back
    return rows.tally
