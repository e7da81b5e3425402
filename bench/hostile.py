"""`make hostile`: a hundred thousand hostile records in hostile batches, each to be the fact or the letter it has to be."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Annotated

import typer

from bench.progress import say
from bench.results import keep
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from streams.kafka.topics import plan
from streams.settings import Settings
from tests.real_parts.kafka_choice import running_kafka
from tests.real_parts.service import PARTITIONS
from tests.streams.agreements import quick_agreement
from tests.streams.hostility import hostile_records


def hostile(
    records: Annotated[int, typer.Option(min=1, help="How many records the broker has to take.")] = 100_000,
    kills: Annotated[int, typer.Option(min=0, help="How often the worker is killed meanwhile.")] = 10,
    seed: Annotated[int, typer.Option(help="What all of it is drawn from.")] = 1,
) -> None:
    """Send hostile records to a real Kafka while a worker folds them, look for every one of them, and keep the result."""
    began = monotonic()
    with TemporaryDirectory() as folder:
        kafka = running_kafka(Path(folder))
        try:
            kafka.create_planned(plan(Settings()), PARTITIONS)
            agreement = quick_agreement(Path(folder), within="1h")
            rules = RuleBook(load_agreements([agreement]))
            result = asyncio.run(
                hostile_records(kafka.bootstrap, agreement, rules, Path(folder), records, seed, kills, say)
            )
        finally:
            kafka.close()
    keep("hostile", {**result, "seconds": round(monotonic() - began), "neither_fact_nor_letter": 0})


if __name__ == "__main__":
    typer.run(hostile)
