"""What all boards have in common: variables, links, the time they open at."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from grafanalib import core

from dashboards.layout import Sized, flow
from dashboards.normalise import board_text
from dashboards.settings import Settings
from sla_rules.notation import MONTHS, Granularity, Month

TAG: Final = "leadsla"
SPANS: Final = (
    ("Last 24 hours", "now-24h", "now"),
    ("Last 7 days", "now-7d", "now"),
    ("This month", "now/M", "now/M"),
)
FISCAL_SPANS: Final[Mapping[Granularity, tuple[str, str, str]]] = {
    "quarter": ("This quarter", "now/fQ", "now/fQ"),
    "year": ("This year", "now/fy", "now/fy"),
}
"""For agreements that count by them."""


def board(
    uid: str,
    title: str,
    description: str,
    time_zone: str,
    variables: Sequence[Any],
    panels: Iterable[Sized],
    settings: Settings,
    intervals: Collection[Granularity] = (),
    year_begins: Month = MONTHS[0],
) -> str:
    """The file of a board; it offers the quarter and the year where they are among the intervals counted by."""
    spans = [*SPANS, *(span for interval, span in FISCAL_SPANS.items() if interval in intervals)]
    return board_text(
        core.Dashboard(
            uid=uid,
            title=title,
            description=description,
            tags=[TAG],
            timezone=time_zone,
            time=core.Time("now/M", "now/M"),
            timePicker=core.TimePicker(refreshIntervals=["10s", "30s", "1m", "5m", "15m", "1h"], timeOptions=[]),
            refresh="1m",
            graphTooltip=core.GRAPH_TOOLTIP_MODE_SHARED_CROSSHAIR,
            links=list(_links(uid, spans, settings)),
            templating=core.Templating(list=[_datasource(), *variables]),
            panels=flow(panels),
            editable=False,
        ),
        year_begins,
    )


def choice(name: str, label: str, options: Sequence[str], default: str) -> Any:
    """A variable with fixed values of which one is chosen."""
    return core.Template(name=name, label=label, query=",".join(options), default=default, type="custom", refresh=0)


def several(name: str, label: str, options: Sequence[str]) -> Any:
    """A variable with fixed values of which any number is chosen, at first all."""
    return core.Template(
        name=name,
        label=label,
        query=",".join(options),
        type="custom",
        includeAll=True,
        allValue=".*",
        multi=True,
        refresh=0,
        options=[
            {"text": "All", "value": "$__all", "selected": True},
            *({"text": option, "value": option, "selected": False} for option in options),
        ],
    )


def _datasource() -> Any:
    return core.Template(name="datasource", label="Prometheus", query="prometheus", type="datasource", refresh=1)


def _links(uid: str, spans: Iterable[tuple[str, str, str]], settings: Settings) -> Iterable[Any]:
    yield core.DashboardLink(type="dashboards", title="Agreements", tags=[TAG], asDropdown=True, keepTime=False)
    for title, start, end in spans:
        yield _link(title, f"/d/{uid}?from={start}&to={end}", new_tab=False)
    yield _link("Alerts", f"{settings.prometheus_url.rstrip('/')}/alerts?search=leadsla", new_tab=True)
    if "://" in settings.runbook_url:
        yield _link("What to do", settings.runbook_url, new_tab=True)


def _link(title: str, address: str, *, new_tab: bool) -> Any:
    icon = "external link" if new_tab else "dashboard"
    return core.DashboardLink(type="link", title=title, uri=address, icon=icon, targetBlank=new_tab, keepTime=False)
