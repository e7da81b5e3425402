"""Whatever `leadsla check` accepts, `leadsla build` writes, and the real tools take: rules, their tests, and routes."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given

from dashboards.generate import generate
from dashboards.settings import Settings, Smtp, operators
from sla_rules.agreement.file import AgreementErrors, load_agreements
from sla_rules.names import SHARED_FILE
from tests.any_agreement import folders
from tests.dashboards.conftest import TODAY
from tests.laws import examples

SETTINGS: Final = Settings(
    TODAY,
    digest="0123456789ab",
    operations=operators(["http://127.0.0.1:9/ops"]),
    smtp=Smtp("mail.example:25", "sla@x.example"),
)


def write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.tools
def test_whatever_is_accepted_is_built_and_taken(
    tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """The tools start once for all that was found; the folder named in what they say holds the agreements too."""
    built: list[Path] = []

    @examples(20)
    @given(folders())
    def build(texts: dict[str, str]) -> None:
        folder = tmp_path / str(len(built))
        write(folder / "agreements", texts)
        try:
            agreements = load_agreements([folder / "agreements"])
        except AgreementErrors:
            return
        write(folder, generate(agreements, SETTINGS))
        built.append(folder)

    build()

    rules = [file for folder in built for file in sorted((folder / "prometheus/rules").iterdir())]
    tests = [
        file for folder in built for file in sorted((folder / "prometheus/tests").iterdir()) if file.stem != SHARED_FILE
    ]
    assert len(built) >= 6
    commands: list[tuple[str, ...]] = [
        ("promtool", "check", "rules", *map(str, rules)),
        ("promtool", "test", "rules", *map(str, tests)),
        ("amtool", "check-config", *(str(folder / "alertmanager/alertmanager.yaml") for folder in built)),
    ]
    for command in commands:
        done = run(*command)
        assert done.returncode == 0, "\n".join([*command[:3], *complaints(done.stdout + done.stderr)])


def complaints(said: str) -> list[str]:
    """What a tool says of what it does not take, without what it takes."""
    return [line for line in said.splitlines() if "SUCCESS" not in line and line.strip()][-100:]
