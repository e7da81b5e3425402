"""`leadsla settings`: what ops can set, as a page."""

import typer

from streams.settings import SECRETS, Settings

HEAD = """# Settings

Made by `leadsla settings`. Each is read from the environment, else from the TOML file that `LEADSLA_CONFIG` names (keys in
lower case without the prefix), else it has its default. A secret is not read from the TOML file, and no output shows it.

| environment | default | what it sets |
| --- | --- | --- |
"""


def settings_page() -> str:
    """The page in Markdown."""
    rows = [
        f"| `LEADSLA_{name.upper()}` | `{field.default}` | {field.description}{' **Secret.**' if name in SECRETS else ''} |"
        for name, field in Settings.model_fields.items()
    ]
    return HEAD + "\n".join(rows) + "\n"


def settings() -> None:
    """Print what can be set, as the page `docs/settings.md`. Exit status: 0."""
    typer.echo(settings_page(), nl=False)  # noqa: TID251 - our own text
