"""What stands of an agreement in the end follows from what its partitions say last, whoever read it when and in which order."""

import json
from datetime import date
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.figures.period_records import record, record_key
from sla_rules.figures.windows import Figures, WindowKey, period_of_window
from sla_rules.instants import DAY, Instant
from sla_rules.whole_agreement.agreement_state import AgreementState
from tests.laws import examples
from tests.scenarios.test_published_records import validator, wrong_with
from tests.sla_rules.clocks import at
from tests.sla_rules.whole_agreement.books import everything

PARTITIONS: Final = 2
BEGIN: Final = at("2026-01-05 00:00")
END: Final = at("2026-04-20 12:00")
RULES: Final = everything(BEGIN)
RECORD: Final = validator("agreements")
MAY_STAND: Final = ("sla.goal_reached.v1", "sla.remedy_overdue.v1")
"""Events that what is not published yet may call for, and what was confirmed since may not."""
DONE: Final = tuple(
    ConfirmedRemedy(owner, at(f"2026-{when} 12:00"), "Eva")
    for owner, when in (("Bruno", "02-05"), ("Bruno", "02-20"), ("Ana", "03-01"), (None, "03-12"), (None, "04-19"))
)
"""Remedies carried out, in time for some months and late for others."""
Said = tuple[WindowKey, Figures | None]


def windows() -> list[WindowKey]:
    """Those of months and weeks that end before the end, of every segment, and some days."""
    found = []
    for term in RULES.terms:
        for segment in term.segments:
            names = [("month", date(2026, month, 1)) for month in (1, 2, 3, 4)]
            if term.obligation.id != "report":
                names += [("week", date(2026, 1, day)) for day in (5, 12, 19, 26)]
                names += [("week", date(2026, 2, day)) for day in (2, 9)]
            if term.obligation.id == "leads":
                names += [("day", date(2026, month, day)) for month in (1, 4) for day in (6, 7)]
            found += [WindowKey(*term.name, segment, interval, first) for interval, first in names]  # type: ignore[arg-type]
    return found


WINDOWS: Final = windows()
TALLIES: Final = {
    "fast": st.sampled_from(({}, {"met": 10}, {"met": 12, "breached": 3}, {"met": 5, "breached": 9, "open": 1})),
    "leads": st.sampled_from(({}, {}, {"delivered": 1}, {"delivered": 2, "converted": 1})),
    "report": st.sampled_from(({}, {"met": 1}, {"breached": 1})),
}


@st.composite
def logs(draw: st.DrawFn, *, taken_back: bool) -> list[list[Said]]:
    """What each partition publishes of each window: open figures, what it comes to, restated, and now and then taken back."""
    found = []
    for _ in range(PARTITIONS):
        told: list[Said] = []
        for key in draw(st.permutations(WINDOWS)):
            tallies = TALLIES[key.obligation]
            published = draw(tallies)
            is_over = RULES.publication_of("leads", period_of_window(key, RULES).end) <= END
            said: list[Figures | None] = [Figures(draw(tallies))] if draw(st.booleans()) else []
            if is_over and draw(st.integers(0, 29)):
                said.append(Figures(published, published))
            if draw(st.integers(0, 29)) == 0:
                restated = Figures(draw(tallies), said[-1].published if said and said[-1] is not None else None)
                said.append(draw(st.sampled_from((None, Figures(draw(tallies)), restated))) if taken_back else restated)
            told += [(key, figures) for figures in said]
            if key.obligation == "leads" and key.interval == "month" and said and (last := said[-1]) is not None:
                done = draw(st.lists(st.sampled_from(DONE), max_size=2, unique=True))
                told += [(key, last._replace(confirmed=tuple(done)))] if done else []
        found.append(told)
    return found


