"""How hard a history is looked for that breaks a law.

What has to pass before a change lands tries the same examples each time, so that whoever changed nothing breaks nothing.
`make laws` looks for others, with fresh seeds and, by `LEADSLA_LAWS`, fifteen times as many.
"""

import os
from typing import Final

from hypothesis import HealthCheck, settings

TIMES: Final = int(os.environ.get("LEADSLA_LAWS", "1"))
IS_SEARCH: Final = TIMES > 1


def _tried(count: int) -> int:
    """Two of three, where the same are tried each time: what is to be found by luck, `make laws` finds."""
    return count * TIMES if IS_SEARCH else -(-count * 2 // 3)


# How long an example takes, to be made or to be tried, says how busy the machine is.
LAWS: Final = settings(
    deadline=None,
    derandomize=not IS_SEARCH,
    max_examples=_tried(150),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def examples(count: int) -> settings:
    """For a law that wants another number of examples than most."""
    return settings(LAWS, max_examples=_tried(count))
