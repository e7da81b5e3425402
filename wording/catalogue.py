"""The catalogues: what each message says in a language, as translators write it (Project Fluent's syntax 1.0).

A message is filled in with values that are text already, or whole numbers, which it may choose its plural by.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentType

from sla_rules.visible import one_line
from wording.languages import Language

Value = str | int
NONE: Final = "none"
"""What a message is given in place of a value that is not there, and asks for."""
_FOLDER: Final = files("wording") / "catalogues"


class CatalogueError(LookupError):
    """A message is missing, or cannot be filled in."""


class _Text(FluentType):
    """Text that is no answer to what a message asks, though it reads like one: a rep may be called `none`."""

    def __init__(self, text: str) -> None:
        self._text = text

    def format(self, locale: Any) -> str:  # noqa: ARG002 - the same in every language
        return self._text


@cache
def sources(language: Language) -> Mapping[str, str]:
    """The text of every catalogue of a language, by its name."""
    found = sorted((_FOLDER / language).iterdir(), key=lambda file: file.name)
    return {file.name: file.read_text("utf-8") for file in found if file.name.endswith(".ftl")}


@cache
def _bundle(language: Language) -> FluentBundle:
    # What is filled in is read on terminals and in JSON as well, where marks of direction would be seen.
    bundle = FluentBundle([language], use_isolating=False)
    for text in sources(language).values():
        bundle.add_resource(FluentResource(text))
    return bundle


def message(language: Language, name: str, values: Mapping[str, Value | None]) -> str:
    """What a message says with its values, of which some may not be there; text goes in as a single line.

    Raises:
        CatalogueError: there is none of that name, or it wants a value that is not given.

    """
    bundle = _bundle(language)
    try:
        found = bundle.get_message(name).value
    except LookupError:
        found = None
    if found is None:
        missing = f"the catalogue of {language} has no message {name}"
        raise CatalogueError(missing)
    text, errors = bundle.format_pattern(found, {key: _given(value) for key, value in values.items()})
    if errors:
        wrong = f"message {name} of {language} cannot be filled in: {errors[0]}"
        raise CatalogueError(wrong)
    return str(text)


def _given(value: Value | None) -> Value | _Text:
    if value is None:
        return NONE
    if isinstance(value, str):
        text = one_line(value)
        return _Text(text) if text == NONE else text
    return value
