"""Retention at its edges: versions, segments, owners, what is told late, and when nothing was heard for long."""

from collections.abc import Sequence
from datetime import date

import pytest

from sla_rules.agreement.file import AgreementErrors, parse_agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.tallies import Tally
from sla_rules.evaluation.verdicts import assess
from sla_rules.figures.windows import WindowKey, parts_of
from sla_rules.lead.facts import Corrected, Fact
from sla_rules.notation import Granularity
from tests.sla_rules.clocks import at
from tests.sla_rules.customers import KEPT, kept, lost, reached, returned, told, waived, won
from tests.sla_rules.worker import Worker


def figures(
    facts: Sequence[Fact],
    until: str,
    first: str,
    interval: Granularity = "month",
    rules: RuleBook | None = None,
    segment: str = "all",
) -> Tally:
    """What a customer comes to in one period, as of an instant."""
    rules = rules or kept()
    wanted = WindowKey("kept", "kept", segment, interval, date.fromisoformat(first))
    found: dict[str, int] = {}
    for one in assess(rules, "C-1", facts, at(until)):
        for key, tally in parts_of(one.contribution, rules):
            for name, count in tally.items() if key == wanted else ():
                found[name] = found.get(name, 0) + count
    return found


def notices(facts: Sequence[Fact], until: str) -> list[Notice]:
    return [notice for one in assess(kept(), "C-1", facts, at(until)) for notice in one.notices]


def test_who_was_never_heard_of_again_is_there_in_every_period_that_begins() -> None:
    facts = [won("2026-01-05 09:00")]

    assert figures(facts, "2026-01-31 23:59", "2026-02-01") == {}
    assert figures(facts, "2026-02-01 00:00", "2026-02-01") == {"leads": 1, "met": 1}
    assert figures(facts, "2029-06-30 12:00", "2029-04-01", "quarter") == {"leads": 1, "met": 1}
    assert figures(facts, "2029-06-30 12:00", "2029-06-30", "day") == {"leads": 1, "met": 1}
    assert figures(facts, "2029-06-30 12:00", "2029-07-01") == {}


def test_a_customer_counts_in_a_month_by_who_was_there_on_the_first_and_not_in_the_week_that_holds_it() -> None:
    """1 April 2026 is a Wednesday: the week began on 30 March, when the customer was still there."""
    facts = [won("2026-01-05 09:00"), lost("2026-03-31 09:00")]

    assert figures(facts, "2026-04-10 09:00", "2026-03-30", "week") == {"leads": 1, "breached": 1, "losses": 1}
    assert figures(facts, "2026-04-10 09:00", "2026-04-01") == {}
    assert figures(facts, "2026-04-10 09:00", "2026-04-01", "day") == {}


def test_of_two_tenures_in_one_period_the_customer_counts_once() -> None:
    facts = [won("2026-02-02 09:00"), lost("2026-02-03 09:00"), returned("2026-02-04 09:00"), lost("2026-02-05 09:00")]

    assert figures(facts, "2026-03-10 09:00", "2026-02-01") == {"won": 1, "losses": 2}
    assert figures(facts, "2026-03-10 09:00", "2026-02-01", "quarter") == {}


def test_calls_and_further_hand_offs_neither_lose_nor_win_anybody() -> None:
    facts = [won("2026-01-05 09:00"), reached("2026-01-06 09:00"), won("2026-02-05 09:00"), reached("2026-02-06 09:00")]

    assert figures(facts, "2026-03-10 09:00", "2026-02-01") == {"leads": 1, "met": 1}
    assert notices(facts, "2026-03-10 09:00") == []
    assert figures([reached("2026-01-06 09:00")], "2026-03-10 09:00", "2026-02-01") == {}


def test_a_loss_is_told_by_the_team_that_had_the_customer_and_is_over_when_it_comes_back() -> None:
    facts = [
        won("2026-01-05 09:00", rep="ann", team="south"),
        won("2026-01-20 09:00", rep="bob", team="north"),
        lost("2026-02-10 09:00"),
    ]

    (notice,) = notices(facts, "2026-02-11 09:00")
    assert (notice.rep, notice.team, notice.deadline) == ("bob", "north", at("2026-02-10 09:00"))
    assert notice.resolved_at is None
    (over,) = notices([*facts, returned("2026-06-01 09:00")], "2026-06-02 09:00")
    assert (over.key, over.resolved_at) == (notice.key, at("2026-06-01 09:00"))


