"""The spreadsheet of a plan goes on calculating: recalculated by another program, it comes to what a plan of its inputs is."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ironcalc
import pytest
from python_calamine import load_workbook

from tests.leadsla.planning.calls import APRIL, COMPANY_X, plan_of, planned

TOTALS: Final = (
    "revenue_goal",
    "customers_needed",
    "leads_needed",
    "value_needed",
    "leads_if_rate_falls",
    "leads_if_rate_rises",
)
NAMES: Final = {"leads_if_rate_falls": "leads_if_less", "leads_if_rate_rises": "leads_if_more"}
REGIONS: Final = (
    *("--segment", "north:quota=3000,deal=100,close-rate=40%,value=50"),
    *("--segment", "south-west:quota=2500,deal=333.33,close-rate=7%,share=80%"),
    *("--reps", "3", "--attempts", "6", "--minutes", "10", "--goal-line", "working_days"),
)


@dataclass
class Sheets:
    """The spreadsheet in a program that calculates; cells by their names."""

    model: Any

    def __post_init__(self) -> None:
        self._sheets = [one["name"] for one in self.model.get_worksheets_properties()]
        self.names = {one["name"]: self._place(one["formula"]) for one in self.model.get_defined_name_list()}

    def _place(self, formula: str) -> tuple[int, int, int]:
        sheet, _, cell = formula.rpartition("!")
        _, column, row = cell.split("$")
        return self._sheets.index(sheet.strip("'")), int(row), ironcalc.column_number_from_name(column)

    def __getitem__(self, name: str) -> Any:
        return self.model.get_cell_value(*self.names[name])

    def __setitem__(self, name: str, value: float) -> None:
        self.model.set_user_input(*self.names[name], str(value))
        self.model.evaluate()

    def due(self, days: int) -> list[float]:
        return [self.model.get_cell_value(1, row, 3) for row in range(2, days + 2)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plan.xlsx"


def written(file: Path, *arguments: str) -> Any:
    """The plan whose spreadsheet is written."""
    found = planned(*arguments, "--xlsx", str(file), "--json")
    assert (found.exit_code, found.stderr) == (0, f"{file} is written\n")
    return plan_of(*arguments)


def opened(file: Path) -> Sheets:
    model = ironcalc.load_from_xlsx(str(file))
    model.evaluate()
    return Sheets(model)


def check_same(sheets: Sheets, plan: Any) -> None:
    for name in TOTALS:
        assert sheets[NAMES.get(name, name)] == pytest.approx(float(plan[name]), abs=1e-6), name
    assert sheets.due(len(plan["days"])) == pytest.approx([day["due"] for day in plan["days"]])
    serving = plan["serving"]
    if serving is not None:
        assert (sheets["leads_served"], sheets["reps"]) == (serving["capacity"], serving["reps"])
        assert sheets["is_enough"] == ("yes" if serving["capacity"] >= serving["agreed"] else "no")
        assert sheets["reps_wanted"] == serving["reps_wanted"] or serving["capacity"] >= serving["agreed"]


@pytest.mark.parametrize("arguments", [("--from", str(COMPANY_X)), REGIONS], ids=["company-x", "regions"])
def test_recalculated_it_comes_to_the_plan(arguments: tuple[str, ...], file: Path) -> None:
    plan = written(file, *arguments, *APRIL)

    check_same(opened(file), plan)


@pytest.mark.parametrize(
    ("arguments", "inputs", "others"),
    [
        (
            ("--from", str(COMPANY_X)),
            {"quota": 7000, "close_rate": 0.05, "average_deal": 1000, "reps": 5},
            ("--from", str(COMPANY_X), "--quota", "7000", "--deal", "1000", "--close-rate", "5%", "--reps", "5"),
        ),
        (
            REGIONS,
            {"quota_north": 30000, "close_rate_south_west": 0.97, "marketing_share_south_west": 0.5, "minutes": 15},
            (
                *("--segment", "north:quota=30000,deal=100,close-rate=40%,value=50"),
                *("--segment", "south-west:quota=2500,deal=333.33,close-rate=97%,share=50%"),
                *("--reps", "3", "--attempts", "6", "--minutes", "15", "--goal-line", "working_days"),
            ),
        ),
    ],
    ids=["company-x", "regions"],
)
def test_with_other_inputs_it_comes_to_another_plan(
    arguments: tuple[str, ...], inputs: Mapping[str, float], others: tuple[str, ...], file: Path
) -> None:
    written(file, *arguments, *APRIL)
    sheets = opened(file)

    for name, value in inputs.items():
        sheets[name] = value

    check_same(sheets, plan_of(*others, *APRIL))


def test_who_does_not_calculate_reads_what_it_comes_to(file: Path) -> None:
    plan = written(file, *REGIONS, *APRIL)
    sheet, line = (load_workbook(file).get_sheet_by_index(number).to_python() for number in (0, 1))

    assert sheet[3][:2] == ["segment", "quota"]
    assert sheet[6][6:10] == [
        float(plan[name]) for name in ("revenue_goal", "customers_needed", "leads_needed", "value_needed")
    ]
    assert [row[2] for row in line[1:]] == pytest.approx([day["due"] for day in plan["days"]])
    assert str(line[1][0]) == "2026-04-01"


def test_everything_that_follows_is_a_formula_of_cells_with_names(file: Path) -> None:
    written(file, "--from", str(COMPANY_X), *APRIL)
    model = opened(file).model

    formulas = [model.get_cell_formula(0, 5, column) for column in range(6, 13)]
    assert all(formula is not None for formula in formulas)
    assert "quota*marketing_share/average_deal/close_rate" in formulas[3]
    assert [model.get_cell_formula(0, 5, column) for column in range(2, 5)] == [None] * 3


def test_text_from_outside_is_no_formula(tmp_path: Path, file: Path) -> None:
    text = COMPANY_X.read_text(encoding="utf-8")
    hostile = '=HYPERLINK("http://x.example","click")'
    base = tmp_path / "base.yaml"
    title = "title: Lead delivery and follow-up at Company X"
    base.write_text(text.replace(title, f"title: '{hostile}'"), encoding="utf-8")

    written(file, "--from", str(base), *APRIL)

    model = opened(file).model
    assert (model.get_cell_formula(0, 1, 1), model.get_cell_value(0, 1, 1)) == (None, hostile)
    with zipfile.ZipFile(file) as parts:
        assert not [name for name in parts.namelist() if "externalLink" in name or b'Target="http' in parts.read(name)]
        assert [name for name in parts.namelist() if "chart" in name]


def test_where_reps_may_have_no_more_leads_that_is_an_input(tmp_path: Path, file: Path) -> None:
    text = COMPANY_X.read_text(encoding="utf-8")
    base = tmp_path / "base.yaml"
    base.write_text(
        text.replace("share_for_own: 30%", "share_for_own: 30%\n  limits: {leads_a_month: 40}"), encoding="utf-8"
    )

    written(file, "--from", str(base), *APRIL)

    sheets = opened(file)
    assert (sheets["leads_served"], sheets["is_enough"]) == (80, "no")
    assert "reps_wanted" not in sheets.names


def test_it_speaks_spanish(file: Path) -> None:
    planned("--from", str(COMPANY_X), *APRIL, "--xlsx", str(file), "--lang", "es")

    assert [one["name"] for one in opened(file).model.get_worksheets_properties()] == ["Plan", "Línea del objetivo"]
