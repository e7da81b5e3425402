"""`leadsla import`: tables as people have them become events, or are refused by row and column."""

import asyncio
import gzip
import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner, Result

from leadsla.importing.event_types import kind_of
from leadsla.main import app
from sla_rules.events.schema import TOPIC_OF_TYPE, Event
from sla_rules.names import EVENT_TOPICS, REJECTED_TOPIC
from streams.kafka.embedded_broker import EmbeddedBroker
from tests.leadsla.importing.tables import csv_text, write_xlsx
from tests.real_parts.service import all_records

HEADER = ("Lead", "Created", "Handed off", "Owner", "First call")
ROWS = (
    ("L-1", "2026-03-02 09:05", "2026-03-02 09:12", "maria", "2026-03-02 09:30"),
    ("L-2", "2026-03-02 09:48", "2026-03-02 09:50", "tom", ""),
)
EVENTS = [
    ("lead.created.v1", "L-1", "2026-03-02T08:05:00Z", {}),
    ("lead.handed_off.v1", "L-1", "2026-03-02T08:12:00Z", {"rep_id": "maria"}),
    ("lead.contact_attempted.v1", "L-1", "2026-03-02T08:30:00Z", {"channel": "phone", "rep_id": "maria"}),
    ("lead.created.v1", "L-2", "2026-03-02T08:48:00Z", {}),
    ("lead.handed_off.v1", "L-2", "2026-03-02T08:50:00Z", {"rep_id": "tom"}),
]
BERLIN = ("--zone", "Europe/Berlin")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["import", *arguments], catch_exceptions=False)


def table(folder: Path, *rows: tuple[object, ...], name: str = "leads.csv") -> str:
    path = folder / name
    path.write_text(csv_text([HEADER, *rows]), encoding="utf-8")
    return str(path)


def mapped(folder: Path, text: str) -> str:
    path = folder / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def events(file: Path) -> list[dict[str, Any]]:
    packed = file.read_bytes()
    text = gzip.decompress(packed) if file.suffix == ".gz" else packed
    return [json.loads(line) for line in text.splitlines()]


def told(file: Path) -> list[tuple[str, str, str, Mapping[str, Any]]]:
    return [(one["type"], one["subject"], one["time"], one["data"]) for one in events(file)]


