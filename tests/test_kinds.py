"""Every kind of obligation that an agreement may hold is in every table by kind, and nothing else is."""

from collections.abc import Mapping
from typing import Any, Final, get_args

import pytest

from dashboards.kinds.table import DRAWINGS
from sla_rules.agreement.obligations import Obligation
from sla_rules.evaluation.contributions import FiguredContribution, UnreadyContribution
from sla_rules.evaluation.kinds import KINDS
from sla_rules.figures.figure_names import FIGURE_NAMES
from sla_rules.figures.obligation_figures import Kind
from streams.monitoring.exposed_kinds import EXPOSED

CLASSES: Final = get_args(get_args(Obligation)[0])
NAMES: Final = {get_args(kind.model_fields["kind"].annotation)[0] for kind in CLASSES}

TABLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "judged and counted": KINDS,
    "exposed": EXPOSED,
    "drawn and watched": DRAWINGS,
    "named to readers of its figures": FIGURE_NAMES,
}
"""What reports and tables on a terminal match on, mypy holds to every kind."""


@pytest.mark.parametrize("table", TABLES)
def test_every_kind_is_in_every_table(table: str) -> None:
    assert len(CLASSES) == len(NAMES)
    assert TABLES[table].keys() == NAMES


def test_every_kind_has_its_name_in_reports() -> None:
    assert set(get_args(Kind)) == NAMES


def test_every_contribution_is_given_by_one_kind_or_says_that_a_lead_is_not_ready() -> None:
    given = [contribution for kind in KINDS.values() for contribution in kind.gives]
    assert sorted(map(str, [*given, UnreadyContribution])) == sorted(map(str, get_args(FiguredContribution)))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_who_judges_dates_knows_them_and_nobody_else_does(name: str) -> None:
    kind = next(one for one in CLASSES if get_args(one.model_fields["kind"].annotation) == (name,))
    judges_dates = kind.model_construct(starts="handed_off").judges == "dates"
    assert (KINDS[name].dates is not None) == judges_dates


@pytest.mark.parametrize("name", sorted(NAMES))
def test_who_judges_watches_says_when_there_is_one_and_nobody_else_does(name: str) -> None:
    kind = next(one for one in CLASSES if get_args(one.model_fields["kind"].annotation) == (name,))
    judges_watches = kind.model_construct(starts="handed_off").judges == "watches"
    assert (KINDS[name].watched is not None) == judges_watches
