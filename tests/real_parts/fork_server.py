"""`python -m tests.real_parts.fork_server`: a Python that has imported the service, and becomes a command by forking.

It answers one request a line on standard input, each a list in JSON:

- `["begin", module, arguments, environment, out, errors]` forks, and says the number of the process, which goes on as
  `python -m module arguments` does whose imports are done and whose output goes to the ends of two files;
- `["end", number]` waits for that process to end, and says its exit status, as `subprocess` has it.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_IMPORTED: Final = ("leadsla.main", "leadsla.commands.worker")


def main() -> None:
    """Answer until nobody asks any more. In a process that was forked, be the command that was asked for."""
    environment = dict(os.environ)
    for name in _IMPORTED:
        importlib.import_module(name)
    [_only_thread] = Path("/proc/self/task").iterdir()  # what has others cannot be forked
    assert os.environ == environment, "what imports set would be lost"
    # Whoever interrupts the tests interrupts the whole group; we end when nobody is left to ask.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    _say("ready")
    for line in sys.stdin:
        what, *given = json.loads(line)
        if what == "end":
            _say(os.waitstatus_to_exitcode(os.waitpid(given[0], 0)[1]))
        elif number := os.fork():
            _say(number)
        else:
            # No return: the loop, and the pipes that it reads and writes, are the parent's.
            return _be(*given)
    return None


def _say(answer: object) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201 - it is what the process is for


def _be(module: str, arguments: Sequence[str], environment: Mapping[str, str], out: str, errors: str) -> None:
    """Run the module as `python -m` would; it returns, raises and exits as that does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    with Path(os.devnull).open("rb") as nothing, Path(out).open("ab") as said, Path(errors).open("ab") as complained:
        for number, file in enumerate((nothing, said, complained)):
            os.dup2(file.fileno(), number)
    sys.argv = ["", *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
