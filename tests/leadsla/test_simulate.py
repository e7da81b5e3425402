import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

from typer.testing import CliRunner, Result

from leadsla.main import app
from sla_rules.events.decode import check_stamps, read_event
from sla_rules.instants import instant


def test_every_line_is_an_event_with_its_arrival_and_lines_come_in_that_order(tmp_path: Path) -> None:
    lines = _lines(tmp_path / "day.jsonl", "--clean")

    arrivals = []
    for line in lines:
        event = read_event(line)
        assert event.recordedtime is not None
        check_stamps(event, instant(event.recordedtime))
        arrivals.append(event.recordedtime)
    assert len(lines) > 100
    assert arrivals == sorted(arrivals)


def test_broken_records_are_bad_lines_among_the_same_good_ones(tmp_path: Path) -> None:
    clean, all_ = _lines(tmp_path / "clean.jsonl", "--clean"), _lines(tmp_path / "all.jsonl")

    assert len(all_) > len(clean)
    assert [line for line in all_ if line in set(clean)] == clean


def test_the_same_seed_and_start_give_the_same_file_to_the_byte_packed_or_not(tmp_path: Path) -> None:
    one, two, packed = tmp_path / "one.jsonl.gz", tmp_path / "two.jsonl.gz", tmp_path / "three.jsonl"
    for path in (one, two, packed):
        _simulate("--seed", "7", "--out", str(path))

    assert one.read_bytes() == two.read_bytes()
    assert gzip.decompress(one.read_bytes()) == packed.read_bytes()


def test_it_writes_to_standard_output_and_nothing_else_there() -> None:
    written = _simulate("--clean", "--leads-per-day", "5")

    assert written.exit_code == 0
    assert all(json.loads(line)["specversion"] == "1.0" for line in written.stdout.splitlines())


def test_without_a_start_the_last_day_is_over() -> None:
    written = CliRunner().invoke(app, ["simulate", "--days", "2", "--leads-per-day", "5", "--clean"])

    times = [read_event(line.encode()).time for line in written.stdout.splitlines()]
    assert max(times) < datetime.now(UTC)  # noqa: TID251 - the command's own default is held against the wall


def test_a_file_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    written = _simulate("--out", str(tmp_path / "no folder" / "day.jsonl"))

    assert written.exit_code == 2
    assert "No such file" in written.stderr


def _lines(path: Path, *arguments: str) -> list[bytes]:
    _simulate("--out", str(path), *arguments)
    return path.read_bytes().splitlines()


def _simulate(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["simulate", "--start", "2026-03-02", *arguments], catch_exceptions=False)
