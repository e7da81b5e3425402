"""Panels placed left to right on Grafana's 24 columns, like words on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from grafanalib.core import GridPos

COLUMNS: Final = 24


@dataclass(frozen=True, slots=True)
class Sized:
    """A panel and the room it takes."""

    panel: Any
    width: int
    height: int


def flow(panels: Iterable[Sized]) -> list[Any]:
    """The panels with their places and numbers; a line is as high as its highest panel."""
    x = y = tallest = 0
    placed = []
    for number, sized in enumerate(panels, start=1):
        if x + sized.width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        sized.panel.gridPos = GridPos(h=sized.height, w=sized.width, x=x, y=y)
        sized.panel.id = number
        placed.append(sized.panel)
        x, tallest = x + sized.width, max(tallest, sized.height)
    return placed
