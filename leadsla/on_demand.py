"""Commands that are imported when they are called: a worker starts without what draws boards."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group


class OnDemand(Mapping[str, Any]):
    """Commands by name. Where each lies is written `module:name`; it may be a function, or a Typer with commands of its own."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def __getitem__(self, name: str) -> Any:
        """The command, imported by now; KeyError if there is none of this name."""
        return _command(name, self._places[name])

    def __iter__(self) -> Iterator[str]:
        """Names in the order they were given."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)


@cache
def _command(name: str, place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name = name
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)


def group_of(places: Mapping[str, str]) -> type[TyperGroup]:
    """A group of these commands, for `typer.Typer(cls=...)`."""

    class Group(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands = OnDemand(places)  # type: ignore[assignment]  # nothing is added to them

    return Group
