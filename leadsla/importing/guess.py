"""A mapping guessed from what the columns are called, to be shown to whoever knows the table, and edited."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from leadsla.importing.cells import text_of, word_of
from leadsla.importing.compiled import columns_of_dates
from leadsla.importing.date_forms import Look, look_of
from leadsla.importing.event_types import about_leads, fields_of, names, short, type_of
from leadsla.importing.exports import EXPORTS, PLAIN, Column, Export, Happening, Names
from leadsla.importing.header import places_of
from leadsla.importing.mapping import EventOf, Origin, TableMapping
from leadsla.importing.table import Row, cell_at
from sla_rules.events.vocabulary import Vocabulary
from sla_rules.spelling import plain

SAMPLE: Final = 1_000
"""Rows that are looked at before a table is read."""
_TYPES: Final = ("event", "event type", "type", "evento", "tipo")
_TIMES: Final = ("time", "timestamp", "when", "date", "datetime", "fecha", "hora")
_IDS: Final = ("event id",)


class NoGuess(Exception):
    """The columns do not say what they hold; in words."""


class Guess(NamedTuple):
    """A mapping, and what there is to remark on keys of it."""

    mapping: TableMapping
    remarks: Mapping[str, str]


def guess(header: Sequence[str], sample: Sequence[Row], vocabulary: Vocabulary) -> Guess:
    """The mapping that the header suggests; how dates are written, only where the dates themselves say so.

    Raises:
        NoGuess: it is not to be told which column has the lead, or when anything happened.

    """
    columns = _Columns(header)
    lead = columns.find(("lead", "lead id", "ticket", "ticket id", "subject"))
    time, kind = columns.find(_TIMES), columns.find(_TYPES)
    if lead is not None and time is not None and kind is not None:
        found = Guess(_of_events(columns, lead, time, kind, sample, vocabulary), {})
    else:
        export = next((one for one in EXPORTS if all(columns.find(some) for some in one.known_by)), PLAIN)
        found = _of_leads(columns, export)
    return _with_dates(found, header, sample)


class _Columns:
    """The columns of a header by their names in plain words."""

    def __init__(self, header: Sequence[str]) -> None:
        self.header = header
        self.by_name: dict[str, str] = {}
        for name in header:
            self.by_name.setdefault(_words(name), name)

    def find(self, wanted: Names) -> str | None:
        return next((self.by_name[name] for one in wanted if (name := _words(one)) in self.by_name), None)

    def cell(self, row: Row, column: str) -> str:
        """What a row has in a column, as text."""
        return text_of(cell_at(row.cells, self.header.index(column)))


def _words(name: str) -> str:
    return " ".join(re.findall(r"\w+", plain(name.replace("_", " "))))


def _of_leads(columns: _Columns, export: Export) -> Guess:
    lead = columns.find(export.lead)
    listed = ", ".join(columns.by_name.values())
    if lead is None:
        message = f"no column is called as one with the lead's id (lead, lead id, id); there are: {listed}"
        raise NoGuess(message)
    told = [(one, time) for one in export.happenings if (time := columns.find(one.time)) is not None]
    events = [_event(columns, one, time) for one, time in told]
    if not events:
        message = f"no column is called as one that says when something happened (created, handed off, first call); there are: {listed}"
        raise NoGuess(message)
    remarks = {"source": f"columns as {export.name} calls them"} if export is not PLAIN else {}
    if taken_for_granted := next((one.remark for one, _ in told if one.remark is not None), None):
        remarks["events"] = taken_for_granted
    mapping = TableMapping(row="lead", lead=Origin(column=lead), source=f"/import/{export.name}", events=tuple(events))
    return Guess(mapping, remarks)


def _event(columns: _Columns, one: Happening, time: str) -> EventOf:
    data = {field: origin for field, column in one.data.items() if (origin := _origin(columns, column)) is not None}
    return EventOf(event=one.event, time=Origin(column=time), data=data)


def _origin(columns: _Columns, column: Column) -> Origin | None:
    name = columns.find(column.names)
    if name is None:
        return None if column.otherwise is None else Origin(value=column.otherwise)
    return Origin(column=name, values=None if column.values is None else dict(column.values))


def _of_events(
    columns: _Columns, lead: str, time: str, kind: str, sample: Sequence[Row], vocabulary: Vocabulary
) -> TableMapping:
    """One row an event: of each type in the sample, with all of its fields that there are columns for."""
    meant: dict[str, list[str]] = {}
    for text in dict.fromkeys(columns.cell(row, kind) for row in sample):
        if (name := _event_called(text, vocabulary)) is not None:
            meant.setdefault(name, []).append(text)
    if not meant:
        message = f"no text of the column {kind!r} is called as an event; events are {', '.join(names(vocabulary))}"
        raise NoGuess(message)
    number = columns.find(_IDS)
    events = [
        EventOf(
            event=name,
            time=Origin(column=time),
            when={kind: tuple(written)},
            id=None if number is None else Origin(column=number),
            data=_fields(columns, type_of(name, vocabulary) or name, vocabulary, {lead, time, kind}),
        )
        for name, written in meant.items()
    ]
    return TableMapping(row="event", lead=Origin(column=lead), source="/import/table", events=tuple(events))


def _event_called(text: str, vocabulary: Vocabulary) -> str | None:
    kind = type_of(text, vocabulary) or type_of(word_of(text), vocabulary)
    return None if kind is None else short(kind)


def _fields(columns: _Columns, kind: str, vocabulary: Vocabulary, taken: set[str]) -> dict[str, Origin]:
    found: dict[str, Origin] = {}
    for field in fields_of(about_leads(kind, vocabulary)):
        name = columns.find((field, *_CALLED_ALSO.get(field, ())))
        if name is not None and name not in taken:
            found[field] = Origin(column=name)
    return found


_CALLED_ALSO: Final[Mapping[str, Names]] = {"rep_id": ("owner", "rep"), "duration_seconds": ("duration", "seconds")}


def looks_of(mapping: TableMapping, header: Sequence[str], sample: Sequence[Row]) -> Iterator[tuple[str, Look]]:
    """The columns of dates that have to be told how to be read, with how they look."""
    for column in dict.fromkeys(columns_of_dates(mapping)):
        place = places_of(header, column)[0]
        cells = [(row.number, cell_at(row.cells, place)) for row in sample]
        look = look_of([(row, cell.strip()) for row, cell in cells if isinstance(cell, str) and cell.strip()])
        if look is not None:
            yield column, look


def _with_dates(found: Guess, header: Sequence[str], sample: Sequence[Row]) -> Guess:
    """How dates are written in the columns whose dates can be read in one way only; in all, if those are all there are."""
    looks = dict(looks_of(found.mapping, header, sample))
    decided = {column: tuple(forms) for column, look in looks.items() if (forms := look.decided) is not None}
    if not decided:
        return found
    of_all = set(columns_of_dates(found.mapping)) == decided.keys() and len(set(decided.values())) == 1
    if of_all:
        row = next(look.day_first_at or look.month_first_at for look in looks.values())
        remarks = {**found.remarks, "dates": f"row {row} can be read in no other way"}
        return Guess(found.mapping.model_copy(update={"dates": next(iter(decided.values()))}), remarks)
    events = tuple(
        one.model_copy(update={"time": one.time.model_copy(update={"dates": decided.get(one.time.column or "")})})
        for one in found.mapping.events
    )
    return Guess(found.mapping.model_copy(update={"events": events}), found.remarks)
