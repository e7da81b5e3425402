"""Words of our own records that former releases spelled otherwise.

What is read back is compared with what follows from the facts. So a former word is read as the one of now, and nothing is
published again for its spelling alone.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

_T = TypeVar("_T")

NOTICE: Final = {"settled_at": "resolved_at"}
"""Fields of a notice's data."""
FIGURE: Final = {"elsewhere": "wrong_recipient"}
"""Figures of a period."""


def in_words_of_now(found: Mapping[str, _T], former: Mapping[str, str]) -> dict[str, _T]:
    """The same values by the names of now; `former` says which names have changed into which."""
    return {former.get(name, name): value for name, value in found.items()}
