"""What is not as usual: figures that are none of ours, agreements that are gone, time that runs back, gaps."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import pytest

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.period_records import record, record_key
from sla_rules.figures.windows import Figures, WindowKey
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import DAY, Instant
from sla_rules.notation import Granularity
from sla_rules.reports.agreement_events import agreement_events
from sla_rules.reports.settlement import Settled
from sla_rules.whole_agreement.agreement_state import AgreementState
from sla_rules.whole_agreement.encoding import event_record
from sla_rules.whole_agreement.record_schema import EXAMPLE
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import agreement, company_x
from tests.sla_rules.whole_agreement.books import EVERYTHING, everything

SINCE: Final = at("2026-01-01 00:00")
RULES: Final = everything(SINCE)
NOW: Final = at("2026-04-20 12:00")


def say(
    state: AgreementState,
    obligation: str,
    month: int,
    published: Tally | None,
    partitions: Iterable[int] = (0,),
    current: Tally | None = None,
    interval: Granularity = "month",
    day: int = 1,
) -> None:
    """Each partition publishes the same of a period."""
    key = WindowKey("leads", obligation, "all", interval, date(2026, month, day))
    figures = Figures((published or {}) if current is None else current, published)
    for partition in partitions:
        state.take(partition, record_key(key, partition), record(key, figures, partition, RULES))


def events(state: AgreementState, now: Instant = NOW) -> list[str]:
    state.changes(now)
    return [event.id.removeprefix("leads/") for event in state.whole.events]


def standing(state: AgreementState, now: Instant = NOW) -> dict[str, Any]:
    found = state.changes(now)
    for key, value in found.items():
        state.read_back(key, value)
    return {key.decode(): json.loads(value) for key, value in found.items()}


def test_a_period_is_decided_once_the_last_partition_has_published_it() -> None:
    state = AgreementState(RULES, "leads", 2)
    say(state, "leads", 1, {"delivered": 2}, [0])

    assert "leads/leads/month/2026-01-01" not in standing(state)
    say(state, "leads", 1, {"delivered": 2}, [1])

    found = standing(state)["leads/leads/month/2026-01-01"]["data"]
    assert (found["published"]["result"], found["published"]["attainment"], found["name"]) == ("met", 1, "2026-01")


def test_a_miss_that_is_not_known_yet_may_lie_between_two_that_are() -> None:
    state = AgreementState(RULES, "leads", 1)
    say(state, "fast", 1, {"met": 1})
    for month, leads in enumerate((1, 4, 1), start=1):
        say(state, "leads", month, {"delivered": leads})
    near = "cancellation/month/2026-01-01/cancellation_near"

    assert [one for one in events(state) if "cancellation" in one] == [near]
    say(state, "fast", 2, {"breached": 1})
    assert [one for one in events(state) if "cancellation" in one] == [
        near,
        "cancellation/month/2026-02-01/cancellation_reached",
    ]


def test_what_nobody_publishes_any_more_is_waited_for_no_longer() -> None:
    rules = RuleBook([agreement(EVERYTHING)], keep=95 * DAY, listening_since={"leads": SINCE})
    state = AgreementState(rules, "leads", 1)
    for month in (2, 3):
        say(state, "leads", month, {"delivered": 1})
        say(state, "fast", month, {"met": 1})

    for january_may_come in ("2026-04-02 01:00", "2026-04-20 00:00", "2026-05-06 00:00"):
        state.changes(at(january_may_come))
        assert in_a_row(state) == 0
        assert not [one for one in state.whole.events if "cancellation" in one.id]
    state.changes(at("2026-05-09 00:00"))
    assert in_a_row(state) == 2


def test_a_period_whose_publication_was_taken_back_is_open_again_and_its_events_stay() -> None:
    state = AgreementState(RULES, "leads", 1)
    say(state, "leads", 1, {"delivered": 1})
    first = standing(state)
    say(state, "leads", 1, None, current={"delivered": 1})

    found = standing(state)

    assert found["leads/leads/month/2026-01-01"]["data"]["status"] == "open"
    assert found["leads/leads/month/2026-01-01"]["data"]["published"] is None
    assert not [key for key in found if key.endswith("period_missed")]
    assert "leads/leads/month/2026-01-01/period_missed" in first


def test_figures_of_a_time_that_has_not_come_decide_nothing_yet() -> None:
    state = AgreementState(RULES, "leads", 1)
    say(state, "leads", 1, {"delivered": 1})
    end = at("2026-02-02 00:00")

    assert "leads/leads/month/2026-01-01" not in standing(state, end - 1)
    assert state.next_due() == end
    assert "leads/leads/month/2026-01-01" in standing(state, end)
    assert standing(state, end - 1)["leads/leads/month/2026-01-01"]["data"]["status"] == "open"


def test_history_has_results_and_no_events_and_counts_from_where_anything_is_known() -> None:
    rules = everything(at("2026-03-15 00:00"))
    state = AgreementState(rules, "leads", 1)
    for month in (1, 2, 3):
        say(state, "leads", month, {} if month == 1 else {"delivered": 1})
        say(state, "fast", month, {})

    found = standing(state)

    periods = {key: one["data"]["history"] for key, one in found.items() if one["type"] == "sla.agreement_period.v1"}
    assert {key: history for key, history in periods.items() if "leads/leads" in key} == {
        "leads/leads/month/2026-02-01": True,
        "leads/leads/month/2026-03-01": False,
    }
    assert "leads/leads/month/2026-03-01/period_missed" in found
    assert "leads/cancellation/month/2026-03-01/cancellation_reached" in found
    assert not [key for key in found if key.startswith("leads/leads/month/2026-02-01/period")]


def test_nothing_is_looked_at_before_anything_is_known() -> None:
    state = AgreementState(everything(), "leads", 1)
    say(state, "leads", 1, {})

    assert list(standing(state)) == ["leads"]
    assert [state.whole.since] == [None]
    say(state, "leads", 2, {"delivered": 1})
    say(state, "leads", 2, {"delivered": 1}, interval="day", day=10)
    standing(state)
    assert state.whole.since == at("2026-02-10 00:00")
    assert [one.published is not None for one in state.whole.periods] == [True]


def test_what_turns_out_to_have_been_before_the_first_figure_counts_no_more() -> None:
    state = AgreementState(everything(), "leads", 1)
    for month, leads in ((1, 1), (2, 1), (3, 4)):
        say(state, "leads", month, {"delivered": leads})
        say(state, "leads", month, None, current={"delivered": 1}, interval="day")
        say(state, "fast", month, {})
    state.changes(at("2026-03-20 00:00"))
    assert in_a_row(state) == 2

    say(state, "leads", 1, {})
    say(state, "leads", 1, None, current={}, interval="day")

    state.changes(at("2026-03-20 00:00"))
    assert state.whole.since == at("2026-02-01 00:00")
    assert in_a_row(state) == 1


def in_a_row(state: AgreementState) -> int:
    assert state.whole.agreement is not None
    assert state.whole.agreement.cancellation is not None
    return len(state.whole.agreement.cancellation.in_a_row)


def test_an_agreement_that_no_file_says_any_more_is_withdrawn_and_comes_back() -> None:
    state = AgreementState(RULES, "leads", 1)
    before = state.changes(NOW)
    gone = AgreementState(RuleBook([agreement(EVERYTHING, name="other")]), "leads", 1)
    for key, value in before.items():
        gone.read_back(key, value)
    say(gone, "leads", 1, {"delivered": 1})

    (withdrawn,) = gone.changes(NOW + DAY).values()
    gone.read_back(b"leads", withdrawn)

    said, was = json.loads(withdrawn), json.loads(before[b"leads"])
    assert {**said["data"], "status": "active"} == was["data"]
    assert (said["data"]["status"], said["time"]) == ("withdrawn", was["time"])
    assert (gone.changes(NOW + DAY), gone.next_due(), gone.whole.agreement) == ({}, None, None)
    back = AgreementState(RULES, "leads", 1)
    back.read_back(b"leads", withdrawn)
    assert back.changes(NOW) == before


def test_an_agreement_of_which_nothing_ever_stood_is_not_withdrawn() -> None:
    assert AgreementState(RULES, "never", 1).changes(NOW) == {}


def test_before_its_first_version_there_is_nothing_to_say_of_an_agreement() -> None:
    state = AgreementState(RuleBook([agreement(EVERYTHING, since="2027-01-01")]), "leads", 1)

    assert state.changes(NOW) == {}
    assert state.next_due() is not None
    assert list(standing(state, at("2027-01-01 00:00"))) == ["leads"]


def test_what_the_agreement_does_not_have_is_counted_and_left_out() -> None:
    state = AgreementState(RULES, "leads", 1)
    say(state, "nobody-knows", 1, {"delivered": 1})
    say(state, "leads", 1, {"delivered": 1}, day=2)
    state.take(0, b"others/leads/all/month/2026-01-01/0", b"not looked at")

    assert state.whole.ignored == 2
    assert state.changes(NOW) == AgreementState(RULES, "leads", 1).changes(NOW)


KEY: Final = WindowKey("leads", "leads", "all", "month", date(2026, 1, 1))
VALUE: Final = record(KEY, Figures({"delivered": 1}), 0, RULES)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (record_key(KEY, 0), b"{"),
        (record_key(KEY, 0), b"[]"),
        (record_key(KEY, 1), VALUE),
        (record_key(KEY._replace(obligation="fast"), 0), VALUE),
        (b"leads/leads/month/2026-01-01/0", VALUE),
        (b"leads/leads/all/decade/2026-01-01/0", VALUE),
        (b"leads/leads/all/month/2026-01-41/0", VALUE),
        (b"leads/leads/all/month/2026-01-01/zero", VALUE),
        (b"leads/leads/all/month/\xff/0", None),
        (b"leads/x", None),
    ],
)
def test_a_record_that_is_none_of_ours_is_said_and_changes_nothing(key: bytes, value: bytes | None) -> None:
    state = AgreementState(RULES, "leads", 2)
    before = state.changes(NOW)

    with pytest.raises(UnknownFormatError, match="sla-periods holds a"):
        state.take(0, key, value)

    assert state.changes(NOW) == before


def test_the_example_of_the_schema_is_what_is_written() -> None:
    rules = company_x()
    (volume,) = (term for term in rules.terms if term.obligation.id == "leads-delivered")
    period, tally = volume.period("month", at("2026-02-10 00:00")), {"delivered": 80}
    february = Settled(volume, period, volume.agreement.publication_of(period.end), tally, tally)

    event, *_ = agreement_events(rules.versions["company-x"][-1], [february], NOW)

    assert json.loads(event_record(event, "company-x")[1]) == EXAMPLE
