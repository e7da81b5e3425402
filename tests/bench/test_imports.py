import ast
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"
ABSENT = ("hypothesis",)
"""Of the libraries of the tests, those that benchmarks are run without."""


def imported(source: str) -> set[str]:
    return {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module}


def test_what_benchmarks_take_from_the_tests_needs_no_library_that_they_are_run_without() -> None:
    lock = (BENCH / "requirements.lock").read_text()
    taken = {name for file in BENCH.glob("*.py") for name in imported(file.read_text()) if name.startswith("tests.")}
    load = (
        f"import importlib, sys; sys.modules.update(dict.fromkeys({ABSENT})); "
        "[importlib.import_module(name) for name in sys.argv[1:]]"
    )

    assert taken
    assert not any(f"\n{name}==" in lock for name in ABSENT)
    found = subprocess.run([sys.executable, "-c", load, *sorted(taken)], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
