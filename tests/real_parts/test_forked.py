import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from tests.real_parts.forked import Forked, begun
from tests.real_parts.loopback import AT_MOST, wait_until
from tests.real_parts.program import PythonProgram

AS_BEGUN: Final = "tests.real_parts.as_begun"
SETTINGS: Final = {"LEADSLA_BROKER": "127.0.0.1:1", "FAULT_UNFOLDABLE": "an odd one, or año"}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems start every command afresh")


class Run(NamedTuple):
    """What a process was like, how it ended, and what it said at its end, without the frames of a traceback."""

    by: dict[str, Any]
    seen: dict[str, Any]
    status: int
    last: list[str]


def run(ending: str, folder: Path, *, afresh: bool = False) -> Run:
    log = folder / ("afresh.log" if afresh else "forked.log")
    program = PythonProgram(AS_BEGUN, [ending], log, SETTINGS, afresh=afresh)
    program.begin()
    status = program.ends()
    first, *last = program.log().replace(str(log), "its log").splitlines()
    by, seen = json.loads(first)
    return Run(by, seen, status, [line for line in last if not line.startswith(" ")])


def is_forked(environment: Mapping[str, str], folder: Path) -> bool:
    process = begun(AS_BEGUN, ["returns"], environment, folder / "log")
    process.wait(AT_MOST)
    return isinstance(process, Forked)


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[PythonProgram]:
    """A fork that waits for a signal."""
    program = PythonProgram(AS_BEGUN, ["waits"], tmp_path / "forked.log", SETTINGS)
    program.start(lambda: bool(program.log()))
    yield program
    program.kill()


ENDINGS: Final = {
    "returns": 0,
    "exits": 3,
    "exits with words": 1,
    "raises": 1,
    "is killed": -signal.SIGKILL,
    "is asked to end": -signal.SIGTERM,
    "is interrupted": -signal.SIGINT,
    "ends at once": 4,
    "leaves a thread": 0,
    "has a loop": 0,
}


@pytest.mark.parametrize(("ending", "status"), ENDINGS.items())
def test_what_was_forked_is_what_a_fresh_start_is_and_ends_as_that_does(
    ending: str, status: int, tmp_path: Path
) -> None:
    fork, fresh = run(ending, tmp_path), run(ending, tmp_path, afresh=True)

    assert fork.seen == fresh.seen
    assert fork.last == fresh.last
    assert fork.status == fresh.status == status
    assert fresh.by["parent"] == os.getpid() != fork.by["parent"]


@pytest.mark.skipif("PYTHONHASHSEED" in os.environ, reason="all have the hashes that were asked for")
def test_two_forks_in_a_row_have_hashes_of_their_own(tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("first", "second"))
    first.mkdir()
    second.mkdir()

    assert run("returns", first).by["hash"] != run("returns", second).by["hash"]


def test_a_fork_stands_still_goes_on_and_ends_when_it_is_told_to(waiting: PythonProgram) -> None:
    state = Path(f"/proc/{waiting.pid}/stat")
    waiting.signal(signal.SIGSTOP)

    assert wait_until(lambda: state.read_text().split()[2] == "T")
    assert (waiting.running, waiting.status) == (True, None)

    waiting.signal(signal.SIGCONT)

    assert waiting.ends_when_asked() == -signal.SIGTERM
    assert (waiting.running, waiting.status) == (False, -signal.SIGTERM)
    assert not state.exists()


def test_a_fork_that_was_killed_starts_again_with_its_log_kept(waiting: PythonProgram) -> None:
    first = waiting.pid
    waiting.kill()
    waiting.start(lambda: len(waiting.log().splitlines()) == 2)

    assert waiting.running
    assert waiting.pid != first


@pytest.mark.parametrize("variable", ["PYTHONHASHSEED", "TZ", "LC_ALL", "NO_COLOR", "FAUST_DEBUG"])
def test_what_a_python_reads_before_its_imports_are_done_is_left_to_a_fresh_start(
    variable: str, tmp_path: Path
) -> None:
    assert not is_forked({**os.environ, variable: "1"}, tmp_path)


def test_whoever_stands_in_another_folder_gets_a_fresh_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert not is_forked(os.environ, tmp_path)


def test_what_is_said_and_what_is_complained_of_may_go_to_files_of_their_own(tmp_path: Path) -> None:
    out, errors = tmp_path / "out", tmp_path / "errors"

    assert begun(AS_BEGUN, ["exits with words"], os.environ, out, errors).wait(AT_MOST) == 1
    assert out.read_text().endswith("]\nthe end\n")
    assert errors.read_text() == "in words\n"
