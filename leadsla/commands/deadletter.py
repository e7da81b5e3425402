"""`leadsla deadletter`: list, show and replay the records that could not be read."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from aiokafka.errors import KafkaError

from leadsla.cli.agreements import WordsOption, agreements_of
from leadsla.cli.broker import BrokerOption, asking, settings_of
from leadsla.cli.exit_codes import FAILED
from leadsla.cli.instants import instant_of
from leadsla.cli.json_output import json_option
from leadsla.cli.progress import progress
from leadsla.cli.terminal import say, say_json
from leadsla.dead_letters.listing import listed_of, print_lines, show_listed
from leadsla.dead_letters.page import letters_at, page_of
from leadsla.dead_letters.replay import Replay, Tally
from leadsla.dead_letters.selection import Selection, Shown
from leadsla.dead_letters.summary import show_fate, show_tally
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.names import INPUT_TOPICS, REJECTED_TOPIC
from streams.dead_letters.topic import DeadLetterTopic, dead_letter_topic
from streams.kafka.topics import partition_counts
from streams.settings import Settings

USUAL_LIMIT: Final = 50

Reasons = Annotated[
    list[str] | None, typer.Option("--reason", help="Only letters with this reason; may be given several times.")
]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", help="Only records of this topic; may be given several times.")
]
Partition = Annotated[int | None, typer.Option(min=0, help="Only records of this partition of their own topic.")]
Since = Annotated[
    str | None,
    typer.Option(metavar="INSTANT", help="Only letters dead-lettered then or later, as 2026-03-14T15:04:54Z."),
]
Until = Annotated[str | None, typer.Option(metavar="INSTANT", help="Only letters dead-lettered before.")]
Key = Annotated[str | None, typer.Option(help="Only records with this key: the lead id as the sender wrote it.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the newest so many.")]

dead_letters = typer.Typer(
    help="See what could not be read and was dead-lettered in `leadsla-rejected`, and send it again once it can be.",
    no_args_is_help=True,
)


@dead_letters.command("list")
def list_letters(
    broker: BrokerOption = None,
    reason: Reasons = None,
    topic: Topics = None,
    partition: Partition = None,
    since: Since = None,
    until: Until = None,
    key: Key = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Only the newest so many.", show_default=f"{USUAL_LIMIT}; all with --json"),
    ] = None,
    *,
    as_json: Annotated[bool, json_option("one JSON object a letter, with its bytes")] = False,
) -> None:
    """List dead letters, newest last, and count them by topic and reason.

    Exit status: 0, 2 without a broker.
    """
    selection = _selection(reason, topic, partition, since, until, key)

    async def answer(dead: DeadLetterTopic, _: Settings) -> None:
        with _bar("reading", len(dead), beside_lines=as_json) as shown:
            if as_json:
                await print_lines(dead, selection, limit, shown)
                return
            listed = await listed_of(dead, selection, limit or USUAL_LIMIT, shown)
        show_listed(listed)

    _answer("list", broker, answer)


@dead_letters.command()
def show(
    topic: Annotated[
        str,
        typer.Argument(
            metavar="TOPIC", help=f"Topic of the record; {REJECTED_TOPIC} names a letter by its own place there."
        ),
    ],
    partition: Annotated[int, typer.Argument(metavar="PARTITION", min=0, help="Its partition there.")],
    offset: Annotated[int, typer.Argument(metavar="OFFSET", min=0, help="Its offset there.")],
    broker: BrokerOption = None,
    *,
    raw: Annotated[bool, typer.Option("--raw", help="Write the original bytes alone, as they are.")] = False,
) -> None:
    """Show one record that was dead-lettered: why, its headers, and its bytes as JSON or as a dump.

    Exit status: 0, 1 if there is no such letter, 2 without a broker.
    """

    async def answer(dead: DeadLetterTopic, _: Settings) -> None:
        letters = await letters_at(dead, topic, partition, offset)
        if not letters:
            say(f"leadsla deadletter show: no dead letter of {topic}, {partition}, {offset}", err=True)
            raise typer.Exit(FAILED)
        if raw:
            sys.stdout.buffer.write(letters[-1].value or b"")
            sys.stdout.buffer.flush()
            return
        say("\n".join(page_of(letters[-1])))
        if len(letters) > 1:
            say(f"\ndead-lettered {len(letters)} times: the last is shown", err=True)

    _answer("show", broker, answer)


@dead_letters.command()
def replay(
    broker: BrokerOption = None,
    reason: Reasons = None,
    topic: Topics = None,
    partition: Partition = None,
    since: Since = None,
    until: Until = None,
    key: Key = None,
    limit: Limit = None,
    *,
    agreements: WordsOption = None,
    even_if_rejected: Annotated[
        bool, typer.Option("--even-if-rejected", help="Send also what would be dead-lettered again.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, json_option("the summary as JSON on stdout")] = False,
) -> None:
    """Send dead letters again: the original bytes, headers and key, to the topic they came from.

    Each is read first as the service would read it now, and sent only if it is
    taken. What other subjects than leads and remedies are taken for depends on
    the agreements that it works by: name them. Letters stay where they are and
    nothing marks them as sent: facts are joined by their ids, so sending them
    twice does no harm. To the service they arrive now, and happened when they say.

    Exit status: 0 all meant were sent, 1 some were not, 2 without a broker.
    """
    selection = _selection(reason, topic, partition, since, until, key)
    rules = RuleBook(agreements_of(agreements)) if agreements else None

    async def answer(dead: DeadLetterTopic, settings: Settings) -> None:
        partitions = await partition_counts(settings, INPUT_TOPICS)
        places = None
        if limit is not None:
            with _bar("reading", len(dead)) as shown:
                places = await selection.newest(dead, limit, shown)
        again = Replay(dead, selection, partitions, settings, even_if_rejected, rules, places)
        telling = dry_run and not as_json
        with _bar("reading", len(dead), beside_lines=telling) as shown:
            tally = await again.plan(shown, show_fate if telling else None)
        if not dry_run and tally.sent:
            if not yes:
                show_tally(tally, "to send", err=True)
                typer.confirm(f"Send {tally.sent.total():,} records to {settings.broker}?", abort=True, err=True)
            tally = await _sent(again, len(dead), settings)
        if as_json:
            say_json(json.dumps({**tally.as_json(), "dry_run": dry_run}))
        else:
            show_tally(tally, "would be sent" if dry_run else "sent")
        if tally.left:
            raise typer.Exit(FAILED)

    _answer("replay", broker, answer)


async def _sent(again: Replay, letters: int, settings: Settings) -> Tally:
    tally = Tally()
    try:
        with _bar("sending", letters) as shown:
            await again.send(shown, tally)
    except KafkaError as wrong:
        say(
            f"leadsla deadletter replay: {settings.broker}: {wrong}; {tally.sent.total():,} records may have been sent."
            " Send all of them again: that does no harm",
            err=True,
        )
        raise typer.Exit(FAILED) from None
    return tally


def _selection(
    reason: list[str] | None,
    topic: list[str] | None,
    partition: int | None,
    since: str | None,
    until: str | None,
    key: str | None,
) -> Selection:
    return Selection(
        frozenset(reason or ()),
        frozenset(topic or ()),
        partition,
        None if since is None else instant_of(since),
        None if until is None else instant_of(until),
        None if key is None else key.encode(),
    )


def _answer(command: str, broker: str | None, answer: Callable[[DeadLetterTopic, Settings], Awaitable[None]]) -> None:
    """Open the rejected topic and answer from it; what the broker refuses is said in one sentence."""
    settings = settings_of(broker=broker)

    async def opened() -> None:
        async with dead_letter_topic(settings) as dead:
            await answer(dead, settings)

    with asking(f"deadletter {command}", settings):
        asyncio.run(opened())


@contextmanager
def _bar(doing: str, letters: int, *, beside_lines: bool = False) -> Iterator[Shown]:
    with progress(beside_lines=beside_lines) as bar:
        task = bar.add_task(doing, total=letters, done="")
        yield lambda done: bar.update(task, completed=done, done=f"{done:,} letters")