class Owner:
    """Reads what partitions published, at its own pace, writes what follows, and may be another one at any time."""

    def __init__(self, told: list[list[Said]]) -> None:
        self.told, self.topic, self.first = told, dict[bytes, bytes](), dict[bytes, bytes]()
        self.take_over()

    def take_over(self) -> None:
        self.state, self.position = AgreementState(RULES, "leads", PARTITIONS), [0] * PARTITIONS
        for key, value in self.topic.items():
            self.state.read_back(key, value)

    def read(self, partition: int, count: int, again: int) -> None:
        """Some more of a partition, some of what was read once more before."""
        begin = max(self.position[partition] - again, 0)
        self.position[partition] += count
        for key, figures in self.told[partition][begin : self.position[partition]]:
            value = None if figures is None else record(key, figures, partition, RULES)
            self.state.take(partition, record_key(key, partition), value)

    def write(self, now: Instant, most: int | None = None) -> None:
        """What follows, or as much of it as was written before the owner died."""
        for key, value in list(self.state.changes(now).items())[:most]:
            self.topic[key] = value
            self.first.setdefault(key, value)
            self.state.read_back(key, value)

    def finish(self) -> None:
        for partition in range(PARTITIONS):
            self.read(partition, len(self.told[partition]), 0)
        self.write(END)


Steps = list[tuple[str, int, int, int]]
STEPS: Final = st.lists(
    st.tuples(
        st.sampled_from(("read", "read", "read", "write", "write", "die")),
        st.integers(0, PARTITIONS - 1),
        st.integers(1, 40),
        st.integers(0, 5),
    ),
    max_size=20,
)


def ended(told: list[list[Said]], steps: Steps) -> tuple[Owner, Owner]:
    """An owner that read everything at once, and others that took some steps before."""
    at_once, gradually = Owner(told), Owner(told)
    at_once.finish()
    now = BEGIN
    for what, partition, count, again in steps:
        if what == "read":
            gradually.read(partition, count, again)
        elif what == "write":
            now = min(now + count * 4 * DAY, END)
            gradually.write(now)
        else:
            gradually.write(now, most=count)
            gradually.take_over()
    gradually.finish()
    assert gradually.state.changes(END) == {}
    return at_once, gradually


@examples(45)
@given(logs(taken_back=False), STEPS)
def test_what_stands_in_the_end_does_not_depend_on_who_read_what_when(told: list[list[Said]], steps: Steps) -> None:
    at_once, gradually = ended(told, steps)

    for key in at_once.topic.keys() | gradually.topic.keys():
        value = gradually.topic[key]
        if type_of(value) in MAY_STAND:
            assert value == gradually.first[key]
        else:
            assert value == at_once.topic[key]


@examples(30)
@given(logs(taken_back=True), STEPS)
def test_what_is_taken_back_is_open_again_and_what_happened_has_happened(told: list[list[Said]], steps: Steps) -> None:
    at_once, gradually = ended(told, steps)

    for key, value in at_once.topic.items():
        assert gradually.topic[key] == (gradually.first[key] if is_event(value) else value)
    for key in gradually.topic.keys() - at_once.topic.keys():
        assert is_event(gradually.topic[key]) or json.loads(gradually.topic[key])["data"]["status"] == "open"


@examples(20)
@given(logs(taken_back=True), STEPS)
def test_records_are_as_the_schema_says_stand_until_they_are_due_and_no_event_becomes_another(
    told: list[list[Said]], steps: Steps
) -> None:
    owner, now, seen = Owner(told), BEGIN, set[bytes]()
    for _, partition, count, again in steps:
        owner.read(partition, count, again)
        now = min(now + count * 4 * DAY, END)
        owner.write(now)
        due = owner.state.next_due()
        assert due is not None
        assert due > now
        assert owner.state.changes(due - 1) == {}
        for key, value in owner.topic.items():
            assert not is_event(value) or value == owner.first[key]
            if value not in seen:
                assert wrong_with(json.loads(value), RECORD) == []
                seen.add(value)


def is_event(value: bytes) -> bool:
    return not type_of(value).startswith("sla.agreement")


def type_of(value: bytes) -> str:
    return str(json.loads(value)["type"])
