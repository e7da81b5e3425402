"""Applause and trouble: which events the periods of an agreement call for, and at which instants."""

from datetime import date
from fractions import Fraction

import pytest

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.evaluation.tallies import Tally
from sla_rules.instants import DAY, Instant
from sla_rules.reports.agreement_event import AgreementEvent, BestWeek, CancellationNears, CreditFallsDue, GoalReached
from sla_rules.reports.agreement_events import agreement_events
from sla_rules.reports.best_weeks import ENOUGH_DECIDED, WEEKS_BEFORE
from sla_rules.reports.period_figures import WindowTallies
from sla_rules.reports.replay import replay
from sla_rules.reports.settlement import Settled
from sla_rules.reports.window import Window
from tests.sla_rules.clocks import at
from tests.sla_rules.reports.test_settlement import RULES, TERMS, settled, term
from tests.sla_rules.rules import agreement as agreement_of
from tests.sla_rules.story import handed_off

LATER = at("2027-01-01 00:00")
MONTH = "leads/leads/month/2026-01-01"


def events(found: list[Settled], now: Instant = LATER) -> tuple[AgreementEvent, ...]:
    return agreement_events(RULES.versions["leads"][-1], found, now)


def named(found: list[Settled], now: Instant = LATER) -> list[tuple[str, Instant]]:
    return [(event.id, event.at) for event in events(found, now)]


def test_a_month_that_was_met_and_one_that_was_missed_are_told_at_their_publication() -> None:
    found = settled(
        "deep",
        "month",
        {"attempts_open": 6, "unconnected_open": 1, "met": 1},
        {"attempts_open": 1, "unconnected_open": 1},
        {},
    )

    assert named(found) == [
        ("leads/deep/month/2026-01-01/period_met", at("2026-02-02 00:00")),
        ("leads/deep/month/2026-02-01/period_missed", at("2026-03-02 00:00")),
    ]


def test_a_month_without_a_verdict_or_not_published_yet_is_no_news() -> None:
    assert named(settled("deep", "month", {}, None, known={1: {"attempts_open": 1, "unconnected_open": 1}})) == []


def test_a_remedy_is_overdue_once_its_time_has_passed() -> None:
    found = settled("leads", "month", {"delivered": 1})
    by = at("2026-02-09 00:00")
    due = [(f"{MONTH}/period_missed", by - 7 * DAY), (f"{MONTH}/remedy_due", by - 7 * DAY)]
    near = [("leads/cancellation/month/2026-01-01/cancellation_near", by - 7 * DAY)]

    assert named(found, by) == due + near
    assert named(found, by + 1) == [*due, *near, (f"{MONTH}/remedy_overdue", by)]


def test_who_carries_a_remedy_out_in_time_is_told_of_no_delay_and_who_does_late_is() -> None:
    (month,) = settled("leads", "month", {"delivered": 1})
    by = at("2026-02-09 00:00")
    in_time, late = (month._replace(confirmed=[ConfirmedRemedy("Bruno", done, "Bruno")]) for done in (by, by + 1))

    assert f"{MONTH}/remedy_overdue" not in dict(named([in_time]))
    assert dict(named([late]))[f"{MONTH}/remedy_overdue"] == by
    assert f"{MONTH}/remedy_due" in dict(named([in_time]))


def test_a_credit_says_what_is_given_back_and_by_which_step() -> None:
    missed, credit = events(settled("fast", "quarter", {"met": 8, "breached": 2, "followed_up": 8}))

    assert (missed.type, credit.type, credit.at) == ("sla.period_missed.v1", "sla.credit_due.v1", missed.at)
    assert isinstance(credit.data, CreditFallsDue)
    assert (credit.data.attainment, str(credit.data.credit), credit.data.is_capped) == (Fraction(4, 5), "0.2", True)
    assert (credit.data.amount, credit.data.currency, credit.data.of.name) == (200_000_000, "EUR", "2026-Q1")


@pytest.mark.parametrize(
    ("months", "near", "reached"),
    [
        ([2], ["2026-01"], []),
        ([2, 2, 2], ["2026-01"], ["2026-02"]),
        ([2, 3, 2, 2], ["2026-01", "2026-03"], ["2026-04"]),
        ([3, 3], [], []),
    ],
)
def test_each_row_of_misses_nears_the_end_once_and_reaches_it_once(
    months: list[int], near: list[str], reached: list[str]
) -> None:
    found = events(settled("leads", "month", *({"delivered": leads} for leads in months)))

    ends = [event for event in found if isinstance(event.data, CancellationNears)]
    last = [(event.type, event.data.periods[-1]) for event in ends if isinstance(event.data, CancellationNears)]
    assert [period for what, period in last if what == "sla.cancellation_near.v1"] == near
    assert [period for what, period in last if what == "sla.cancellation_reached.v1"] == reached


