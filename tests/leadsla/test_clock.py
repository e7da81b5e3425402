import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from leadsla.clock.lines import answer
from leadsla.main import app
from sla_rules.instants import HOUR, MINUTE, instant, iso, moment
from sla_rules.time.calendar import Calendar
from tests.strategies import odd_hours, rubbish

WEEK: Final = {"mon": [["09:00", "12:30"], ["13:30", "17:00"]], "fri": [["22:00", "06:00"]]}
BERLIN: Final[dict[str, Any]] = {"time_zone": "Europe/Berlin", "weekly_hours": WEEK}
MONDAY: Final = ("--zone", "Europe/Berlin", "--hours", "mon-fri 09:00-12:30,13:30-17:00")
COMPANY_X: Final = str(Path(__file__).parents[1] / "company-x.yaml")


def ask(*args: str, lines: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["clock", *args], input=lines)


def answered(**line: Any) -> Any:
    text, is_right = answer(json.dumps(line).encode())
    found = json.loads(text)
    assert {**line, "result" if is_right else "error": found["result" if is_right else "error"]} == found
    return found


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (("add", "2026-03-06T15:30:00Z", "1h30m"), "2026-03-09T09:00:00Z  (Mon 2026-03-09 10:00:00 CET)"),
        (("add", "2026-03-06T16:30:00+01:00", "5400"), "2026-03-09T09:00:00Z  (Mon 2026-03-09 10:00:00 CET)"),
        (("subtract", "2026-03-09T09:30:00+01:00", "1h"), "2026-03-06T15:30:00Z  (Fri 2026-03-06 16:30:00 CET)"),
        (("between", "2026-03-06T16:30:00+01:00", "2026-03-09T10:00:00.5+01:00"), "5400.5 s  (1h30m)"),
        (("between", "2026-03-09T10:00:00+01:00", "2026-03-06T16:30:00+01:00"), "-5400 s  (-1h30m)"),
        (
            ("add", "2026-03-08T24:00:00+01:00", "1.5"),
            "2026-03-09T08:00:01.500000Z  (Mon 2026-03-09 09:00:01.500000 CET)",
        ),
        (("subtract", "2026-03-07T24:00+01:00", "0s"), "2026-03-06T16:00:00Z  (Fri 2026-03-06 17:00:00 CET)"),
        (("open", "2026-03-09T12:29:59+01:00"), "open"),
        (
            ("open", "2026-03-09T12:30:00+01:00"),
            "closed, opens next at:\n2026-03-09T12:30:00Z  (Mon 2026-03-09 13:30:00 CET)",
        ),
    ],
)
def test_a_calendar_is_asked_by_zone_and_hours(question: tuple[str, ...], said: str) -> None:
    found = ask(*question, *MONDAY)

    assert (found.exit_code, found.stdout.strip()) == (0, said)


def test_the_calendar_of_an_agreement_knows_its_holidays() -> None:
    found = ask("open", "2026-12-25T10:00:00+01:00", "--agreement", COMPANY_X)

    assert found.stdout.startswith("closed, opens next at:\n2026-12-28T08:00:00Z")


@pytest.mark.parametrize("hours", ["09:00-24:00", "T09:00-T24:00", "09:00:00-24:00:00", "T09:00:00-24:00"])
def test_a_time_of_day_is_written_as_iso_8601_has_it(hours: str) -> None:
    spans = [hours.split("-")]
    line = {"time_zone": "UTC", "weekly_hours": {"mon": spans}, "operation": "between"}

    found = ask("between", "2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z", "--zone", "UTC", "--hours", f"mon {hours}")

    assert found.stdout.strip() == "54000 s  (15h)"
    assert answered(**line, start="2026-03-09T00:00:00Z", end="2026-03-09T24:00:00Z")["result"] == 54_000


