"""What follows from the facts and has to be published: notices of breaches, and the figures of periods."""

from hashlib import blake2b
from typing import Final, Literal

import msgspec

from sla_rules.instants import Duration, Instant, iso, seconds
from sla_rules.lead.cycle import End
from sla_rules.lead.facts import Attempted

DEADLINE_TIER: Final = "deadline"
"""The tier of the deadline itself."""
REASSIGNMENT: Final = "reassignment"
"""What the tiers of reassignments that are due begin with."""
ENDED: Final = ("ended_at", "ended_by")
"""What the data of a record has where nobody can act any more, and only there."""


class MessageName(msgspec.Struct, frozen=True):
    """Which message: nobody else's event has the same source and id."""

    source: str
    id: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline, a warning, an escalation or the time of an owner that passed, as it stands; `deadline` is the instant that did.

    A pure function of the facts, so that it may be published again unchanged.
    """

    key: str
    tier: str
    """`deadline`, `warning-15m` before it, `escalation-1h` after it; `reassignment-15m` after its owner took it over."""
    agreement: str
    version: str
    obligation: str
    kind: str
    segment: str
    provider: str
    lead: str
    cycle: int
    message: MessageName | None = None
    """Which message of the cycle waited for its answer, where that is what was promised."""
    rep: str | None
    team: str | None
    deadline: Instant
    resolved_at: Instant | None = None
    """When what was owed came after all."""
    ended_at: Instant | None = None
    """When its cycle ended without that: from then on nobody can act on it any more."""
    ended_by: End | None = None
    historic: bool = False
    """Its deadline had long passed when its hand-off arrived: in the figures, on no pager."""

    @property
    def status(self) -> Literal["warning", "breached", "reassignment_due", "resolved"]:
        """What it amounts to; resolved once what was owed has come after all, or another owner."""
        if self.resolved_at is not None:
            return "resolved"
        if self.tier.startswith(REASSIGNMENT):
            return "reassignment_due"
        return "warning" if self.tier.startswith("warning") else "breached"

    @property
    def late_by(self) -> Duration | None:
        """From the deadline to what was owed; None while it still is."""
        return None if self.resolved_at is None else self.resolved_at - self.deadline


def notice_key(
    agreement: str, version: str, obligation: str, lead: str, which: int | str, tier: str = DEADLINE_TIER
) -> str:
    """The same for the same promise to the same lead, whoever publishes it and however often.

    `which` is the number of the cycle, or the name of a message (`name_of_message`), so that one told late renames no other.
    """
    name = f"{agreement}\0{version}\0{obligation}\0{lead}\0{which}\0{tier}"
    return blake2b(name.encode(), digest_size=16).hexdigest()


def name_of_message(message: Attempted) -> str:
    """Bounded, whatever its id: of its source, its id, and the lead that a merge brought it from."""
    return blake2b(_IDENTITY((message.source, message.id, message.origin)), digest_size=16).hexdigest()


def notice_event(notice: Notice) -> bytes:
    """The CloudEvent that the breaches topic carries; the same bytes for the same notice."""
    resolved_at = notice.resolved_at
    late_by = notice.late_by
    message = notice.message
    ended = {} if notice.ended_at is None else dict(zip(ENDED, (iso(notice.ended_at), notice.ended_by), strict=True))
    return _ENCODE(
        {
            "specversion": "1.0",
            "id": f"{notice.key}-{'ended' if ended else notice.status}",
            "source": "/leadsla",
            "type": f"sla.{notice.status}.v1",
            "subject": notice.lead,
            "time": iso(notice.deadline),
            "datacontenttype": "application/json",
            "data": {
                "key": notice.key,
                "tier": notice.tier,
                "agreement": notice.agreement,
                "version": notice.version,
                "obligation": notice.obligation,
                "kind": notice.kind,
                "segment": notice.segment,
                "provider": notice.provider,
                "lead": notice.lead,
                "cycle": notice.cycle,
                "rep_id": notice.rep,
                "team": notice.team,
                "deadline": iso(notice.deadline),
                "resolved_at": None if resolved_at is None else iso(resolved_at),
                "late_by_seconds": None if late_by is None else seconds(late_by),
                "historic": notice.historic,
                **({} if message is None else {"message": {"source": message.source, "id": message.id}}),
                **ended,
            },
        }
    )


_IDENTITY: Final = msgspec.msgpack.encode
_ENCODE = msgspec.json.Encoder(order="deterministic").encode
