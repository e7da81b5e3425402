"""The command with faults put into its rules: `python -m tests.streams.faulty_worker worker`.

The environment names the ids of events that cannot be merged and of those that cannot be judged, separated by commas.
"""

import os
from collections.abc import Collection

import streams.faust_host.worker  # noqa: F401 - faults are put into what it has imported
from leadsla.main import run
from tests.sla_rules.faults import Faults, Name

SOURCE = "/crm/acme"


def named(variable: str) -> Collection[Name]:
    return {(SOURCE, name) for name in os.environ.get(variable, "").split(",") if name}


if __name__ == "__main__":
    with Faults(unfoldable=named("FAULT_UNFOLDABLE"), unjudgeable=named("FAULT_UNJUDGEABLE")).put_in():
        run()
