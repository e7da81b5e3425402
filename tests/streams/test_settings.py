"""What ops set is checked before anything is opened, and what is secret stays so."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from leadsla.commands.settings import settings_page
from leadsla.main import app
from streams.kafka.connection import credentials, security
from streams.settings import SECRETS, Settings, SettingsError
from tests.real_parts.certificates import Authority, encrypted_key

SECRET = "Unforgettable-7"  # noqa: S105 - a test's
LOGIN = {"LEADSLA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "LEADSLA_SASL_USERNAME": "worker"}


def refused(variables: dict[str, str]) -> str:
    """What is said of settings that cannot be used; nothing secret is."""
    said = CliRunner().invoke(app, ["topics", "check"], env=variables)
    assert said.exit_code == 2, said.output
    assert SECRET not in said.output
    return said.output


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"LEADSLA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, "LEADSLA_SASL_USERNAME"),
        (LOGIN, "LEADSLA_SASL_PASSWORD"),
        (LOGIN | {"LEADSLA_SASL_PASSWORD": ""}, "LEADSLA_SASL_PASSWORD"),
        (LOGIN | {"LEADSLA_SASL_PASSWORD": SECRET, "LEADSLA_SASL_PASSWORD_FILE": __file__}, "LEADSLA_SASL_PASSWORD"),
        (LOGIN | {"LEADSLA_SASL_PASSWORD_FILE": "nowhere"}, "LEADSLA_SASL_PASSWORD_FILE"),
        (LOGIN | {"LEADSLA_SASL_PASSWORD_FILE": "/dev/null"}, "LEADSLA_SASL_PASSWORD_FILE"),
        (LOGIN | {"LEADSLA_SASL_PASSWORD": SECRET, "LEADSLA_SASL_MECHANISM": "GSSAPI"}, "LEADSLA_SASL_MECHANISM"),
        (LOGIN | {"LEADSLA_SASL_PASSWORD": SECRET, "LEADSLA_SSL_CA_FILE": __file__}, "LEADSLA_SECURITY_PROTOCOL"),
        ({"LEADSLA_SASL_USERNAME": "worker", "LEADSLA_SASL_PASSWORD": SECRET}, "LEADSLA_SECURITY_PROTOCOL"),
        ({"LEADSLA_SECURITY_PROTOCOL": "TLS"}, "LEADSLA_SECURITY_PROTOCOL"),
        ({"LEADSLA_SECURITY_PROTOCOL": "SSL", "LEADSLA_SSL_CA_FILE": __file__}, "LEADSLA_SSL_CA_FILE"),
        ({"LEADSLA_SECURITY_PROTOCOL": "SSL", "LEADSLA_SSL_KEY_FILE": __file__}, "LEADSLA_SSL_CERTIFICATE_FILE"),
        (
            {"LEADSLA_SECURITY_PROTOCOL": "SSL", "LEADSLA_SSL_CERTIFICATE_FILE": __file__},
            "LEADSLA_SSL_CERTIFICATE_FILE",
        ),
    ],
)
def test_settings_that_do_not_fit_are_refused_with_the_name_to_look_at(variables: dict[str, str], named: str) -> None:
    said = refused(variables)

    assert f"{named}: " in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["sasl_password", "ssl_key_password", "sasl_pasword"])
def test_the_toml_file_holds_no_secret(tmp_path: Path, name: str) -> None:
    file = tmp_path / "leadsla.toml"
    file.write_text(f'{name} = "{SECRET}"\n')

    assert f"LEADSLA_{name.upper()}: " in refused({"LEADSLA_CONFIG": str(file)})


def test_a_key_that_is_encrypted_needs_its_password_and_nobody_is_asked_for_it(tmp_path: Path) -> None:
    certificate = Authority(tmp_path, "authority").sign("worker")
    variables = {
        "LEADSLA_SECURITY_PROTOCOL": "SSL",
        "LEADSLA_SSL_CERTIFICATE_FILE": str(certificate),
        "LEADSLA_SSL_KEY_FILE": str(encrypted_key(certificate, SECRET)),
    }

    assert "LEADSLA_SSL_KEY_PASSWORD" in refused(variables)
    assert "LEADSLA_SSL_KEY_PASSWORD" in refused({**variables, "LEADSLA_SSL_KEY_PASSWORD": "another"})


def test_a_password_from_a_file_loses_the_end_of_its_line_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f" {SECRET} \r\n")
    settings = Settings(security_protocol="SASL_PLAINTEXT", sasl_username="worker", sasl_password_file=file)

    assert security(settings)["sasl_plain_password"] == f" {SECRET} "
    assert vars(credentials(settings))["password"] == f" {SECRET} "


def test_a_file_that_goes_away_is_named(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(SECRET)
    settings = Settings(security_protocol="SASL_PLAINTEXT", sasl_username="worker", sasl_password_file=file)
    file.unlink()

    with pytest.raises(SettingsError, match=r"LEADSLA_SASL_PASSWORD_FILE: .*No such file"):
        security(settings)


def test_settings_and_credentials_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**LOGIN, "LEADSLA_SASL_PASSWORD": SECRET, "LEADSLA_SSL_KEY_PASSWORD": SECRET}.items():
        monkeypatch.setenv(name, value)
    settings = Settings()

    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()} {credentials(settings)!r}"

    assert SECRET not in shown
    assert SECRET not in CliRunner().invoke(app, ["settings"]).output


def test_the_page_of_settings_says_which_are_secret() -> None:
    marked = [line.split("`")[1] for line in settings_page().splitlines() if line.endswith("**Secret.** |")]

    assert set(marked) == {f"LEADSLA_{name.upper()}" for name in SECRETS}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("batch_records = " + "[" * 20_000, "nested too deep"),
        ("batch_records = " + "{a=" * 10_000, "nested too deep"),
        ("x" * 70_000, "more than 64 KiB"),
        ("batch_records = " + "9" * 5_000, "Exceeds the limit (4300 digits)"),
        ("broker = 'x", "Expected"),
        (b"broker = '\xe4'", "can't decode byte 0xe4"),
    ],
)
def test_a_toml_file_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    file = tmp_path / "leadsla.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)

    found = refused({"LEADSLA_CONFIG": str(file)})

    assert found.startswith(f"LEADSLA_CONFIG: {file}: ")
    assert said in found
    assert found.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "said"), [("nowhere.toml", "No such file"), (".", "Is a directory"), ("/dev/zero", "KiB")]
)
def test_a_toml_file_that_is_none_is_not_passed_over(tmp_path: Path, name: str, said: str) -> None:
    assert said in refused({"LEADSLA_CONFIG": str(tmp_path / name)})


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (f"metrics_port = 0x{'f' * 20_000}", "LEADSLA_METRICS_PORT"),
        (f"batch_records = 0x{'f' * 20_000}", "LEADSLA_BATCH_RECORDS"),
        ("patience_seconds = inf", "LEADSLA_PATIENCE_SECONDS"),
        ("session_timeout_seconds = nan", "LEADSLA_SESSION_TIMEOUT_SECONDS"),
        ("keep_days = 999999999999", "LEADSLA_KEEP_DAYS"),
        ("rejected_share_records = 999999999999", "LEADSLA_REJECTED_SHARE_RECORDS"),
    ],
)
def test_a_number_that_is_no_setting_is_refused(tmp_path: Path, line: str, named: str) -> None:
    file = tmp_path / "leadsla.toml"
    file.write_text(line)

    found = refused({"LEADSLA_CONFIG": str(file)})

    assert found.startswith(f"{named}: ")
    assert len(found) < 500
