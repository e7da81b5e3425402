"""Which remedies are confirmed, by whom and for which period; and what is refused since there is no such remedy."""

from datetime import date

import msgspec
import pytest

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.contributions import RemedyContribution
from sla_rules.evaluation.remedies import check_remedies
from sla_rules.evaluation.verdicts import assess
from sla_rules.events.rejection import RejectionError
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from sla_rules.lead.history import history
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement
from tests.sla_rules.story import stamps

TERMS = """
year_begins: april
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}, intervals: [day, week, month, quarter]}
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal: 3, interval: week, intervals: [day, week]}
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: "16:00"}}
credits: [{obligation: touch, interval: quarter, tiers: [{below: "99%", credit: "10%"}]}]
remedies:
  - {obligation: touch, owner: Ana, within: 7d, action: Say why}
  - {obligation: touch, owner: sales, within: 14d, action: Train}
  - {obligation: report, owner: Ana, within: 2d, action: Deliver it}
"""
RULES = RuleBook([agreement(TERMS, since="2026-02-10")])
TOUCH = "leads:touch"


def confirmed(when: str, period: str, owner: str | None = None, by: str = "Ana", name: str | None = None) -> Fact:
    return facts.RemedyConfirmed(**stamps("confirmed", when, None, name), period=period, by=by, owner=owner)


def said(key: str, *told: Fact) -> list[tuple[str, date, str | None, int, str]]:
    found = [
        one.contribution for one in assess(RULES, key, history(key, sorted(told, key=lambda f: f.time)), told[0].time)
    ]
    return [
        (one.interval, one.first, one.owner, one.at, one.by) for one in found if isinstance(one, RemedyContribution)
    ]


def test_of_each_period_and_owner_what_was_done_first_counts() -> None:
    first, second = confirmed("2026-04-03 10:00", "2026-03", "Ana"), confirmed("2026-04-02 09:00", "2026-03", "Ana")
    train = confirmed("2026-04-03 10:00", "2026-03", "sales", by="Eva", name="train")
    quarter = confirmed("2026-04-05 10:00", "2025-Q4", name="quarter")

    assert said(TOUCH, first, second, train, quarter) == [
        ("month", date(2026, 3, 1), "Ana", at("2026-04-02 09:00"), "Ana"),
        ("month", date(2026, 3, 1), "sales", at("2026-04-03 10:00"), "Eva"),
        ("quarter", date(2026, 1, 1), None, at("2026-04-05 10:00"), "Ana"),
    ]


def test_what_is_corrected_away_was_not_done_and_what_stands_in_its_place_was() -> None:
    mistake = confirmed("2026-04-02 09:00", "2026-03", name="mistake")
    instead = confirmed("2026-04-02 09:00", "2026-02")
    voided = facts.Corrected(**stamps("corrected", "2026-04-03 09:00", None, None), replaces="mistake")

    assert said(TOUCH, mistake, voided) == []
    assert [first for _, first, *_ in said(TOUCH, mistake, msgspec.structs.replace(voided, instead=instead))] == [
        date(2026, 2, 1)
    ]


def test_under_the_key_of_an_obligation_that_is_no_deliverable_nothing_else_is_found() -> None:
    told = confirmed("2026-04-02 09:00", "2026-03")

    (found,) = assess(RULES, TOUCH, [told], told.time + 10**15)

    assert isinstance(found.contribution, RemedyContribution)
    assert found.next_due is None
    assert assess(RULES, "lead-1", [told], told.time) == []


def test_a_remedy_confirmed_before_a_deliverable_was_watched_makes_no_delivery_older() -> None:
    watched = facts.Watched(**stamps("watched", "2026-04-01 09:00", None, None))
    remedy = confirmed("2026-03-01 09:00", "2026-02")
    now = at("2026-04-30 00:00")

    alone = assess(RULES, "leads:report", [watched], now)
    beside = assess(RULES, "leads:report", [remedy, watched], now)

    assert [one for one in beside if not isinstance(one.contribution, RemedyContribution)] == alone
    assert len(beside) == len(alone) + 1


@pytest.mark.parametrize(
    ("key", "period", "owner", "why"),
    [
        ("lead:touch", "2026-03", None, "no agreement 'lead'; did you mean 'leads'?"),
        ("leads:tuch", "2026-03", None, "no obligation 'tuch'; did you mean 'touch'?"),
        ("leads:leads", "2026-W10", None, "no remedy is agreed for 'leads'"),
        (TOUCH, "2026-03", "Bruno", "no owner of a remedy 'Bruno'; known: Ana, sales"),
        (TOUCH, "2026-W10", None, "2026-W10 is a week, and 'touch' is judged by the month and by the quarter"),
        ("leads:report", "2025-Q4", None, "2025-Q4 is a quarter, and 'report' is judged by the month"),
        ("leads:report", "2026-03", "sales", "no owner of a remedy 'sales'; known: Ana"),
        (TOUCH, "2026-01", None, "'touch' is not in force in 2026-01"),
        (
            TOUCH,
            "2026-05",
            None,
            "2026-05 had not begun when the remedy is said to have been carried out, 2026-04-02T07:00:00Z",
        ),
    ],
)
def test_a_confirmation_that_nobody_has_anything_to_make_of_is_refused(
    key: str, period: str, owner: str | None, why: str
) -> None:
    told = confirmed("2026-04-02 09:00", period, owner)
    correction = facts.Corrected(**stamps("corrected", "2026-04-03 09:00", None, None), replaces="a", instead=told)

    for fact in (told, correction):
        with pytest.raises(RejectionError) as refused:
            check_remedies(RULES, key, [fact])
        assert (refused.value.reason, refused.value.detail) == ("unknown_remedy", why)


@pytest.mark.parametrize("period", ["2026-02", "2026-03", "2026-04", "2025-Q4", "2026-Q1"])
def test_a_period_that_runs_and_one_that_is_not_published_may_be_made_good_already(period: str) -> None:
    check_remedies(RULES, TOUCH, [confirmed("2026-04-02 09:00", period)])


def test_what_confirms_no_remedy_is_held_against_none() -> None:
    check_remedies(RULES, "lead-1", [facts.Corrected(**stamps("corrected", "2026-04-03 09:00", None, None))])
