"""What follows from the facts and has to be told: notices of breaches, and the figures of periods."""

from hashlib import blake2b
from typing import Literal

import msgspec

from sla_rules.instants import Duration, Instant, iso, seconds


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One breach of one cycle, as it stands: a pure function of the facts, so that it may be told again unchanged."""

    key: str
    status: Literal["breached", "resolved", "retracted"]
    agreement: str
    version: str
    obligation: str
    kind: str
    segment: str
    provider: str
    lead: str
    cycle: int
    rep: str | None
    team: str | None
    deadline: Instant
    settled_at: Instant | None = None
    """When what was owed came after all."""
    historic: bool = False
    """Its deadline had long passed when its hand-off arrived: in the figures, on no pager."""

    @property
    def late_by(self) -> Duration | None:
        """From the deadline to what was owed; None while it still is."""
        return None if self.settled_at is None else self.settled_at - self.deadline


def notice_key(agreement: str, version: str, obligation: str, lead: str, cycle: int, tier: str = "deadline") -> str:
    """The same for the same promise to the same lead, whoever tells it and however often."""
    name = "\0".join((agreement, version, obligation, lead, str(cycle), tier))
    return blake2b(name.encode(), digest_size=16).hexdigest()


_EVENT_TYPE = {"breached": "sla.breached.v1", "resolved": "sla.resolved.v1", "retracted": "sla.retracted.v1"}


def notice_event(notice: Notice) -> bytes:
    """The CloudEvent that the breaches topic carries; the same bytes for the same notice."""
    settled = notice.settled_at
    late_by = notice.late_by
    return _ENCODE(
        {
            "specversion": "1.0",
            "id": f"{notice.key}-{notice.status}",
            "source": "/leadsla",
            "type": _EVENT_TYPE[notice.status],
            "subject": notice.lead,
            "time": iso(notice.deadline),
            "datacontenttype": "application/json",
            "data": {
                "key": notice.key,
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
                "settled_at": None if settled is None else iso(settled),
                "late_by_seconds": None if late_by is None else seconds(late_by),
                "historic": notice.historic,
            },
        }
    )


_ENCODE = msgspec.json.Encoder(order="deterministic").encode
