"""What holds of every table: its events come out as they went in, once, whatever the order of its columns and rows."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadsla.importing.cells import CellRefused, Dates
from leadsla.importing.compiled import MappingDoesNotFit, compiled
from leadsla.importing.date_forms import look_of
from leadsla.importing.exports import EXPORTS, PLAIN
from leadsla.importing.guess import NoGuess, guess
from leadsla.importing.mapping import TableMapping
from leadsla.importing.mapping_file import parse_mapping, written
from leadsla.importing.opening import opened_table
from leadsla.importing.rows import RowRefused, Rows, Tally, take_all
from leadsla.importing.said_before import SaidBefore
from leadsla.importing.table import Cell, Layout, Row, TableError
from sla_rules.instants import DAY, SECOND, Instant, iso, moment, parse_instant
from tests.laws import examples
from tests.leadsla.importing.tables import csv_text, write_xlsx
from wording.languages import LANGUAGES
from wording.voice import Voice

NOW = parse_instant("2030-01-01T00:00:00Z")
FIRST = parse_instant("2026-01-01T00:00:00Z")

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda text: text == text.strip()
)
leads = st.sampled_from(("L-1", "L-2", "żółw", 'a "lead", quoted; here'))
instants = st.integers(0, 700 * 86_400).map(lambda seconds: FIRST + seconds * SECOND)
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "lead.created.v1": {
        "region": texts,
        "score": st.integers(0, 100),
        "expected_value": st.integers(0, 9_999).map(str),
    },
    "lead.handed_off.v1": {"rep_id": texts, "team": texts},
    "lead.contact_attempted.v1": {
        "channel": texts,
        "outcome": st.sampled_from(("connected", "no_answer", "voicemail")),
        "duration_seconds": st.integers(0, 7_200).map(float),
        "rep_id": texts,
    },
    "lead.excused.v1": {"reason": texts, "by": texts},
    "lead.converted.v1": {},
}
NEEDED = {"channel", "reason", "by"}


@st.composite
def told(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events of some leads, each with an id of its own."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(sorted(FIELDS)))
        data = {name: draw(value) for name, value in FIELDS[kind].items() if name in NEEDED or draw(st.booleans())}
        envelope = {"specversion": "1.0", "id": f"e-{number}", "source": "/crm", "type": kind}
        found.append({**envelope, "subject": draw(leads), "time": iso(draw(instants)), "data": data})
    return found


def mapping_of_events(forms: Sequence[str] | None) -> TableMapping:
    """One row an event: a column for each field of each type, as `rep_id`."""
    events = [
        {
            "event": kind,
            "when": {"type": [kind]},
            "time": "time",
            "id": "id",
            "data": {name: {"column": name} for name in fields},
        }
        for kind, fields in FIELDS.items()
    ]
    zone = {"zone": "Europe/Berlin", "dates": list(forms)} if forms else {}
    return TableMapping.model_validate({"row": "event", "lead": "lead", "source": "/crm", "events": events, **zone})


def imported(
    rows: Sequence[Sequence[object]], mapping: TableMapping, delimiter: str = ","
) -> tuple[list[bytes], Tally]:
    """The lines that a table gives, read from a file as any other; no row is refused."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "t.csv"
        file.write_text(csv_text(rows, delimiter), encoding="utf-8")
        with opened_table(str(file), Layout(delimiter)) as table, SaidBefore() as said:
            lines: list[bytes] = []
            work = Rows(compiled(mapping, table.header, {}), {}, NOW, said)
            tally = take_all(work, table.rows, lambda _, found: lines.extend(found), _fail, lambda: None)
            return lines, tally


def _fail(refused: RowRefused) -> None:
    raise AssertionError(refused, refused.column, refused.values)


@given(told(), st.randoms(use_true_random=False), st.sampled_from(",;\t|"))
@examples(50)
def test_a_table_made_of_events_gives_those_events_whatever_the_order_of_its_columns(
    events: list[dict[str, Any]], order: Any, delimiter: str
) -> None:
    header = ["id", "lead", "type", "time", *sorted({name for fields in FIELDS.values() for name in fields})]
    order.shuffle(header)

    def row(event: dict[str, Any]) -> list[object]:
        cells = {
            **event["data"],
            "id": event["id"],
            "lead": event["subject"],
            "type": event["type"],
            "time": event["time"],
        }
        return [cells.get(name, "") for name in header]

    lines, _ = imported([header, *map(row, events)], mapping_of_events(None), delimiter)

    assert [json.loads(line) for line in lines] == events


