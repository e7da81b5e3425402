from hypothesis import given
from hypothesis import strategies as st

from sla_rules.engine.timers import Wakes
from sla_rules.instants import HOUR, MINUTE

INSTANTS = st.integers(-HOUR, HOUR) | st.integers(-3, 3).map(lambda minutes: minutes * MINUTE)
STEPS = st.lists(st.tuples(st.booleans(), INSTANTS), max_size=60)


@given(STEPS)
def test_leads_come_back_in_the_order_of_their_instants_as_time_reaches_them(steps: list[tuple[bool, int]]) -> None:
    wakes, waiting = Wakes(), list[tuple[int, bytes]]()
    for number, (passes, at) in enumerate(steps):
        if passes:
            due = sorted(pair for pair in waiting if pair[0] <= at)
            taken = [wakes.take(at) for _ in due]
            assert sorted(pair for pair in taken if pair) == due
            assert [pair[0] for pair in taken if pair] == [wake for wake, _ in due]
            assert wakes.take(at) is None
            waiting = [pair for pair in waiting if pair[0] > at]
        else:
            lead = str(number).encode()
            wakes.put(at, lead)
            waiting.append((at, lead))
        assert wakes.next == min((wake for wake, _ in waiting), default=None)


def test_nothing_waits_at_first() -> None:
    assert Wakes().next is None
    assert Wakes().take(HOUR) is None


@given(st.lists(st.tuples(INSTANTS, st.sampled_from((b"a", b"b"))), max_size=20))
def test_a_lead_that_was_put_twice_for_one_instant_comes_back_once(put: list[tuple[int, bytes]]) -> None:
    wakes = Wakes()
    for at, lead in put:
        wakes.put(at, lead)

    taken = [wakes.take(HOUR) for _ in set(put)]

    assert sorted(pair for pair in taken if pair) == sorted(set(put))
    assert (wakes.take(HOUR), len(wakes)) == (None, 0)
