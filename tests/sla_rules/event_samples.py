"""One event of every type, as a CRM sends it."""

from typing import Any, Final

ENVELOPE: Final[dict[str, Any]] = {
    "specversion": "1.0",
    "id": "event-1",
    "source": "/crm/acme",
    "subject": "lead-1",
    "time": "2026-03-02T09:00:00.25+01:00",
}

DATA: Final[dict[str, dict[str, Any]]] = {
    "lead.created.v1": {"role": "ceo", "score": 71.5, "expected_value": "1200.50", "attributes": {"vip": True, "b": 2}},
    "lead.updated.v1": {"score": 20, "region": None, "attributes": {"vip": False}},
    "lead.handed_off.v1": {"rep_id": "ann", "queue": "inbox", "team": "north", "region": "emea"},
    "lead.reassigned.v1": {"queue": "inbox", "from_rep_id": "ann", "reason": "ill"},
    "lead.recycled.v1": {"from_rep_id": "ann", "reason": "too early"},
    "lead.contact_attempted.v1": {
        "channel": "phone",
        "direction": "outbound",
        "actor": "automation",
        "outcome": "voicemail",
        "duration_seconds": 1.5,
        "rep_id": "ann",
    },
    **{
        f"lead.{turn}.v1": {"reason_code": "fit"}
        for turn in (
            "accepted",
            "rejected",
            "connected",
            "converted",
            "disqualified",
            "reopened",
            "paused",
            "resumed",
            "deleted",
        )
    },
    "lead.excused.v1": {"reason": "strike", "by": "ana"},
    "lead.merged.v1": {"into": "lead-2"},
    "lead.corrected.v1": {"replaces": "event-0"},
    "deal.closed.v1": {
        "outcome": "won",
        "amount": "100.00",
        "currency": "EUR",
        "deal_id": "deal-1",
        "lead_ids": ["lead-1", "lead-2"],
        "generated_by": "marketing",
    },
    "deliverable.confirmed.v1": {"agreement": "company-x", "obligation": "report", "quantity": 2, "by": "a", "to": "b"},
    "remedy.confirmed.v1": {
        "agreement": "company-x",
        "obligation": "first-touch",
        "period": "2026-02",
        "by": "Ana",
        "owner": "Sales manager",
    },
}


def sample(kind: str, **changes: Any) -> dict[str, Any]:
    """The event of a type, with attributes set otherwise."""
    return {**ENVELOPE, "type": kind, "data": DATA[kind], **changes}
