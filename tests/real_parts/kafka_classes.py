"""Kafka's classes as a JVM has laid them out once, kept beside the jars: whoever maps them starts in half the time.

See "Dynamic AppCDS Archive" (JEP 350). Where the file is missing, or was made by another Java, a JVM reads the jars.
"""

import fcntl
import hashlib
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.real_parts.kafka import RealKafka
from tests.real_parts.kafka_jars import jars, java


def use_classes() -> Sequence[str]:
    """Options of a JVM that is to map the classes; none if they were not kept yet."""
    kept = _file(java(), jars())
    return [f"-XX:SharedArchiveFile={kept}"] if kept.exists() else []


def keep_classes(start: Callable[[Path, Sequence[str]], RealKafka]) -> None:
    """Run a broker, started in the folder and with the options of a JVM given, to keep its classes if they were not kept yet.

    Nobody waits for it but who does it: a session beside this one has its brokers read the jars.
    """
    kept = _file(java(), jars())
    with kept.with_suffix(".lock").open("w") as lock, TemporaryDirectory(dir=kept.parent) as folder:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if kept.exists():
            return
        made = Path(folder) / kept.name
        broker = start(Path(folder), [f"-XX:ArchiveClassesAtExit={made}"])
        broker.create_topics(["once"])
        broker.stop()
        if made.exists():  # not every Java can
            made.rename(kept)


@cache
def _file(java_: str, jars_: Path) -> Path:
    built = subprocess.run([java_, "-Xinternalversion"], capture_output=True, check=True, timeout=60).stdout
    return jars_.with_name(f"{jars_.name}-{hashlib.sha256(built).hexdigest()[:12]}.jsa")
