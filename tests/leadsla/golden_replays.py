"""Replays of the shipped agreements that are kept: the events, and what the command prints of them.

After a wanted change, write them anew: `python -m tests.leadsla.golden_replays`
"""

from pathlib import Path
from typing import Final, NamedTuple

from typer.testing import CliRunner

from leadsla.main import app
from wording.languages import Language

FOLDER: Final = Path(__file__).parent / "golden"
AGREEMENTS: Final = Path(__file__).parents[2] / "agreements"


class Kept(NamedTuple):
    """One call of the command, and the file that holds what it prints."""

    output: str
    until: str
    also: bool = False
    language: Language = "en"

    @property
    def name(self) -> str:
        """The name of the agreement's file."""
        return self.output.partition("/")[0]

    @property
    def file(self) -> Path:
        """What was printed."""
        return FOLDER / self.output

    @property
    def agreement(self) -> Path:
        """The agreement that ships."""
        (found,) = AGREEMENTS.rglob(f"{self.name}.yaml")
        return found

    @property
    def arguments(self) -> list[str]:
        """What the command is called with."""
        folder = FOLDER / self.name
        beside = ["--also", str(folder / "also.yaml")] if self.also else []
        form = ["--json"] if self.file.suffix == ".json" else []
        events = ["--events", str(folder / "events.jsonl"), "--until", f"{self.until}T12:00:00Z"]
        return ["replay", str(self.agreement), *events, *beside, *form, "--lang", self.language]

    def printed(self) -> str:
        """What the command prints now."""
        result = CliRunner().invoke(app, self.arguments)
        assert result.exit_code == 0, result.output
        return result.stdout


UNTIL: Final = {
    "company-x": "2026-02-04",
    "company-x-multilevel": "2026-03-03",
    "dunder-mifflin": "2026-03-02",
    "storage": "2026-02-04",
    "support": "2026-02-04",
    "uptime": "2026-02-04",
}
KEPT: Final = (
    *(Kept(f"{name}/report.{form}", until) for name, until in UNTIL.items() for form in ("json", "txt")),
    Kept("company-x/also.json", "2026-01-12", also=True),
    Kept("company-x/also.txt", "2026-02-04", also=True),
    Kept("company-x/report.es.txt", UNTIL["company-x"], language="es"),
    Kept("support/report.es.txt", UNTIL["support"], language="es"),
)

if __name__ == "__main__":
    for kept in KEPT:
        kept.file.write_text(kept.printed(), encoding="utf-8")
