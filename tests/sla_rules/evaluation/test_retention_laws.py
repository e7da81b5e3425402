"""Laws of retention: customers counted period by period come to the same, and whoever stays is kept in little."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.contributions import LossContribution
from sla_rules.evaluation.verdicts import assess
from sla_rules.figures.windows import parts_of
from sla_rules.instants import DAY, HOUR, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, merge
from sla_rules.notation import Granularity
from sla_rules.time.periods import Period, period_of
from tests.laws import examples
from tests.script import ORIGIN
from tests.sla_rules.customers import tickets

TICKET = "ticket"

KINDS = ("won", "won", "converted", "converted", "converted", "reopened", "connected", "created", "paused")


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Fact], Instant]:
    """One customer, in steps of twelve hours, some of which are midnights."""
    instants = st.integers(0, 240).map(lambda count: ORIGIN + 4 * HOUR + count * 12 * HOUR)
    found = [
        _fact(draw(st.sampled_from(KINDS)), draw(instants), str(number)) for number in range(draw(st.integers(1, 9)))
    ]
    return list(merge((), found)[0]), ORIGIN + draw(st.integers(0, 150 * 24)) * HOUR


def _fact(kind: str, at: Instant, name: str) -> Fact:
    match kind:
        case "won":
            return facts.HandedOff(at, at, "/crm", name, subject=TICKET)
        case "created":
            return facts.Created(at, at, "/crm", name, subject=TICKET)
        case _:
            return facts.StatusChanged(at, at, "/crm", name, status=kind, subject=TICKET)


@given(lives())
@examples(100)
def test_customers_counted_period_by_period_come_to_the_same(given: tuple[list[Fact], Instant]) -> None:
    """The oracle asks of each period who was there before its first and before its last instant; it knows no tenure."""
    told, now = given
    (term,) = tickets().terms
    found: defaultdict[tuple[Granularity, date], dict[str, int]] = defaultdict(dict)
    for one in assess(tickets(), "customer", told, now):
        if isinstance(one.contribution, LossContribution):
            continue
        for key, tally in parts_of(one.contribution, tickets()):
            for name, count in tally.items():
                of_window = found[key.interval, key.first]
                of_window[name] = of_window.get(name, 0) + count
    by_period = {
        (period.interval, period.first): tally
        for interval in term.obligation.intervals
        for period in _periods(term, interval, now)
        if (tally := _counted(told, period))
    }
    assert found == by_period


def _periods(term: Term, interval: Granularity, now: Instant) -> Sequence[Period]:
    found = [period_of(interval, ORIGIN, term.zone)]
    while found[-1].end <= now:
        found.append(period_of(interval, found[-1].end, term.zone))
    return [period for period in found if period.start <= now]


def _counted(told: Sequence[Fact], period: Period) -> dict[str, int]:
    is_there_at_start, is_there_at_end = (_is_there(told, at) for at in (period.start, period.end))
    if is_there_at_start:
        return {"leads": 1, ("met" if is_there_at_end else "breached"): 1}
    in_it = [fact for fact in told if period.start <= fact.time < period.end]
    return {"won": 1} if any(_name(fact) in {"HandedOff", "reopened"} for fact in in_it) else {}


def _is_there(told: Sequence[Fact], at: Instant) -> bool:
    """Whether the last that was heard before an instant, of what wins and loses customers, won one."""
    names = [
        name for fact in told if fact.time < at and (name := _name(fact)) in {"HandedOff", "reopened", "converted"}
    ]
    return bool(names) and names[-1] != "converted"


def _name(fact: Fact) -> str:
    return fact.status if isinstance(fact, facts.StatusChanged) else type(fact).__name__


@given(lives())
@examples(40)
def test_a_customer_who_stays_costs_a_bounded_number_of_contributions(given: tuple[list[Fact], Instant]) -> None:
    """Of months, weeks and quarters one a year, of days one a month, and a few for each time that something happens."""
    told, now = given
    years = 3
    before = len(assess(tickets(), "customer", told, now + 200 * DAY))
    later = len(assess(tickets(), "customer", told, now + 200 * DAY + years * 366 * DAY))
    assert later - before <= (years + 1) * (3 + 12)
