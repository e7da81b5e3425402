"""Every expression in rules and boards asks for what exists: metrics by the list of names, recorded series by their rules."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import promql_parser
import pytest
from ruamel.yaml import YAML

from dashboards.queries import RECORDED, known, level, raw, recorded, selector
from sla_rules.names import LABELS, METRIC

Node = Any
SUFFIXES = re.compile(r"_(bucket|sum|count)$")


def rules(files: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for name, text in files.items():
        if name.startswith("prometheus/rules/"):
            for group in YAML(typ="safe").load(text)["groups"]:
                yield from group["rules"]


def boards(files: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for name, text in files.items():
        if name.startswith("grafana/"):
            yield json.loads(text)


def board_expressions(files: Mapping[str, str]) -> Iterator[str]:
    for board in boards(files):
        for panel in board["panels"]:
            for target in panel.get("targets", ()):
                yield target["expr"]


def children(node: Node) -> list[Node]:
    names = ("lhs", "rhs", "expr", "vector_selector", "args", "param")
    found = [getattr(node, name) for name in names if getattr(node, name, None) is not None]
    return [
        one for child in found for one in (child if isinstance(child, list) else [child]) if not isinstance(one, str)
    ]


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from walk(child)


def selectors(expression: str) -> list[Node]:
    found = [n for n in walk(promql_parser.parse(expression)) if isinstance(n, promql_parser.VectorSelector)]
    assert found or expression == "vector(1)"
    return found


def labels_of(name: str | None, made: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    assert name is not None
    if name in made:
        return made[name]
    metric = METRIC.get(name) or METRIC[SUFFIXES.sub("", name)]
    return (*metric.labels, "le") if metric.kind == "histogram" else metric.labels


@pytest.fixture(scope="module")
def made(files: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Recorded series and their labels; those of single agreements are by agreement and obligation."""
    return {
        rule["record"]: RECORDED[rule["record"]].labels if rule["record"] in RECORDED else ("agreement", "obligation")
        for rule in rules(files)
        if "record" in rule
    }


def test_every_rule_asks_for_metrics_and_labels_that_exist(
    files: dict[str, str], made: dict[str, tuple[str, ...]]
) -> None:
    for rule in rules(files):
        for found in selectors(rule["expr"]):
            assert {matcher.name for matcher in found.matchers.matchers} <= set(labels_of(found.name, made)), rule


def test_every_board_asks_only_for_what_is_recorded(files: dict[str, str], made: dict[str, tuple[str, ...]]) -> None:
    for expression in board_expressions(files):
        for found in selectors(expression):
            assert found.name in made
            assert {matcher.name for matcher in found.matchers.matchers} <= set(made[found.name]), expression


def test_every_aggregation_keeps_only_labels_that_its_series_have(
    files: dict[str, str], made: dict[str, tuple[str, ...]]
) -> None:
    for expression in [*(rule["expr"] for rule in rules(files)), *board_expressions(files)]:
        for node in walk(promql_parser.parse(expression)):
            if isinstance(node, promql_parser.AggregateExpr) and node.modifier is not None:
                below = [n for n in walk(node.expr) if isinstance(n, promql_parser.VectorSelector)]
                for found in below:
                    assert set(node.modifier.labels) <= set(labels_of(found.name, made)), expression


def test_every_label_an_alert_speaks_of_is_one_of_its_own(files: dict[str, str]) -> None:
    for rule in rules(files):
        spoken = re.findall(r"\$labels\.(\w+)", json.dumps(rule))
        assert set(spoken) <= {*LABELS, "obligation"}, rule


def test_recorded_names_are_unique_and_their_labels_say_their_level() -> None:
    for name, series in RECORDED.items():
        assert name == series.name
        if name.startswith("leadsla:"):
            assert series.labels == ()
        else:
            assert name.split(":")[0] == level(series.labels)


def test_series_of_partitions_are_rid_of_duplicates_before_they_are_added_up() -> None:
    by_partition = [series for series in RECORDED.values() if series.name.endswith("leads:sum")]
    assert by_partition
    for series in by_partition:
        assert re.fullmatch(r"sum by \(.*\) \(max by \(.*partition\) \(leadsla_\w+\)\)", series.expr)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(partial(raw, "leadsla_leads"), id="metric"),
        pytest.param(partial(raw, "leadsla_agreement_info", team="a"), id="label"),
        pytest.param(partial(known, "obligation:leadsla_leads:sum"), id="recorded name"),
        pytest.param(partial(recorded, "leadsla_overdue_leads", "day"), id="level"),
    ],
)
def test_what_does_not_exist_is_refused(wrong: Callable[[], str]) -> None:
    with pytest.raises(KeyError):
        wrong()


def test_values_are_escaped() -> None:
    assert selector("m", a='x"\\', b="~y|z", c="!w") == r'm{a="x\"\\",b=~"y|z",c!="w"}'