TEXT = csv_text([HEADER, *ROWS])


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.replace("maria", "maría").replace("tom", "tóm").encode("windows-1252"),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace("\r\n", "\r").encode(),
        ("\r\n" + TEXT).encode(),
        csv_text([HEADER, *ROWS], ";").encode(),
        b"sep=;\r\n" + csv_text([HEADER, *ROWS], ";").encode(),
        csv_text([HEADER, *ROWS], "\t").encode(),
        csv_text([HEADER, *ROWS], "|").encode(),
        gzip.compress(TEXT.encode()),
        TEXT.replace("Lead,", '"Lead ",').replace("First call", '"First\ncall"').encode(),
    ],
    ids=[
        "plain", "a byte order mark", "UTF-16", "Windows-1252", "line feeds", "carriage returns", "a blank line in front",
        "semicolons", "the delimiter declared", "tabs", "bars", "packed", "quotes and a line break in the header",
    ],
)  # fmt: skip
def test_a_table_says_the_same_however_a_program_wrote_it(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes(content)

    found = run(str(tmp_path / "leads.csv"), *BERLIN, "--out", str(tmp_path / "e.jsonl"))

    assert found.exit_code == 0, found.stderr
    plain = json.loads(json.dumps(told(tmp_path / "e.jsonl")).replace("\\u00ed", "i").replace("\\u00f3", "o"))
    assert [tuple(one) for one in plain] == EVENTS


def test_a_spreadsheet_keeps_dates_and_numbers_as_such_and_says_the_same(tmp_path: Path) -> None:
    parsed = [[None if not cell else _parsed(cell) for cell in row] for row in ROWS]
    write_xlsx(tmp_path / "leads.xlsx", [HEADER, *parsed, [7001.0, parsed[0][1]]], ["Leads", "Notes"])

    found = run(str(tmp_path / "leads.xlsx"), *BERLIN, "--out", str(tmp_path / "e.jsonl.gz"))

    assert found.exit_code == 0, found.stderr
    assert "sheet 'Leads' of 2" in found.stderr
    assert told(tmp_path / "e.jsonl.gz") == [*EVENTS, ("lead.created.v1", "7001", "2026-03-02T08:05:00Z", {})]


def test_a_sheet_that_would_take_all_memory_ends_in_a_sentence(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "leads.xlsx", [HEADER, ROWS[0]], stray="XFD1048576")

    found = run(str(tmp_path / "leads.xlsx"), *BERLIN, "--preview")

    assert (found.exit_code, found.stdout) == (2, "")
    assert "a cell far from the others makes it too large; save it as CSV" in found.stderr


def test_a_sheet_is_read_by_its_name_and_another_is_suggested(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "leads.xlsx", [HEADER, ROWS[0]], ["Leads", "Notes"])
    text = "row: lead\nlead: Lead\nzone: UTC\nsheet: {}\nevents: [{{event: created, time: Created}}]"

    found = [
        run(str(tmp_path / "leads.xlsx"), "--mapping", mapped(tmp_path, text.format(one)), "--preview")
        for one in ("Leads", "Notes", "Lead")
    ]

    assert [one.exit_code for one in found] == [0, 2, 2]
    assert found[1].stderr.endswith("leads.xlsx: it is empty\n")
    assert "no sheet 'Lead'; did you mean 'Leads'?" in found[2].stderr


def _parsed(cell: str) -> object:
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        return cell


def test_without_out_the_guess_is_shown_as_yaml_that_reads_the_table(tmp_path: Path) -> None:
    file = table(tmp_path, *ROWS)

    shown = run(file, *BERLIN)
    read = run(file, "--mapping", mapped(tmp_path, shown.stdout), "--out", str(tmp_path / "e.jsonl"))

    assert shown.stdout.startswith("row: lead\nlead: Lead\n")
    assert (shown.exit_code, read.exit_code) == (0, 0)
    assert told(tmp_path / "e.jsonl") == EVENTS
    assert "guessed from" not in read.stderr


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "Record ID,First Name,Create Date,Contact owner,Owner Assigned Date,HubSpot Team,Date of first engagement,Type of first engagement",
            "9,Ana,2026-03-02 09:00,bo,2026-03-02 09:10,West,2026-03-02 09:20,CALL",
            ["created {}", "handed_off {'rep_id': 'bo', 'team': 'West'}", "contact_attempted {'channel': 'phone', 'rep_id': 'bo'}"],
        ),
        (
            "Lead ID,Last Name,Lead Owner,Lead Source,Created Date,First Call Date,First Email Date",
            "00Q1,Ana,bo,Web,2026-03-02T09:00:00.000Z,2026-03-02T09:20:00.000+0000,",
            ["created {'source_channel': 'Web'}", "handed_off {'rep_id': 'bo'}", "contact_attempted {'channel': 'phone', 'rep_id': 'bo'}"],
        ),
        (
            "Id,CreatedDate,OwnerId,LeadSource,FirstCallDateTime",
            "00Q1,2026-03-02T09:00:00.000Z,bo,Web,",
            ["created {'source_channel': 'Web'}", "handed_off {'rep_id': 'bo'}"],
        ),
        (
            "Deal - ID,Deal - Title,Deal - Owner,Deal - Value,Deal - Currency of Value,Deal - Deal created,Deal - Won time,Deal - Lost time",
            "5,Ana,bo,1200,EUR,2026-03-02 09:00:00,2026-03-09 10:00:00,",
            [
                "created {}",
                "handed_off {'rep_id': 'bo'}",
                "deal.closed {'amount': '1200', 'currency': 'EUR', 'deal_id': '5', 'lead_ids': ['5'], 'outcome': 'won'}",
            ],
        ),
        (
            "Lead - ID,Lead - Title,Lead - Owner,Lead - Lead created",
            "a-b,Ana,bo,2026-03-02 09:00:00",
            ["created {}", "handed_off {'rep_id': 'bo'}"],
        ),
        (
            "Lead,Event,Time,Owner,Channel",
            "1,handed off,2026-03-02 09:00,bo,",
            ["handed_off {'rep_id': 'bo'}"],
        ),
    ],
    ids=["HubSpot's contacts", "Salesforce's leads", "Salesforce's fields", "Pipedrive's deals", "Pipedrive's leads", "one row an event"],
)  # fmt: skip
def test_the_exports_of_crm_systems_are_known_by_their_columns_and_nobodys_name_leaves_them(
    header: str, row: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "export.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")

    found = run(str(tmp_path / "export.csv"), "--zone", "UTC", "--out", str(tmp_path / "e.jsonl"))

    assert found.exit_code == 0, found.stderr
    said = [
        f"{one['type'].removeprefix('lead.').removesuffix('.v1')} {one['data']}" for one in events(tmp_path / "e.jsonl")
    ]
    assert said == expected
    assert "Ana" not in (tmp_path / "e.jsonl").read_text(encoding="utf-8")


