"""`leadsla topics`: create the topics the service lives on, or check them."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.broker import BrokerOption, settings_of
from leadsla.cli.exit_codes import FAILED, UNABLE
from leadsla.cli.terminal import say
from streams.kafka.known_topics import accept_topics
from streams.kafka.topic_settings import wrong_settings
from streams.kafka.topics import TopicsError, check_topics, create_topics
from streams.settings import Settings, SettingsError

topics = typer.Typer(help="Create or check the topics the service lives on.", no_args_is_help=True)


@topics.command()
def create(
    broker: BrokerOption = None,
    partitions: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Partitions of every topic; as many workers can share them.",
            show_default="as many as the topics that are there have, or 4",
        ),
    ] = None,
    replication: Annotated[int, typer.Option(min=1, help="Copies of every partition; 3 in production.")] = 1,
) -> None:
    """Create the topics that are not there yet.

    Exit status: 0, 1 if the broker refuses or cannot be reached, 2 if a setting is wrong.
    """
    settings = settings_of(broker=broker)
    created = _answer(settings, create_topics(settings, partitions, replication))
    say(f"created: {', '.join(created) or 'nothing, all were there'}")


@topics.command()
def check(broker: BrokerOption = None) -> None:
    """Check that every topic is there, that partition counts agree, and that each is kept as it has to be.

    Exit status: 0, 1 if a topic is not as it has to be or the broker cannot be reached, 2 if a setting is wrong.
    """
    settings = settings_of(broker=broker)
    partitions = _answer(settings, check_topics(settings))
    if wrong := _answer(settings, wrong_settings(settings)):
        say("\n".join(wrong), err=True)
        raise typer.Exit(FAILED)
    say(f"all topics are there, with {partitions} partitions each, and kept as they have to be")


@topics.command()
def accept(broker: BrokerOption = None) -> None:
    """Go on with topics that were restored, made again or moved to another number of partitions, as they are now.

    Workers refuse to start on a changelog that lost leads, and on topics with another number of partitions than leads lie
    by. This says that nothing is missing any more. No worker may run meanwhile.

    Exit status: 0, 1 if a topic is not there or the broker cannot be reached, 2 if a setting is wrong.
    """
    settings = settings_of(broker=broker)
    _answer(settings, check_topics(settings))
    accepted = _answer(settings, accept_topics(settings))
    say(f"accepted: {', '.join(accepted) or 'nothing, all were known like this'}")


def _answer(settings: Settings, question: Coroutine[Any, Any, Any]) -> Any:
    try:
        return asyncio.run(question)
    except SettingsError as wrong:
        say(f"leadsla topics: {wrong}", err=True)
        raise typer.Exit(UNABLE) from None
    except (TopicsError, KafkaError) as wrong:
        say(f"leadsla topics: {settings.broker}: {wrong}", err=True)
        raise typer.Exit(FAILED) from None
