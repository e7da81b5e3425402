"""A mapping as it reads the rows of one table: columns found, events known, readers chosen; or all that does not fit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from leadsla.importing.cells import CellRefused, Dates, Kind, Numbers, reader_of, text_of
from leadsla.importing.event_types import (
    ATTRIBUTES,
    DEAL,
    DELIVERABLE,
    REMEDY,
    about_leads,
    fields_of,
    kind_of,
    names,
    type_of,
)
from leadsla.importing.header import as_compared, letter_of, places_of
from leadsla.importing.mapping import EventOf, Origin, Scalar, TableMapping
from leadsla.importing.table import Cell, Cells, cell_at
from sla_rules.events.vocabulary import Vocabulary
from sla_rules.spelling import unknown

Place = tuple[int | str, ...]
"""Of a part of the mapping."""
_WITHOUT_LEAD: Final = frozenset((DEAL, DELIVERABLE, REMEDY))


class Unfit(NamedTuple):
    """A part of the mapping that the table, or what is known of events, has nothing for."""

    place: Place
    message: str


class MappingDoesNotFit(Exception):
    """A mapping cannot read a table."""

    def __init__(self, found: Sequence[Unfit]) -> None:
        self.found = found
        super().__init__("; ".join(one.message for one in found))


class ColumnRefused(Exception):
    """A cell of a column cannot be read, and why."""

    def __init__(self, column: str, why: CellRefused) -> None:
        self.column, self.why = column, why
        super().__init__(column)


Reads = Callable[[Cells], Any]
"""From the cells of a row; None where they are blank."""
Tells = Callable[[Cells], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the mapping, as rows are read for it."""

    type: str
    stands_for: str
    when: Tells
    time: Reads
    id: Reads | None
    data: Sequence[tuple[str, Reads]]
    column: str
    """Of its time, for whoever is told what is wrong."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The mapping of one table."""

    mapping: TableMapping
    width: int
    columns: Mapping[int, str]
    """Those that the mapping names, by their places."""
    lead: Reads | None
    leave_out: Tells
    events: Sequence[Told]
    dates: Sequence[Dates]

    @property
    def put_back(self) -> int:
        """How many dates lay in an hour that the clocks showed twice."""
        return sum(one.put_back for one in self.dates)


def compiled(mapping: TableMapping, header: Sequence[str], vocabulary: Vocabulary) -> Compiled:
    """The mapping, for a table with this header.

    Raises:
        MappingDoesNotFit: it names columns that are not there or are there twice, events that nobody knows, or fields that
            an event does not have.

    """
    work = _Work(mapping, header, vocabulary)
    result = work.done()
    if work.found:
        raise MappingDoesNotFit(work.found)
    return result


