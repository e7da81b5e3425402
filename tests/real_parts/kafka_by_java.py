"""Apache Kafka as a Java process of this machine."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.real_parts.kafka import RealKafka
from tests.real_parts.kafka_node import kafka_program, new_cluster_id
from tests.real_parts.kafka_settings import broker_settings
from tests.real_parts.loopback import HOST, free_port


class KafkaByJava(RealKafka):
    """A broker with its data (if no other place is named for it), settings and log in the folder given; started when built.

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
        data: Path | None = None,
        java_options: Sequence[str] = (),
    ) -> None:
        self.data: Final = data or folder / "data"
        port, controller = free_port(), free_port()
        super().__init__(f"{HOST}:{port}")
        protocols = {"PLAINTEXT": "PLAINTEXT", **(listeners or {})}
        self.addresses: Final = {name: f"{HOST}:{free_port()}" for name in protocols} | {"PLAINTEXT": self.bootstrap}
        lines = {
            **broker_settings(
                listeners=f"{_listed(self.addresses)},CONTROLLER://{HOST}:{controller}",
                advertised=_listed({**self.addresses, **(advertised or {})}),
                controller=f"{HOST}:{controller}",
                data=str(self.data),
                listener_map=",".join(
                    f"{name}:{protocol}" for name, protocol in {**protocols, "CONTROLLER": "PLAINTEXT"}.items()
                ),
            ),
            **(settings or {}),
        }
        self.program: Final = kafka_program(folder, lines, new_cluster_id(), format_options, java_options=java_options)
        self.start()

    def start(self) -> None:
        self.program.start(self.answers)

    def stop(self) -> None:
        self.program.stop()

    def kill(self) -> None:
        self.program.kill()

    def close(self) -> None:
        self.kill()


def _listed(addresses: Mapping[str, str]) -> str:
    return ",".join(f"{name}://{address}" for name, address in addresses.items())
