"""Where the programs of Debian's packages are, by any of the names they go under."""

import shutil

from tests.real_parts.absent import absent


def tool(*names: str) -> str:
    """The path of the first of the names that is on the PATH; the test is skipped, or failed, if none is."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        absent(f"{' or '.join(names)} is not on the PATH", "LEADSLA_REQUIRE_TOOLS")
    return found
