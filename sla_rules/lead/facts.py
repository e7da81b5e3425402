"""What is known of one lead: a set of facts that merges idempotently, commutatively and associatively.

A fact is an event, stripped to what the rules may ask. Facts are known by (source, id, origin, subject):

- the same fact again only lowers its arrival to the earliest;
- two contents under one id are a conflict: the lower (time, fingerprint) wins, whichever came first, and a deletion
  wins over all else, since what it erased cannot be brought back;
- a fact that a merge brought from another lead is another one than the same received here;
- a fact about a ticket is another one than one about a lead, whose deletion is not to be lost for the other's;
- a fact that a deletion left less of keeps the fingerprint of what was received. So it is known again when it is received again
  in full, and stays erased, and a conflict ends as it would have without the deletion.

In a history facts stand by time; ties by type in the order of `Fact` below, then by id and source, origin and subject. That
order is the order of a lead's life, so that of a recycling and a hand-off with the same stamp the hand-off opens the new
cycle, and of a change of fields and a hand-off the hand-off is of the lead as changed.
"""

from bisect import insort
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import ClassVar, Final, Literal, TypeVar

import msgspec

from sla_rules.instants import Duration, Instant

NEVER: Final[Instant] = 0
"""The time of what no CRM published: marks and questions that leads send to each other."""

Fields = dict[str, str | int | float | bool]
"""What segments look at, sorted by name: role, region, product, score ..., and `attributes.<name>`."""


