"""Panels in the form that Grafana reads today.

grafanalib 0.7.1 writes the forms of Grafana 6 to 9. Its time series, stat, bar chart, text and row are right once a few
fields are added; its bar gauge is not, so there is one here. `normalise` takes out what is left of old fields.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grafanalib import core

Json = dict[str, Any]
Step = tuple[float | None, str]
"""From this value on, this colour; the first begins at None, which is minus infinity."""

DATASOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
GOOD: Final = "green"
BAD: Final = "red"
TARGET: Final = "orange"
MAIN: Final = "blue"
PLAIN: Final[Sequence[Step]] = ((None, MAIN),)


@dataclass(frozen=True, slots=True)
class Query:
    """What to ask and what to call the answer."""

    expr: str
    legend: str = ""
    table: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """How the series of one legend is drawn."""

    colour: str
    dashed: bool = False
    stepped: bool = False
    shades: bool = False
    """For all legends that end so, in shades of the colour."""


def row(title: str) -> Any:
    """A heading across the board."""
    return core.RowPanel(title=title)


def text(title: str, markdown: str) -> Any:
    """Words."""
    return core.Text(title=title, content=markdown, dataSource=None)


def lines(
    title: str,
    description: str,
    queries: Sequence[Query],
    unit: str,
    *,
    looks: Mapping[str, Line] | None = None,
    stacked: bool = False,
    maximum: int | None = None,
    decimals: int | None = None,
) -> Any:
    """Values over time, from zero up; a target is one of the lines, dashed."""
    return core.TimeSeries(
        title=title,
        description=description,
        dataSource=DATASOURCE,
        targets=_targets(queries, instant=False),
        unit=unit,
        valueMin=0,
        valueMax=maximum,
        valueDecimals=decimals,
        lineWidth=2,
        fillOpacity=25 if stacked else 8,
        showPoints="never",
        stacking={"mode": "normal" if stacked else "none", "group": "A"},
        tooltipMode="multi",
        tooltipSort="desc",
        thresholds=_steps(PLAIN),
        overrides=[_look(legend, look) for legend, look in (looks or {}).items()],
        extraJson={"options": {"legend": {"showLegend": True}}},
    )


def stat(
    title: str,
    description: str,
    queries: Sequence[Query],
    unit: str,
    *,
    steps: Sequence[Step] = PLAIN,
    decimals: int | None = None,
    nothing: str = "nothing yet",
) -> Any:
    """The latest values in large print, coloured by the agreed target."""
    return core.Stat(
        title=title,
        description=description,
        dataSource=DATASOURCE,
        targets=_targets(queries, instant=True),
        format=unit,
        color={"mode": "thresholds"},
        decimals=decimals,
        noValue=nothing,
        reduceCalc="lastNotNull",
        graphMode="none",
        textMode="value_and_name" if len(queries) > 1 or "{{" in queries[0].legend else "value",
        orientation="vertical",
        thresholds=_steps(steps),
        extraJson={"options": {"wideLayout": True, "showPercentChange": False, "percentChangeColorMode": "standard"}},
    )


def bars(
    title: str,
    description: str,
    queries: Sequence[Query],
    unit: str,
    *,
    steps: Sequence[Step] = PLAIN,
    maximum: float | None = None,
    colours: Mapping[str, str] | None = None,
    decimals: int | None = None,
    nothing: str = "nothing yet",
) -> Any:
    """Values side by side, each as a bar."""
    return BarGauge(
        title=title,
        description=description,
        dataSource=DATASOURCE,
        targets=_targets(queries, instant=True),
        thresholds=_steps(steps),
        extraJson={
            "fieldConfig": {
                "defaults": {"unit": unit, "max": maximum, "decimals": decimals, "noValue": nothing},
                "overrides": [
                    _override(legend, color={"mode": "fixed", "fixedColor": colour})
                    for legend, colour in (colours or {}).items()
                ],
            }
        },
    )


def chart(
    title: str,
    description: str,
    queries: Sequence[Query],
    unit: str,
    *,
    along: str,
    transformations: Sequence[Json],
    colours: Mapping[str, str],
) -> Any:
    """Bars along a field that is no time, from tables."""
    return core.BarChart(
        title=title,
        description=description,
        dataSource=DATASOURCE,
        targets=_targets(queries, instant=True),
        transformations=list(transformations),
        showValue="never",
        tooltipMode="multi",
        thresholdSteps=_steps(PLAIN),
        overrides=[
            _override(legend, color={"mode": "fixed", "fixedColor": colour}) for legend, colour in colours.items()
        ],
        extraJson={"options": {"xField": along}, "fieldConfig": {"defaults": {"unit": unit, "min": 0}}},
    )


class BarGauge(core.Panel):  # type: ignore[misc]
    """Bars with their values, in the form since Grafana 7; the library's own is older and loses unit and range."""

    def to_json_data(self) -> Json:
        """As the library's encoder asks for it."""
        panel: Json = self.panel_json(
            {
                "type": "bargauge",
                "fieldConfig": {
                    "defaults": {"color": {"mode": "thresholds"}, "min": 0, "mappings": []},
                    "overrides": [],
                },
                "options": {
                    "displayMode": "basic",
                    "orientation": "horizontal",
                    "showUnfilled": True,
                    "valueMode": "text",
                    "namePlacement": "top",
                    "text": {"titleSize": 13, "valueSize": 18},
                    "sizing": "auto",
                    "minVizWidth": 8,
                    "minVizHeight": 16,
                    "maxVizHeight": 60,
                    "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
                    "legend": {"showLegend": False, "displayMode": "list", "placement": "bottom", "calcs": []},
                },
            }
        )
        return panel


def _targets(queries: Sequence[Query], *, instant: bool) -> list[Any]:
    return [
        core.Target(
            expr=query.expr,
            legendFormat=query.legend,
            refId=chr(ord("A") + number),
            instant=instant,
            format="table" if query.table else "time_series",
            datasource=DATASOURCE,
        )
        for number, query in enumerate(queries)
    ]


def _steps(steps: Sequence[Step]) -> list[Json]:
    return [{"value": value, "color": colour} for value, colour in steps]


def _look(legend: str, look: Line) -> Json:
    properties: Json = {"color": {"mode": "shades" if look.shades else "fixed", "fixedColor": look.colour}}
    if look.dashed:
        properties |= {"custom.lineStyle": {"fill": "dash", "dash": [10, 8]}, "custom.fillOpacity": 0}
        properties |= {"custom.stacking": {"mode": "none", "group": "A"}}
    if look.stepped:
        properties["custom.lineInterpolation"] = "stepAfter"
    override = _override(legend, **properties)
    if look.shades:
        override["matcher"] = {"id": "byRegexp", "options": f"/{legend}$/"}
    return override


def _override(legend: str, **properties: Any) -> Json:
    return {
        "matcher": {"id": "byName", "options": legend},
        "properties": [{"id": name, "value": value} for name, value in properties.items()],
    }
