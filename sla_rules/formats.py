"""Errors of bytes that this project wrote itself."""

from typing import Final

import msgspec

DAMAGED: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises over bytes that are not what they should be."""


class UnknownFormatError(ValueError):
    """The state was written by a later release, or by none."""
