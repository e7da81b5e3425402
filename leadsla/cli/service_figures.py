"""The figures that the running service has published, for commands that go by them."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from leadsla.cli.broker import asking
from leadsla.cli.progress import reading
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import Instant
from sla_rules.reports.topic_tallies import TopicTallies
from streams.kafka.group_memory import listens_since
from streams.partitions.kept_figures import KeptFigures, kept_figures
from streams.settings import Settings


class ServiceFigures(NamedTuple):
    """Agreements, what has been published of them in all partitions together, and how many records that are."""

    rules: RuleBook
    figures: TopicTallies
    records: int
    latest: Instant | None
    """When the newest of them was written; None where there are none."""


def service_figures(command: str, settings: Settings, agreed: Sequence[Agreement]) -> ServiceFigures:
    """What `sla-periods` says of these agreements.

    Raises:
        typer.Exit: with status 2, after saying why the topics cannot be read.

    """
    with asking(command, settings):
        kept, since = asyncio.run(_read(settings))
        rules = RuleBook(agreed, listening_since=since)
        figures = TopicTallies(rules)
        for partition, values in kept.by_partition.items():
            for value in values:
                figures.take(partition, value)
    return ServiceFigures(rules, figures, sum(map(len, kept.by_partition.values())), kept.latest)


async def _read(settings: Settings) -> tuple[KeptFigures, Mapping[str, Instant]]:
    with reading() as shown:
        kept = await kept_figures(settings, shown)
    return kept, await listens_since(settings)