def test_importing_twice_gives_the_same_bytes_and_a_changed_row_another_event(tmp_path: Path) -> None:
    once, twice, changed = (tmp_path / name for name in ("1.jsonl", "2.jsonl", "3.jsonl"))

    run(table(tmp_path, *ROWS), *BERLIN, "--out", str(once))
    run(table(tmp_path, *ROWS), *BERLIN, "--out", str(twice))
    run(table(tmp_path, ROWS[0], (*ROWS[1][:4], "2026-03-02 11:20")), *BERLIN, "--out", str(changed))

    assert once.read_bytes() == twice.read_bytes()
    kept = once.read_bytes().splitlines()
    assert changed.read_bytes().splitlines()[: len(kept)] == kept
    assert [one["type"] for one in events(changed)[len(kept) :]] == ["lead.contact_attempted.v1"]


@pytest.mark.parametrize(
    ("dates", "asked"),
    [
        (["02/03/2026 09:05", "04/03/2026 09:05"], "Created: do the dates have the day first, as %d/%m/%Y %H:%M, or the month, as %m/%d/%Y %H:%M? Say which"),
        (["3/2/26 9:05 AM"], "as %d/%m/%y %I:%M %p, or the month, as %m/%d/%y %I:%M %p? Say which"),
        (["2026-03-13 09:05", "02/03/2026"], "as %d/%m/%Y, %Y-%m-%d %H:%M, or the month, as %m/%d/%Y, %Y-%m-%d %H:%M? Say which"),
        (["13/03/2026 09:05", "03/14/2026 09:05"], "in row 2 the day has to come first, in row 3 the month"),
    ],
)  # fmt: skip
def test_whether_the_day_or_the_month_comes_first_is_asked_and_never_guessed(
    dates: list[str], asked: str, tmp_path: Path
) -> None:
    file = table(tmp_path, *[(f"L-{n}", date, "", "", "") for n, date in enumerate(dates)])

    found = run(file, *BERLIN, "--out", str(tmp_path / "e.jsonl"))

    assert found.exit_code == 2
    assert asked in found.stderr
    assert not (tmp_path / "e.jsonl").exists()


def test_dates_that_can_be_read_in_one_way_only_are_and_the_guess_shows_by_which_row(tmp_path: Path) -> None:
    file = table(tmp_path, ("L-1", "02/03/2026 09:05", "", "", ""), ("L-2", "13/03/2026 09:05", "", "", ""))

    shown = run(file, *BERLIN).stdout

    assert "time:\n      column: Created\n      dates: '%d/%m/%Y %H:%M'\n" in shown


