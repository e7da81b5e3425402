"""What happens to a test whose real part this machine lacks: skipped with the reason, or failed where that is agreed."""

import os
from typing import NoReturn

import pytest


def absent(reason: str, required_by: str) -> NoReturn:
    """Skip the test; fail it if the environment variable says that the part has to be there."""
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{reason} ({required_by}=1)", pytrace=False)
    pytest.skip(reason)
