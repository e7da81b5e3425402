"""`make soak`: workers killed under load, many times, and every topic compared with the pure fold of all events."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Annotated

import typer

from bench.progress import say
from bench.results import keep
from streams.settings import Settings
from streams.topics import plan
from tests.real_parts.kafka_choice import running_kafka
from tests.real_parts.service import PARTITIONS
from tests.streams.agreements import quick_agreement
from tests.streams.crashing import killed_under_load


def soak(
    kills: Annotated[int, typer.Option(min=1, help="How often a worker is killed.")] = 30,
    seed: Annotated[int, typer.Option(help="What the moments and the events are drawn from.")] = 1,
) -> None:
    """Kill workers under load, compare every topic with the pure fold of all events, and keep the result."""
    began = monotonic()
    with TemporaryDirectory() as folder:
        kafka = running_kafka(Path(folder))
        try:
            for name, config in plan(Settings()).items():
                kept = {key.replace(".", "_"): value for key, value in config.items()}
                kafka.create_topics([name], PARTITIONS, **kept)
            agreement = quick_agreement(Path(folder))
            records = asyncio.run(killed_under_load(kafka.bootstrap, agreement, Path(folder), kills, seed, say))
        finally:
            kafka.close()
    keep(
        "soak",
        {
            "workers": 2,
            "kills": kills,
            "seed": seed,
            "events": records,
            "seconds": round(monotonic() - began),
            "compared": "standing breaches, figures, shares and facts of every lead",
            "differences": 0,
        },
    )


if __name__ == "__main__":
    typer.run(soak)