class _Stamped(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What every fact has. `arrival` is the broker's append time; `rank` settles ties in time."""

    rank: ClassVar[int]

    time: Instant
    arrival: Instant
    source: str
    id: str
    origin: str | None = None
    """The lead it was received for, where a merge brought it here."""


class _Fact(_Stamped, frozen=True, array_like=True, kw_only=True):
    """What every fact has, and few facts need: it stands behind all else, so that the rest is written in short."""

    subject: str | None = None
    """What it is about, if not a lead."""
    erased: bytes | None = None
    """The fingerprint of what was received, where a deletion left less of it."""


class Created(_Fact, frozen=True, array_like=True, tag=1):
    """The lead came into being."""

    rank = 1
    fields: Fields = {}


class Updated(_Fact, frozen=True, array_like=True, tag=14):
    """Some fields of the lead are others now; those that are not named stay as they were."""

    rank = 2
    fields: Fields = {}


class Recycled(_Fact, frozen=True, array_like=True, tag=2):
    """Sales gave the lead back to marketing."""

    rank = 3
    reason: str | None = None


class HandedOff(_Fact, frozen=True, array_like=True, tag=3):
    """Marketing handed the lead to sales."""

    rank = 4
    rep: str | None = None
    """The rep, or the queue where there is no rep yet."""
    team: str | None = None
    fields: Fields = {}


class Reassigned(_Fact, frozen=True, array_like=True, tag=4):
    """The lead moved to another owner."""

    rank = 5
    rep: str | None = None
    team: str | None = None
    reason: str | None = None


class Attempted(_Fact, frozen=True, array_like=True, tag=5, gc=False):
    """Somebody or something tried to reach the lead, or the lead got in touch."""

    rank = 6
    channel: str = ""
    inbound: bool = False
    """It came from the lead; most go out to it."""
    automated: bool = False
    outcome: str | None = None
    duration: Duration | None = None
    rep: str | None = None

    @property
    def direction(self) -> Literal["outbound", "inbound"]:
        """Which way it went, in the words of the events."""
        return "inbound" if self.inbound else "outbound"

    @property
    def actor(self) -> Literal["human", "automation"]:
        """Who made it, in the words of the events."""
        return "automation" if self.automated else "human"


class StatusChanged(_Fact, frozen=True, array_like=True, tag=6, gc=False):
    """The lead took a turn: accepted, rejected, connected, converted, disqualified, reopened, paused, resumed, deleted."""

    rank = 7
    status: str = ""
    reason: str | None = None


class Excused(_Fact, frozen=True, array_like=True, tag=7, gc=False):
    """A cycle was waived."""

    rank = 8
    reason: str = ""
    by: str = ""


class Merged(_Fact, frozen=True, array_like=True, tag=8, gc=False):
    """The lead was found to be another one."""

    rank = 9
    into: str = ""

    def loser(self, lead: str) -> str:
        """The lead that is no more, for a fact found at `lead`."""
        return self.origin or lead


class Corrected(_Fact, frozen=True, array_like=True, tag=9):
    """An event of the same source was wrong; `instead` is what is right, None where nothing happened."""

    rank = 10
    replaces: str = ""
    instead: "Fact | None" = None


class DealClosed(_Fact, frozen=True, array_like=True, tag=10):
    """A deal was won or lost."""

    rank = 11
    outcome: Literal["won", "lost"] = "won"
    amount: str = "0"
    currency: str = ""
    deal: str = ""
    leads: tuple[str, ...] = ()
    generated_by: str | None = None


class Confirmed(_Fact, frozen=True, array_like=True, tag=11, gc=False):
    """A deliverable arrived."""

    rank = 12
    quantity: float = 1
    by: str | None = None
    to: str | None = None
    due: str | None = None
    """The date it was due on, as `2026-03-06`."""


class Watched(_Fact, frozen=True, array_like=True, tag=12, gc=False):
    """The service began to watch something that no event may ever come for."""

    rank = 13


class ExcusedSpan(_Fact, frozen=True, array_like=True, tag=15, gc=False):
    """A span of time was waived, as for maintenance that was announced; it may lie ahead."""

    rank = 14
    since: Instant = NEVER
    until: Instant = NEVER
    reason: str = ""
    by: str = ""


class RemedyConfirmed(_Fact, frozen=True, array_like=True, tag=16, gc=False):
    """What was to be done since a goal was missed has been done."""

    rank = 15
    period: str = ""
    """The name of the period whose goal was missed, as `2026-03`."""
    by: str = ""
    owner: str | None = None
    """Whose remedy it is, as the agreement names them; None of all that the period calls for."""


Fact = (
    Created
    | Updated
    | Recycled
    | HandedOff
    | Reassigned
    | Attempted
    | StatusChanged
    | Excused
    | Merged
    | Corrected
    | DealClosed
    | Confirmed
    | Watched
    | ExcusedSpan
    | RemedyConfirmed
)


WITH_FIELDS: Final = (Created, Updated, HandedOff)
"""What says what a lead is like."""


class Asked(_Stamped, frozen=True, array_like=True, tag=13, gc=False):
    """No fact: `origin`, far down a way of mergers, asks a lead far up for all that it knows. It is kept nowhere."""

    rank = 14


Forwarded = Fact | Asked
"""What one lead sends to another."""

Fate = Literal["accepted", "duplicate", "conflict"]


def in_order(fact: "Fact") -> tuple[Instant, int, str, str, str, str]:
    """What histories are sorted by."""
    return fact.time, fact.rank, fact.id, fact.source, fact.origin or "", fact.subject or ""


Identity = tuple[str, str, str | None, str | None]
"""What a fact is known by among those of one lead: source, id, origin and subject."""


def identity_of(fact: "Fact") -> Identity:
    """By which it is the same as one that is known."""
    return fact.source, fact.id, fact.origin, fact.subject


def replaced_by(correction: Corrected) -> Identity:
    """The fact that a correction names: of the same source, received for the same lead, about the same subject."""
    return correction.source, correction.replaces, correction.origin, correction.subject


def askers(facts: Iterable[Forwarded]) -> list[str]:
    """The leads that ask."""
    return [fact.origin for fact in facts if type(fact) is Asked and fact.origin is not None]


def deletes(fact: Fact) -> bool:
    """Whether the fact asks for the erasure of the lead that it was received for."""
    return (isinstance(fact, StatusChanged) and fact.status == "deleted") or (
        isinstance(fact, Corrected) and fact.instead is not None and deletes(fact.instead)
    )


def fingerprint(fact: Fact) -> bytes:
    """The same for the same content, whenever it arrived, wherever a merge brought it and whatever was erased of it."""
    if fact.erased is not None:
        return bytes(fact.erased)
    told = msgspec.structs.replace(_arrived(fact, 0), origin=None)
    return blake2b(_canonical(told), digest_size=16).digest()


_canonical: Final = msgspec.msgpack.Encoder(order="deterministic").encode

_F = TypeVar("_F", bound=_Fact)


def merge(known: Sequence[Fact], arrived: Iterable[Fact]) -> tuple[tuple[Fact, ...], list[Fate]]:
    """Both sets, each in order, as one, and what became of each fact that arrived."""
    facts = list(known)
    ids = {fact.id for fact in facts}
    by_identity: dict[Identity, Fact] | None = None
    fates: list[Fate] = []
    for fact in arrived:
        fate: Fate = "accepted"
        if fact.id in ids:
            if by_identity is None:
                by_identity = {identity_of(other): other for other in facts}
            if (other := by_identity.get(identity_of(fact))) is not None:
                fact, fate = _one_of(other, fact)  # noqa: PLW2901 - the one of both that holds
                if fact is other:
                    fates.append(fate)
                    continue
                facts = [one for one in facts if one is not other]
        ids.add(fact.id)
        if by_identity is not None:
            by_identity[identity_of(fact)] = fact
        insort(facts, fact, key=in_order)
        fates.append(fate)
    return tuple(facts), fates


def _one_of(first: Fact, second: Fact) -> tuple[Fact, Fate]:
    arrival = min(first.arrival, second.arrival)
    first, second = _arrived(first, arrival), _arrived(second, arrival)
    if _canonical(first) == _canonical(second):
        return first, "duplicate"
    if fingerprint(first) == fingerprint(second):
        return _less_of(first, second), "duplicate"
    return min(first, second, key=_precedence), "conflict"


def _precedence(fact: Fact) -> tuple[bool, Instant, bytes]:
    return not deletes(fact), fact.time, fingerprint(fact)


def _less_of(first: Fact, second: Fact) -> Fact:
    """What is left in both of one fact, at least one of which is erased, maybe by rules that ask for other fields."""
    if first.erased is None or second.erased is None:
        return second if first.erased is None else first
    if isinstance(first, Corrected):
        other = second.instead if isinstance(second, Corrected) else None
        if first.instead is None or other is None:
            return first
        instead = _shared(first.instead, other)
        return first if instead is first.instead else msgspec.structs.replace(first, instead=instead)
    return _shared(first, second)


def _shared(first: Fact, second: Fact) -> Fact:
    if not isinstance(first, WITH_FIELDS) or not isinstance(second, WITH_FIELDS):
        return first
    fields = {name: value for name, value in first.fields.items() if name in second.fields}
    return first if len(fields) == len(first.fields) else msgspec.structs.replace(first, fields=fields)


def _arrived(fact: _F, arrival: Instant) -> _F:
    """The fact with this arrival, and with it what it puts in, which arrived at the same time."""
    if fact.arrival == arrival:
        return fact
    if isinstance(fact, Corrected) and fact.instead is not None:
        return msgspec.structs.replace(fact, arrival=arrival, instead=_arrived(fact.instead, arrival))
    return msgspec.structs.replace(fact, arrival=arrival)
