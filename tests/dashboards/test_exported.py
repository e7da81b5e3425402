"""Boards and rules ask for series that a worker exports, zero where nothing has happened yet."""

import re
from collections.abc import Iterator

import pytest

from dashboards.generate import generate
from dashboards.queries import FIGURES, RECORDED, TARGETS
from dashboards.settings import Settings
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.names import METRIC
from tests.dashboards.test_queries import Node, board_expressions, rules, selectors
from tests.sla_rules.clocks import at
from tests.streams.scraped import series

NOW = at("2026-09-15 12:00")
ABSENT_AT_FIRST = ("leadsla_oldest_open_deadline_timestamp_seconds", "leadsla_window_flagged_attempts")
"""There is none of what is not yet there: a deadline ahead, a team with a flag."""


def exported(agreement: Agreement) -> list[tuple[str, dict[str, str]]]:
    """All series of a partition that nothing has come for."""
    book = RuleBook([agreement])
    partition = PartitionState(book, {})
    partition.load()
    return [(name, dict(zip(METRIC[name].labels, labels, strict=True))) for name, labels, _ in series(partition, NOW)]


def asked(agreement: Agreement, settings: Settings) -> Iterator[Node]:
    """Selectors of figures and targets; the choices of a board stand for everything."""
    files = {name: text for name, text in generate([agreement], settings).items() if agreement.agreement in name}
    for expression in [*(rule["expr"] for rule in rules(files)), *board_expressions(files)]:
        yield from selectors(re.sub(r'="\$window"|=~"\$segment"', '=~".*"', expression))


def is_there(found: Node, series: list[tuple[str, dict[str, str]]]) -> bool:
    metric = RECORDED[found.name].name.split(":")[1]
    wanted = {m.name: m.value if str(m.op).endswith("Re") else re.escape(m.value) for m in found.matchers.matchers}
    return any(
        name == metric and all(re.fullmatch(value, labels[label]) for label, value in wanted.items())
        for name, labels in series
    )


@pytest.mark.parametrize("name", ["company_x", "rich", "reports"])
def test_every_figure_and_target_that_is_asked_for_is_exported(
    request: pytest.FixtureRequest, settings: Settings, name: str
) -> None:
    agreement: Agreement = request.getfixturevalue(name)
    known = exported(agreement)
    names = {one.name for one in (*FIGURES, *TARGETS) if not any(absent in one.name for absent in ABSENT_AT_FIRST)}

    wanted = [found for found in asked(agreement, settings) if found.name in names]

    assert wanted
    assert [str(found) for found in wanted if not is_there(found, known)] == []
