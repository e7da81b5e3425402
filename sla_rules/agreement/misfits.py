"""What of an agreement is right by itself and does not fit together: names nobody has, terms that can never apply.

Each check takes an agreement or a draft of one (`sla_rules/fitting.py`), and none asks for more than it needs.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from sla_rules.agreement.conditions import clash, folded
from sla_rules.agreement.consequences import ServiceCredits
from sla_rules.agreement.obligation_misfits import misfits_of
from sla_rules.agreement.obligations import Obligation, OfLeads, Volume
from sla_rules.agreement.people_misfits import people_misfits
from sla_rules.agreement.segments import misplaced
from sla_rules.events.schema import TOPIC_OF_TYPE
from sla_rules.events.vocabulary import LEAD, Part, plainly
from sla_rules.fitting import Misfit, Place, looked_at
from sla_rules.names import SHARED_FILE
from sla_rules.spelling import unknown
from sla_rules.time.working_hours import WorkingHours, overlapping_nights

if TYPE_CHECKING:
    from sla_rules.agreement.model import Agreement

MOST_FIGURES: Final = 5_000
"""Obligations by segment and period. Each is a dozen series of every partition, and a window that is counted."""


def misfits(agreement: "Agreement") -> Iterator[Misfit]:
    """All of them, each with its place."""
    for check in _CHECKS:
        yield from looked_at(check, agreement)
    yield from people_misfits(agreement)
    for number, obligation in enumerate(getattr(agreement, "obligations", ())):
        for place, message in misfits_of(agreement, obligation):
            yield ("obligations", number, *place), message


def _too_few_parties(agreement: "Agreement") -> Iterator[Misfit]:
    least = 3 if agreement.type == "multilevel" else 2
    if len(agreement.parties) < least:
        yield ("parties",), f"an agreement of type {agreement.type} needs at least {least} parties"


def _reserved_name(agreement: "Agreement") -> Iterator[Misfit]:
    if agreement.agreement == SHARED_FILE:
        yield ("agreement",), f"{SHARED_FILE!r} is what the files that all agreements share are called; choose another"


def _taken_ids(agreement: "Agreement") -> Iterator[Misfit]:
    for part in ("segments", "obligations", "reps", "reports"):
        seen = set[str]()
        for number, item in enumerate(getattr(agreement, part, ())):
            name = getattr(item, "id", None)
            if name in seen:
                yield (part, number, "id"), f"{name!r} is taken already"
            elif name is not None:
                seen.add(name)


def _unknown_calendars(agreement: "Agreement") -> Iterator[Misfit]:
    named: list[tuple[Place, object]] = [
        (("segments", number), one) for number, one in enumerate(getattr(agreement, "segments", ()))
    ]
    named += [(("teams", name), team) for name, team in getattr(agreement, "teams", {}).items()]
    named += [(("capacity",), getattr(agreement, "capacity", None))]
    for place, item in named:
        name = getattr(item, "calendar", None)
        if name is not None and name not in agreement.calendars:
            yield (*place, "calendar"), unknown("calendar", name, agreement.calendars)


def _overlapping_hours(agreement: "Agreement") -> Iterator[Misfit]:
    hours: dict[Place, WorkingHours] = {("calendar",): agreement.calendar} if hasattr(agreement, "calendar") else {}
    hours |= {("calendars", name): one for name, one in getattr(agreement, "calendars", {}).items()}
    for place, one in hours.items():
        for within, message in looked_at(overlapping_nights, one):
            yield (*place, *within), message


def _misnamed_events(agreement: "Agreement") -> Iterator[Misfit]:
    seen: dict[str, Part] = {}
    for part, kinds in agreement.events.items():
        for number, kind in enumerate(kinds):
            place: Place = ("events", part, number)
            if kind in TOPIC_OF_TYPE and not (agreement.subject != LEAD and kind.startswith(f"{LEAD}.")):
                yield place, f"{kind!r} has a meaning of its own; choose another type"
            elif kind in seen:
                yield place, f"{kind!r} stands for {seen[kind]!r} already"
            seen.setdefault(kind, part)


def _starts_no_clock(agreement: "Agreement") -> Iterator[Misfit]:
    if agreement.subject != LEAD and not {"created", "handed_off"} & set(map(plainly, agreement.events)):
        yield ("subject",), f"an agreement about a {agreement.subject} has to name `events` that start its clocks"


def _too_many_figures(agreement: "Agreement") -> Iterator[Misfit]:
    segments = len(agreement.segments) + 1
    count = sum(
        len(obligation.intervals)
        * (len(obligation.segments or range(segments)) if isinstance(obligation, OfLeads) else 1)
        for obligation in agreement.obligations
    )
    if count > MOST_FIGURES:
        yield ("obligations",), f"come to {count:,} figures by segment and period; at most {MOST_FIGURES:,} are kept"


def _unknown_obligations(agreement: "Agreement") -> Iterator[Misfit]:
    known = _by_id(agreement)
    for part in ("credits", "remedies"):
        for number, item in enumerate(getattr(agreement, part, ())):
            name = getattr(item, "obligation", None)
            if name is not None and name not in known:
                yield (part, number, "obligation"), unknown("obligation", name, known)


def _cancelled_obligations(agreement: "Agreement") -> Iterator[Misfit]:
    known, cancellation = _by_id(agreement), agreement.cancellation
    for number, name in enumerate(cancellation.obligations if cancellation is not None else ()):
        if name not in known:
            yield ("cancellation", "obligations", number), unknown("obligation", name, known)


def _uncounted_credits(agreement: "Agreement") -> Iterator[Misfit]:
    known = _by_id(agreement)
    for number, credit in enumerate(agreement.credits):
        yield from looked_at(_uncounted_credit, ("credits", number), known, credit)


def _uncounted_credit(place: Place, known: Mapping[str, Obligation], credit: ServiceCredits) -> Iterator[Misfit]:
    yield from _uncounted(place, known, credit.obligation, credit.interval)


def _uncounted_cancellation(agreement: "Agreement") -> Iterator[Misfit]:
    cancellation = agreement.cancellation
    if cancellation is not None:
        for name in cancellation.obligations:
            yield from looked_at(_uncounted, ("cancellation",), _by_id(agreement), name, cancellation.interval)


def _uncounted(place: Place, known: Mapping[str, Obligation], name: str, interval: str) -> Iterator[Misfit]:
    if name in known and interval not in known[name].has_goal_for:
        judged = " or ".join(known[name].has_goal_for)
        yield (*place, "interval"), f"{name!r} is not judged by {interval}; write {judged}"


def _capacity(agreement: "Agreement") -> Iterator[Misfit]:
    if agreement.capacity is None:
        return
    served = {one.id: one for one in agreement.obligations if isinstance(one, Volume) and hasattr(one, "id")}
    name = agreement.capacity.obligation
    if name not in served:
        yield ("capacity", "obligation"), unknown("obligation of volume", name, served)
    elif served[name].measure == "value":
        yield ("capacity", "obligation"), f"{name!r} counts value; reps serve leads"


def _quality_that_nothing_has(agreement: "Agreement") -> Iterator[Misfit]:
    if (field := clash(folded(agreement.minimum_quality), folded(agreement.applies_to))) is not None:
        yield ("minimum_quality", field), "no lead that it applies to (`applies_to`) is like this"


def _misplaced_segments(agreement: "Agreement") -> Iterator[Misfit]:
    yield from misplaced(agreement.segments)


def _segments_that_nothing_is_of(agreement: "Agreement") -> Iterator[Misfit]:
    for other, leads in (("applies_to", "no lead that it applies to"), ("minimum_quality", "no lead that is ready")):
        for number, segment in enumerate(agreement.segments):
            if (
                field := clash(folded(getattr(segment, "when", {})), folded(getattr(agreement, other, {})))
            ) is not None:
                yield ("segments", number, "when", field), f"{leads} (`{other}`) is like this"


def _by_id(agreement: "Agreement") -> dict[str, Obligation]:
    return {one.id: one for one in agreement.obligations if hasattr(one, "id")}


_CHECKS: Final[Iterable[Callable[["Agreement"], Iterator[Misfit]]]] = (
    _too_many_figures,
    _reserved_name,
    _too_few_parties,
    _taken_ids,
    _unknown_calendars,
    _overlapping_hours,
    _misnamed_events,
    _starts_no_clock,
    _unknown_obligations,
    _cancelled_obligations,
    _uncounted_credits,
    _uncounted_cancellation,
    _capacity,
    _quality_that_nothing_has,
    _misplaced_segments,
    _segments_that_nothing_is_of,
)
