from hypothesis import given
from hypothesis import strategies as st

from sla_rules.engine.timers import TimerQueue
from sla_rules.instants import HOUR, MINUTE

INSTANTS = st.integers(-HOUR, HOUR) | st.integers(-3, 3).map(lambda minutes: minutes * MINUTE)
STEPS = st.lists(st.tuples(st.booleans(), INSTANTS), max_size=60)


@given(STEPS)
def test_leads_come_back_in_the_order_of_their_instants_as_time_reaches_them(steps: list[tuple[bool, int]]) -> None:
    timers, waiting = TimerQueue(), list[tuple[int, bytes]]()
    for number, (passes, at) in enumerate(steps):
        if passes:
            due = sorted(pair for pair in waiting if pair[0] <= at)
            taken = [timers.take(at) for _ in due]
            assert sorted(pair for pair in taken if pair) == due
            assert [pair[0] for pair in taken if pair] == [next_due for next_due, _ in due]
            assert timers.take(at) is None
            waiting = [pair for pair in waiting if pair[0] > at]
        else:
            lead = str(number).encode()
            timers.put(at, lead)
            waiting.append((at, lead))
        assert timers.next == min((next_due for next_due, _ in waiting), default=None)


def test_nothing_waits_at_first() -> None:
    assert TimerQueue().next is None
    assert TimerQueue().take(HOUR) is None


@given(st.lists(st.tuples(INSTANTS, st.sampled_from((b"a", b"b"))), max_size=20))
def test_a_lead_that_was_put_twice_for_one_instant_comes_back_once(put: list[tuple[int, bytes]]) -> None:
    timers = TimerQueue()
    for at, lead in put:
        timers.put(at, lead)

    taken = [timers.take(HOUR) for _ in set(put)]

    assert sorted(pair for pair in taken if pair) == sorted(set(put))
    assert (timers.take(HOUR), len(timers)) == (None, 0)