@pytest.mark.parametrize("hours", ["9:00-17:00", "09:00:30-17:00", "09:00-24:01", "09-17", "09:00-23:59:59"])
def test_any_other_time_of_day_is_refused(hours: str) -> None:
    assert ask("open", "2026-03-09T12:30:00Z", "--zone", "UTC", "--hours", f"mon {hours}").exit_code == 2


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_of_a_year_that_no_calendar_reaches_there_is_no_answer_and_no_trace(year: str) -> None:
    at = f"{year}-06-01T00:00:00Z"

    for question in (("add", at, "1h"), ("subtract", at, "1h"), ("between", at, "2026-01-01T00:00:00Z"), ("open", at)):
        found = ask(*question, *MONDAY)

        assert (found.exit_code, found.stdout) == (1, "")
        assert found.stderr.strip() == "leadsla clock: calendars know the years 2 to 9998"


def test_hours_may_go_past_sunday_and_add_up() -> None:
    found = ask("between", "2026-03-07T00:00:00Z", "2026-03-10T00:00:00Z", "--zone", "UTC", "--hours", "sat-mon 10:00-11:00", "--hours", "mon=12:00-13:00")  # fmt: skip

    assert found.stdout.strip() == "14400 s  (4h)"


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--zone", "UTC"),
        ("--hours", "mon 09:00-17:00"),
        ("--zone", "Europe/Berln", "--hours", "mon 09:00-17:00"),
        ("--zone", "UTC", "--hours", "mon 09:00"),
        ("--zone", "UTC", "--hours", "mon-xyz 09:00-17:00"),
        ("--zone", "UTC", "--hours", "mon 09:00-25:00"),
        ("--zone", "UTC", "--hours", "mon 09:00-17:00", "--agreement", COMPANY_X),
        ("--agreement", COMPANY_X, "--calendar", "night"),
        ("--agreement", "nowhere.yaml"),
    ],
)
def test_options_that_name_no_calendar_are_refused(options: tuple[str, ...]) -> None:
    found = ask("open", "2026-03-09T12:30:00Z", *options)

    assert found.exit_code == 2
    assert found.stdout == ""


@pytest.mark.parametrize(
    "arguments", [("2026-03-09T12:30:00", "1h"), ("soon", "1h"), ("2026-03-09T12:30:00Z", "1 hour")]
)
def test_instants_need_an_offset_and_durations_a_unit(arguments: tuple[str, str]) -> None:
    assert ask("add", *arguments, *MONDAY).exit_code == 2


def test_each_line_is_answered_by_itself_and_its_result() -> None:
    assert answered(**BERLIN, operation="add", instant="2026-03-02T12:00:00+01:00", seconds=3600, id=7) == {
        **BERLIN,
        "operation": "add",
        "instant": "2026-03-02T12:00:00+01:00",
        "seconds": 3600,
        "id": 7,
        "result": "2026-03-02T13:00:00Z",
    }


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ({"operation": "add", "instant": "2026-03-06T23:00:00Z", "seconds": 25_200.5}, "2026-03-09T09:00:00.500000Z"),
        ({"operation": "add", "instant": "2026-03-02T13:00:00+01:00", "seconds": 0}, "2026-03-02T12:30:00Z"),
        ({"operation": "subtract", "instant": "2026-03-02T13:31:00+01:00", "seconds": 120}, "2026-03-02T11:29:00Z"),
        ({"operation": "between", "start": "2026-03-02T00:00:00Z", "end": "2026-03-03T00:00:00Z"}, 25_200.0),
        ({"operation": "is_open", "instant": "2026-03-07T04:59:59Z"}, True),
        ({"operation": "is_open", "instant": "2026-03-07T05:00:00Z"}, False),
    ],
)
@pytest.mark.parametrize("is_nested", [False, True])
def test_every_operation_is_answered_with_the_calendar_at_the_top_or_beneath(
    question: dict[str, Any],
    result: object,
    is_nested: bool,  # noqa: FBT001
) -> None:
    calendar = {"calendar": BERLIN} if is_nested else BERLIN

    assert result == answered(**calendar, **question)["result"]


