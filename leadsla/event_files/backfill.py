"""History that is published: between two marks, and maybe since when the service listens, which is told before all else."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from leadsla.cli.agreements import agreements_of
from leadsla.cli.instants import bounded_instant_of
from sla_rules.instants import Instant
from streams.clock import wall_clock
from streams.kafka.group_memory import remember, remembered
from streams.kafka.listening import records_of, told_before
from streams.settings import Settings

BackfillOption = Annotated[
    bool,
    typer.Option(
        "--backfill",
        help="The file is history: no breach of its leads is published before all of it is read, for an hour at most.",
    ),
]
ListeningOption = Annotated[
    str | None,
    typer.Option(
        "--listening-since",
        metavar="INSTANT",
        help="With --backfill: since when the service is to listen for the agreements, as 2026-03-02T09:00:00Z; periods that were "
        "over by then follow the facts.",
        show_default="the start of the first worker",
    ),
]


class Backfill(NamedTuple):
    """What is said of history beside it: for these agreements the service listens `since`, if that is given."""

    agreements: Sequence[str] = ()
    since: Instant | None = None


def backfill_of(
    settings: Settings, paths: Sequence[Path] | None, listening_since: str | None, *, backfill: bool
) -> Backfill | None:
    """What the options ask for; None where what is published is no history.

    The agreements are those of the paths, else of the settings.

    Raises:
        typer.BadParameter: `--listening-since` is no instant, lies ahead, or stands without `--backfill`.
        typer.Exit: with status 2, where an agreement file is wrong.

    """
    since = bounded_instant_of(listening_since)
    if since is None:
        return Backfill() if backfill else None
    if not backfill:
        message = "--listening-since goes with --backfill"
        raise typer.BadParameter(message)
    if since > wall_clock():
        message = f"--listening-since {listening_since} lies ahead"
        raise typer.BadParameter(message)
    agreed = agreements_of(paths or [settings.agreements])
    return Backfill(list(dict.fromkeys(one.agreement for one in agreed)), since)


async def tell_since(settings: Settings, backfill: Backfill) -> None:
    """Have the group remember since when it listens, before its first worker starts.

    Raises:
        ListeningError: a worker has served an agreement by now, or an earlier instant was told before.
        TopicsError: there is no topic that remembers.
        aiokafka.errors.KafkaError: no broker answers.

    """
    if backfill.since is not None:
        news = told_before(await remembered(settings), backfill.agreements, backfill.since)
        await remember(settings, records_of(news))
