"""Tables as files: CSV of every sort, and a spreadsheet as small as one can be."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

Cells = Sequence[object]

_EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zones


def csv_text(rows: Sequence[Cells], delimiter: str = ",") -> str:
    """The rows as programs write them: quoted where they have to be."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def write_xlsx(path: Path, rows: Sequence[Cells], sheets: Sequence[str] = ("Leads",), stray: str | None = None) -> None:
    """A workbook by ECMA-376 with the rows in its first sheet; numbers and datetimes are kept as such. A `stray` cell holds 1."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = "http://schemas.openxmlformats.org/package/2006"
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{office}.worksheet+xml"/>' for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packed}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{office}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{office}.styles+xml"/>'
        f"{kinds}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{packed}/relationships"><Relationship Id="rId1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packed}/relationships">{related}<Relationship '
        f'Id="rIdStyles" Type="{relations}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" '
        'applyNumberFormat="1"/></cellXfs></styleSheet>',
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": _sheet(main, rows if n == 1 else (), stray) for n in numbers}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')


def _sheet(main: str, rows: Sequence[Cells], stray: str | None) -> str:
    lines = (
        f'<row r="{number}">{"".join(_cell(f"{chr(65 + column)}{number}", cell) for column, cell in enumerate(cells))}</row>'
        for number, cells in enumerate(rows, 1)
    )
    last = "" if stray is None else f'<row r="1048576"><c r="{stray}"><v>1</v></c></row>'
    return f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}{last}</sheetData></worksheet>'


def _cell(place: str, cell: object) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, datetime):
        days = (cell - _EXCEL_BEGINS).total_seconds() / 86_400
        return f'<c r="{place}" s="1"><v>{days!r}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'
