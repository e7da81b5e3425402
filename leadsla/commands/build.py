"""`leadsla build`: boards, rules and the Alertmanager's configuration from the agreement files."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dashboards.alertmanager import NoReceiverError, unreachable
from dashboards.generate import generate
from dashboards.settings import (
    GRAFANA_URL,
    PROMETHEUS_URL,
    RUNBOOK_URL,
    Settings,
    Smtp,
    UnusableAddressError,
    operators,
)
from dashboards.versions import merged
from leadsla.cli.agreements import AgreementPaths
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.generated import GENERATED
from leadsla.cli.language import LangOption, voice_of
from leadsla.cli.operations import OpsEmails, OpsWebhooks
from leadsla.console import Console
from sla_rules.agreement.file import AgreementErrors, load_agreements
from sla_rules.agreement.rulebook import digest_of
from sla_rules.instants import moment
from sla_rules.notation import date_of
from streams.clock import wall_clock


def build(
    agreements: AgreementPaths = None,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("generated"),
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 and show what differs from the files on disk.")
    ] = False,
    grafana_url: Annotated[str, typer.Option(help="Where alerts link to boards.")] = GRAFANA_URL,
    prometheus_url: Annotated[str, typer.Option(help="Where boards link to alerts.")] = PROMETHEUS_URL,
    runbook_url: Annotated[str, typer.Option(help="Page that says what to do about each alert.")] = RUNBOOK_URL,
    ops_webhook: OpsWebhooks = None,
    ops_email: OpsEmails = None,
    watchdog_webhook: Annotated[
        str | None, typer.Option(help="Dead man's switch that the watchdog alert keeps calling.")
    ] = None,
    smtp_smarthost: Annotated[str | None, typer.Option(help="host:port of the mail server; e-mail needs it.")] = None,
    smtp_from: Annotated[str, typer.Option(help="Sender of e-mails.")] = "leadsla@localhost",
    smtp_username: Annotated[str | None, typer.Option(help="Login at the mail server.")] = None,
    smtp_password_file: Annotated[
        str | None, typer.Option(help="File with its password, on the Alertmanager's machine.")
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Build as on this day, as 2026-11-28: quiet hours know the dates of its year, the one before and two after.",
            show_default="the day it is",
        ),
    ] = None,
    lang: LangOption = None,
) -> None:
    """Write Grafana boards, Prometheus rules with their tests, and the Alertmanager's configuration.

    Exit status: 0, 1 if --check finds that files differ, 2 if an agreement or an option is wrong.
    """
    day = moment(wall_clock()).date() if today is None else _day_of(today)
    console, problems = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
    try:
        agreed = load_agreements(agreements or [Path("agreements")])
        settings = Settings(
            day,
            digest=digest_of(agreed),
            grafana_url=grafana_url,
            prometheus_url=prometheus_url,
            runbook_url=runbook_url,
            operations=operators(ops_webhook or (), ops_email or ()),
            watchdog_webhook=watchdog_webhook,
            smtp=Smtp(smtp_smarthost, smtp_from, smtp_username, smtp_password_file) if smtp_smarthost else None,
        )
        files = generate(agreed, settings)
    except (AgreementErrors, NoReceiverError, UnusableAddressError) as wrong:
        problems.print(escape(str(wrong)), highlight=False)
        raise typer.Exit(UNABLE) from None
    if not settings.operations:
        problems.print(f"[yellow]{escape(voice_of(lang).text('no-operations'))}[/yellow]", highlight=False)
    for warning in unreachable(merged(agreed), settings):
        problems.print(f"[yellow]{escape(warning)}[/yellow]", highlight=False)
    stale = sorted(_stale(out, files))
    if check:
        _report(console, out, files, stale)
        return
    for path in stale:
        path.unlink()
        console.print(f"[red]removed[/red] {escape(str(path))}", highlight=False)
    for name, text in files.items():
        _write(console, out / name, text)


def _day_of(text: str) -> date:
    try:
        return date_of(text)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--today") from None


def _stale(out: Path, files: Mapping[str, str]) -> Iterable[Path]:
    """Files of an agreement that is gone: left behind, its rules would go on paging."""
    for pattern in GENERATED:
        for path in out.glob(pattern):
            if path.relative_to(out).as_posix() not in files:
                yield path


def _write(console: Console, path: Path, text: str) -> None:
    """Prometheus may be reading: files that are right already are left alone."""
    if _on_disk(path) == text:
        console.print(f"[dim]unchanged {escape(str(path))}[/dim]", highlight=False)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    console.print(f"[green]wrote[/green] {escape(str(path))}", highlight=False)


def _report(console: Console, out: Path, files: Mapping[str, str], stale: Iterable[Path]) -> None:
    differences = [
        *(_difference(out / name, _on_disk(out / name) or "", text) for name, text in files.items()),
        *(_difference(path, _on_disk(path) or "", "") for path in stale),
    ]
    shown = "".join(differences)
    if shown:
        console.print(shown, markup=False, highlight=False, end="")
        raise typer.Exit(FAILED)
    console.print(f"{len(files)} files in {escape(str(out))} are what the agreements say", highlight=False)


def _difference(path: Path, before: str, after: str) -> str:
    lines = unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"{path} (on disk)", f"{path} (agreed)"
    )
    return "".join(lines)


def _on_disk(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
