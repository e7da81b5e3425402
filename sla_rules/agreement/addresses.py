"""Where people are reached: e-mail addresses and web addresses, and what can be none.

They go into the Alertmanager's configuration, where two braces begin a template, and an address that Go cannot read
makes it refuse the whole file, everybody's alerts with it.
"""

import re
from ipaddress import IPv6Address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, WithJsonSchema

_LONGEST: Final = 2_000
_NO_ADDRESS: Final = r"\s@(){}<>\[\],;:\"\\\x00-\x1f\x7f"
_LOCAL: Final = rf"[^.{_NO_ADDRESS}]+"
_DOMAIN: Final = rf"[^.{_NO_ADDRESS}/?#$%&|'`*]+"
_EMAIL: Final = rf"^{_LOCAL}(?:\.{_LOCAL})*@{_DOMAIN}(?:\.{_DOMAIN})*$"
_PLACEHOLDER: Final = re.compile(r"\$\{?[A-Z_][A-Z0-9_]*\}?|\{\{?[^}]*\}?\}|<[^>@]*>|%[A-Z_]{3,}%")
"""What a template or a shell would have filled in; no address is so unlucky as to look like it."""
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
    if len(text) > _LONGEST or not re.fullmatch(_EMAIL, text) or _PLACEHOLDER.search(text):
        message = f"{text[:_LONGEST]!r} is no e-mail address; {_advice(text, 'ana@example.com')}"
        raise ValueError(message)
    return text


def web_address(text: str) -> str:
    """The text itself.

    Raises:
        ValueError: it is no address of the web.

    """
    if len(text) > _LONGEST or not re.fullmatch(_WEB, text) or _PLACEHOLDER.search(text) or not _is_host(text):
        message = f"{text[:_LONGEST]!r} is no web address; {_advice(text, 'https://example.com/hook')}"
        raise ValueError(message)
    return text


def _advice(text: str, example: str) -> str:
    found = _PLACEHOLDER.search(text)
    return f"write for example {example}" if found is None else f"write what {found[0]} stands for"


def _is_host(url: str) -> bool:
    """Whether it names a machine and a port that there can be: whoever reads it in Go refuses the rest."""
    try:
        parts = urlsplit(url)
        if parts.port == 0:
            return False
        if parts.netloc.rpartition("@")[2].startswith("["):
            IPv6Address(parts.hostname or "")
    except ValueError:
        return False
    return True


EmailAddress = Annotated[
    str, AfterValidator(email_address), WithJsonSchema({"type": "string", "pattern": _EMAIL, "maxLength": _LONGEST})
]
WebAddress = Annotated[
    str, AfterValidator(web_address), WithJsonSchema({"type": "string", "pattern": _WEB, "maxLength": _LONGEST})
]
