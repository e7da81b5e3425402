"""Results, kept as JSON under `bench/results/` with machine, versions and commit."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.progress import say
from sla_rules.instants import iso
from streams.clock import wall_clock

FOLDER: Final = Path(__file__).parent / "results"
_NAMED: Final = (
    "aiokafka",
    "bytewax",
    "confluent-kafka",
    "faust-streaming",
    "msgspec",
    "pydantic",
    "quixstreams",
    "uvloop",
)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Least, median and most."""
    return {"min": round(min(values), 3), "median": round(median(values), 3), "max": round(max(values), 3)}


def keep(name: str, result: dict[str, Any]) -> None:
    """Print a result and put it in place of the last one."""
    told = {"bench": name, **result, "on": surroundings()}
    text = json.dumps(told, indent=2)
    print(text)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(text + "\n")
    say(f"kept in bench/results/{name}.json")


def kept(name: str) -> dict[str, Any] | None:
    """The last result of a benchmark."""
    file = FOLDER / f"{name}.json"
    found: dict[str, Any] | None = json.loads(file.read_text()) if file.exists() else None
    return found


def surroundings() -> dict[str, Any]:
    """Machine, versions and commit. `load` says how much else was going on in the last minute."""
    return {
        "time": iso(wall_clock() // 1_000_000 * 1_000_000),
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: found for name in _NAMED if (found := _version(name))},
        "commit": commit_of(FOLDER.parent),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def commit_of(folder: Path) -> str:
    """The commit of the checkout that a folder lies in, and whether it was changed since."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
