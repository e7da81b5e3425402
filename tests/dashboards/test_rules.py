"""promtool judges the rules and runs the tests generated with them."""

import subprocess
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dashboards.generate import generate
from dashboards.settings import Settings
from sla_rules.agreement import Agreement
from sla_rules.instants import SECOND
from sla_rules.terms import Depth, DepthTarget, Speed, SpeedTarget

Run = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[[Mapping[str, str]], Path]


def rule_files(folder: Path) -> list[Path]:
    return sorted((folder / "prometheus" / "rules").iterdir())


def promtool_files(folder: Path) -> list[Path]:
    return sorted((folder / "prometheus" / "tests").iterdir())


@pytest.mark.tools
def test_promtool_accepts_every_rule(files: dict[str, str], write: Write, run: Run) -> None:
    result = run("promtool", "check", "rules", "--lint-fatal", *rule_files(write(files)))

    assert result.returncode == 0, result.stderr + result.stdout


@pytest.mark.tools
def test_every_alert_fires_beyond_its_boundary_and_not_at_it(files: dict[str, str], write: Write, run: Run) -> None:
    result = run("promtool", "test", "rules", *promtool_files(write(files)))

    assert result.returncode == 0, result.stderr + result.stdout


@pytest.fixture(scope="module")
def brief(company_x: Agreement) -> Agreement:
    """The example with a week for its longest window and one share, so that its tests take a second."""
    speed, depth, volume = company_x.obligations
    assert isinstance(depth, Depth)
    obligations = (
        speed.model_copy(update={"intervals": ("week",)}),
        depth.model_copy(update={"target": DepthTarget(average=depth.target.average)}),
        volume,
    )
    return company_x.model_copy(update={"obligations": obligations})


@pytest.mark.tools
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param(":avg{", ':avg{window!="none",', id="the same in other words"),
        pytest.param(
            "> on (agreement, obligation) group_left ()", ">= on (agreement, obligation) group_left ()", id="slow"
        ),
        pytest.param(
            "< on (agreement, obligation) group_left ()", "<= on (agreement, obligation) group_left ()", id="low"
        ),
        pytest.param(
            "< on (agreement, obligation, window) 0.9", "<= on (agreement, obligation, window) 0.9", id="behind"
        ),
        pytest.param(" > 0.336\n", " >= 0.336\n", id="burning"),
        pytest.param(">= 5\n", ">= 4\n", id="too few"),
        pytest.param("unless on () leadsla:partitions_unowned:sum > 0", "", id="unowned"),
        pytest.param("+ 6 * obligation_window", "+ 0 * obligation_window", id="open leads"),
    ],
)
def test_the_generated_tests_notice_a_rule_that_is_off_by_one(
    brief: Agreement, settings: Settings, write: Write, run: Run, right: str, wrong: str
) -> None:
    files = generate([brief], settings)
    name = "prometheus/rules/company-x.yaml"
    changed = files[name].replace(right, wrong)
    assert changed != files[name]

    result = run("promtool", "test", "rules", write({**files, name: changed}) / "prometheus/tests/company-x.yaml")

    assert (result.returncode == 0) == ("window!=" in wrong), result.stderr + result.stdout


shares = st.decimals(min_value=Decimal("0.01"), max_value=1, places=3).filter(lambda share: share > 0)
intervals = st.lists(st.sampled_from(["day", "week", "month"]), min_size=1, unique=True).map(tuple)


@st.composite
def obligations(draw: st.DrawFn, number: int) -> Speed | Depth:
    parties = {"provider": "sales", "recipient": "marketing", "intervals": draw(intervals)}
    deadline = {
        "within": draw(st.integers(1, 40 * 86_400)) * SECOND,
        "clock": draw(st.sampled_from(["wall", "working"])),
    }
    if draw(st.booleans()):
        average = draw(st.none() | st.integers(1, 30 * 86_400).map(lambda whole: whole * SECOND))
        target = SpeedTarget(average=average, share=draw(st.none() | shares))
        return Speed.model_validate(
            {"id": f"o-{number}", "kind": "speed", "deadline": deadline, "target": target, **parties}
        )
    average_attempts = draw(st.none() | st.decimals(min_value=Decimal("0.1"), max_value=30, places=1))
    depth_target = DepthTarget(average=average_attempts, share=draw(st.none() | shares))
    terms = {"attempts": draw(st.integers(1, 30)), "closed_leads": "counted", "target": depth_target}
    return Depth.model_validate({"id": f"o-{number}", "kind": "depth", "deadline": deadline, **terms, **parties})


@pytest.mark.tools
@hypothesis_settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.tuples(*(obligations(number) for number in range(2))))
def test_any_targets_give_rules_that_pass_their_own_tests(
    company_x: Agreement, settings: Settings, run: Run, drawn: tuple[Speed | Depth, ...]
) -> None:
    files = generate([company_x.model_copy(update={"obligations": drawn})], settings)
    with TemporaryDirectory() as folder:
        for name in (
            "prometheus/rules/leadsla.yaml",
            "prometheus/rules/company-x.yaml",
            "prometheus/tests/company-x.yaml",
        ):
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name], encoding="utf-8")
        result = run("promtool", "test", "rules", Path(folder) / "prometheus/tests/company-x.yaml")

    assert result.returncode == 0, result.stderr + result.stdout
