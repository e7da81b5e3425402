"""`leadsla worker`: fold events until told to stop."""

from pathlib import Path
from typing import Annotated, Final

import typer
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from leadsla.agreements import agreements_of
from sla_rules.engine.quarantine import QuarantineLimitError
from sla_rules.formats import UnknownFormatError
from streams.dead_letters.limits import RejectionLimitError
from streams.faust_host.worker import run_worker
from streams.kafka.known_agreements import RewrittenError
from streams.kafka.topics import TopicsError
from streams.monitoring.web import AddressTakenError
from streams.partitions.disk_store import DataDirError
from streams.pipeline.coverage import UnaccountedError
from streams.pipeline.delivery import UndeliveredError
from streams.settings import SECRETS, Settings, SettingsError, variable

_LONGEST_VALUE: Final = 200
_REFUSALS: Final = (
    AddressTakenError,
    DataDirError,
    QuarantineLimitError,
    RejectionLimitError,
    RewrittenError,
    TopicsError,
    UnaccountedError,
    UndeliveredError,
    UnknownFormatError,
)


def settings_of(**given: object) -> Settings:
    """The settings, with what the command line gives in front.

    Raises:
        typer.Exit: with status 2, after every wrong setting has been named.

    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except SettingsError as wrong:
        typer.echo(wrong, err=True)
        raise typer.Exit(2) from None
    except (ValidationError, ValueError, OSError) as wrong:
        if isinstance(wrong, ValidationError):
            for error in wrong.errors(include_url=False):
                name = "_".join(str(step) for step in error["loc"])
                # What stands under an unknown name may be a secret whose name is misspelt.
                shown = name in Settings.model_fields.keys() - SECRETS
                found = f", found {_written(error['input'])}" if shown else ""
                typer.echo(f"{variable(name)}: {error['msg']}{found}", err=True)
        else:
            typer.echo(f"settings: {wrong}", err=True)
        raise typer.Exit(2) from None


def _written(value: object) -> str:
    """As somebody wrote it; an integer may have more digits than Python writes."""
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."


def worker(
    broker: Annotated[str | None, typer.Option(help="Kafka brokers, host:port, separated by commas.")] = None,
    agreements: Annotated[Path | None, typer.Option(help="File or folder of the agreements to run.")] = None,
    metrics_port: Annotated[
        int | None, typer.Option(help="Port that /metrics is served on; 0 takes a free one.")
    ] = None,
    *,
    accept_changes: Annotated[
        bool,
        typer.Option("--accept-changes", help="Take over terms that were rewritten after they had been worked with."),
    ] = False,
) -> None:
    """Run a worker: fold events, publish breaches at their deadline, serve /metrics. More workers share the work."""
    settings = settings_of(
        broker=broker, agreements=agreements, metrics_port=metrics_port, accept_changes=accept_changes or None
    )
    loaded = agreements_of([settings.agreements])
    try:
        run_worker(settings, loaded)
    except SettingsError as wrong:
        typer.echo(f"leadsla worker: {wrong}", err=True)
        raise typer.Exit(2) from None
    except _REFUSALS as wrong:
        typer.echo(f"leadsla worker: {wrong}", err=True)
        raise typer.Exit(1) from None
    except KafkaError as wrong:
        typer.echo(f"leadsla worker: {settings.broker}: {wrong}", err=True)
        raise typer.Exit(1) from None
