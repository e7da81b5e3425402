"""What the columns of tables are called: of the exports of CRM systems, and of tables that people keep themselves.

Names are compared in lower case, whatever signs stand between their words. HubSpot's are the labels of its
[contact properties](https://knowledge.hubspot.com/properties/hubspots-default-contact-properties), Salesforce's labels and names of
the [fields of a lead](https://developer.salesforce.com/docs/platform/field-reference/references/field-reference/salesforce-field-reference-lead.html),
Pipedrive's those of its exports of deals and leads.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

Names = tuple[str, ...]


class Column(NamedTuple):
    """A column by the names that it may have; what each of its texts stands for; and the value where it is not there."""

    names: Names
    values: Mapping[str, str] | None = None
    otherwise: str | None = None


class Happening(NamedTuple):
    """An event, the column that says when it happened, and those of its fields. `remark` says what is taken for granted."""

    event: str
    time: Names
    data: Mapping[str, Column]
    remark: str | None = None


class Export(NamedTuple):
    """What exports of one kind look like: one with all columns of `known_by`, each by any of its names."""

    name: str
    known_by: tuple[Names, ...]
    lead: Names
    happenings: tuple[Happening, ...]


_PHONE: Final = Column((), otherwise="phone")
_EMAIL: Final = Column((), otherwise="email")
_WON: Final = Column((), otherwise="won")
_LOST: Final = Column((), otherwise="lost")

HUBSPOT: Final = Export(
    "hubspot",
    (
        ("record id", "contact id"),
        ("create date",),
        ("contact owner", "owner assigned date", "lifecycle stage", "lead status"),
    ),
    ("record id", "contact id"),
    (
        Happening(
            "created",
            ("create date",),
            {
                "region": Column(("country region", "country")),
                "score": Column(("hubspot score",)),
                "source_channel": Column(("original source", "original traffic source")),
                "attributes.industry": Column(("industry",)),
            },
        ),
        Happening(
            "handed_off",
            ("owner assigned date",),
            {"rep_id": Column(("contact owner",)), "team": Column(("hubspot team",))},
        ),
        Happening(
            "contact_attempted",
            ("date of first engagement",),
            {
                "channel": Column(
                    ("type of first engagement",),
                    {
                        "CALL": "phone",
                        "EMAIL": "email",
                        "MEETING_EVENT": "meeting",
                        "MEETING": "meeting",
                        "CONVERSATION_SESSION": "chat",
                    },
                    "unknown",
                ),
                "rep_id": Column(("contact owner",)),
            },
        ),
        Happening("converted", ("became a customer date", "become a customer date"), {}),
    ),
)
SALESFORCE: Final = Export(
    "salesforce",
    (
        ("lead id", "id"),
        ("create date", "created date", "createddate"),
        ("lead owner", "ownerid", "lead status", "leadsource", "lead source"),
    ),
    ("lead id", "id"),
    (
        Happening(
            "created",
            ("created date", "create date", "createddate"),
            {
                "region": Column(("country",)),
                "source_channel": Column(("lead source", "leadsource")),
                "attributes.industry": Column(("industry",)),
                "attributes.rating": Column(("rating",)),
            },
        ),
        Happening(
            "handed_off",
            ("created date", "create date", "createddate"),
            {"rep_id": Column(("lead owner", "ownerid"))},
            "a lead has no date of assignment: its creation is taken for the hand-off",
        ),
        Happening(
            "contact_attempted",
            ("first call date", "firstcalldatetime"),
            {"channel": _PHONE, "rep_id": Column(("lead owner", "ownerid"))},
        ),
        Happening(
            "contact_attempted",
            ("first email date", "firstemaildatetime"),
            {"channel": _EMAIL, "rep_id": Column(("lead owner", "ownerid"))},
        ),
    ),
)
_DEAL_MONEY: Final[Mapping[str, Column]] = {
    "amount": Column(("deal value",)),
    "currency": Column(("deal currency of value", "deal currency")),
    "deal_id": Column(("deal id",)),
}
PIPEDRIVE_DEALS: Final = Export(
    "pipedrive",
    (("deal id",), ("deal deal created", "deal deal created on", "deal add time")),
    ("deal id",),
    (
        Happening(
            "created",
            ("deal deal created", "deal deal created on", "deal add time"),
            {"source_channel": Column(("deal source channel", "deal source"))},
        ),
        Happening(
            "handed_off",
            ("deal deal created", "deal deal created on", "deal add time"),
            {"rep_id": Column(("deal owner",))},
            "a deal has no date of assignment: its creation is taken for the hand-off",
        ),
        Happening("deal.closed", ("deal won time",), {"outcome": _WON, **_DEAL_MONEY}),
        Happening("deal.closed", ("deal lost time",), {"outcome": _LOST, **_DEAL_MONEY}),
    ),
)
PIPEDRIVE_LEADS: Final = Export(
    "pipedrive",
    (("lead id",), ("lead lead created", "lead lead created on")),
    ("lead id",),
    (
        Happening(
            "created",
            ("lead lead created", "lead lead created on"),
            {"source_channel": Column(("lead source channel", "lead source"))},
        ),
        Happening(
            "handed_off",
            ("lead lead created", "lead lead created on"),
            {"rep_id": Column(("lead owner",))},
            "a lead has no date of assignment: its creation is taken for the hand-off",
        ),
    ),
)

_OWNER: Final = Column(("owner", "rep", "rep id", "sales rep", "assigned to", "responsable", "comercial"))
_TEAM: Final = Column(("team", "equipo"))
PLAIN: Final = Export(
    "table",
    (),
    ("lead", "lead id", "id del lead", "id"),
    (
        Happening(
            "created",
            ("created", "created at", "created on", "create date", "created date", "creado", "fecha de creación"),
            {
                "role": Column(("role", "cargo")),
                "region": Column(("region", "country", "región", "país")),
                "product": Column(("product", "producto")),
                "score": Column(("score", "puntuación")),
                "source_channel": Column(("source", "source channel", "channel", "lead source", "origen")),
                "campaign": Column(("campaign", "campaña")),
                "expected_value": Column(("expected value", "value", "valor esperado", "valor")),
            },
        ),
        Happening(
            "handed_off",
            (
                "handed off",
                "handed off at",
                "handed over",
                "assigned",
                "assigned at",
                "assigned on",
                "asignado",
                "entregado",
            ),
            {"rep_id": _OWNER, "team": _TEAM},
        ),
        Happening(
            "contact_attempted",
            ("first call", "first call at", "first called", "called", "called at", "primera llamada"),
            {"channel": _PHONE, "outcome": Column(("call outcome", "first call outcome")), "rep_id": _OWNER},
        ),
        Happening(
            "contact_attempted",
            ("first email", "first email at", "first mail", "emailed at", "primer correo"),
            {"channel": _EMAIL, "rep_id": _OWNER},
        ),
        Happening("accepted", ("accepted", "accepted at", "aceptado"), {}),
        Happening("connected", ("connected", "connected at", "reached at", "contactado"), {}),
        Happening("converted", ("converted", "converted at", "convertido"), {}),
        Happening("rejected", ("rejected", "rejected at", "rechazado"), {"reason_code": Column(("rejection reason",))}),
        Happening(
            "disqualified", ("disqualified", "disqualified at", "descartado"), {"reason_code": Column(("reason",))}
        ),
        Happening(
            "deal.closed",
            ("won", "won at", "ganado"),
            {"outcome": _WON, "amount": Column(("amount", "importe")), "currency": Column(("currency", "moneda"))},
        ),
        Happening(
            "deal.closed",
            ("lost", "lost at", "perdido"),
            {
                "outcome": _LOST,
                "amount": Column(("amount", "importe"), None, "0"),
                "currency": Column(("currency", "moneda")),
            },
        ),
    ),
)
EXPORTS: Final = (HUBSPOT, PIPEDRIVE_DEALS, PIPEDRIVE_LEADS, SALESFORCE)
"""Those of CRM systems; which one it is, the first whose columns are all there says."""
