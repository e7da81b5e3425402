"""A plan as a spreadsheet that goes on calculating: inputs in cells with names, everything else formulas of these.

What comes from outside, an agreement's title or a segment, is written as text and never as a formula. Formulas carry what they came to,
for readers that do not calculate.
"""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from io import BytesIO
from itertools import count
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from leadsla.tables.narrator import Narrator
from sla_rules.instants import HOUR, MINUTE
from sla_rules.reports.plan import TENTH
from sla_rules.reports.planned import Plan, PlannedPart, Serving
from sla_rules.visible import one_line

FORMATS: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"bold": True, "font_size": 14},
    "text": {},
    "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.00%"},
    "count": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.##"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "due": {"num_format": "#,##0.0"},
}
INPUT: Final = {"bg_color": "#FFF2CC", "font_color": "#1F3864"}
ROUNDED_UP: Final = "ROUNDUP(ROUND({},6),0)"
"""Floating point makes 140.00000000000003 of 7 / 0.05, which is no 141 leads."""
_FIRST_ROW: Final = 4
_WIDE, _NARROW = 28, 13


def workbook(plan: Plan, title: str, narrator: Narrator, made: datetime) -> bytes:
    """The file, as of an instant: a sheet with the plan, and one with the goal line and a chart of it."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": made})
    sheets = _Sheets(book, plan, narrator)
    sheets.write_plan(title)
    sheets.write_goal_line()
    book.close()
    return file.getvalue()


class _Sheet:
    """One sheet, written cell by cell."""

    def __init__(self, book: Any, name: str, formats: Mapping[str, Any]) -> None:
        self.sheet, self.name, self._book, self._formats = book.add_worksheet(name), name, book, formats

    def text(self, row: int, column: int, text: str, look: str = "text") -> None:
        """Text, whatever it looks like."""
        self.sheet.write_string(row, column, one_line(text), self._formats[look])

    def given(self, row: int, column: int, look: str, value: Fraction | float, name: str | None = None) -> str:
        """An input; how formulas refer to it."""
        self.sheet.write_number(row, column, float(value), self._formats[f"{look} input"])
        return self._named(row, column, name)

    def follows(
        self, row: int, column: int, look: str, formula: str, value: Fraction | float | str, name: str | None = None
    ) -> str:
        """A formula with what it comes to; how others refer to it."""
        known = value if isinstance(value, str) else float(value)
        self.sheet.write_formula(row, column, f"={formula}", self._formats[look], known)
        return self._named(row, column, name)

    def _named(self, row: int, column: int, name: str | None) -> str:
        cell = xl_rowcol_to_cell(row, column)
        if name is None:
            return str(cell)
        place = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        self._book.define_name(name, f"='{self.name}'!{place}")
        return name


class _Sheets:
    """Both sheets of a plan."""

    def __init__(self, book: Any, plan: Plan, narrator: Narrator) -> None:
        self._book, self._plan, self._narrator = book, plan, narrator
        formats = {name: book.add_format(look) for name, look in FORMATS.items()}
        inputs = {f"{name} input": book.add_format({**look, **INPUT}) for name, look in FORMATS.items()}
        self._formats = {**formats, **inputs}

    def write_plan(self, title: str) -> None:
        """Quotas, the goal that follows, another close rate, and the reps."""
        sheet = _Sheet(self._book, self._narrator.text("plan-sheet"), self._formats)
        sheet.sheet.set_column(0, 0, _WIDE)
        sheet.sheet.set_column(1, 11, _NARROW)
        sheet.text(0, 0, title, "title")
        sheet.text(1, 0, self._narrator.text("plan-inputs"), "text")
        if self._plan.currency is not None:
            sheet.text(2, 0, self._narrator.text("plan-currency", currency=self._plan.currency))
        headings = (
            "segment",
            "quota",
            "share",
            "deal",
            "close-rate",
            "value-of-one",
            "revenue",
            "customers",
            "leads",
            "value",
        )
        for column, heading in enumerate((*headings, "leads-if-less", "leads-if-more")):
            sheet.text(_FIRST_ROW - 1, column, self._narrator.text(f"plan-{heading}"), "heading")
        last = _FIRST_ROW + len(self._plan.parts) - 1
        below = last + 3
        sheet.text(below, 0, self._narrator.text("plan-change"))
        sheet.given(below, 1, "share", TENTH, "close_rate_change")
        for number, part in enumerate(self._plan.parts):
            self._write_part(sheet, _FIRST_ROW + number, part)
        self._write_totals(sheet, last + 1)
        if self._plan.serving is not None:
            self._write_serving(sheet, below + 2, self._plan.serving)

    def _write_part(self, sheet: _Sheet, row: int, part: PlannedPart) -> None:
        suffix = "" if part.segment is None else f"_{part.segment.replace('-', '_')}"
        sheet.text(row, 0, part.segment or self._narrator.text("plan-all"))
        cells = {
            "quota": sheet.given(row, 1, "money", part.quota, f"quota{suffix}"),
            "marketing_share": sheet.given(row, 2, "share", part.marketing_share, f"marketing_share{suffix}"),
            "average_deal": sheet.given(row, 3, "money", part.average_deal, f"average_deal{suffix}"),
            "close_rate": sheet.given(row, 4, "share", part.close_rate, f"close_rate{suffix}"),
        }
        worth = f"value_per_lead{suffix}"
        if part.is_value_agreed:
            sheet.given(row, 5, "money", part.value_per_lead, worth)
        else:
            sheet.follows(row, 5, "money", "{close_rate}*{average_deal}".format(**cells), part.value_per_lead, worth)
        sheet.follows(row, 6, "money", "{quota}*{marketing_share}".format(**cells), part.revenue_goal)
        customers = "{quota}*{marketing_share}/{average_deal}".format(**cells)
        sheet.follows(row, 7, "count", ROUNDED_UP.format(customers), part.customers_needed)
        rate = cells["close_rate"]
        leads = sheet.follows(row, 8, "count", ROUNDED_UP.format(f"{customers}/{rate}"), part.leads_needed)
        sheet.follows(row, 9, "money", f"{leads}*{worth}", part.value_needed)
        less, more = f"({rate}*(1-close_rate_change))", f"MIN(1,{rate}*(1+close_rate_change))"
        sheet.follows(row, 10, "count", ROUNDED_UP.format(f"{customers}/{less}"), part.leads_if_rate_falls)
        sheet.follows(row, 11, "count", ROUNDED_UP.format(f"{customers}/{more}"), part.leads_if_rate_rises)

    def _write_totals(self, sheet: _Sheet, row: int) -> None:
        """Each segment was rounded up by itself."""
        plan = self._plan
        sheet.text(row, 0, self._narrator.text("plan-together"))
        for column, look, name, value in (
            (6, "money", "revenue_goal", plan.revenue_goal),
            (7, "count", "customers_needed", plan.customers_needed),
            (8, "count", "leads_needed", plan.leads_needed),
            (9, "money", "value_needed", plan.value_needed),
            (10, "count", "leads_if_less", plan.leads_if_rate_falls),
            (11, "count", "leads_if_more", plan.leads_if_rate_rises),
        ):
            first, last = (xl_rowcol_to_cell(at, column) for at in (_FIRST_ROW, row - 1))
            sheet.follows(row, column, look, f"SUM({first}:{last})", value, name)

    def _write_serving(self, sheet: _Sheet, row: int, serving: Serving) -> None:
        """Whether the reps can serve so many; where they may have no more than so many leads each, that is an input."""
        found, rows = serving.feasible, count(row)
        for look, name, value in (
            ("count", "reps", found.reps),
            ("number", "attempts", serving.attempts_per_lead),
            ("number", "minutes", Fraction(serving.time_per_attempt, MINUTE)),
            ("share", "time_share", serving.share_for_marketing),
            ("number", "hours", Fraction(serving.working_time, HOUR)),
        ):
            at = next(rows)
            sheet.text(at, 0, self._narrator.text(f"plan-{name.replace('_', '-')}"))
            sheet.given(at, 1, look, value, name)
        of_one = "hours*60*time_share/(attempts*minutes)"
        served = next(rows)
        sheet.text(served, 0, self._narrator.text("plan-served"))
        if found.is_limited:
            sheet.given(served, 1, "count", found.capacity, "leads_served")
        else:
            sheet.follows(served, 1, "count", f"ROUNDDOWN(ROUND({of_one}*reps,6),0)", found.capacity, "leads_served")
        enough, yes, no = next(rows), *(self._narrator.text(f"plan-{word}") for word in ("yes", "no"))
        sheet.text(enough, 0, self._narrator.text("plan-enough"))
        said = yes if found.capacity >= found.agreed else no
        sheet.follows(enough, 1, "text", f'IF(leads_served>=leads_needed,"{yes}","{no}")', said, "is_enough")
        if not found.is_limited and found.reps_wanted is not None:
            wanted = next(rows)
            sheet.text(wanted, 0, self._narrator.text("plan-reps-wanted"))
            formula = ROUNDED_UP.format(f"leads_needed/({of_one})")
            sheet.follows(wanted, 1, "count", formula, found.reps_wanted, "reps_wanted")

    def write_goal_line(self) -> None:
        """The days of the period, which of them count, and how much is due by the end of each."""
        sheet = _Sheet(self._book, self._narrator.text("plan-line-sheet"), self._formats)
        sheet.sheet.set_column(0, 2, _NARROW)
        for column, heading in enumerate(("day", "counts", "due")):
            sheet.text(0, column, self._narrator.text(f"plan-{heading}"), "heading")
        last = len(self._plan.days)
        counted = f"$B$2:$B${last + 1}"
        for row, day in enumerate(self._plan.days, start=1):
            sheet.sheet.write_datetime(row, 0, datetime(day.day.year, day.day.month, day.day.day), self._formats["day"])  # noqa: DTZ001 - spreadsheets know no zones
            sheet.given(row, 1, "count", int(day.counts))
            at_once = "leads_needed" if row == last else "0"
            spread = f"leads_needed*SUM($B$2:B{row + 1})/SUM({counted})"
            sheet.follows(row, 2, "due", f"IF(SUM({counted})=0,{at_once},{spread})", day.due)
        chart = self._book.add_chart({"type": "line"})
        chart.add_series(
            {
                "name": self._narrator.text("plan-due"),
                "categories": [sheet.name, 1, 0, last, 0],
                "values": [sheet.name, 1, 2, last, 2],
            }
        )
        chart.set_x_axis({"date_axis": True, "num_format": "d"})
        chart.set_y_axis({"min": 0, "num_format": "#,##0"})
        chart.set_legend({"none": True})
        chart.set_title({"name": self._narrator.text("plan-due")})
        sheet.sheet.insert_chart(1, 4, chart)