def test_history_calls_for_nothing_and_counts_in_a_row() -> None:
    january, february = settled("leads", "month", {"delivered": 2}, {"delivered": 2})

    found = events([january._replace(history=True), february])

    assert [event.id.removeprefix("leads/") for event in found] == [
        "leads/month/2026-02-01/period_missed",
        "leads/month/2026-02-01/remedy_due",
        "cancellation/month/2026-02-01/cancellation_reached",
        "leads/month/2026-02-01/remedy_overdue",
    ]


def share(met: int, breached: int) -> Tally:
    return {"met": met, "breached": breached}


def best(*weeks: Tally | None, name: str = "each") -> list[BestWeek]:
    found = events(settled(name, "week", *weeks))
    return [event.data for event in found if isinstance(event.data, BestWeek)]


def test_the_best_week_is_better_than_every_one_of_at_least_four_before_it() -> None:
    good, better = share(19, 1), share(20, 0)

    assert best(*[good] * WEEKS_BEFORE) == []
    (found,) = best(*[good] * WEEKS_BEFORE, better, better)
    assert (found.found, found.best_before) == (Fraction(1), Fraction(19, 20))
    assert (found.weeks_before, found.measure) == (WEEKS_BEFORE, "share")
    assert best(*[good] * (WEEKS_BEFORE - 1), better) == []
    assert best(better, *[good] * WEEKS_BEFORE, better) == []


def test_a_week_of_few_leads_is_neither_the_best_nor_beaten() -> None:
    good, better, few = share(19, 1), share(20, 0), share(ENOUGH_DECIDED - 1, 0)

    assert best(*[good] * WEEKS_BEFORE, few) == []
    assert [week.weeks_before for week in best(few, *[good] * WEEKS_BEFORE, {}, better)] == [WEEKS_BEFORE]
    assert best(few, *[good] * (WEEKS_BEFORE - 1), better) == []


def test_weeks_of_volume_are_compared_by_what_came() -> None:
    weeks = [{"delivered": leads} for leads in (1, 0, 2, 1, 1, 3)]

    (found,) = best(*weeks, name="leads")

    assert (found.found, found.best_before) == (Fraction(3), Fraction(2))
    assert (found.weeks_before, found.measure) == (WEEKS_BEFORE, "leads")


def test_best_weeks_of_history_are_not_told() -> None:
    weeks = settled("each", "week", *[share(19, 1)] * WEEKS_BEFORE, share(20, 0))

    assert events([one._replace(history=True) for one in weeks]) == ()


def goal_day(told: list[str], now: str) -> GoalReached | None:
    facts = {f"lead-{number}": [handed_off(when)] for number, when in enumerate(told)}
    figures: WindowTallies = replay(RULES, facts, at(now))
    goal = term("leads")
    found = Window(RULES, [goal], figures, goal.period("month", at("2026-01-10 00:00")), at(now)).settled()
    reached = [event for event in events([found], at(now)) if isinstance(event.data, GoalReached)]
    assert [event.at for event in reached] == [at(f"{event.data.day} 00:00") for event in reached]  # type: ignore[union-attr]
    return reached[0].data if reached else None  # type: ignore[return-value]


def test_a_goal_is_reached_on_the_day_of_the_lead_that_makes_it_full() -> None:
    told = ["2026-01-05 09:00", "2026-01-07 23:30", "2026-01-12 09:00", "2026-01-15 09:00"]

    assert goal_day(told[:2], "2026-01-20 00:00") is None
    for now in ("2026-01-20 00:00", "2026-03-20 00:00"):
        found = goal_day(told, now)
        assert found is not None
        assert (found.day, found.agreed) == (date(2026, 1, 12), Fraction(3))
        assert (found.of.title, found.of.provider_name, found.of.name) == (None, "Marketing", "2026-01")


def test_only_a_period_that_a_goal_is_judged_by_is_news() -> None:
    assert events(settled("fast", "day", {"breached": 1})) == ()


def test_an_agreement_that_takes_one_miss_to_end_is_never_near() -> None:
    version = RuleBook([agreement_of(TERMS.replace("missed_in_a_row: 2", "missed_in_a_row: 1"))]).versions["leads"][-1]
    found = agreement_events(version, settled("leads", "month", {"delivered": 1}), LATER)

    ends = [event.type for event in found if isinstance(event.data, CancellationNears)]
    assert ends == ["sla.cancellation_reached.v1"]
