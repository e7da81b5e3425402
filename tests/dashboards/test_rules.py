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
from pydantic import TypeAdapter

from dashboards.alert_names import BEHIND, OVERDUE, SHARE_LOW, SLOW, UNDELIVERED
from dashboards.alert_rules import alert_rules
from dashboards.generate import generate
from dashboards.promises import delivery
from dashboards.settings import Settings
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Deliverable, Depth, DepthTarget, Obligation, SpeedTarget
from sla_rules.instants import SECOND
from tests.laws import LAWS, examples

_OBLIGATION: TypeAdapter[Obligation] = TypeAdapter(Obligation)
Run = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[[Mapping[str, str]], Path]


def rule_files(folder: Path) -> list[Path]:
    return sorted((folder / "prometheus" / "rules").iterdir())


def promtool_files(folder: Path) -> list[Path]:
    return sorted((folder / "prometheus" / "tests").iterdir())


def test_recipients_with_quantities_of_their_own_are_named_with_them(rich: Agreement) -> None:
    (lists,) = (one for one in rich.obligations if isinstance(one, Deliverable))
    each = lists.model_copy(update={"to": {"Sue": Decimal(1), "#sales": Decimal("0.5")}})

    assert delivery(each) == ["1.5 each time", "by Ada {{ A }}", "1 to Sue and 0.5 to #sales"]


@pytest.mark.tools
def test_promtool_accepts_every_rule(files: dict[str, str], write: Write, run: Run) -> None:
    result = run("promtool", "check", "rules", "--lint-fatal", *rule_files(write(files)))

    assert result.returncode == 0, result.stderr + result.stdout


@pytest.mark.tools
def test_every_alert_fires_beyond_its_boundary_and_not_at_it(files: dict[str, str], write: Write, run: Run) -> None:
    result = run("promtool", "test", "rules", *promtool_files(write(files)))

    assert result.returncode == 0, result.stderr + result.stdout


def brief(company_x: Agreement, window: str) -> Agreement:
    """The example with one window and one share, so that its tests take a second, or three with the pace over a week."""
    speed, depth, volume, *_ = company_x.obligations
    assert isinstance(depth, Depth)
    obligations = (
        speed.model_copy(update={"intervals": (window,)}),
        depth.model_copy(update={"target": DepthTarget(average=depth.target.average)}),
        volume,
    )
    return company_x.model_copy(update={"obligations": obligations})


@pytest.mark.tools
@pytest.mark.parametrize(
    ("window", "right", "wrong"),
    [
        pytest.param("week", ":avg{", ':avg{window!="none",', id="the same in other words"),
        pytest.param(
            "day",
            "> on (agreement, obligation) group_left ()",
            ">= on (agreement, obligation) group_left ()",
            id="slow",
        ),
        pytest.param(
            "day", "< on (agreement, obligation) group_left ()", "<= on (agreement, obligation) group_left ()", id="low"
        ),
        pytest.param(
            "day", "< on (agreement, obligation, window) 0.9", "<= on (agreement, obligation, window) 0.9", id="behind"
        ),
        pytest.param("week", " > 0.336\n", " >= 0.336\n", id="burning"),
        pytest.param("week", ">= 5\n", ">= 4\n", id="too few"),
        pytest.param("day", "unless on () leadsla:partitions_unowned:sum > 0", "", id="unowned"),
        pytest.param("day", "+ 6 * obligation_window", "+ 0 * obligation_window", id="open leads"),
    ],
)
def test_the_generated_tests_notice_a_rule_that_is_off_by_one(
    company_x: Agreement, settings: Settings, write: Write, run: Run, window: str, right: str, wrong: str
) -> None:
    files = generate([brief(company_x, window)], settings)
    name = "prometheus/rules/company-x.yaml"
    changed = files[name].replace(right, wrong)
    assert changed != files[name]

    result = run("promtool", "test", "rules", write({**files, name: changed}) / "prometheus/tests/company-x.yaml")

    assert (result.returncode == 0) == ("window!=" in wrong), result.stderr + result.stdout


shares = st.decimals(min_value=Decimal("0.01"), max_value=1, places=3).filter(lambda share: share > 0)
intervals = st.lists(st.sampled_from(["day", "week", "month"]), min_size=1, unique=True).map(tuple)


