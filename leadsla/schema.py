"""`leadsla schema`: what an agreement file and an event have to look like, as JSON Schema."""

import json
from typing import Annotated, Any, Final

import typer
from pydantic.json_schema import GenerateJsonSchema

from sla_rules.agreement.model import Agreement
from sla_rules.events.schema import EVENT

DIALECT: Final = GenerateJsonSchema.schema_dialect


class _WithoutTitles(GenerateJsonSchema):
    """Fields are known by their names; the titles made from those would only repeat them."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def schema(*, events: Annotated[bool, typer.Option("--events", help="That of the events instead.")] = False) -> None:
    """Print the JSON Schema of an agreement file, for editors, or that of the events."""
    typer.echo(event_schema() if events else agreement_schema(), nl=False)


def agreement_schema() -> str:
    """The schema of an agreement file."""
    return _text("LeadSLA agreement", Agreement.model_json_schema(schema_generator=_WithoutTitles))


def event_schema() -> str:
    """The schema of the events that a CRM system may tell: CloudEvents 1.0, one of many types."""
    return _text("LeadSLA event", EVENT.json_schema(schema_generator=_WithoutTitles))


def _text(title: str, found: dict[str, Any]) -> str:
    whole = {"$schema": DIALECT, **found, "title": title}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
