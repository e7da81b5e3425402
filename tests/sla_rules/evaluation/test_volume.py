"""Leads delivered, each once; and the goal line they are held against."""

from fractions import Fraction
from zoneinfo import ZoneInfo

from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.figures.goals import goal_line, goal_to_date
from sla_rules.time.periods import Period, period_of
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import COMPANY_X_FILE, company_x, wall
from tests.sla_rules.story import handed_off, judged, recycled

BERLIN = ZoneInfo("Europe/Berlin")


def goal_of(rules: RuleBook) -> tuple[Term, Volume]:
    term = rules.terms[2]
    assert isinstance(term.obligation, Volume)
    return term, term.obligation


def working_days() -> tuple[Term, Volume]:
    text = COMPANY_X_FILE.read_text(encoding="utf-8").replace("goal_line: calendar_days", "goal_line: working_days")
    return goal_of(RuleBook([parse_agreement(text)]))


def march() -> Period:
    return period_of("month", at("2026-03-15 12:00"), BERLIN)


def test_a_lead_counts_once_at_its_first_hand_off() -> None:
    told = (handed_off("2026-03-31 23:00"), recycled("2026-04-01 09:00"), handed_off("2026-04-02 09:00"))
    judgement = judged(company_x(), *told, now="2026-04-30 12:00")

    assert [contribution.start for contribution in judgement.volume()] == [at("2026-03-31 23:00")]
    assert judgement.figures("leads-delivered") == {"delivered": 1}


def test_a_lead_is_worth_what_its_segment_is_worth() -> None:
    roles = ({"role": "ceo"}, {"attributes.vip": 1}, {"role": "manager"})
    figures = [
        judged(wall(), handed_off("2026-03-02 09:00", **role), now="2026-03-03 12:00").figures("worth")
        for role in roles
    ]

    assert figures == [{"delivered": 1, "value": 100_000_000}, {"delivered": 1, "value": 500_000}, {"delivered": 1}]


def test_the_goal_line_rises_by_the_goal_over_the_days_of_the_month_unrounded() -> None:
    term, terms = goal_of(company_x())
    line = goal_line(term, terms, march())

    assert [goal for _, goal in line] == [Fraction(100 * day, 31) for day in range(1, 32)]


def test_by_working_days_the_goal_line_stands_still_on_days_without_hours() -> None:
    line = dict(zip(range(1, 32), (goal for _, goal in goal_line(*working_days(), march())), strict=True))

    assert line[1] == 0, "a Sunday"
    assert line[2] == Fraction(100, 22)
    assert line[6] == line[7] == line[8] == Fraction(500, 22)
    assert line[31] == 100


def test_a_period_without_working_days_is_due_as_a_whole_at_its_end() -> None:
    term, terms = working_days()
    easter = period_of("day", at("2026-04-05 12:00"), BERLIN)

    assert [goal for _, goal in goal_line(term, terms, easter)] == [100]


def test_the_goal_to_date_is_that_of_the_last_day_that_has_ended() -> None:
    term, terms = goal_of(company_x())
    line = goal_line(term, terms, march())

    assert goal_to_date(line, at("2026-03-01 00:00")) == 0
    assert goal_to_date(line, at("2026-03-01 23:59:59.999999")) == 0
    assert goal_to_date(line, at("2026-03-02 00:00")) == Fraction(100, 31)
    assert goal_to_date(line, at("2026-03-30 00:00")) == Fraction(2900, 31)
    assert goal_to_date(line, at("2026-04-01 00:00")) == 100