clocks = st.sampled_from(["wall", "working"])
PARTIES = {"provider": "sales", "recipient": "marketing"}
deadlines = st.builds(
    lambda within, clock: {"within": within * SECOND, "clock": clock}, st.integers(1, 40 * 86_400), clocks
)
averages = st.none() | st.integers(1, 30 * 86_400).map(lambda whole: whole * SECOND)
attempts = st.none() | st.decimals(min_value=Decimal("0.1"), max_value=30, places=1)
amounts = st.decimals(min_value=Decimal("0.1"), max_value=10_000, places=1)
times = st.integers(0, 24 * 60)
dues = st.builds(lambda days, at: {"weekdays": days, "at": at}, st.just(("mon", "fri")), times) | st.builds(
    lambda days, at: {"days_of_month": days, "at": at},
    st.lists(st.integers(1, 31), min_size=1, max_size=3, unique=True),
    times,
)
terms_of_any_kind = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("speed"),
            "deadline": deadlines,
            "target": st.builds(SpeedTarget, average=averages, share=st.none() | shares),
            "starts": st.sampled_from(["created", "handed_off"]),
            "counted_by": st.sampled_from(["handed_off", "followed_up"]),
            "intervals": intervals,
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("depth"),
            "deadline": deadlines,
            "target": st.builds(DepthTarget, average=attempts, share=st.none() | shares),
            "attempts": st.integers(1, 30),
            "closed_leads": st.sampled_from(["counted", "left_out"]),
            "intervals": intervals,
        }
    ),
    st.fixed_dictionaries({"kind": st.just("volume"), "goal": amounts}),
    st.fixed_dictionaries({"kind": st.just("deliverable"), "due": dues, "quantity": amounts, "intervals": intervals}),
)
mixtures = st.lists(terms_of_any_kind, min_size=1, max_size=3).map(
    lambda kinds: tuple(
        _OBLIGATION.validate_python({"id": f"o-{n}", **PARTIES, **kind}) for n, kind in enumerate(kinds)
    )
)


@pytest.mark.tools
@hypothesis_settings(
    examples(4), suppress_health_check=[*LAWS.suppress_health_check, HealthCheck.function_scoped_fixture]
)
@given(drawn=mixtures)
def test_any_mixture_of_promises_gives_rules_that_pass_their_own_tests(
    company_x: Agreement, settings: Settings, run: Run, drawn: tuple[Obligation, ...]
) -> None:
    files = generate(
        [company_x.model_copy(update={"obligations": drawn, "remedies": (), "cancellation": None})], settings
    )
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


def test_a_delivery_is_spoken_of_as_one_and_the_promise_to_the_lead_from_its_creation(
    rich: Agreement, settings: Settings
) -> None:
    told = {(alert.name, alert.labels["obligation"]): alert for alert in alert_rules(rich, settings)}

    undelivered = told[UNDELIVERED, "lists"]
    assert undelivered.filled({}, 1)["summary"] == "A delivery is due: 1 not confirmed (List {{ clean }})"
    assert undelivered.filled({}, 1)["description"] == (
        "A delivery is due on day 1, 15 and 31 of the month at 24:00 until 2030-12-31 (the next open day where that is closed), 2 each time, by Ada {{ A }}, to "
        'Sue, Joanna and #sales; its time has passed and nothing confirms it. Agency "North" owes it to Sales, until a '
        "confirmation names the day it was due."
    )
    assert told[OVERDUE, "urgent"].description == (
        'The deadline of 15 minutes has passed without a follow-up. Sales owes it to Agency "North"; these leads still '
        "wait. An event warns 10 minutes and 5 minutes before the deadline. An event escalates it 1 hour after the deadline. "
        "An event asks for another owner where nobody has followed up 10 minutes after the lead was taken over."
    )
    assert told[OVERDUE, "to-the-lead"].description.startswith(
        "The deadline of 1 hour of working time from the lead's creation has passed without a follow-up."
    )
    assert "for the follow-ups made this" in told[SLOW, "to-the-lead"].description
    assert "for the leads created this" in told[SHARE_LOW, "to-the-lead"].description
    assert "The goal is the sum over segments" in told[BEHIND, "heads"].description
