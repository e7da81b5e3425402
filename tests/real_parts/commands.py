"""Commands of `leadsla`, each in a process of its own and run to its end."""

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.real_parts.forked import begun
from tests.real_parts.loopback import AT_MOST


def leadsla(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """What becomes of a command under settings named as variables; it knows of no others, and serves any free port."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("LEADSLA_")}
    with TemporaryDirectory() as folder:
        out, errors = Path(folder) / "out", Path(folder) / "errors"
        process = begun("leadsla", arguments, {**others, "LEADSLA_METRICS_PORT": "0", **settings}, out, errors)
        try:
            status = process.wait(AT_MOST)
        finally:
            process.kill()
        return subprocess.CompletedProcess(arguments, status, out.read_text(), errors.read_text())
