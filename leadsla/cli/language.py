"""The language that a command speaks: of `--lang`, else of the environment."""

import os
from typing import Annotated

import typer

from wording.languages import LANGUAGES, Language, language_of
from wording.voice import Voice


def _known(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        message = f"{value!r} is none of {', '.join(LANGUAGES)}"
        raise typer.BadParameter(message)
    return value


LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang",
        callback=_known,
        metavar="|".join(LANGUAGES),
        help="Language of what is printed; else that of LC_ALL, LC_MESSAGES or LANG, else English.",
    ),
]


def voice_of(lang: str | None) -> Voice:
    """Who speaks the language asked for."""
    wanted: Language = next((one for one in LANGUAGES if one == lang), language_of(os.environ))
    return Voice(wanted)