def test_a_zone_is_asked_for_and_times_that_no_clock_showed_are_refused(tmp_path: Path) -> None:
    twice = ("L-1", "2026-10-25 02:30", "", "", "")
    skipped = ("L-2", "2026-03-29 02:30", "", "", "")

    asked = run(table(tmp_path, twice), "--out", str(tmp_path / "e.jsonl"))
    found = run(table(tmp_path, twice, skipped), *BERLIN, "--out", str(tmp_path / "e.jsonl"), "--skip-refused")

    assert asked.exit_code == 2
    assert "column “Created”: 2026-10-25 02:30 has no offset; say in which zone it was" in asked.stderr
    assert "row 3, column “Created”: 2026-03-29 02:30 was on no clock of Europe/Berlin" in found.stderr
    assert "1 time lay in an hour that the clocks showed twice" in found.stdout
    assert told(tmp_path / "e.jsonl") == [("lead.created.v1", "L-1", "2026-10-25T00:30:00Z", {})]


BAD = {
    "a day that there is not": (("L-9", "2026-02-30 09:00", "", "", ""), "column “Created”: 2026-02-30 09:00 is no date"),
    "a word": (("L-9", "soon", "", "", ""), "column “Created”: soon is no date that can be read by itself"),
    "no time of day": (("L-9", "2026-03-02", "", "", ""), "column “Created”: 2026-03-02 has no time of day"),
    "no lead": (("", "2026-03-02 09:00", "", "", ""), "column “Lead”: there is no id for created"),
    "nothing that happened": (("L-9", "", "", "", ""), "none of its events happened"),
    "the future": (("L-9", "2999-03-02 09:00", "", "", ""), "column “Created”: created: time 2999-03-02T08:00:00+00:00 lies"),
    "before there were CRMs": (("L-9", "1900-01-01 00:00", "", "", ""), "column “Created”: created: time 1899-12-31"),
    "a name beyond measure": (("L-9", "2026-03-02 09:00", "2026-03-02 09:00", "x" * 200, ""), "column “Handed off”: handed_off: data.rep_id is longer than 128 characters"),
    "a cell too many": (("L-9", "2026-03-02 09:00", "", "", "", "more"), "it has 6 cells, and there are 5 columns"),
    "the lead again with another owner": (("L-1", "2026-03-02 09:05", "2026-03-02 09:12", "tom", "2026-03-02 09:30"), "column “Owner”: L-1 stands in row 2 already, with something else there"),
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=BAD.keys())
def test_a_row_that_cannot_be_read_is_named_with_its_column_and_nothing_is_written(bad: str, tmp_path: Path) -> None:
    row, why = BAD[bad]
    file, out = table(tmp_path, *ROWS, row), tmp_path / "e.jsonl"
    out.write_bytes(b"what was there\n")
    leads = "row: lead\nlead: Lead\nzone: Europe/Berlin\nevents:\n  - {event: created, time: Created}\n"
    leads += "  - {event: handed_off, time: Handed off, data: {rep_id: Owner}}\n"

    refused = run(file, "--mapping", mapped(tmp_path, leads), "--out", str(out))
    kept = out.read_bytes()
    skipped = run(file, "--mapping", mapped(tmp_path, leads), "--out", str(out), "--skip-refused", "--json")

    assert (refused.exit_code, skipped.exit_code) == (2, 0)
    assert f"row 4{', ' if why.startswith('column') else ': '}{why}" in refused.stderr
    assert "nothing was written: 1 row is refused of 3" in refused.stderr
    assert kept == b"what was there\n"
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
    assert json.loads(skipped.stdout)["refused"] == 1
    assert [one[0] for one in told(out)] == ["lead.created.v1", "lead.handed_off.v1"] * 2


def test_the_same_row_again_is_counted_and_said_once(tmp_path: Path) -> None:
    found = run(table(tmp_path, *ROWS, ROWS[0]), *BERLIN, "--out", str(tmp_path / "e.jsonl"))

    assert found.exit_code == 0
    assert "1 row said what an earlier one had said" in found.stdout
    assert told(tmp_path / "e.jsonl") == EVENTS


