"""A board's JSON in its final form, so that Grafana has nothing to migrate.

grafanalib calls its JSON schema version 12, which makes Grafana run ten years of migrations; a higher number turns off
those that rescue old fields. So old fields go, and the number is the last one of this form of boards.
"""

import json
from typing import Any, Final

from grafanalib._gen import DashboardEncoder

from sla_rules.notation import MONTHS, Month

SCHEMA_VERSION: Final = 42

_OF_BOARD: Final = frozenset({"__inputs", "gnetId", "hideControls", "id", "rows", "sharedCrosshair", "style"})
_OF_PICKER: Final = frozenset({"nowDelay", "time_options"})
_OF_PANEL: Final = frozenset({"cacheTimeout", "editable", "error", "height", "hideTimeOverride", "minSpan", "span"})
_OF_TARGET: Final = frozenset({"intervalFactor", "metric", "query", "step", "target"})
_OF_VARIABLE: Final = frozenset(
    {"auto", "auto_count", "auto_min", "datasource", "sort", "tagValuesQuery", "tags", "tagsQuery", "useTags"}
)
_OF_ROW: Final = frozenset({"collapsed", "gridPos", "id", "panels", "title", "type"})
_WITHOUT_DATA: Final = frozenset({"datasource", "fieldConfig", "maxDataPoints", "targets", "transformations"})


def board_text(board: Any, year_begins: Month = MONTHS[0]) -> str:
    """The file of a board: keys sorted, so that it differs only where the board does.

    grafanalib knows no year of one's own, which begins with another month than January.
    """
    data = normalised(board)
    if year_begins != MONTHS[0]:
        data["fiscalYearStartMonth"] = MONTHS.index(year_begins)
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def normalised(board: Any) -> dict[str, Any]:
    """A grafanalib board as plain JSON of the current form."""
    data = _without(json.loads(json.dumps(board, cls=DashboardEncoder)), _OF_BOARD)
    data["schemaVersion"] = SCHEMA_VERSION
    data["timepicker"] = _without(data["timepicker"], _OF_PICKER)
    data["templating"]["list"] = [_variable(variable) for variable in data["templating"]["list"]]
    data["panels"] = [_panel(panel) for panel in data["panels"]]
    return {key: _pruned(value) for key, value in data.items()}


def _panel(panel: dict[str, Any]) -> dict[str, Any]:
    if panel["type"] == "row":
        return {key: value for key, value in panel.items() if key in _OF_ROW}
    dropped = _OF_PANEL | (_WITHOUT_DATA if panel["type"] == "text" else {"maxDataPoints"})
    panel = _without(panel, dropped)
    if "targets" in panel:
        panel["targets"] = [{**_without(one, _OF_TARGET), "range": not one["instant"]} for one in panel["targets"]]
    if panel["type"] == "timeseries":
        panel["fieldConfig"]["defaults"]["custom"]["scaleDistribution"].pop("log")
    return panel


def _variable(variable: dict[str, Any]) -> dict[str, Any]:
    kept = _without(variable, _OF_VARIABLE)
    kept["current"] = _without(kept["current"], {"tags"})
    return kept


def _without(data: dict[str, Any], keys: frozenset[str] | set[str]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in keys}


def _pruned(node: Any) -> Any:
    """Without keys that say nothing; only a threshold's null means something, the lowest step begins nowhere."""
    if isinstance(node, dict):
        is_step = node.keys() == {"color", "value"}
        return {key: _pruned(value) for key, value in node.items() if value is not None or is_step}
    if isinstance(node, list):
        return [_pruned(value) for value in node]
    return node