BY_LEAD = parse_mapping(
    "row: lead\nlead: lead\nzone: Europe/Berlin\nevents:\n  - {event: created, time: a}\n"
    "  - {event: handed_off, time: b, data: {rep_id: rep}}\n"
)
lead_rows = st.lists(
    st.tuples(st.integers(0, 50).map("L-{}".format), instants, instants | st.none(), st.sampled_from(("ana", "bo"))),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[0],
)


def _cells(row: tuple[str, Instant, Instant | None, str]) -> list[Cell]:
    lead, created, handed_off, rep = row
    return [lead, iso(created), "" if handed_off is None else iso(handed_off), rep]


@given(lead_rows, st.data())
@examples(40)
def test_rows_that_are_there_again_in_any_order_change_nothing(
    rows: list[tuple[str, Instant, Instant | None, str]], data: st.DataObject
) -> None:
    once, _ = imported([["lead", "a", "b", "rep"], *map(_cells, rows)], BY_LEAD)
    again = data.draw(st.permutations([*rows, *data.draw(st.lists(st.sampled_from(rows)))]))

    twice, tally = imported([["lead", "a", "b", "rep"], *map(_cells, again)], BY_LEAD)

    assert sorted(twice) == sorted(once)
    assert tally.again == len(again) - len(rows)
    assert len({json.loads(line)["id"] for line in once}) == len(once)


@given(lead_rows, st.sampled_from(("rep", "a", "b")))
@examples(40)
def test_a_lead_in_two_rows_that_differ_is_refused_by_the_column_that_does(
    rows: list[tuple[str, Instant, Instant | None, str]], column: str
) -> None:
    header = ["lead", "a", "b", "rep"]
    cells = [_cells(row) for row in rows]
    other = list(cells[0])
    other[header.index(column)] = "2025-12-31T00:00:00Z" if column != "rep" else "cy"
    refused: list[RowRefused] = []

    with SaidBefore() as said:
        work = Rows(compiled(BY_LEAD, header, {}), {}, NOW, said)
        table = [Row(number, row) for number, row in enumerate([*cells, other], start=2)]
        take_all(work, table, lambda _, __: None, refused.append, lambda: None)

    assert [(one.row, one.column, one.code, one.values["row"]) for one in refused] == [
        (len(rows) + 2, column, "lead-again", "2")
    ]


FORMS = ("%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%S%z")


@given(
    instants, st.sampled_from(FORMS), st.sampled_from(("Europe/Berlin", "America/New_York", "UTC", "Asia/Kathmandu"))
)
@example(parse_instant("2026-10-25T01:30:00Z"), FORMS[0], "Europe/Berlin")
@examples(150)
def test_an_instant_written_in_a_form_is_read_as_itself_or_as_the_first_that_the_clock_showed(
    at: Instant, form: str, zone: str
) -> None:
    dates = Dates([form], ZoneInfo(zone))
    local = moment(at).astimezone(ZoneInfo(zone))

    read = dates.instant(local.strftime(form))

    assert read == (at if local.fold == 0 or "%z" in form else at - 3600 * SECOND)
    assert dates.put_back == ("%z" not in form and local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset())


@given(
    st.lists(instants.map(moment), min_size=1, max_size=6),
    st.sampled_from(("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M")),
)
@examples(80)
def test_dates_say_by_themselves_which_comes_first_only_if_no_other_reading_is_left(
    dates: list[datetime], form: str
) -> None:
    look = look_of([(number, date.strftime(form)) for number, date in enumerate(dates, start=2)])

    assert look is not None
    decided = any(date.day > 12 for date in dates)
    assert look.decided == ((form,) if decided else None)


def test_no_time_that_the_clocks_skipped_is_ever_read() -> None:
    zone = ZoneInfo("Europe/Berlin")
    dates = Dates(None, zone)
    begins = datetime(2026, 3, 29, 2, tzinfo=UTC).replace(tzinfo=None)

    for minutes in range(60):
        text = (begins + timedelta(minutes=minutes)).isoformat(" ")
        with pytest.raises(CellRefused, match="skipped-hour"):
            dates.instant(text)
    assert dates.instant("2026-03-29 03:00") - dates.instant("2026-03-29 01:59:59") == SECOND


