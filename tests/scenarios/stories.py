"""Where the stories lie."""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

FILES: Final = tuple(file for folder in ("edges", "terms") for file in sorted((_HERE / folder).glob("*.yaml")))
"""The edges by number, then the terms of an agreement."""
