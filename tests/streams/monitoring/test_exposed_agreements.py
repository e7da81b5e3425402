"""What is shown of an agreement as a whole: what was decided last, and how near it is to what follows."""

from datetime import date

import pytest

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.period_records import record, record_key
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.instants import SECOND
from sla_rules.names import METRIC
from sla_rules.notation import Granularity
from sla_rules.whole_agreement.agreement_state import AgreementState
from streams.agreement_owner.owned_agreements import ShownAgreement
from streams.monitoring.exposed_agreements import agreement_samples
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement

NOW = at("2026-03-10 12:00")
RULES = RuleBook(
    [
        agreement("""
currency: EUR
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall},
     target: {share: 90%}, intervals: [month]}
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 31, interval: month}
credits:
  - {obligation: touch, interval: month, fee: 1000, tiers: [{below: 90%, credit: 10%}], cap: 50%}
remedies: [{obligation: touch, owner: sales, action: Hire, within: 3d}]
cancellation: {obligations: [touch], interval: month, missed_in_a_row: 3}
""")
    ]
)


def shown(figures: dict[tuple[str, Granularity, str], tuple[Tally, Tally | None]]) -> dict[tuple[str, ...], float]:
    """Samples by metric and labels, of these figures in one partition: as known now, and as published."""
    state = AgreementState(RULES, "leads", 1)
    for (obligation, interval, first), (current, published) in figures.items():
        key = WindowKey("leads", obligation, "all", interval, date.fromisoformat(first))
        state.take(0, record_key(key, 0), record(key, Figures(current, published), 0, RULES))
    state.changes(NOW)
    samples = list(agreement_samples([ShownAgreement("leads", is_ready=True, whole=state.whole)]))
    assert all(len(labels) == len(METRIC[name].labels) for name, labels, _ in samples)
    return {(name.removeprefix("leadsla_"), *labels[1:]): value for name, labels, value in samples}


def test_a_period_that_was_missed_shows_its_attainment_its_credit_and_what_is_to_be_done_about_it() -> None:
    missed = {"leads": 20, "met": 16, "breached": 4}

    found = shown({("touch", "month", "2026-02-01"): (missed, missed)})

    month = ("touch", "month")
    assert found["decided_start_timestamp_seconds", *month] == at("2026-02-01 00:00") / SECOND
    assert found["decided_met", *month] == 0
    assert found["decided_attainment_ratio", *month] == pytest.approx(0.8)
    assert found["decided_credit_ratio", *month] == pytest.approx(0.1)
    assert found["decided_credit_amount", *month, "EUR"] == pytest.approx(100)
    assert found["open_remedies",] == 0
    assert found["overdue_remedies",] == 1
    assert found["missed_in_a_row",] == 1
    assert found["missed_in_a_row_for_cancellation",] == 3


def test_of_a_period_in_which_nothing_was_due_it_is_not_said_that_its_goal_was_met_or_missed() -> None:
    missed = {"leads": 20, "met": 16, "breached": 4}

    found = shown({("touch", "month", "2026-01-01"): (missed, missed), ("touch", "month", "2026-02-01"): ({}, {})})

    assert found["decided_start_timestamp_seconds", "touch", "month"] == at("2026-02-01 00:00") / SECOND
    assert ("decided_met", "touch", "month") not in found
    assert ("decided_attainment_ratio", "touch", "month") not in found


def test_of_a_period_that_runs_it_is_shown_what_may_still_be_missed_and_what_it_comes_to() -> None:
    delivered = {"delivered": 18, "leads": 18}

    found = shown(
        {
            ("touch", "month", "2026-03-01"): ({"leads": 40, "met": 37, "breached": 3}, None),
            ("leads", "month", "2026-03-01"): (delivered, None),
            **{
                ("leads", "day", f"2026-03-{day:02}"): ({"delivered": 2, "leads": 2}, {"delivered": 2, "leads": 2})
                for day in range(1, 10)
            },
        }
    )

    assert found["budget_left_leads", "touch", "month"] == 1
    assert found["projected_leads", "leads", "month"] == pytest.approx(62)
    assert found["agreement_as_of_timestamp_seconds",] == at("2026-03-10 00:00") / SECOND


def test_of_an_agreement_that_is_not_known_yet_only_that_is_shown() -> None:
    whole = AgreementState(RULES, "leads", 1).whole

    samples = list(agreement_samples([ShownAgreement("leads", is_ready=False, whole=whole)]))

    assert samples == [("leadsla_agreement_owned", ("leads",), 0)]
