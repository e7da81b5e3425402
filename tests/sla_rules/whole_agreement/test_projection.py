"""Where a goal's period is heading, day by day."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.tallies import Tally
from sla_rules.instants import HOUR, Instant
from sla_rules.time.periods import period_from
from sla_rules.whole_agreement.projection import projection
from tests.laws import LAWS
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement

BODY: Final = """
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {{mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]], wed: [["09:00", "17:00"]], thu: [["09:00", "17:00"]],
    fri: [["09:00", "12:00"]]}}
  holidays: {{dates: [2026-03-04]}}
obligations:
  - {{id: leads, kind: volume, provider: marketing, recipient: sales, goal: 70, goal_line: {line}}}
"""
BY: Final = {line: RuleBook([agreement(BODY.format(line=line))]).terms[0] for line in ("calendar_days", "working_days")}
MARCH: Final = [date(2026, 3, 1) + timedelta(days=day) for day in range(31)]
WORKED: Final = [day for day in MARCH if day.weekday() < 5 and day != date(2026, 3, 4)]


def projected(term: Term, came: dict[date, int], now: Instant) -> Fraction | None:
    terms = term.obligation
    assert isinstance(terms, Volume)
    days: dict[date, Tally] = {day: {"delivered": count} for day, count in came.items() if count}
    return projection(term, terms, period_from("month", MARCH[0], term.zone), days, now)


def oracle(line: str, came: dict[date, int], now: Instant) -> Fraction | None:
    """By the days of the page of a calendar: what came a day of the goal, times its days."""
    ends = {day: at(f"{day + timedelta(days=1)} 00:00") for day in MARCH}
    counted = MARCH if line == "calendar_days" else WORKED
    ended = [day for day in counted if ends[day] <= now]
    if not ended:
        return None
    so_far = sum(count for day, count in came.items() if ends[day] <= now)
    return max(Fraction(so_far, len(ended)) * len(counted), Fraction(sum(came.values())))


@LAWS
@given(
    st.sampled_from(sorted(BY)),
    st.lists(st.integers(0, 9), min_size=31, max_size=31),
    st.integers(0, 31 * 24 - 1),
)
def test_the_rest_of_the_period_goes_as_the_days_of_the_goal_that_have_ended(
    line: str, counts: list[int], hours: int
) -> None:
    now = at("2026-03-01 00:00") + hours * HOUR
    came = {day: count for day, count in zip(MARCH, counts, strict=True) if at(f"{day} 00:00") <= now}

    assert projected(BY[line], came, now) == oracle(line, came, now)


def test_before_a_day_of_the_goal_has_ended_nobody_can_say() -> None:
    came = {MARCH[0]: 5}

    assert projected(BY["calendar_days"], came, at("2026-03-01 23:00")) is None
    assert projected(BY["calendar_days"], came, at("2026-03-02 00:00")) == 155
    assert projected(BY["working_days"], came, at("2026-03-02 00:00")) is None
    assert projected(BY["working_days"], came, at("2026-03-03 00:00")) == 105


def test_what_came_today_is_not_held_against_what_is_to_come() -> None:
    came = {MARCH[0]: 1, MARCH[1]: 200}

    assert projected(BY["calendar_days"], came, at("2026-03-02 12:00")) == 201
