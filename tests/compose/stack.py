"""The compose file and the files beside it, as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final

from ruamel.yaml import YAML

PROJECT: Final = Path(__file__).parents[2]
DEPLOY: Final = PROJECT / "deploy"
ONCE: Final = ("topics", "build")
"""Services that do one thing and end."""

Service = Mapping[str, Any]


def load(path: Path) -> Any:
    """One YAML file."""
    with path.open(encoding="utf-8") as file:
        return YAML(typ="safe").load(file)


@cache
def compose() -> Mapping[str, Any]:
    """The compose file, its anchors resolved."""
    loaded: Mapping[str, Any] = load(PROJECT / "docker-compose.yml")
    return loaded


def services() -> Mapping[str, Service]:
    """The services by name."""
    found: Mapping[str, Service] = compose()["services"]
    return found


@dataclass(frozen=True, slots=True)
class Mount:
    """One volume of a service; the source is a named volume or a path beside the compose file."""

    source: str
    target: PurePosixPath
    read_only: bool

    @property
    def named(self) -> bool:
        """Whether the source is a volume that Docker keeps."""
        return not self.source.startswith(".")


def mounts(service: Service) -> Iterator[Mount]:
    """The volumes of a service."""
    for text in service.get("volumes", ()):
        source, target, *mode = text.split(":")
        yield Mount(source, PurePosixPath(target), mode == ["ro"])


def in_volume(service: Service, path: str | PurePosixPath, volume: str) -> PurePosixPath:
    """Where a path of the service's container lies within a named volume; AssertionError if it is outside."""
    (mount,) = (one for one in mounts(service) if one.source == volume)
    assert PurePosixPath(path).is_relative_to(mount.target), f"{path} is not in {volume}, mounted at {mount.target}"
    return PurePosixPath(path).relative_to(mount.target)


def option(service: Service, name: str) -> str:
    """The value of `--name=value` in the service's command."""
    (found,) = (word.partition("=")[2] for word in service["command"] if word.startswith(f"--{name}="))
    return str(found)