def test_a_preview_shows_the_first_events_and_every_refused_row_and_writes_nothing(tmp_path: Path) -> None:
    found = run(table(tmp_path, *ROWS, ("", "2026-03-02 09:00", "", "", "")), *BERLIN, "--preview", "--lang", "es")

    assert found.exit_code == 2
    assert "fila 2\n  created            2026-03-02T08:05:00Z  L-1\n" in found.stdout
    assert "  contact_attempted  2026-03-02T08:30:00Z  L-1  channel: phone, rep_id: maria" in found.stdout
    assert "3 filas: 5 eventos; no se ha escrito nada" in found.stdout
    assert "fila 4, columna «Lead»: falta el id para created" in found.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["leads.csv"]


def test_events_go_to_standard_output_alone_and_only_if_no_row_is_refused(tmp_path: Path) -> None:
    good = run(table(tmp_path, *ROWS), *BERLIN, "--out", "-")
    bad = run(table(tmp_path, *ROWS, ("L-9", "soon", "", "", "")), *BERLIN, "--out", "-")

    assert [json.loads(line)["type"] for line in good.stdout.splitlines()] == [one[0] for one in EVENTS]
    assert bad.stdout == ""


MAPPING = """row: event
lead: Lead
zone: UTC
dates: ["%d.%m.%Y %H:%M", "%d.%m.%y"]
decimal: ","
blanks: ["-"]
leave_out: {Kind: note}
events:
  - event: contact_attempted
    when: {Kind: [call, mail]}
    time: At
    id: "No"
    data:
      channel: {column: Kind, values: {call: phone, mail: email}}
      outcome: Result
      duration_seconds: Took
  - event: deal.closed
    when: {Kind: sale}
    time: At
    data: {outcome: {value: won}, amount: Money, currency: {value: EUR}}
  - event: deliverable.confirmed
    when: {Kind: paper}
    time: At
    data: {agreement: {value: a}, obligation: {value: paper}, quantity: Money, due: At}
  - event: remedy.confirmed
    when: {Kind: remedy}
    time: At
    data: {agreement: {value: a}, obligation: {value: paper}, period: Result, by: {value: Ana}}
  - event: created
    when: {Kind: new}
    time: At
    data: {score: Money, attributes.vip: {column: Result, kind: yes_no}, attributes.size: {column: Took, kind: number}}
"""


