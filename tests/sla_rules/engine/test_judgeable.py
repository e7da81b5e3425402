"""Whatever event is taken can be judged, by every agreement that ships and at any time that there is."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.fold import step
from sla_rules.evaluation.notices import notice_event
from sla_rules.events.as_fact import fact_of
from sla_rules.events.decode import check_stamps, read_event
from sla_rules.events.rejection import RejectionError
from sla_rules.events.schema import key_of
from sla_rules.figures.period_records import record
from sla_rules.figures.windows import Windows
from sla_rules.instants import DAY, EARLIEST, HOUR, LATEST, Duration, Instant, iso
from sla_rules.lead.facts import Fact
from sla_rules.notation import FIRST_DATE
from tests.agreements.examples import FILES
from tests.script import ORIGIN
from tests.sla_rules.event_samples import DATA, sample
from tests.sla_rules.rules import rule_books
from tests.strategies import mutated

SHIPPED: Final = [load_agreements([file]) for file in FILES]


def since_ever(agreement: Agreement) -> RuleBook:
    """As if it had always been in force; without what falls due day by day, which would take long to be counted."""
    lasting = [obligation for obligation in agreement.obligations if obligation.kind != "deliverable"]
    return RuleBook([agreement.model_copy(update={"effective_from": FIRST_DATE, "obligations": tuple(lasting)})])


EVER: Final = [since_ever(first) for first, *_ in SHIPPED if first.obligations[0].kind != "deliverable"]
BOOKS: Final = (*rule_books(), *map(RuleBook, SHIPPED), *EVER)
ERAS: Final = (EARLIEST, ORIGIN, LATEST - 40 * DAY)
"""Where calendars begin, are used, and end."""
SPAN: Final[Duration] = 40 * DAY


KINDS: Final = (*sorted(DATA), *("lead.handed_off.v1", "lead.contact_attempted.v1", "deal.closed.v1") * 3)
CORRECTION: Final = "lead.corrected.v1"
DUES: Final = (None, "1969-12-31", "1970-01-01", "2026-03-02", "2999-12-31", "3000-01-01", "9999-12-31")
ODD_TIMES: Final = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")


def instants(era: Instant) -> st.SearchStrategy[Instant]:
    """Instants of an era, its first and its last among them."""
    edges = st.sampled_from((era, era + SPAN))
    return edges | st.integers(era, era + SPAN) | st.integers(0, 40 * 24).map(lambda hours: era + hours * HOUR)


@st.composite
def events(draw: st.DrawFn, time: Instant, kinds: Sequence[str]) -> Any:
    """An event of some kind as it may come from outside, some of it filled with anything now and then."""
    kind = draw(st.sampled_from(kinds))
    event = sample(kind, id=draw(st.sampled_from("abcdef")), time=iso(time))
    if kind == CORRECTION:
        right = draw(events(time, KINDS))
        if isinstance(right, dict):
            right["time"] = draw(st.sampled_from((iso(time), *ODD_TIMES)))
        event["data"] = {"replaces": draw(st.sampled_from("abc")), "event": right}
    if kind == "deliverable.confirmed.v1":
        event["data"] = {**event["data"], "due": draw(st.sampled_from(DUES))}
    return draw(mutated(event)) if draw(st.integers(0, 9)) == 9 else event


@st.composite
def told(draw: st.DrawFn, era: Instant) -> tuple[bytes, Instant]:
    """An event and when it arrived, mostly at once."""
    time = draw(instants(era))
    event = draw(events(time, (*KINDS, *(CORRECTION,) * 9)))
    return json.dumps(event).encode(), draw(st.sampled_from((time, time, era + SPAN)))


@st.composite
def taken(draw: st.DrawFn, era: Instant) -> list[tuple[str, Fact]]:
    """Facts with their keys: what is taken of some events, hand-offs of their lead among them."""
    hand_off = st.tuples(st.just(DATA["lead.handed_off.v1"]), instants(era)).map(
        lambda found: (json.dumps(sample("lead.handed_off.v1", data=found[0], time=iso(found[1]))).encode(), found[1])
    )
    found: list[tuple[str, Fact]] = []
    for value, arrival in [draw(hand_off), *draw(st.lists(told(era), max_size=6))]:
        try:
            event = read_event(value)
            check_stamps(event, arrival)
            found.append((key_of(event), fact_of(event, arrival)))
        except RejectionError:
            continue
    return found


@pytest.mark.parametrize("era", ERAS)
@given(data=st.data())
def test_what_is_taken_can_be_judged_published_and_counted(era: Instant, data: st.DataObject) -> None:
    found = data.draw(taken(era))
    now = data.draw(instants(era))
    for rules in BOOKS:
        told_of = {key: [fact for name, fact in found if name == key] for key, _ in found}
        if era != ERAS[-1]:  # what falls due up to the year 3000 would take long as well
            told_of |= {key: [fact for _, fact in found] for key in rules.deliverables}
        judge(rules, told_of, now)


def judge(rules: RuleBook, told_of: Mapping[str, Sequence[Fact]], now: Instant) -> None:
    """Judge leads, now and when time alone changes that; tell and count what follows."""
    windows = Windows(rules)
    for key, facts in told_of.items():
        reached = step(rules, key, None, facts, now)
        for notice in reached.standing.values():
            assert msgspec.json.decode(notice_event(notice))
        for contribution in reached.state.contributions:
            windows.put_in(contribution)
        if reached.state.next_due is not None:
            assert step(rules, key, reached.state, (), reached.state.next_due)
    for window in windows.changed:
        assert record(window, windows.figures(window), 0, rules)


def test_a_lead_may_have_been_handed_off_when_calendars_begin_and_called_when_they_end() -> None:
    rules = EVER[0]
    first = fact_of(read_event(json.dumps(sample("lead.handed_off.v1", time=iso(EARLIEST))).encode()), LATEST)
    last = fact_of(read_event(json.dumps(sample("lead.contact_attempted.v1", time=iso(LATEST))).encode()), LATEST)
    windows = Windows(rules)

    for contribution in step(rules, "lead-1", None, [first, last], LATEST).state.contributions:
        windows.put_in(contribution)

    assert windows.changed
