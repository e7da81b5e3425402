"""Laws of availability: minutes counted one by one come to the same, and days add up to months."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.obligations import Availability
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.contributions import AvailabilityContribution
from sla_rules.evaluation.tallies import Tally, total
from sla_rules.evaluation.verdicts import assess
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import HOUR, MINUTE, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, merge
from sla_rules.names import ALL_SEGMENTS
from sla_rules.time.intervals import FOREVER
from sla_rules.time.periods import days_of, period_of
from tests.laws import examples
from tests.script import ORIGIN
from tests.sla_rules.services import tickets
from tests.sla_rules.worker import Worker

TICKET = "ticket"

STEP = 20 * MINUTE
KINDS = ("down", "down", "connected", "connected", "paused", "resumed", "converted", "created", "span", "waived")


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Fact], Instant]:
    """One service, in steps of twenty minutes, as a monitor tells of it."""
    instants = st.integers(0, 300).map(lambda count: ORIGIN + count * STEP)
    found = []
    for number in range(draw(st.integers(1, 9))):
        at, since, steps = draw(instants), draw(instants), draw(st.integers(1, 100))
        found.append(_fact(draw(st.sampled_from(KINDS)), at, str(number), since, since + steps * STEP))
    return list(merge((), found)[0]), ORIGIN + draw(st.integers(0, 110)) * HOUR


def _fact(kind: str, at: Instant, name: str, since: Instant, until: Instant) -> Fact:
    match kind:
        case "down":
            return facts.HandedOff(at, at, "/monitor", name, subject=TICKET)
        case "created":
            return facts.Created(at, at, "/monitor", name, subject=TICKET)
        case "waived":
            return facts.Excused(at, at, "/monitor", name, subject=TICKET)
        case "span":
            return facts.ExcusedSpan(at, at, "/monitor", name, None, since, until, subject=TICKET)
        case _:
            return facts.StatusChanged(at, at, "/monitor", name, status=kind, subject=TICKET)


@given(lives())
@examples(80)
def test_time_counted_in_steps_of_twenty_minutes_comes_to_the_same(given: tuple[list[Fact], Instant]) -> None:
    """The oracle asks of each step whether the service is watched, down, waived and to be up; it knows no interval."""
    told, now = given
    for term in tickets().terms:
        found = total(
            tally
            for one in assess(tickets(), "service", told, now)
            if isinstance(one.contribution, AvailabilityContribution) and one.contribution.term == term.index
            for tally in [_sums(one.contribution)]
        )
        end = period_of("day", now, term.zone).end
        by_step = total(_step(term, told, at, now) for at in range(ORIGIN, max(end, ORIGIN), STEP))
        assert found == by_step


def _sums(days: AvailabilityContribution) -> Tally:
    sums = {name: days.days * getattr(days, name) for name in ("available", "down", "excused")}
    return {name: count for name, count in sums.items() if count}


def _step(term: Term, told: Sequence[Fact], at: Instant, now: Instant) -> Tally:
    """What a step of twenty minutes adds."""
    terms = term.obligation
    assert isinstance(terms, Availability)
    outages = _outages(told, now)
    if not _last(told, at, ("HandedOff", "Created", "connected"), ("converted",)):
        return {}
    if terms.clock == "working" and not term.calendar.is_open(at):
        return {}
    is_paused = terms.pauses and _last(told, at, ("paused",), ("resumed", "connected", "converted"))
    spans = (fact for fact in told if isinstance(fact, facts.ExcusedSpan) and fact.since <= at < fact.until)
    is_announced = any(not terms.announced or fact.time <= fact.since - terms.announced for fact in spans)
    if is_paused or is_announced or any(start <= at < end for start, end, is_waived in outages if is_waived):
        return {"excused": STEP}
    is_down = any(start <= at < end for start, end, _ in outages)
    return {"available": STEP, **({"down": STEP} if is_down else {})}


def _name(fact: Fact) -> str:
    return fact.status if isinstance(fact, facts.StatusChanged) else type(fact).__name__


def _last(told: Sequence[Fact], at: Instant, begins: Sequence[str], ends: Sequence[str]) -> bool:
    """Whether of two sorts of facts by an instant the last one is of the first."""
    names = [name for fact in told if fact.time <= at and (name := _name(fact)) in (*begins, *ends)]
    return bool(names) and names[-1] in begins


def _outages(told: Sequence[Fact], now: Instant) -> list[tuple[Instant, Instant, bool]]:
    """From when to when it was down, and whether that was waived: then what is left of today is, too."""
    found: list[tuple[Instant, Instant, bool]] = []
    is_down = False
    for fact in told:
        name = _name(fact)
        if name == "Excused" and found:
            found[-1] = (*found[-1][:2], True)
        elif name == "HandedOff" and not is_down:
            is_down = True
            found.append((fact.time, now, False))
        elif name in {"connected", "converted"} and is_down:
            is_down = False
            found[-1] = (found[-1][0], fact.time, found[-1][2])
    return [
        (start, FOREVER if is_waived and is_down and end == now else end, is_waived) for start, end, is_waived in found
    ]


@given(lives())
@examples(40)
def test_the_days_of_a_month_add_up_to_it(given: tuple[list[Fact], Instant]) -> None:
    told, now = given
    worker = Worker(tickets())
    worker.take([("service", fact) for fact in told])
    worker.take(now)
    for term in tickets().terms:
        month = term.period("month", now)
        tallies = worker.partition.windows.tallies
        days = total(
            tallies.get(WindowKey(*term.name, ALL_SEGMENTS, "day", day.first), {}) for day in days_of(month, term.zone)
        )
        assert tallies.get(WindowKey(*term.name, ALL_SEGMENTS, "month", month.first), {}) == days