def test_a_loss_that_is_waived_is_left_out_and_told_to_nobody() -> None:
    facts = [won("2026-01-05 09:00"), lost("2026-02-10 09:00"), waived("2026-02-11 09:00")]

    assert figures(facts, "2026-03-10 09:00", "2026-02-01") == {"excused": 1}
    assert figures(facts[:1] + facts[2:], "2026-03-10 09:00", "2026-02-01") == {"leads": 1, "met": 1}
    assert notices(facts, "2026-03-10 09:00") == []


def test_what_is_waived_while_the_customer_is_there_is_no_loss() -> None:
    facts = [won("2026-01-05 09:00"), waived("2026-01-06 09:00"), lost("2026-02-10 09:00")]

    assert figures(facts, "2026-03-10 09:00", "2026-02-01") == {"leads": 1, "breached": 1, "losses": 1}


def test_a_correction_restates_what_was_published_and_retracts_the_loss() -> None:
    worker = Worker(kept())
    worker.take([("C-1", won("2026-01-05 09:00"))])
    worker.take([("C-1", lost("2026-02-10 09:00", name="loss"))])
    worker.take(at("2026-03-10 09:00"))
    key = WindowKey("kept", "kept", "all", "month", date(2026, 2, 1))
    assert worker.partition.windows.figures(key).published == {"leads": 1, "breached": 1, "losses": 1}

    worker.take([("C-1", told(Corrected, "2026-03-11 09:00", replaces="loss"))])

    assert worker.partition.windows.figures(key).current == {"leads": 1, "met": 1}
    assert worker.partition.windows.figures(key).published == {"leads": 1, "breached": 1, "losses": 1}
    assert not [value for value in worker.outcome().standing.values() if b"2026-02-10" in value]


def test_customers_count_under_the_version_in_force_when_a_period_begins() -> None:
    """The first version begins on 15 January: of that month nobody was there yet. The second, of 1 March, takes its periods over."""
    later = KEPT.replace("id: kept", "id: stayed")
    rules = RuleBook(
        [
            parse_agreement(text.format(version=version, since=since, subject="customer", zone="Europe/Berlin"))
            for text, version, since in ((KEPT, "1", "2026-01-15"), (later, "2", "2026-03-01"))
        ]
    )
    facts = [won("2025-12-05 09:00")]

    assert figures(facts, "2026-04-10 09:00", "2026-01-01", rules=rules) == {}
    assert figures(facts, "2026-04-10 09:00", "2026-02-01", rules=rules) == {"leads": 1, "met": 1}
    assert figures(facts, "2026-04-10 09:00", "2026-03-01", rules=rules) == {}
    found = [
        (key.obligation, key.first)
        for one in assess(rules, "C-1", facts, at("2026-04-10 09:00"))
        for key, _ in parts_of(one.contribution, rules)
        if key.interval == "month"
    ]
    assert found == [("kept", date(2026, 2, 1)), ("stayed", date(2026, 3, 1)), ("stayed", date(2026, 4, 1))]


def test_a_customer_stays_in_the_segment_that_it_was_won_in() -> None:
    rules = kept(more="segments: [{id: large, when: {attributes.size: large}}]")
    facts = [
        won("2026-01-05 09:00", fields={"attributes.size": "large"}),
        won("2026-02-05 09:00", fields={"attributes.size": "small"}),
    ]

    assert figures(facts, "2026-03-10 09:00", "2026-03-01", rules=rules, segment="large") == {"leads": 1, "met": 1}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  closed: [customer.lost.v1]\n", "", "nobody is ever lost: `events` names none for 'closed'"),
        ("  handed_off: [customer.won.v1]\n", "  created: [customer.seen.v1]\n", "never begins"),
    ],
)
def test_check_says_who_is_never_won_or_lost(old: str, new: str, said: str) -> None:
    text = KEPT.format(version="1", since="2026-01-01", subject="customer", zone="Europe/Berlin")
    assert old in text

    with pytest.raises(AgreementErrors, match=said):
        parse_agreement(text.replace(old, new))


def test_check_says_that_leads_are_no_customers() -> None:
    text = KEPT.format(version="1", since="2026-01-01", subject="customer", zone="Europe/Berlin")
    start, end = text.index("subject:"), text.index("calendar:")

    with pytest.raises(AgreementErrors, match="a lead that is closed is no customer lost"):
        parse_agreement(text[:start] + text[end:])
