"""Where people are reached: e-mail addresses and web addresses, and what can be none.

They go into the Alertmanager's configuration, where two braces begin a template, and an address that Go cannot read
makes it refuse the whole file, everybody's alerts with it.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, WithJsonSchema

_LONGEST: Final = 2_000
_NO_ADDRESS: Final = r"\s@(){}<>\[\],;:\"\\\x00-\x1f\x7f"
_EMAIL: Final = rf"^[^{_NO_ADDRESS}]+@[^{_NO_ADDRESS}/?#$%&|'`*]+$"
_LETTER: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})"
_WEB: Final = (
    rf"^https?://(?:{_LETTER}*@)?(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?"
    rf"(?:/(?:{_LETTER}|[@/])*)?(?:\?(?:{_LETTER}|[@/?])*)?(?:#(?:{_LETTER}|[@/?])*)?$"
)


def email_address(text: str) -> str:
    """The text itself.

    Raises:
        ValueError: it is no e-mail address.

    """
    if len(text) > _LONGEST or not re.fullmatch(_EMAIL, text):
        message = f"{text[:_LONGEST]!r} is no e-mail address; write for example ana@example.com"
        raise ValueError(message)
    return text


def web_address(text: str) -> str:
    """The text itself.

    Raises:
        ValueError: it is no address of the web.

    """
    if len(text) > _LONGEST or not re.fullmatch(_WEB, text):
        message = f"{text[:_LONGEST]!r} is no web address; write for example https://example.com/hook"
        raise ValueError(message)
    return text


EmailAddress = Annotated[
    str, AfterValidator(email_address), WithJsonSchema({"type": "string", "pattern": _EMAIL, "maxLength": _LONGEST})
]
WebAddress = Annotated[
    str, AfterValidator(web_address), WithJsonSchema({"type": "string", "pattern": _WEB, "maxLength": _LONGEST})
]
