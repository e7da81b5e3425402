"""Output for programs."""

from typing import Any

import typer


def json_option(printed: str) -> Any:
    """The option `--json`; `printed` says of what one JSON object is printed."""
    return typer.Option("--json", help=f"Print {printed}.")