@given(lead_rows)
@examples(30)
def test_what_is_guessed_reads_the_same_from_its_yaml(rows: list[tuple[str, Instant, Instant | None, str]]) -> None:
    header = ["lead", "created", "handed off", "rep"]
    sample = [Row(number, _cells(row)) for number, row in enumerate(rows, start=2)]

    found = guess(header, sample, {})

    assert parse_mapping(written(found.mapping, found.remarks)) == found.mapping


@given(lead_rows)
@examples(9)
def test_a_spreadsheet_and_a_csv_file_with_the_same_cells_give_the_same_events(
    rows: list[tuple[str, Instant, Instant | None, str]],
) -> None:
    def by_day(at: Instant) -> Instant:
        """A spreadsheet does not tell midnight from a day."""
        return at if at % DAY else at + SECOND

    whole = [(lead, by_day(a), None if b is None else by_day(b), rep) for lead, a, b, rep in rows]
    header = ["lead", "a", "b", "rep"]
    mapping = BY_LEAD.model_copy(update={"zone": "UTC"})

    def kept(at: Instant | None) -> object:
        return "" if at is None else moment(at).replace(tzinfo=None)

    expected, _ = imported([header, *map(_cells, whole)], mapping)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "t.xlsx"
        write_xlsx(file, [header, *[(lead, kept(a), kept(b), rep) for lead, a, b, rep in whole]])
        lines: list[bytes] = []
        with opened_table(str(file), Layout()) as table, SaidBefore() as said:
            work = Rows(compiled(mapping, table.header, {}), {}, NOW, said)
            take_all(work, table.rows, lambda _, found: lines.extend(found), _fail, lambda: None)

    assert lines == expected


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(str.encode),
    st.sampled_from(("", "PK\x03\x04", "lead,created\n")),
)
@examples(100)
def test_no_file_is_read_as_anything_but_a_table_or_an_error_in_words(content: bytes, beginning: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "t.csv"
        file.write_bytes(beginning.encode() + content)
        with suppress(TableError), opened_table(str(file), Layout()) as table:
            assert all(any(str(cell).strip() for cell in row.cells) for row in table.rows)


NAMES = sorted({name for export in (*EXPORTS, PLAIN) for one in export.happenings for name in one.time + export.lead})
NAMES += ["time", "event", "type", "owner", "team", "score", "value", "amount", "currency", "won", "lost", "", "x"]
odd_times = st.datetimes() | st.dates() | st.times() | st.timedeltas()
odd_texts = st.text(max_size=8) | st.sampled_from(
    (
        "0001-01-01 00:00",
        "9999-12-31 23:59",
        "31/12/9999 23:59",
        "1/1/1 0:0",
        "2026-03-29 02:30",
        "L-1",
        "created",
        "1,5",
    )
)
cells: st.SearchStrategy[Cell] = (
    st.none() | odd_texts | st.integers() | st.floats() | st.booleans() | odd_times | instants.map(iso)
)


@given(
    st.lists(st.sampled_from(NAMES), max_size=7),
    st.lists(st.lists(cells, max_size=9), max_size=5),
    st.sampled_from((None, "Europe/Berlin", "Pacific/Apia")),
    st.sampled_from((None, "%d/%m/%Y %H:%M", "%m/%d/%y", "%Y-%m-%d %H:%M:%S%z")),
)
@examples(250)
def test_whatever_stands_in_a_table_each_row_becomes_events_or_is_refused(
    header: list[str], rows: list[list[Cell]], zone: str | None, form: str | None
) -> None:
    header = ["created", "lead", *header]
    sample = [Row(number, row) for number, row in enumerate(rows, start=2)]
    try:
        found = guess(header, sample, {}).mapping
    except NoGuess:
        return
    said = {"zone": zone, "dates": None if form is None else (form,)}
    with SaidBefore() as said_before, suppress(MappingDoesNotFit):
        work = Rows(compiled(found.model_copy(update=said), header, {}), {}, NOW, said_before)
        refused: list[RowRefused] = []

        tally = take_all(work, sample, lambda *_: None, refused.append, lambda: None)

        assert tally.rows == len(rows)
        assert all(
            Voice(language).text(f"import-{one.code}", **one.values) for one in refused for language in LANGUAGES
        )
