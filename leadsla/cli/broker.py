"""Which broker, and with which settings."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.terminal import say
from sla_rules.formats import UnknownFormatError
from streams.kafka.check_connection import NotConnectedError
from streams.kafka.listening import ListeningError
from streams.kafka.topics import TopicsError
from streams.settings import SECRETS, Settings, SettingsError, variable

BrokerOption = Annotated[
    str | None, typer.Option(help="Kafka brokers, host:port, separated by commas; else those of LEADSLA_BROKER.")
]
_LONGEST_VALUE: Final = 200


def settings_of(**given: object) -> Settings:
    """The settings, with what the command line gives in front.

    Raises:
        typer.Exit: with status 2, after every wrong setting has been named.

    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except SettingsError as wrong:
        say(wrong, err=True)
        raise typer.Exit(UNABLE) from None
    except (ValidationError, ValueError, OSError) as wrong:
        if isinstance(wrong, ValidationError):
            for error in wrong.errors(include_url=False):
                name = "_".join(str(step) for step in error["loc"])
                # What stands under an unknown name may be a secret whose name is misspelt.
                shown = name in Settings.model_fields.keys() - SECRETS
                found = f", found {_written(error['input'])}" if shown else ""
                say(f"{variable(name)}: {error['msg']}{found}", err=True)
        else:
            say(f"settings: {wrong}", err=True)
        raise typer.Exit(UNABLE) from None


def quieten_client() -> None:
    """The client logs what it raises, too; a command says it once."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


@contextmanager
def asking(command: str, settings: Settings) -> Iterator[None]:
    """While a command reads what the service keeps.

    Raises:
        typer.Exit: with status 2, after saying why the topics cannot be read.

    """
    quieten_client()
    try:
        yield
    except SettingsError as wrong:
        why = str(wrong)
    except (TopicsError, KafkaError, UnknownFormatError) as wrong:
        why = f"{settings.broker}: {wrong}"
    except TimeoutError:
        why = f"{settings.broker}: no answer within {settings.request_timeout_seconds:g} s"
    else:
        return
    say(f"leadsla {command}: {why}", err=True)
    raise typer.Exit(UNABLE)


def trouble(wrong: Exception, settings: Settings) -> str:
    """What is the matter with settings, topics or the broker, as a command says it."""
    if isinstance(wrong, SettingsError):
        return str(wrong)
    if isinstance(wrong, TopicsError | NotConnectedError | ListeningError):
        return f"{settings.broker}: {wrong}"
    return f"{settings.broker}: the broker cannot be reached, or refused the records: {wrong}"


def _written(value: object) -> str:
    """As somebody wrote it; an integer may have more digits than Python writes."""
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."
