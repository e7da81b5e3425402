"""Exit statuses, the same for every command; 0 where all is well."""

from typing import Final

FAILED: Final = 1
"""It was looked at or tried, and not all is as it should be."""

UNABLE: Final = 2
"""It could not begin: a file, an option, a setting or the broker is not what it has to be."""
