"""One promtool test: series as workers would export them, and the alerts that have to follow, or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.alert import Alert
from dashboards.queries import raw
from dashboards.yaml_text import yaml_text
from sla_rules.instants import MINUTE, Duration, format_duration
from sla_rules.names import EVENT_TOPICS

STEP: Final = MINUTE
"""Between two scrapes of a scenario."""

Series = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert that is expected: the labels its expression adds, and its value."""

    alert: Alert
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)

    def expected(self) -> dict[str, Any]:
        """As promtool compares it."""
        labels = {**self.labels, **self.alert.labels}
        return {"exp_labels": labels, "exp_annotations": self.alert.filled(labels, self.value)}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A sentence, the series that make it true, and which alerts of one name fire then."""

    name: str
    alert: str
    at: Duration
    series: Series
    firing: Sequence[Firing] = ()

    def test(self) -> dict[str, Any]:
        """As it stands in a test file."""
        return {
            "name": self.name,
            "interval": format_duration(STEP),
            "input_series": [{"series": series, "values": values} for series, values in self.series.items()],
            "alert_rule_test": [
                {
                    "eval_time": format_duration(self.at),
                    "alertname": self.alert,
                    "exp_alerts": [firing.expected() for firing in self.firing],
                }
            ],
        }


def held(value: object, scrapes: int = 30) -> str:
    """The same value at every scrape."""
    return f"{value}x{scrapes}"


def served(missing: int = 0, scrapes: int = 30) -> dict[str, str]:
    """Topics of two partitions each, seen by two workers; of the first topic some partitions have no owner."""
    series = {}
    for topic in EVENT_TOPICS:
        left = missing if topic == EVENT_TOPICS[0] else 0
        for worker in ("a", "b"):
            series[on(worker, "leadsla_partitions", topic=topic)] = held(2, scrapes)
        for partition in range(2 - left):
            series[on("a", "leadsla_partition_owned", topic=topic, partition=str(partition))] = held(1, scrapes)
    return series


def on(worker: str, metric: str, **labels: str) -> str:
    """A series as Prometheus stores it, with the worker it was scraped from."""
    name = raw(metric, **labels)
    instance = f'instance="{worker}"'
    return f"{name[:-1]},{instance}}}" if name.endswith("}") else f"{name}{{{instance}}}"


def test_file(
    scenarios: Iterable[Scenario], rule_files: Sequence[str], groups: Sequence[str], every: Duration, comment: str
) -> str:
    """A file for `promtool test rules`; groups are evaluated in this order, since each asks for those before it."""
    return yaml_text(
        {
            "rule_files": [f"../rules/{name}.yaml" for name in rule_files],
            "evaluation_interval": format_duration(every),
            "group_eval_order": list(groups),
            "tests": [scenario.test() for scenario in scenarios],
        },
        comment,
    )
