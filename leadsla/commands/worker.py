"""`leadsla worker`: fold events until told to stop."""

from pathlib import Path
from typing import Annotated, Final

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.agreements import agreements_of
from leadsla.cli.broker import BrokerOption, settings_of
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.terminal import say
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
from streams.settings import SettingsError

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


def worker(
    broker: BrokerOption = None,
    agreements: Annotated[
        Path | None, typer.Option(help="File or folder of the agreements to run; else LEADSLA_AGREEMENTS.")
    ] = None,
    metrics_port: Annotated[
        int | None, typer.Option(help="Port that /metrics is served on; 0 takes a free one.")
    ] = None,
    *,
    accept_changes: Annotated[
        bool,
        typer.Option("--accept-changes", help="Take over terms that were rewritten after they had been worked with."),
    ] = False,
) -> None:
    """Run a worker: fold events, publish breaches at their deadline, serve /metrics. More workers share the work.

    Exit status: 0 when told to stop, 1 if the broker, the topics or what was worked with before forbid to go on, or if it
    could not end within LEADSLA_STOP_WITHIN_SECONDS, 2 if a setting or an agreement is wrong.
    """
    settings = settings_of(
        broker=broker, agreements=agreements, metrics_port=metrics_port, accept_changes=accept_changes or None
    )
    loaded = agreements_of([settings.agreements])
    try:
        run_worker(settings, loaded)
    except SettingsError as wrong:
        say(f"leadsla worker: {wrong}", err=True)
        raise typer.Exit(UNABLE) from None
    except _REFUSALS as wrong:
        say(f"leadsla worker: {wrong}", err=True)
        raise typer.Exit(FAILED) from None
    except KafkaError as wrong:
        say(f"leadsla worker: {settings.broker}: {wrong}", err=True)
        raise typer.Exit(FAILED) from None