def test_one_row_an_event_is_read_by_what_the_mapping_says(tmp_path: Path) -> None:
    header = ("No", "Lead", "Kind", "At", "Result", "Took", "Money")
    rows = [
        ("1", "L-1", "Call", "02.03.2026 09:05", "No answer", "0:02:05", ""),
        ("2", "L-1", "mail", "03.03.26", "-", "", ""),
        ("3", "L-1", "note", "whenever", "", "", ""),
        ("4", "L-1", "sale", "03.03.2026 10:00", "", "", "1.234,50"),
        ("5", "", "paper", "03.03.2026 10:00", "", "", "30"),
        ("6", "L-2", "new", "03.03.2026 10:00", "yes", "12,5", "80"),
        ("7", "", "remedy", "03.03.2026 11:00", "2026-02", "", ""),
    ]
    (tmp_path / "t.csv").write_text(csv_text([header, *rows], ";"), encoding="utf-8")

    found = run(str(tmp_path / "t.csv"), "--mapping", mapped(tmp_path, MAPPING), "--out", str(tmp_path / "e.jsonl"))

    assert found.exit_code == 0, found.stderr
    assert "1 row left out, as the mapping says" in found.stdout
    assert told(tmp_path / "e.jsonl") == [
        ("lead.contact_attempted.v1", "L-1", "2026-03-02T09:05:00Z", {"channel": "phone", "outcome": "no_answer", "duration_seconds": 125.0}),
        ("lead.contact_attempted.v1", "L-1", "2026-03-03T00:00:00Z", {"channel": "email"}),
        ("deal.closed.v1", "L-1", "2026-03-03T10:00:00Z", {"outcome": "won", "amount": "1234.50", "currency": "EUR", "deal_id": "L-1", "lead_ids": ["L-1"]}),
        ("deliverable.confirmed.v1", "a:paper", "2026-03-03T10:00:00Z", {"agreement": "a", "obligation": "paper", "quantity": 30, "due": "2026-03-03"}),
        ("lead.created.v1", "L-2", "2026-03-03T10:00:00Z", {"score": 80, "attributes": {"vip": True, "size": 12.5}}),
        ("remedy.confirmed.v1", "a:paper", "2026-03-03T11:00:00Z", {"agreement": "a", "obligation": "paper", "period": "2026-02", "by": "Ana"}),
    ]  # fmt: skip
    assert [one["id"] for one in events(tmp_path / "e.jsonl")][:2] == ["1", "2"]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("7", "L-1", "call", "02.03.2026 09:05", "", "2:05", ""), "column “Took”: 2:05 is no duration"),
        (("7", "L-1", "call", "02.03.2026 09:05", "shrug", "", ""), "column “At”: contact_attempted: data.outcome has to be"),
        (("7", "L-1", "fax", "02.03.2026 09:05", "", "", ""), "none of its events happened"),
        (("7", "L-1", "sale", "02.03.2026 09:05", "", "", "1,234.50"), "column “Money”: 1,234.50 is no number"),
        (("7", "L-2", "new", "02.03.2026 09:05", "perhaps", "", ""), "column “Result”: perhaps is neither yes nor no"),
        (("1", "L-1", "mail", "02.03.2026 09:05", "", "", ""), "the event 1 stands in row 2 already"),
    ],
)  # fmt: skip
def test_what_the_mapping_cannot_read_of_an_event_is_refused(cells: tuple[str, ...], why: str, tmp_path: Path) -> None:
    header = ("No", "Lead", "Kind", "At", "Result", "Took", "Money")
    first = ("1", "L-1", "call", "02.03.2026 09:05", "", "", "")
    (tmp_path / "t.csv").write_text(csv_text([header, first, cells], ";"), encoding="utf-8")

    found = run(str(tmp_path / "t.csv"), "--mapping", mapped(tmp_path, MAPPING), "--preview")

    assert found.exit_code == 2
    assert why in found.stderr


