"""Where the stories lie."""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

FILES: Final = tuple(
    file for folder in ("edges", "terms", "months") for file in sorted((_HERE / folder).glob("*.yaml"))
)
"""The edges by number, the terms of an agreement, then whole months of the agreements that ship."""
