"""The JSON Schema of the records of `sla-agreements`, whose types only say how they look; tests hold every record to it."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from sla_rules.reports.agreement_event import (
    BestWeek,
    CancellationNears,
    CreditFallsDue,
    GoalReached,
    PeriodJudged,
    RemedyFallsDue,
)
from sla_rules.reports.json_form import TEXT, Json, JsonObject
from sla_rules.reports.schema import object_in, schema_of
from sla_rules.whole_agreement.records import AgreementData, AgreementRecord, LedgerData, PeriodData, RecordType

DATA: Final[Mapping[RecordType, type[Struct]]] = {
    "sla.agreement.v1": AgreementData,
    "sla.agreement_period.v1": PeriodData,
    "sla.agreement_ledger.v1": LedgerData,
    "sla.goal_reached.v1": GoalReached,
    "sla.period_met.v1": PeriodJudged,
    "sla.period_missed.v1": PeriodJudged,
    "sla.credit_due.v1": CreditFallsDue,
    "sla.remedy_due.v1": RemedyFallsDue,
    "sla.remedy_overdue.v1": RemedyFallsDue,
    "sla.cancellation_near.v1": CancellationNears,
    "sla.cancellation_reached.v1": CancellationNears,
    "sla.best_week.v1": BestWeek,
}
"""What a record of each type says."""

EXAMPLE: Final[JsonObject] = {
    "specversion": "1.0",
    "id": "company-x/leads-delivered/month/2026-02-01/period_missed",
    "source": "/leadsla",
    "type": "sla.period_missed.v1",
    "subject": "company-x",
    "time": "2026-03-01T23:00:00Z",
    "datacontenttype": "application/json",
    "data": {
        "agreement": "company-x",
        "version": "2026-01",
        "obligation": "leads-delivered",
        "title": "100 qualified leads a month",
        "kind": "volume",
        "provider": "marketing",
        "provider_name": "Marketing",
        "recipient": "sales",
        "recipient_name": "Sales",
        "interval": "month",
        "start": "2026-01-31T23:00:00Z",
        "end": "2026-02-28T23:00:00Z",
        "name": "2026-02",
        "attainment": 0.8,
        "targets": [{"target": "delivered", "agreed": 100, "found": 80, "result": "missed"}],
    },
}
"""Of 100 leads agreed for February 80 came."""


def agreement_record_schema() -> JsonObject:
    """What a record of `sla-agreements` looks like: the data that belong to its type, reasons by their codes alone."""
    found = schema_of(AgreementRecord)
    definitions = object_in(found["$defs"])
    for definition in map(object_in, definitions.values()):
        if TEXT in object_in(definition["properties"]):
            del object_in(definition["properties"])[TEXT]
            definition["required"] = list(object_in(definition["properties"]))
    types: list[Json] = [
        {"properties": {"type": {"const": what}, "data": {"$ref": f"#/$defs/{data.__name__}"}}}
        for what, data in DATA.items()
    ]
    record = object_in(definitions[AgreementRecord.__name__])
    record["oneOf"], record["examples"] = types, [EXAMPLE]
    return found