def test_a_number_with_a_comma_is_asked_about_unless_the_mapping_says_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("lead;created;score\nL-1;2026-03-02 09:00;1,5\n", encoding="utf-8")

    found = run(str(file), "--zone", "UTC", "--preview")

    assert (
        'row 2, column “score”: 1,5 may be two numbers: say in the mapping whether decimal is "," or "."'
        in found.stderr
    )


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("row: lead\nlead: Leed\nevents: [{event: created, time: Created}]", ["2: no column 'Leed'; did you mean 'Lead'?"]),
        ("row: lead\nlead: Lead\nevents:\n  - {event: handed, time: Created}", ["4: no event 'handed'; did you mean 'handed_off'?"]),
        ("row: lead\nlead: Lead\nevents:\n  - event: handed_off\n    time: Created\n    data:\n      rep: Owner", ["7: no field 'rep'; did you mean 'rep_id'?"]),
        ("row: lead\nevents: [{event: created, time: Created}]", ["2: created is about a lead; say which column has its id: `lead:`"]),
        ("row: lead\nlead: Lead\nzones: UTC\nevents: [{event: created}]", ["3: zones: unknown key; did you mean 'zone'?", "4: events.0: 'time' is missing"]),
        ("row: lead\nlead: Lead\nzone: Berlin\nevents: [{event: created, time: Created}]", ["3: zone: 'Berlin' is not an IANA time zone; did you mean Europe/Berlin?"]),
        ("row: lead\nlead: Lead\ndates: '%d/%m'\nevents: [{event: created, time: Created}]", ["3: dates: '%d/%m' is no form of a date with year, month and day; write for example %d/%m/%Y %H:%M"]),
        ("row: lead\nlead: {column: Lead, value: x}\nevents: [{event: created, time: Created}]", ["2: lead: needs either a column or a value"]),
        ("row: lead\nlead: Lead\nevents: [{event: created, time: Created, data: {score: {value: high}}}]", ["3: 'high' is no value for score"]),
        ("row: lead\nlead: Lead\nevents: [{event: created, time: Created, data: {score: {column: Owner, values: {a: 1, A: 2}}}}]", ["3: events.0.data.score.values.A: 'a' is there 2 times; texts are compared without case"]),
        ("[1]", ["1: a mapping begins with `row: lead` or `row: event`"]),
        ("row: [", ["1: not valid YAML: "]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_mapping_is_said_with_its_line(text: str, errors: list[str], tmp_path: Path) -> None:
    mapping = mapped(tmp_path, text)

    found = run(table(tmp_path, *ROWS), "--mapping", mapping, "--preview")

    assert (found.exit_code, found.stdout) == (2, "")
    lines = found.stderr.splitlines()
    assert len(lines) == len(errors)
    assert all(line.startswith(f"{mapping}:{error}") for line, error in zip(lines, errors, strict=True)), lines


def test_a_column_that_is_there_twice_is_refused_where_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("lead,created,created\nL-1,2026-03-02 09:00,\n", encoding="utf-8")

    found = run(str(tmp_path / "t.csv"), "--zone", "UTC", "--preview")

    assert found.exit_code == 2
    assert "column 'created' is there more than once: B and C; call one otherwise" in found.stderr


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.csv", None, "there is no such file"),
        ("empty.csv", b"", "it is empty"),
        ("blank.csv", b"\n,,\n", "it is empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it holds NUL bytes: it was damaged, or is no text"),
        ("quote.csv", b'Lead,Created\n"L-1,2026-03-02 09:00\n', "row 2 cannot be read: a quote is opened there and never closed"),
        ("quotes.csv", b'Lead,Created\n"L-1,' + b"x,\n" * 90_000, "row 2 cannot be read: a quote is opened there and never closed"),
        ("line.csv", b"Lead,Created\n" + b"x" * 2_000_000, "a line is longer than 1,048,576 characters"),
        ("cut.csv.gz", gzip.compress(TEXT.encode() * 90)[:-9], "it ends too early: the packed file was cut off"),
        ("other.csv", b"Lead,Created\n\x81\x8d\n", "it is neither UTF-8 nor windows-1252; say which it is"),
        ("cut.xlsx", b"PK\x03\x04" + bytes(40), "it is a damaged spreadsheet, or was cut off"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it is no spreadsheet that can be read"),
        ("letters.csv", b"Name,Email\nAna,ana@example.com\n", "no column is called as one with the lead's id"),
        ("untimed.csv", b"Lead,Owner\nL-1,ana\n", "no column is called as one that says when something happened"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_said_to_be_so(name: str, content: bytes | None, why: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    found = run(str(tmp_path / name), *BERLIN, "--out", str(tmp_path / "e.jsonl"))

    assert found.exit_code == 2
    assert why in found.stderr
    assert not (tmp_path / "e.jsonl").exists()


def test_a_table_about_tickets_is_read_in_the_words_of_the_agreement(tmp_path: Path) -> None:
    support = Path(__file__).parents[3] / "agreements" / "examples" / "support.yaml"
    (tmp_path / "t.csv").write_text("Ticket,Opened\nT-1,2026-03-02 09:00\n", encoding="utf-8")
    text = "row: lead\nlead: Ticket\nzone: UTC\nevents: [{event: ticket.opened.v1, time: Opened}]"
    arguments = (str(tmp_path / "t.csv"), "--mapping", mapped(tmp_path, text), "--out", str(tmp_path / "e.jsonl"))

    unknown, known = run(*arguments), run(*arguments, "--agreements", str(support))

    assert "no event 'ticket.opened.v1'" in unknown.stderr
    assert (known.exit_code, told(tmp_path / "e.jsonl")) == (
        0,
        [("ticket.opened.v1", "T-1", "2026-03-02T09:00:00Z", {})],
    )


def test_what_stands_in_a_table_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    found = run(table(tmp_path, ("\x1b[2J", "\x1b]0;owned\x07", "", "", "")), *BERLIN, "--preview")

    assert "\x1b" not in found.stdout + found.stderr
    assert "\\x1b]0;owned\\x07 is no date" in found.stderr


def test_events_are_published_where_they_belong_or_not_at_all(embedded_broker: EmbeddedBroker, tmp_path: Path) -> None:
    embedded_broker.create(*EVENT_TOPICS, REJECTED_TOPIC)
    to_broker = ("--publish", "--broker", embedded_broker.bootstrap, "--wait", "0", "--json")
    file = table(tmp_path, *ROWS, ("L-9", "soon", "", "", ""))

    refused = run(file, *BERLIN, *to_broker)
    before = asyncio.run(all_records(embedded_broker.bootstrap, "lead-created"))
    published = run(file, *BERLIN, *to_broker, "--skip-refused", "--backfill")

    assert (refused.exit_code, published.exit_code, before) == (2, 0, [])
    assert "published" not in json.loads(refused.stdout)
    assert json.loads(published.stdout)["published"]["sent_by_topic"] == {
        "contact-attempt": 1,
        "handed-off": 2,
        "lead-created": 2,
    }
    records = asyncio.run(all_records(embedded_broker.bootstrap, "lead-created"))
    created = {record.key: json.loads(record.value)["time"] for record in records if record.key is not None}
    assert created == {b"L-1": EVENTS[0][2], b"L-2": EVENTS[3][2]}


def test_one_place_is_named_for_the_events(tmp_path: Path) -> None:
    both = run(table(tmp_path, *ROWS), *BERLIN, "--publish", "--out", str(tmp_path / "e.jsonl"))
    history = run(table(tmp_path, *ROWS), *BERLIN, "--backfill", "--out", str(tmp_path / "e.jsonl"))

    assert (both.exit_code, history.exit_code) == (2, 2)
    assert "exclude each other" in both.stderr
    assert "--backfill and --broker go with --publish" in history.stderr


def test_every_field_of_an_event_is_read_as_what_the_schema_has_it() -> None:
    said = {kind for kind in TOPIC_OF_TYPE if kind != "lead.corrected.v1"}
    read_as = {
        "_Rfc3339": {"instant"},
        "_FullDate": {"day"},
        "Decimal": {"money"},
        "float": {"number", "duration"},
        "tuple": {"names"},
    }

    for kind, event in (
        (kind, one) for one in get_args(Event) for kind in get_args(one.model_fields["type"].annotation)
    ):
        if kind in said:
            for name, field in event.model_fields["data"].annotation.model_fields.items():
                types = set(re.findall(r"\w+", str(field.annotation)))
                expected = next((kinds for one, kinds in read_as.items() if one in types), {"text", "word"})
                assert name == "attributes" or kind_of(field.alias or name) in expected, (kind, name)


def test_the_span_that_somebody_is_excused_for_is_read_in_the_zone_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Lead;From;To\nL-1;02/03/2026 09:00;02/03/2026 10:00\n", encoding="utf-8")
    text = """row: event
lead: Lead
zone: Europe/Berlin
dates: "%d/%m/%Y %H:%M"
events:
  - {event: excused, time: From, data: {reason: {value: outage}, by: {value: bo}, from: From, until: To}}
"""

    found = run(str(tmp_path / "t.csv"), "--mapping", mapped(tmp_path, text), "--out", str(tmp_path / "e.jsonl"))

    assert found.exit_code == 0, found.stderr
    ((_, _, _, data),) = told(tmp_path / "e.jsonl")
    assert (data["from"], data["until"]) == ("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z")
