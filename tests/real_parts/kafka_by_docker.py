"""Apache Kafka in a container, where there is Docker and no Java."""

import shutil
import subprocess
from typing import Final

from tests.real_parts.kafka import VERSION, NoKafkaError, RealKafka
from tests.real_parts.kafka_settings import broker_settings
from tests.real_parts.loopback import HOST, free_port, wait_until

_PULL_SECONDS: Final = 600


def docker(*arguments: str, timeout: float = 60) -> str:
    """What the command line of Docker printed; NoKafkaError if there is none, or if it failed."""
    found = shutil.which("docker")
    if found is None:
        message = "no docker on the PATH"
        raise NoKafkaError(message)
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False, timeout=timeout)
    if done.returncode:
        message = f"docker {arguments[0]} failed: {done.stderr.strip()}"
        raise NoKafkaError(message)
    return done.stdout.strip()


class KafkaByDocker(RealKafka):
    """A container whose own file system holds the data, so that it survives stopping and killing, not closing."""

    def __init__(self) -> None:
        docker("version", "--format", "{{.Server.Version}}")
        port = free_port()
        super().__init__(f"{HOST}:{port}")
        settings = broker_settings(
            listeners="PLAINTEXT://:9092,CONTROLLER://:9093",
            advertised=f"PLAINTEXT://{self.bootstrap}",
            controller="localhost:9093",
            data="/tmp/kafka-data",  # noqa: S108 - a path inside the container
            listener_map="PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        )
        variables = [f"--env=KAFKA_{name.replace('.', '_').upper()}={value}" for name, value in settings.items()]
        self._container = docker(
            "create",
            f"--publish={HOST}:{port}:9092",
            "--env=KAFKA_HEAP_OPTS=-Xmx384m",
            *variables,
            f"apache/kafka:{VERSION}",
            timeout=_PULL_SECONDS,
        )
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        docker("start", self._container)
        if not wait_until(self.answers, pause=0.2):
            message = f"Kafka in Docker did not answer:\n{docker('logs', '--tail', '60', self._container)}"
            raise NoKafkaError(message)

    def stop(self) -> None:
        docker("stop", self._container)

    def kill(self) -> None:
        docker("kill", self._container)

    def close(self) -> None:
        docker("rm", "--force", "--volumes", self._container)
