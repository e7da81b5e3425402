"""Addresses of boards that stay the same: made from the agreement's id alone."""

from hashlib import sha256
from typing import Final

OVERVIEW_UID: Final = "leadsla"
LONGEST: Final = 40
"""Grafana takes no longer uid."""


def board_uid(agreement: str) -> str:
    """`leadsla-company-x`; an id too long for that is cut and told apart by its hash."""
    uid = f"{OVERVIEW_UID}-{agreement}"
    if len(uid) <= LONGEST:
        return uid
    tail = sha256(agreement.encode()).hexdigest()[:10]
    return f"{uid[: LONGEST - len(tail) - 1]}-{tail}"