@dataclass(slots=True)
class _Work:
    mapping: TableMapping
    header: Sequence[str]
    vocabulary: Vocabulary
    found: list[Unfit] = field(default_factory=list)
    dates: dict[Sequence[str] | None, Dates] = field(default_factory=dict)
    columns: dict[int, str] = field(default_factory=dict)

    def done(self) -> Compiled:
        mapping = self.mapping
        lead = None if mapping.lead is None else self._reads(mapping.lead, "text", ("lead",))
        leave_out = self._any_of(mapping.leave_out, ("leave_out",))
        events = [told for number, one in enumerate(mapping.events) if (told := self._told(one, ("events", number)))]
        return Compiled(mapping, len(self.header), self.columns, lead, leave_out, events, list(self.dates.values()))

    def _told(self, one: EventOf, place: Place) -> Told | None:
        kind = type_of(one.event, self.vocabulary)
        if kind is None:
            self.found.append(Unfit((*place, "event"), unknown("event", one.event, names(self.vocabulary))))
            return None
        meant = about_leads(kind, self.vocabulary)
        if self.mapping.lead is None and meant not in _WITHOUT_LEAD:
            self.found.append(
                Unfit((*place, "event"), f"{one.event} is about a lead; say which column has its id: `lead:`")
            )
        data = []
        for name, origin in one.data.items():
            self._check_field(name, meant, (*place, "data", name))
            data.append((name, self._reads(origin, kind_of(name, origin.kind), (*place, "data", name))))
        return Told(
            kind,
            meant,
            self._all_of(one.when, (*place, "when")),
            self._time(one.time, (*place, "time")),
            None if one.id is None else self._reads(one.id, "text", (*place, "id")),
            data,
            one.time.column or one.event,
        )

    def _check_field(self, name: str, kind: str, place: Place) -> None:
        known = fields_of(kind)
        head, _, rest = name.partition(".")
        if (head == ATTRIBUTES and rest and ATTRIBUTES in known) or (name in known and name != ATTRIBUTES):
            return
        listed = [one if one != ATTRIBUTES else f"{ATTRIBUTES}.name" for one in known]
        self.found.append(Unfit(place, unknown("field", name, listed)))

    def _column(self, name: str, place: Place) -> int:
        there = places_of(self.header, name)
        if len(there) == 1:
            self.columns[there[0]] = self.header[there[0]]
            return there[0]
        if there:
            columns = " and ".join(map(letter_of, there))
            self.found.append(Unfit(place, f"column {name!r} is there more than once: {columns}; call one otherwise"))
        else:
            self.found.append(Unfit(place, unknown("column", name, [one for one in self.header if one])))
        return 0

    def _texts(self, conditions: Mapping[str, Sequence[str]], place: Place) -> list[tuple[int, frozenset[str]]]:
        return [
            (self._column(name, (*place, name)), frozenset(as_compared(text) for text in texts))
            for name, texts in conditions.items()
        ]

    def _all_of(self, conditions: Mapping[str, Sequence[str]], place: Place) -> Tells:
        wanted = self._texts(conditions, place)
        return lambda cells: all(as_compared(text_of(cell_at(cells, column))) in texts for column, texts in wanted)

    def _any_of(self, conditions: Mapping[str, Sequence[str]], place: Place) -> Tells:
        wanted = self._texts(conditions, place)
        return lambda cells: any(as_compared(text_of(cell_at(cells, column))) in texts for column, texts in wanted)

    def _dates_of(self, origin: Origin) -> Dates:
        forms = origin.dates or self.mapping.dates
        zone = None if self.mapping.zone is None else ZoneInfo(self.mapping.zone)
        return self.dates.setdefault(forms, Dates(forms, zone))

    def _time(self, origin: Origin, place: Place) -> Reads:
        return self._with(origin, self._dates_of(origin).instant, place)

    def _reads(self, origin: Origin, kind: Kind, place: Place) -> Reads:
        return self._with(origin, reader_of(kind, self._dates_of(origin), Numbers(self.mapping.decimal)), place)

    def _with(self, origin: Origin, read: Callable[[Cell], Any], place: Place) -> Reads:
        if origin.column is None:
            return self._fixed(origin, read, place)
        name, column = origin.column, self._column(origin.column, place)
        blanks = frozenset(("", *map(as_compared, self.mapping.blanks)))
        values = None if origin.values is None else {as_compared(text): value for text, value in origin.values.items()}

        def of_column(cells: Cells) -> Any:
            cell = cell_at(cells, column)
            if (cell is None or isinstance(cell, str)) and as_compared(cell or "") in blanks:
                return None
            try:
                return read(cell if values is None else _meant(cell, values))
            except CellRefused as why:
                raise ColumnRefused(name, why) from None

        return of_column

    def _fixed(self, origin: Origin, read: Callable[[Cell], Any], place: Place) -> Reads:
        try:
            fixed = read(origin.value)
        except CellRefused:
            self.found.append(Unfit(place, f"{text_of(origin.value)!r} is no value for {place[-1]}"))
            fixed = None
        return lambda _: fixed


def _meant(cell: Cell, values: Mapping[str, Scalar]) -> Scalar:
    said = as_compared(text_of(cell))
    if said not in values:
        raise CellRefused("not-among-values", value=text_of(cell))
    return values[said]


def columns_of_dates(mapping: TableMapping) -> Iterator[str]:
    """The columns of which nobody has said how their dates are written."""
    for one in mapping.events:
        for origin in (one.time, *(origin for name, origin in one.data.items() if kind_of(name) in {"day", "instant"})):
            if origin.column is not None and not (origin.dates or mapping.dates or origin.values):
                yield origin.column
