"""Every Hypothesis strategy of the tests."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Final

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Duration, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from sla_rules.notation import WEEKDAYS
from sla_rules.time.intervals import Interval
from sla_rules.time.working_hours import Holidays, WorkingHours
from tests.script import ORIGIN, History, Script
from tests.sla_rules.minutes import CALLED

LEADS: Final = ("lead-1", "lead-2", "lead-3")
KEY: Final = "leads:touch"
"""Of an obligation, under which remedies are confirmed."""
MERGERS: Final = {"m": 1, "n": 2, "o": 3, "p": 4, "q": 5}
"""Ids of mergers, with the hour in which each happened."""


def offsets(steps: int, step: Duration) -> SearchStrategy[Duration]:
    """Durations on a grid that deadlines lie on, and a microsecond beside it."""
    return st.builds(lambda count, beside: count * step + beside, st.integers(0, steps), st.sampled_from((0, 0, -1, 1)))


@cache
def times() -> SearchStrategy[Instant]:
    """Instants close to each other, so that ties and answers at the deadline are common."""
    return (offsets(10, 15 * MINUTE) | offsets(72, HOUR)).map(lambda offset: ORIGIN + offset)


@cache
def ends() -> SearchStrategy[Instant]:
    """Instants at which a history is judged."""
    return times() | st.integers(0, 20).map(lambda days: ORIGIN + days * DAY)


@cache
def arrivals() -> SearchStrategy[Instant]:
    """Append times: some at once, some days late."""
    return times() | st.integers(0, 10).map(lambda days: ORIGIN + days * DAY + 7 * SECOND)


@cache
def fields() -> SearchStrategy[facts.Fields]:
    """What segments look at; values that are equal and not the same are among them."""
    some: dict[str, SearchStrategy[str | int | float | bool]] = {
        "role": st.sampled_from(("ceo", "CEO", "director", "manager")),
        "attributes.vip": st.sampled_from((0, 1, True, 1.0, 2.5, "1")),
        "attributes.note": st.sampled_from(("anna at home", "call anna after six")),
        "campaign": st.sampled_from(("dear anna", "anna's birthday")),
    }
    return st.fixed_dictionaries({}, optional=some).map(lambda found: dict(sorted(found.items())))


@cache
def stamps() -> dict[str, SearchStrategy[Any]]:
    """What every fact has; few ids, so that contents clash."""
    return {
        "time": times(),
        "arrival": arrivals(),
        "source": st.sampled_from(("/crm", "/crm", "/other")),
        "id": st.sampled_from("abcdefghijkl"),
        "subject": st.sampled_from((None, None, None, None, "ticket")),
    }


@cache
def names() -> SearchStrategy[str | None]:
    """Reps and teams."""
    return st.none() | st.sampled_from(("ann", "bob"))


@cache
def reasons() -> SearchStrategy[str | None]:
    """What somebody wrote; personal, like all in these strategies that names Anna."""
    return st.none() | st.just("anna hung up")


@cache
def hand_offs() -> SearchStrategy[Fact]:
    """Hand-offs to somebody or nobody, with fields or without."""
    return st.builds(facts.HandedOff, **stamps(), rep=names(), team=names(), fields=fields())


@cache
def some_facts() -> SearchStrategy[Fact]:
    """Facts of every type, those that move the clocks more often."""
    known = stamps()
    attempted = st.builds(
        facts.Attempted,
        **known,
        channel=st.sampled_from(("phone", "email", "Phone")),
        inbound=st.sampled_from((False, False, True)),
        automated=st.sampled_from((False, False, True)),
        outcome=st.sampled_from((None, "no_answer", "connected", "bounced")),
        duration=st.sampled_from((None, 10 * SECOND, 60 * SECOND)),
    )
    turns = ("accepted", "rejected", "connected", "converted", "disqualified", "reopened", "paused", "resumed")
    turned = st.builds(
        facts.StatusChanged, **known, status=st.sampled_from((*turns, "deleted", "deleted")), reason=reasons()
    )
    updated = st.builds(facts.Updated, **known, fields=fields())
    instead = st.none() | hand_offs() | turned | updated
    return st.one_of(
        hand_offs(),
        hand_offs(),
        attempted,
        attempted,
        turned,
        st.builds(facts.Created, **known, fields=fields()),
        updated,
        st.builds(facts.Recycled, **known, reason=reasons()),
        st.builds(facts.Reassigned, **known, rep=names(), team=names(), reason=reasons()),
        st.builds(facts.Excused, **known, reason=st.just("anna is ill"), by=st.just("anna's aunt")),
        mergers(),
        st.builds(
            corrected, st.builds(facts.Corrected, **known, replaces=st.sampled_from((*"abc", *MERGERS))), instead
        ),
        deals(),
        st.builds(facts.Confirmed, **known, quantity=st.sampled_from((1.0, 2.0))),
        excused_spans(),
        remedies(),
    )


@cache
def excused_spans() -> SearchStrategy[Fact]:
    """Spans of time that were waived, announced or afterwards."""
    return st.builds(
        lambda length, stamps, since: facts.ExcusedSpan(
            **stamps, since=since, until=since + length, reason="anna moves", by="anna"
        ),
        st.sampled_from((1, 20 * MINUTE, 3 * HOUR, 2 * DAY)),
        st.fixed_dictionaries(stamps()),
        times(),
    )


@cache
def remedies() -> SearchStrategy[Fact]:
    """Remedies of a few periods, of one owner or of all; some of these no agreement judges by."""
    return st.builds(
        facts.RemedyConfirmed,
        **stamps(),
        period=st.sampled_from(("2026-02", "2026-03", "2026-W10", "2025", "2026-03-06")),
        by=st.sampled_from(("eva", "bruno")),
        owner=st.sampled_from((None, None, "Eva")),
    )


@cache
def put_right() -> SearchStrategy[Fact]:
    """A remedy confirmed, one that is taken back, or one that another stands for."""
    correction = st.builds(facts.Corrected, **stamps(), replaces=st.sampled_from("abc"))
    return remedies() | st.builds(corrected, correction, st.none() | remedies())


def about(subject: str, history: History) -> History:
    """The same history, all of it about one sort of thing."""
    return [(lead, msgspec.structs.replace(fact, subject=subject)) for lead, fact in history]


def corrected(correction: facts.Corrected, instead: Fact | None) -> Fact:
    """The correction with what it puts in, which is told under its name and arrives with it."""
    if instead is None:
        return correction
    stamps = {name: getattr(correction, name) for name in ("arrival", "source", "id")}
    return msgspec.structs.replace(correction, instead=msgspec.structs.replace(instead, **stamps))


@cache
def deals() -> SearchStrategy[Fact]:
    """A few deals, won, lost and won again, in two currencies; some are told under several event ids."""
    return st.builds(
        facts.DealClosed,
        **stamps(),
        outcome=st.sampled_from(("won", "won", "lost")),
        amount=st.sampled_from(("0", "1", "100.000001")),
        currency=st.sampled_from(("EUR", "EUR", "USD")),
        deal=st.sampled_from(("", "deal-1", "deal-2")),
        leads=st.sampled_from(((), ("lead-1",))),
        generated_by=st.sampled_from((None, "marketing", "sales")),
    )


def mergers() -> SearchStrategy[Fact]:
    """Mergers into any lead; each id has one content, since what a merger sent on cannot be called back."""
    return st.builds(
        lambda name, arrival: facts.Merged(
            ORIGIN + MERGERS[name] * HOUR, arrival, "/crm", name, None, LEADS[MERGERS[name] % 3]
        ),
        st.sampled_from(sorted(MERGERS)),
        arrivals(),
    )


@st.composite
def histories(draw: st.DrawFn, most: int = 5) -> History:
    """Facts of one to three leads; some are told twice, the second time otherwise."""
    history: History = []
    for lead in LEADS[: draw(st.integers(1, len(LEADS)))]:
        found = draw(st.lists(some_facts(), min_size=1, max_size=most))
        history += [(lead, fact) for fact in [draw(hand_offs()), *found]]
    if draw(st.booleans()):
        history += [(KEY, fact) for fact in draw(st.lists(put_right(), min_size=1, max_size=most))]
    told_twice = draw(st.lists(st.sampled_from(history), max_size=3))
    return [*history, *[(lead, draw(told_otherwise(fact))) for lead, fact in told_twice]]


@st.composite
def groups(draw: st.DrawFn, most: int = 7) -> History:
    """Facts of leads that are merged in rings, ways, fans and anyhow; some mergers are corrected away, some leads deleted."""
    names = [f"lead-{number}" for number in range(draw(st.integers(2, most)))]
    shape = draw(st.sampled_from(("ring", "way", "fan", "anyhow")))
    order = draw(st.permutations(names))
    pairs = {
        "ring": [*zip(order, [*order[1:], order[0]], strict=True)],
        "way": [*pairwise(order)],
        "fan": [(name, order[0]) for name in order[1:]],
        "anyhow": [],
    }[shape]
    some = st.sampled_from(names)
    pairs += draw(st.lists(st.tuples(some, some), min_size=1 if shape == "anyhow" else 0, max_size=4))
    history: History = [(name, draw(hand_offs())) for name in names]
    history += draw(st.lists(st.tuples(some, some_facts()), max_size=4))
    for number, (loser, into) in enumerate(pairs):
        subject = draw(st.sampled_from((None, None, None, "ticket")))
        when, arrival = draw(times()), draw(arrivals())
        merged = facts.Merged(when, arrival, "/crm", f"merged-{number}", into=into, subject=subject)
        history.append((loser, merged))
        if not draw(st.integers(0, 3)):
            when, arrival = draw(times()), draw(arrivals())
            undone = facts.Corrected(when, arrival, "/crm", f"undone-{number}", replaces=merged.id, subject=subject)
            history.append((loser, undone))
    for name in draw(st.lists(some, max_size=2)):
        history.append((name, facts.StatusChanged(**draw(st.fixed_dictionaries(stamps())), status="deleted")))
    return history


def told_otherwise(fact: Fact) -> SearchStrategy[Fact]:
    """The same event with other contents, or the same again with another arrival."""
    others: dict[str, SearchStrategy[object]] = {
        "time": times(),
        "arrival": arrivals(),
        "fields": fields(),
        "rep": st.sampled_from((None, "zoe")),
    }
    if isinstance(fact, facts.Merged):
        others = {"arrival": arrivals()}
    known = {name: values for name, values in others.items() if name in fact.__struct_fields__}
    otherwise = st.sampled_from(sorted(known)).flatmap(
        lambda name: known[name].map(lambda value: msgspec.structs.replace(fact, **{name: value}))
    )
    if isinstance(fact, facts.Corrected):
        return st.builds(corrected, otherwise, st.just(fact.instead))
    return otherwise


@st.composite
def deliveries(draw: st.DrawFn, history: Sequence[tuple[str, Fact]], end: Instant) -> Script:
    """The history in any order, with duplicates, in batches of any size, time passing between them, at last to `end`."""
    again = draw(st.lists(st.sampled_from(history), max_size=4))
    order = draw(st.permutations([*history, *again]))
    script: Script = []
    while order:
        size = draw(st.integers(1, len(order)))
        script.append(order[:size])
        order = order[size:]
        if draw(st.booleans()):
            script.append(min(draw(ends()), end))
    return [*script, end]


@cache
def json_scalars() -> SearchStrategy[Any]:
    """What JSON can carry and what Python writes as JSON, the odd ones among it."""
    odd = (None, "", "\ud800", "\x00", "1700000000", "2026-03-02T09:00:00Z", "\u202e", "x" * 300, -0.0, 1e308)
    whole = st.sampled_from((2**53, 2**63, 2**64, -(2**63) - 1, 10**30, 10**400)) | st.integers()
    return st.sampled_from(odd) | st.booleans() | whole | st.floats() | st.text(max_size=5)


@cache
def json_values() -> SearchStrategy[Any]:
    """Scalars, and lists and objects of them."""
    return st.recursive(
        json_scalars(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    )


@st.composite
def mutated(draw: st.DrawFn, event: dict[str, Any]) -> Any:
    """The event with some places filled with anything, left out, or added; or something else in its place."""
    changed = deepcopy(event)
    for _ in range(draw(st.integers(1, 3))):
        parts = [part for part in (changed, changed.get("data")) if isinstance(part, dict)]
        part = draw(st.sampled_from(parts))
        name = draw(st.sampled_from([*sorted(part), "attributes", "extra"]))
        if name == "attributes":
            part[name] = draw(st.dictionaries(st.text(min_size=1, max_size=5), json_scalars(), max_size=3))
        elif draw(st.integers(0, 9)):
            part[name] = draw(json_values())
        else:
            part.pop(name, None)
    return changed if draw(st.integers(0, 19)) else draw(json_values())


def rubbish() -> SearchStrategy[bytes]:
    """Bytes of any sort, more of those that JSON is made of."""
    pieces = (
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b":",
        b",",
        b"\\u",
        b"d800",
        b"\xff",
        b"null",
        b'"type"',
        b"1e999",
        b"-",
        b"0",
    )
    made = st.lists(st.sampled_from(pieces), max_size=12).map(b"".join)
    deep = st.builds(lambda piece, count: piece * count, st.sampled_from(pieces), st.integers(0, 3_000))
    return st.binary(max_size=50) | made | deep


def rubbish_headers() -> SearchStrategy[dict[str, bytes | None]]:
    """Headers of a binary event with anything in them, or nothing."""
    names = ("type", "id", "source", "subject", "time", "specversion", "data", "")
    values = (
        st.none() | st.binary(max_size=8) | st.sampled_from((b"lead.created.v1", b"com.acme.lead.created.v1", b"1.0"))
    )
    return st.dictionaries(st.sampled_from(names).map(lambda name: f"ce_{name}"), values, max_size=8)


ODD_DAYS: Final = (
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Europe/Berlin", date(2026, 12, 31)),
    ("America/New_York", date(2026, 12, 31)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kolkata", date(2028, 2, 29)),
    ("Pacific/Kiritimati", date(2027, 1, 1)),
    ("UTC", date(2026, 6, 15)),
    ("Europe/Berlin", date(2026, 12, 25)),
    ("America/New_York", date(2026, 7, 3)),
)
"""Zones with days on which clocks change by an hour, half an hour or a day, by day or at midnight; ends of years; holidays."""


def minutes_of_day() -> SearchStrategy[int]:
    """Minutes of a day, those around changes of clocks more often."""
    return st.sampled_from((0, 60, 90, 120, 135, 150, 180, 540, 1020, 1380, 1440)) | st.integers(0, 1440)


def spans() -> SearchStrategy[tuple[tuple[int, int], ...]]:
    """Up to three spans of a day, overlapping and crossing midnight."""
    span = st.tuples(minutes_of_day(), minutes_of_day()).filter(lambda ends: ends[0] != ends[1] and ends != (1440, 0))
    return st.lists(span, max_size=3).map(tuple)


@st.composite
def working_hours(draw: st.DrawFn, zone: str, middle: date) -> WorkingHours:
    """Hours of a zone with holidays, other hours and breaks in the days around a date."""
    days = st.integers(-6, 6).map(lambda offset: middle + timedelta(days=offset))
    named = days | days.map(lambda day: day.isoformat()[5:])
    weekly = draw(st.dictionaries(st.sampled_from(WEEKDAYS), spans(), max_size=7).filter(lambda w: any(w.values())))
    return WorkingHours(
        time_zone=zone,
        weekly_hours=weekly,
        holidays=draw(public_holidays()).model_copy(
            update={"dates": tuple(draw(st.lists(named, max_size=2, unique=True)))}
        ),
        date_overrides=draw(st.dictionaries(named, spans(), max_size=3)),
        breaks=draw(st.dictionaries(named, spans(), max_size=4)),
    )


@st.composite
def public_holidays(draw: st.DrawFn) -> Holidays:
    """None, or those of a country, of which some are left out or open for a part of the day."""
    country = draw(st.none() | st.sampled_from(list(CALLED)))
    if country is None:
        return Holidays()
    names = draw(st.permutations(list(CALLED[country])))
    some = draw(st.integers(0, len(names) - 1))
    opened = {names[-1]: draw(spans())} if draw(st.booleans()) else {}
    alone = [
        name
        for name in names[:some]
        if not any(CALLED[country][name].startswith(CALLED[country][one]) for one in opened)
    ]
    return Holidays.model_validate(
        {"country": country, "except": alone, "open": {name: hours for name, hours in opened.items() if hours}}
    )


def odd_hours() -> SearchStrategy[tuple[WorkingHours, date]]:
    """Hours around a day on which something is odd."""
    return st.sampled_from(ODD_DAYS).flatmap(lambda odd: st.tuples(working_hours(*odd), st.just(odd[1])))


def ordered_segments() -> SearchStrategy[list[Interval]]:
    """Segments in order of their starts, overlapping, touching, empty or turned round."""
    points = st.integers(0, 30)
    return st.lists(st.builds(Interval, points, points), max_size=6).map(sorted)


def disjoint_segments() -> SearchStrategy[list[Interval]]:
    """Segments in order that do not even touch."""
    cuts = st.lists(st.integers(0, 40), max_size=12, unique=True).map(sorted)
    return cuts.map(lambda found: [Interval(*pair) for pair in zip(found[::2], found[1::2], strict=False)])


def tallies() -> SearchStrategy[dict[str, int]]:
    """Figures of a share: counts that are not zero."""
    return st.dictionaries(st.sampled_from(("leads", "met", "open", "wall_sum")), st.integers(1, 100))
