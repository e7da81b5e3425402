"""Which languages there are, and which one somebody wants."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Language = Literal["en", "es"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT: Final[Language] = "en"
VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Of the environment, the first that says anything decides (POSIX.1-2017, Base Definitions, 8.2)."""


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that an environment asks for; English where it asks for none that there is."""
    said = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    wanted = said.replace("-", "_").split("_")[0].split(".")[0].lower()
    return next((language for language in LANGUAGES if language == wanted), DEFAULT)
