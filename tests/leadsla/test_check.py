"""What `leadsla check` says of agreements that are right; errors are those of the agreement files."""

from pathlib import Path

from typer.testing import CliRunner

from leadsla.main import app

COMPANY_X = Path(__file__).parents[1] / "company-x.yaml"


def said_of(text: str, folder: Path) -> str:
    file = folder / "company-x.yaml"
    file.write_text(text, encoding="utf-8")
    checked = CliRunner().invoke(app, ["check", str(file)])
    assert checked.exit_code == 0, checked.stderr
    return checked.stdout


def test_each_agreement_is_named_with_its_version_and_obligations(tmp_path: Path) -> None:
    text = COMPANY_X.read_text(encoding="utf-8")
    obligations = "first-touch, persistence, leads-delivered"

    assert said_of(text, tmp_path) == f"company-x 2026-01, in force from 2026-01-01: {obligations}\n"
    assert said_of(f"year_begins: february\n{text}", tmp_path) == (
        f"company-x 2026-01, in force from 2026-01-01, years from February: {obligations}\n"
    )
