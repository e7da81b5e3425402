"""`leadsla schema`: what goes in and what comes out, as JSON Schema."""

import json
from typing import Annotated, Any, Final

import typer
from pydantic.json_schema import GenerateJsonSchema

from sla_rules.agreement.model import Agreement
from sla_rules.engine.clock_records import ClocksRecord
from sla_rules.events.schema import EVENT
from sla_rules.reports import topic_records
from sla_rules.reports.explained import ComparedExplanation, Explanation
from sla_rules.reports.monthly_ledger import AgreementLedger
from sla_rules.reports.open_clocks import OpenClocks
from sla_rules.reports.planned import Plan
from sla_rules.reports.progress_records import ProgressRecord
from sla_rules.reports.result import ComparedReport, Report
from sla_rules.reports.schema import schema_of
from sla_rules.whole_agreement.record_schema import agreement_record_schema
from sla_rules.whole_agreement.service_status import ServiceStatus

DIALECT: Final = GenerateJsonSchema.schema_dialect


class _WithoutTitles(GenerateJsonSchema):
    """Fields are known by their names; the titles made from those would only repeat them."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


class _NullForAbsent(_WithoutTitles):
    """Null stands for what is absent: wherever nothing has to be, and among the entries of a list."""

    def default_schema(self, schema: Any) -> Any:
        return _or_null(super().default_schema(schema))

    def tuple_schema(self, schema: Any) -> Any:
        found = super().tuple_schema(schema)
        return {**found, "items": _or_null(found["items"])}


def _or_null(found: dict[str, Any]) -> dict[str, Any]:
    """What may be null as well; what is said of it all stays in front."""
    if any(one == {"type": "null"} for one in found.get("anyOf", ())):
        return found
    about = {name: value for name, value in found.items() if name in {"default", "description"}}
    shape = {name: value for name, value in found.items() if name not in about}
    return {"anyOf": [shape, {"type": "null"}], **about}


def schema(
    *,
    events: Annotated[bool, typer.Option("--events", help="That of the events instead.")] = False,
    report: Annotated[bool, typer.Option("--report", help="That of what `leadsla replay --json` prints.")] = False,
    explanation: Annotated[
        bool, typer.Option("--explanation", help="That of what `leadsla explain --json` prints.")
    ] = False,
    status: Annotated[bool, typer.Option("--status", help="That of what `leadsla status --json` prints.")] = False,
    ledger: Annotated[bool, typer.Option("--ledger", help="That of what `leadsla ledger --json` prints.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="That of what `leadsla overdue --json` prints.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="That of what `leadsla plan --json` prints.")] = False,
    periods: Annotated[bool, typer.Option("--periods", help="That of the records of `sla-periods`.")] = False,
    whole: Annotated[bool, typer.Option("--agreements", help="That of the records of `sla-agreements`.")] = False,
    breaches: Annotated[bool, typer.Option("--breaches", help="That of the records of `sla-breaches`.")] = False,
    clocks: Annotated[bool, typer.Option("--clocks", help="That of the records of `sla-clocks`.")] = False,
    progress: Annotated[bool, typer.Option("--progress", help="That of the records of `leadsla-progress`.")] = False,
) -> None:
    """Print the JSON Schema of an agreement file, for editors, or that of what goes in or comes out.

    Exit status: 0, 2 if two schemas are asked for.
    """
    asked = [
        write
        for write, is_asked in (
            (event_schema, events),
            (report_schema, report),
            (explanation_schema, explanation),
            (status_schema, status),
            (ledger_schema, ledger),
            (overdue_schema, overdue),
            (plan_schema, plan),
            (period_schema, periods),
            (whole_schema, whole),
            (breach_schema, breaches),
            (clocks_schema, clocks),
            (progress_schema, progress),
        )
        if is_asked
    ]
    if len(asked) > 1:
        message = "each option is a schema of its own; ask for one"
        raise typer.BadParameter(message)
    (write,) = asked or (agreement_schema,)
    typer.echo(write(), nl=False)  # noqa: TID251 - our own text


def agreement_schema() -> str:
    """The schema of an agreement file."""
    return _text("LeadSLA agreement", Agreement.model_json_schema(schema_generator=_WithoutTitles))


def event_schema() -> str:
    """The schema of the events that a CRM system may tell: CloudEvents 1.0, one of many types."""
    return _text("LeadSLA event", EVENT.json_schema(schema_generator=_NullForAbsent))


def report_schema() -> str:
    """The schema of a report, beside other terms or not."""
    return _text("LeadSLA report", schema_of(Report, ComparedReport))


def explanation_schema() -> str:
    """The schema of an explanation, beside other terms or not."""
    return _text("LeadSLA explanation", schema_of(Explanation, ComparedExplanation))


def status_schema() -> str:
    """The schema of how the promises of a running service stand."""
    return _text("LeadSLA status", schema_of(ServiceStatus))


def ledger_schema() -> str:
    """The schema of the ledger of an agreement."""
    return _text("LeadSLA ledger", schema_of(AgreementLedger))


def overdue_schema() -> str:
    """The schema of the clocks that are open in a running service."""
    return _text("LeadSLA overdue", schema_of(OpenClocks))


def plan_schema() -> str:
    """The schema of a plan."""
    return _text("LeadSLA plan", schema_of(Plan))


def period_schema() -> str:
    """The schema of a record of `sla-periods`."""
    return _text("LeadSLA figures of a period", topic_records.period_schema())


def whole_schema() -> str:
    """The schema of a record of `sla-agreements`."""
    return _text("LeadSLA agreement as a whole", agreement_record_schema())


def breach_schema() -> str:
    """The schema of a record of `sla-breaches`."""
    return _text("LeadSLA breach", topic_records.breach_schema())


def clocks_schema() -> str:
    """The schema of a record of `sla-clocks`."""
    return _text("LeadSLA open clocks", schema_of(ClocksRecord))


def progress_schema() -> str:
    """The schema of a record of `leadsla-progress`."""
    return _text("LeadSLA progress of a partition", schema_of(ProgressRecord))


def _text(title: str, found: dict[str, Any]) -> str:
    whole = {"$schema": DIALECT, **found, "title": title}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
