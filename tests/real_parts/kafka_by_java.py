"""Apache Kafka as a Java process of this machine."""

import base64
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.real_parts.kafka import START_SECONDS, RealKafka
from tests.real_parts.kafka_jars import jars, java
from tests.real_parts.kafka_settings import broker_settings
from tests.real_parts.loopback import HOST, free_port
from tests.real_parts.program import NotStartedError, Program

_OPTIONS: Final = (
    "-Xms128m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xshare:auto",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
)


class KafkaByJava(RealKafka):
    """A broker with its data, settings and log in the folder given; started when built.

    Beside the listener of `bootstrap`, which speaks in the clear, it has one for each protocol of `listeners` by name;
    where they listen, `addresses` says, and where clients are told to come, `advertised` if it names another place.
    """

    def __init__(
        self,
        folder: Path,
        listeners: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        format_options: Sequence[str] = (),
        advertised: Mapping[str, str] | None = None,
    ) -> None:
        self.data: Final = folder / "data"
        port, controller = free_port(), free_port()
        super().__init__(f"{HOST}:{port}")
        self._command = [java(), *_OPTIONS, "-cp", f"{jars()}/*"]
        self._settings = folder / "server.properties"
        self._program = Program([*self._command, "kafka.Kafka", str(self._settings)], folder / "kafka.log")
        protocols = {"PLAINTEXT": "PLAINTEXT", **(listeners or {})}
        self.addresses: Final = {name: f"{HOST}:{free_port()}" for name in protocols} | {"PLAINTEXT": self.bootstrap}
        shown = {**self.addresses, **(advertised or {})}
        lines = {
            **broker_settings(
                listeners=f"{_listed(self.addresses)},CONTROLLER://{HOST}:{controller}",
                advertised=_listed(shown),
                controller=f"{HOST}:{controller}",
                data=str(self.data),
                listener_map=",".join(
                    f"{name}:{protocol}" for name, protocol in {**protocols, "CONTROLLER": "PLAINTEXT"}.items()
                ),
            ),
            **(settings or {}),
        }
        self._settings.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
        self._format(format_options)
        self.start()

    def start(self) -> None:
        self._program.start(self.answers, START_SECONDS)

    def stop(self) -> None:
        self._program.stop()

    def kill(self) -> None:
        self._program.kill()

    def close(self) -> None:
        self.kill()

    def _format(self, options: Sequence[str]) -> None:
        """Make the data folder a cluster's; a KRaft broker starts on no other."""
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        done = subprocess.run(
            [
                *self._command,
                "kafka.tools.StorageTool",
                "format",
                f"--cluster-id={cluster}",
                "-c",
                self._settings,
                *options,
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=START_SECONDS,
        )
        if done.returncode:
            message = f"Kafka's data folder could not be formatted:\n{done.stdout}{done.stderr}"
            raise NotStartedError(message)


def _listed(addresses: Mapping[str, str]) -> str:
    return ",".join(f"{name}://{address}" for name, address in addresses.items())