def test_holidays_overrides_and_breaks_stand_as_in_an_agreement() -> None:
    found = answered(
        **BERLIN,
        holidays={"country": "DE", "region": "BE", "dates": ["2026-12-28"]},
        date_overrides={"2026-12-22": [["10:00", "12:00"]]},
        breaks={"2026-12-22": [["10:30", "11:00"]]},
        operation="between",
        start="2026-12-21T23:00:00Z",
        end="2026-12-29T23:00:00Z",
    )

    assert found["result"] == 1.5 * 3600 + 2 * 3600 - 2 * 3600


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time_zone": "Europe/Berln"}, "time_zone"),
        ({"weekly_hours": {"monday": []}}, "weekly_hours"),
        ({"weekly_hours": {}}, "opens on no day"),
        ({"calendar": BERLIN}, "calendar"),
        ({"operation": "multiply"}, "operation 'multiply'"),
        ({"instant": "2026-03-02T12:00:00"}, "instant"),
        ({"instant": None}, "instant is missing"),
        ({"instant": 1772445600}, "instant"),
        ({"instant": "9999-12-31T23:59:59Z"}, ""),
        ({"instant": "0001-01-01T00:00:00Z"}, ""),
        ({"seconds": None}, "seconds is missing"),
        ({"seconds": "3600"}, "seconds"),
        ({"seconds": True}, "seconds"),
        ({"seconds": 10**300}, "hundred years"),
        ({"breaks": {"2026-02-30": []}}, "breaks"),
    ],
)
def test_a_wrong_line_says_what_is_wrong_with_it(change: dict[str, Any], said: str) -> None:
    line = {**BERLIN, "operation": "add", "instant": "2026-03-02T12:00:00Z", "seconds": 60, **change}

    assert said in answered(**line)["error"]


def test_a_file_is_answered_line_by_line_and_wrong_lines_show_in_the_exit_status(tmp_path: Path) -> None:
    right = json.dumps({**BERLIN, "operation": "is_open", "instant": "2026-03-02T12:00:00Z"})
    file = tmp_path / "questions.jsonl"
    file.write_text(f"{right}\n\nnonsense\n[1]\n{right}", encoding="utf-8")

    found = ask("--bulk", str(file))

    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert [sorted(line.keys() & {"result", "error"}) for line in lines] == [
        ["result"],
        ["error"],
        ["error"],
        ["result"],
    ]
    assert found.exit_code == 1
    assert found.stderr == "2 wrong lines\n"


def test_right_lines_from_standard_input_end_well() -> None:
    line = json.dumps({**BERLIN, "operation": "is_open", "instant": "2026-03-02T12:00:00Z"}).encode()

    found = ask("--bulk", "-", lines=line)

    assert (found.exit_code, json.loads(found.stdout)["result"]) == (0, False)


def test_answers_to_a_file_of_answers_take_the_place_of_those_in_it() -> None:
    asked = {**BERLIN, "operation": "is_open", "instant": "2026-03-02T12:00:00Z", "result": "old", "error": "old"}

    text, _ = answer(json.dumps(asked).encode())

    assert (text.count(b"result"), text.count(b"error")) == (1, 0)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    found = ask("--bulk", str(tmp_path / "nowhere"))

    assert found.exit_code == 2
    assert found.stderr.endswith("nowhere: there is no such file\n")


@given(rubbish() | rubbish().map(lambda piece: b'{"operation":"add","seconds":' + piece + b"}"))
def test_rubbish_is_answered_with_an_error_in_a_line_of_json(line: bytes) -> None:
    text, is_right = answer(line)

    assert not is_right
    assert json.loads(text)["error"]


@given(odd_hours(), st.integers(-60 * 24 * 9, 60 * 24 * 9), st.integers(1, 60 * 24 * 9))
def test_the_words_of_a_file_give_the_calendar_itself(hours: Any, offset: int, minutes: int) -> None:
    working, day = hours
    calendar = Calendar(working)
    words = json.loads(working.model_dump_json())
    start = instant(moment(0).replace(year=day.year, month=day.month, day=day.day)) + offset * MINUTE
    line = {**words, "start": iso(start), "instant": iso(start), "end": iso(start + minutes * MINUTE)}

    assert (
        calendar.between(start, start + minutes * MINUTE) / 1_000_000 == answered(**line, operation="between")["result"]
    )
    assert iso(calendar.add(start, HOUR)) == answered(**line, operation="add", seconds=3600)["result"]
    assert calendar.is_open(start) == answered(**line, operation="is_open")["result"]
