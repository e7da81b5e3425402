"""A real Prometheus on a loopback port."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.real_parts.loopback import AT_MOST, HOST, answers, asked, free_port, wait_until
from tests.real_parts.program import Program
from tests.real_parts.tools import tool


@dataclass(frozen=True, slots=True)
class Sample:
    """One series of an answer and its value."""

    labels: dict[str, str]
    value: float


class Prometheus:
    """The program with the configuration file given, started when built; its data lives in the folder.

    Rule files are found from where the configuration lies, as Prometheus does it.
    """

    def __init__(self, config: Path, folder: Path) -> None:
        self.address = f"{HOST}:{free_port()}"
        self._program = Program(
            [
                tool("prometheus"),
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address={self.address}",
                "--web.enable-lifecycle",
                # The first alerts fall before it has discovered its Alertmanagers: do not wait a minute to repeat them.
                "--rules.alert.resend-delay=1s",
                "--log.level=warn",
            ],
            folder / "prometheus.log",
        )
        self._program.start(lambda: answers(self.address, "/-/ready"))

    def query(self, expression: str) -> list[Sample]:
        """The instant vector of the expression now; a scalar comes as one sample without labels."""
        data = self.get("query", query=expression)
        if data["resultType"] == "scalar":
            return [Sample({}, float(data["result"][1]))]
        return [Sample(one["metric"], float(one["value"][1])) for one in data["result"]]

    def wait_for(self, expression: str, timeout: float = AT_MOST) -> list[Sample]:
        """The expression's first answer that is not empty; AssertionError if none comes in time."""
        if not wait_until(lambda: bool(self.query(expression)), timeout, pause=0.2):
            message = f"{expression} stayed empty for {timeout:g} s"
            raise AssertionError(message)
        return self.query(expression)

    def alerts(self) -> list[dict[str, Any]]:
        """The alerts that are pending or firing, as the API tells them."""
        found: list[dict[str, Any]] = self.get("alerts")["alerts"]
        return found

    def get(self, path: str, **parameters: str) -> Any:
        """The data of one call of the HTTP API, by its path behind `/api/v1/`."""
        return asked(self.address, "GET", f"/api/v1/{path}?{urlencode(parameters)}")["data"]

    def reload(self) -> None:
        """Read configuration and rules again; AssertionError if Prometheus refuses them."""
        asked(self.address, "POST", "/-/reload")

    def stop(self) -> None:
        """End the program; stopping again does nothing."""
        self._program.stop()


StartPrometheus = Callable[[Path], Prometheus]
