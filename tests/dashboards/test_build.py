"""The command, run as its users do; the golden files are what it writes for the example agreement.

After a wanted change, write them anew: `leadsla build agreements/company-x.yaml --today 2026-11-28 --out tests/dashboards/golden`
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from leadsla.commands.build import build
from leadsla.main import app
from tests.dashboards.conftest import COMPANY_X, RICH, TODAY

GOLDEN = Path(__file__).parent / "golden"

Command = Callable[..., Result]


@pytest.fixture
def command() -> Command:
    app = typer.Typer()
    app.command()(build)

    def run(*arguments: str | Path | date) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run


def written(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_the_example_agreement_gives_the_golden_files(command: Command) -> None:
    result = command(COMPANY_X, "--today", TODAY, "--out", GOLDEN, "--check")

    assert result.exit_code == 0, result.output


def test_all_files_are_written_and_named(command: Command, tmp_path: Path) -> None:
    result = command(COMPANY_X, "--out", tmp_path)

    assert result.exit_code == 0
    assert list(written(tmp_path)) == [
        "alertmanager/alertmanager.yaml",
        "grafana/company-x.json",
        "grafana/leadsla.json",
        "prometheus/rules/company-x.yaml",
        "prometheus/rules/leadsla.yaml",
        "prometheus/tests/company-x.yaml",
        "prometheus/tests/leadsla.yaml",
    ]
    assert all(name in result.stdout for name in written(tmp_path))


def test_check_accepts_what_build_wrote(command: Command, tmp_path: Path) -> None:
    command(COMPANY_X, "--out", tmp_path)

    result = command(COMPANY_X, "--out", tmp_path, "--check")

    assert result.exit_code == 0


def test_files_are_out_of_date_in_a_new_year_and_not_on_a_new_day(command: Command, tmp_path: Path) -> None:
    def checked(day: str) -> Result:
        return command(COMPANY_X, "--today", day, "--out", tmp_path, "--check")

    command(COMPANY_X, "--today", "2026-01-01", "--out", tmp_path)

    assert [checked(day).exit_code for day in ("2026-01-01", "2026-12-31", "2027-01-01")] == [0, 0, 1]
    assert "known until 2029-12-31" in checked("2027-01-01").output


@pytest.mark.parametrize("day", ["tomorrow", "28.11.2026", "2026-02-30", "9999-01-01", "0001-01-01", ""])
def test_a_day_that_is_none_is_refused(command: Command, tmp_path: Path, day: str) -> None:
    result = command(COMPANY_X, "--today", day, "--out", tmp_path)

    assert result.exit_code == 2
    assert "--today" in result.output
    assert not written(tmp_path)


def test_check_shows_what_differs_and_writes_nothing(command: Command, tmp_path: Path) -> None:
    command(COMPANY_X, "--out", tmp_path)
    rules = tmp_path / "prometheus" / "rules" / "company-x.yaml"
    edited = rules.read_text().replace(">= 5", ">= 6")
    rules.write_text(edited)

    result = command(COMPANY_X, "--out", tmp_path, "--check")

    assert result.exit_code == 1
    assert ">= 6" in result.stdout
    assert ">= 5" in result.stdout
    assert rules.read_text() == edited


def test_check_notices_a_file_that_is_missing_and_one_too_many(command: Command, tmp_path: Path) -> None:
    command(COMPANY_X, "--out", tmp_path)
    (tmp_path / "grafana" / "company-x.json").unlink()
    (tmp_path / "prometheus" / "rules" / "gone.yaml").write_text("groups: []\n")

    result = command(COMPANY_X, "--out", tmp_path, "--check")

    assert result.exit_code == 1
    assert "company-x.json" in result.stdout
    assert "-groups: []" in result.stdout


def test_files_of_an_agreement_that_is_gone_are_taken_away_and_others_left(command: Command, tmp_path: Path) -> None:
    rich = tmp_path / "rich.yaml"
    rich.write_text(RICH)
    out = tmp_path / "out"
    command(COMPANY_X, rich, "--out", out)
    (out / "prometheus" / "prometheus.yml").write_text("mine\n")

    result = command(COMPANY_X, "--out", out)

    assert result.exit_code == 0
    assert not [name for name in written(out) if "acme" in name]
    assert (out / "prometheus" / "prometheus.yml").exists()


def test_addresses_given_stand_in_the_files(command: Command, tmp_path: Path) -> None:
    command(
        *(COMPANY_X, "--out", tmp_path, "--grafana-url", "https://grafana.x", "--prometheus-url", "https://prom.x"),
        *("--runbook-url", "https://docs.x/runbook", "--ops-webhook", "https://ops.x/hook"),
        *("--ops-webhook", "https://ops.x/other", "--ops-email", "ops@x.example"),
        *("--watchdog-webhook", "https://dead.x/man", "--smtp-smarthost", "mail.x:587", "--smtp-from", "sla@x.example"),
    )
    files = written(tmp_path)

    assert "https://grafana.x/d/leadsla-company-x" in files["prometheus/rules/company-x.yaml"]
    assert "https://docs.x/runbook#leadslaoverdueleads" in files["prometheus/rules/company-x.yaml"]
    assert "https://prom.x/alerts" in files["grafana/company-x.json"]
    alertmanager = files["alertmanager/alertmanager.yaml"]
    ops = "https://ops.x/hook", "https://ops.x/other", "ops@x.example"
    for address in (*ops, "https://dead.x/man", "mail.x:587", "ana@company-x.example"):
        assert address in alertmanager


def test_a_wrong_agreement_ends_with_its_lines_and_writes_nothing(command: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("agreement: x\nversoin: 1\n")

    result = command(wrong, "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert "wrong.yaml:2" in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_agreement_cannot_take_the_name_of_the_shared_files(command: Command, tmp_path: Path) -> None:
    clash = tmp_path / "clash.yaml"
    clash.write_text(COMPANY_X.read_text().replace("agreement: company-x", "agreement: leadsla"))

    result = command(clash, "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert "leadsla" in result.stderr


@pytest.mark.parametrize(
    ("named", "is_said"),
    [({}, True), ({"LEADSLA_OPS_WEBHOOK": "https://ops.x/hook https://ops.x/other"}, False)],
    ids=["nobody", "in the environment"],
)
def test_that_nobody_hears_of_the_service_itself_is_said_in_one_note(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: Mapping[str, str], is_said: object
) -> None:
    for variable, value in named.items():
        monkeypatch.setenv(variable, value)

    built = command(COMPANY_X, "--out", tmp_path)
    checked = CliRunner().invoke(app, ["check", str(COMPANY_X)])

    for result in (built, checked):
        assert result.exit_code == 0
        notes = [line for line in result.stderr.splitlines() if "--ops-email" in line]
        assert len(notes) == bool(is_said)
    assert ("https://ops.x/other" in written(tmp_path)["alertmanager/alertmanager.yaml"]) is not is_said


def test_an_operator_by_e_mail_without_a_mail_server_is_refused(command: Command, tmp_path: Path) -> None:
    result = command(COMPANY_X, "--out", tmp_path, "--ops-email", "ops@x.example")

    assert result.exit_code == 2
    assert "no mail server" in result.stderr
    assert written(tmp_path) == {}


def test_parties_that_no_alert_reaches_are_named(command: Command, tmp_path: Path) -> None:
    rich = tmp_path / "rich.yaml"
    rich.write_text(RICH)

    result = command(rich, "--out", tmp_path / "out")

    assert result.exit_code == 0
    assert "no alert reaches Customer service" in result.stderr
