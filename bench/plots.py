"""Plots of the kept results, into docs/pictures."""

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.progress import say

_PICTURES: Final = Path(__file__).parents[1] / "docs" / "pictures"

mpl.rcParams.update({"svg.hashsalt": "leadsla", "svg.fonttype": "none", "font.size": 9})


def bars(name: str, values: dict[str, dict[str, float]], label: str) -> None:
    """Medians with their spread; the first stands out."""
    figure = Figure((7, 0.45 * len(values) + 0.9), layout="constrained")
    axes = figure.subplots()
    medians = [one["median"] for one in values.values()]
    errors = [
        [one["median"] - one["min"] for one in values.values()],
        [one["max"] - one["median"] for one in values.values()],
    ]
    axes.barh(
        list(values),
        medians,
        xerr=errors,
        color=["#2f6f9f" if index == 0 else "#b8c4ce" for index in range(len(values))],
    )
    axes.invert_yaxis()
    axes.set_xlabel(label)
    _save(figure, name)


def lines(name: str, series: dict[str, list[dict[str, Any]]]) -> None:
    """Costs by numbers of things, a line for each thing, both scales logarithmic."""
    figure = Figure((7, 3.2), layout="constrained")
    axes = figure.subplots()
    for label, points in series.items():
        counts, costs = [one["count"] for one in points], [one["microseconds_an_event"] for one in points]
        axes.loglog(counts, costs, marker="o", markersize=3, label=label)
    axes.set_xlabel("number")
    axes.set_ylabel("µs of CPU an event")
    axes.legend(frameon=False)
    axes.grid(visible=True, which="major", alpha=0.3)
    _save(figure, name)


def _save(figure: Figure, name: str) -> None:
    file = _PICTURES / f"{name}.svg"
    figure.savefig(file, metadata={"Date": None})
    say(f"drawn: {file.relative_to(_PICTURES.parents[1])}")
