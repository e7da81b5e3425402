"""One process of Apache Kafka on this machine's Java, with its settings, data and log in a folder of its own."""

import base64
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.real_parts.kafka_classes import use_classes
from tests.real_parts.kafka_jars import jars, java
from tests.real_parts.loopback import AT_MOST
from tests.real_parts.program import NotStartedError, Program

_OPTIONS: Final = (
    "-Xms128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xshare:auto",
    "-XX:-UsePerfData",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
)


def new_cluster_id() -> str:
    """A name that no other cluster has."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


def kafka_program(
    folder: Path,
    settings: Mapping[str, str],
    cluster: str,
    format_options: Sequence[str] = (),
    memory: str = "384m",
    java_options: Sequence[str] = (),
) -> Program:
    """A broker, not yet started, whose data folder is made the cluster's; a KRaft broker starts on no other.

    Raises:
        NoKafkaError: there is no Java here, or nothing to run by it.
        NotStartedError: the data folder could not be made.

    """
    options = [*_OPTIONS, *use_classes(), f"-Xmx{memory}", "-cp", f"{jars()}/*"]
    file = folder / "server.properties"
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    done = subprocess.run(
        [java(), *options, "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", file, *format_options],
        capture_output=True,
        text=True,
        check=False,
        timeout=AT_MOST,
    )
    if done.returncode:
        message = f"Kafka's data folder could not be formatted:\n{done.stdout}{done.stderr}"
        raise NotStartedError(message)
    return Program([java(), *java_options, *options, "kafka.Kafka", str(file)], folder / "kafka.log")
