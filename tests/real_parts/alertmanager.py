"""A real Alertmanager on a loopback port, without a cluster."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.real_parts.loopback import HOST, answers, asked, free_port
from tests.real_parts.program import Program
from tests.real_parts.tools import tool


class Alertmanager:
    """The program with the configuration file given, started when built; its data lives in the folder."""

    def __init__(self, config: Path, folder: Path) -> None:
        self.address = f"{HOST}:{free_port()}"
        self._program = Program(
            [
                tool("prometheus-alertmanager", "alertmanager"),
                f"--config.file={config}",
                f"--storage.path={folder / 'data'}",
                f"--web.listen-address={self.address}",
                "--cluster.listen-address=",
                "--log.level=warn",
            ],
            folder / "alertmanager.log",
        )
        self._program.start(lambda: answers(self.address, "/-/ready"))

    def alerts(self) -> list[dict[str, Any]]:
        """The alerts it knows, with the receivers they go to."""
        found: list[dict[str, Any]] = asked(self.address, "GET", "/api/v2/alerts")
        return found

    def post(self, alerts: Sequence[Mapping[str, Any]]) -> None:
        """Hand alerts over as Prometheus would: each with `labels`, and `annotations`, `startsAt`, `endsAt` if wanted."""
        asked(self.address, "POST", "/api/v2/alerts", list(alerts))

    def stop(self) -> None:
        """End the program; stopping again does nothing."""
        self._program.stop()


StartAlertmanager = Callable[[Path], Alertmanager]
