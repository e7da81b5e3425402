"""The event vocabulary: what a CRM system may publish, one class a type, in a CloudEvents 1.0 envelope.

Strict where it is read (a number is no string), open where it may grow (unknown fields are ignored).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Protocol, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, WithJsonSchema, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sla_rules.notation import Currency
from sla_rules.time.period_names import PATTERN, named_period

Identifier = Annotated[str, Field(min_length=1, max_length=256)]
Word = Annotated[str, Field(min_length=1, max_length=128)]
Outcome = Literal["connected", "voicemail", "no_answer", "replied", "bounced", "failed", "wrong_number"]
"""What came of an attempt. A mail that bounced, a call that failed and a wrong number never came to the lead."""
Scalar = str | Annotated[int, Field(ge=-(2**63), lt=2**63)] | Annotated[float, Field(allow_inf_nan=False)] | bool
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]


class _Rfc3339:
    """Date, time and offset in full: pydantic by itself takes a text of digits for an epoch."""

    pattern: Final = r"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        aware = core_schema.datetime_schema(tz_constraint="aware", strict=False)
        return _written_as(
            cls.pattern, "rfc_3339", aware, core_schema.datetime_schema(tz_constraint="aware", strict=True)
        )


class _FullDate:
    """Year, month and day of RFC 3339, and no text of digits either."""

    pattern: Final = r"^\d{4}-\d\d-\d\d$"

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        return _written_as(
            cls.pattern, "full_date", core_schema.date_schema(strict=False), core_schema.date_schema(strict=True)
        )


def _written_as(
    pattern: str, error: Literal["rfc_3339", "full_date"], read: CoreSchema, in_python: CoreSchema
) -> CoreSchema:
    """In JSON text of a pattern, read further; anything else is an `error`."""
    written = core_schema.chain_schema([core_schema.str_schema(pattern=pattern), read])
    return core_schema.json_or_python_schema(
        core_schema.custom_error_schema(written, custom_error_type=error, custom_error_message=error), in_python
    )


Day = Annotated[date, _FullDate, WithJsonSchema({"type": "string", "format": "date"})]


def _of_a_period(name: str) -> str:
    try:
        named_period(name)
    except ValueError as none_such:
        raise PydanticCustomError("no_period", "{why}", {"why": str(none_such)}) from None
    return name


PeriodName = Annotated[str, AfterValidator(_of_a_period), WithJsonSchema({"type": "string", "pattern": PATTERN})]
"""A day, week, month, quarter or year by its name."""
Timestamp = Annotated[datetime, _Rfc3339, WithJsonSchema({"type": "string", "format": "date-time"})]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, use_attribute_docstrings=True)


class LeadFields(_Data):
    """What segments and `applies_to` may look at; a hand-off may carry it again."""

    role: Word | None = None
    region: Word | None = None
    product: Word | None = None
    score: float | None = Field(default=None, allow_inf_nan=False)
    source_channel: Word | None = None
    campaign: Word | None = None
    generated_by: Literal["marketing", "sales"] | None = None
    expected_value: Money | None = None
    attributes: Annotated[dict[Word, Scalar | None], Field(max_length=32)] | None = None


class Created(LeadFields):
    """A lead came into being."""


class Updated(LeadFields):
    """Some fields of the lead are others from here on; those that are not given, or null, stay as they were."""


class HandedOff(LeadFields):
    """Marketing gave the lead to a rep or a queue; the follow-up clock starts."""

    rep_id: Word | None = None
    queue: Word | None = None
    team: Word | None = None


class Reassigned(_Data):
    """Within sales the lead moved to another owner."""

    rep_id: Word | None = None
    queue: Word | None = None
    team: Word | None = None
    from_rep_id: Word | None = None
    reason: Word | None = None


class Recycled(_Data):
    """Sales gave the lead back to marketing; the cycle ends."""

    from_rep_id: Word | None = None
    reason: Word | None = None


class ContactAttempted(_Data):
    """Somebody or something tried to reach the lead, or the lead got in touch."""

    channel: Word
    direction: Literal["outbound", "inbound"] = "outbound"
    actor: Literal["human", "automation"] = "human"
    outcome: Outcome | None = None
    """Unless an agreement says otherwise, `bounced`, `failed` and `wrong_number` are no follow-up."""
    duration_seconds: float | None = Field(default=None, ge=0, le=864_000, allow_inf_nan=False)
    rep_id: Word | None = None


class Reasoned(_Data):
    """An outcome that needs no more than why and who."""

    reason_code: Word | None = None
    rep_id: Word | None = None


class Excused(_Data):
    """The cycle is waived: counted apart, never as met. With `from` and `until`, no cycle is but the time between."""

    reason: Word
    by: Word
    since: Timestamp | None = Field(default=None, alias="from")
    """The first instant waived; it may lie ahead, as that of maintenance which is announced."""
    until: Timestamp | None = None
    """The first instant after it that is not."""

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if (self.since is None) != (self.until is None):
            raise PydanticCustomError("half_a_span", "`from` and `until` go together")
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise PydanticCustomError("no_span", "`until` has to be after `from`")
        return self


class Merged(_Data):
    """The lead was found to be another one; `into` survives."""

    into: Identifier


class RightEvent(_Data):
    """What should have been received; what is not given stays as the correction's own envelope has it."""

    type: Word
    time: Timestamp | None = None
    data: dict[str, Any] = Field(default_factory=dict)


class Corrected(_Data):
    """The named event of the same source was wrong; `event` is what is right, none where nothing happened."""

    replaces: Identifier
    event: RightEvent | None = None


class DealClosed(_Data):
    """A deal was won or lost."""

    outcome: Literal["won", "lost"]
    amount: Money
    currency: Currency
    deal_id: Identifier
    """Received again under the same one, what was received last holds."""
    lead_ids: Annotated[tuple[Identifier, ...], Field(max_length=100, strict=False)] | None = None
    """The deal counts for the first of them, which is also its key: keep it first."""
    generated_by: Literal["marketing", "sales"] | None = None
    """Whose deal it is where no lead was delivered."""


class DeliverableConfirmed(_Data):
    """Something that was due at a recurring time has been delivered."""

    agreement: Identifier
    obligation: Identifier
    quantity: float = Field(default=1, ge=0, allow_inf_nan=False)
    by: Word | None = None
    to: Word | None = None
    due: Day | None = None
    """The date it was due on; without it the time it happened decides."""


class RemedyConfirmed(_Data):
    """What was to be done since a goal was missed has been done."""

    agreement: Identifier
    obligation: Identifier
    period: PeriodName
    """Whose goal was missed: `2026-03`, a week `2026-W10`, a quarter `2026-Q1`. A year of one's own is called by the calendar year
    that it begins in.
    """
    by: Word
    """Who did it."""
    owner: Identifier | None = None
    """Whose remedy it is, as the agreement names them; without it, all that the period calls for are done."""


_PACKED: Final = {"anyOf": [{"type": "string", "contentEncoding": "base64"}, {"type": "null"}]}


class _Envelope(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, use_attribute_docstrings=True)

    specversion: Literal["1.0"]
    id: Identifier
    source: Identifier
    subject: Identifier
    time: Timestamp
    recordedtime: Timestamp | None = None
    data_base64: Annotated[None, WithJsonSchema(_PACKED)] = None
    """The data as base64, in place of `data`. An event that has it is respelled first."""


class LeadCreated(_Envelope):
    """A lead came into being."""

    type: Literal["lead.created.v1"]
    data: Created = Created()


class LeadUpdated(_Envelope):
    """Some fields of the lead have changed; terms follow them while a clock runs."""

    type: Literal["lead.updated.v1"]
    data: Updated = Updated()


class LeadHandedOff(_Envelope):
    """Marketing handed the lead to sales."""

    type: Literal["lead.handed_off.v1"]
    data: HandedOff = HandedOff()


class LeadReassigned(_Envelope):
    """The lead moved to another owner."""

    type: Literal["lead.reassigned.v1"]
    data: Reassigned = Reassigned()


class LeadRecycled(_Envelope):
    """Sales gave the lead back."""

    type: Literal["lead.recycled.v1"]
    data: Recycled = Recycled()


class LeadContactAttempted(_Envelope):
    """Somebody tried to reach the lead, or the lead got in touch."""

    type: Literal["lead.contact_attempted.v1"]
    data: ContactAttempted


class LeadOutcome(_Envelope):
    """Accepted, rejected, connected, converted, disqualified, reopened, paused, resumed or deleted."""

    type: Literal[
        "lead.accepted.v1",
        "lead.rejected.v1",
        "lead.connected.v1",
        "lead.converted.v1",
        "lead.disqualified.v1",
        "lead.reopened.v1",
        "lead.paused.v1",
        "lead.resumed.v1",
        "lead.deleted.v1",
    ]
    data: Reasoned = Reasoned()


class LeadExcused(_Envelope):
    """A cycle is waived, or a span of time."""

    type: Literal["lead.excused.v1"]
    data: Excused


class LeadMerged(_Envelope):
    """The lead was found to be another one."""

    type: Literal["lead.merged.v1"]
    data: Merged


class LeadCorrected(_Envelope):
    """An earlier event was wrong."""

    type: Literal["lead.corrected.v1"]
    data: Corrected


class DealWasClosed(_Envelope):
    """A deal was won or lost."""

    type: Literal["deal.closed.v1"]
    data: DealClosed


class DeliverableWasConfirmed(_Envelope):
    """A deliverable arrived."""

    type: Literal["deliverable.confirmed.v1"]
    data: DeliverableConfirmed


class RemedyWasConfirmed(_Envelope):
    """A remedy was carried out."""

    type: Literal["remedy.confirmed.v1"]
    data: RemedyConfirmed


Event = (
    LeadCreated
    | LeadUpdated
    | LeadHandedOff
    | LeadReassigned
    | LeadRecycled
    | LeadContactAttempted
    | LeadOutcome
    | LeadExcused
    | LeadMerged
    | LeadCorrected
    | DealWasClosed
    | DeliverableWasConfirmed
    | RemedyWasConfirmed
)

EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Annotated[Event, Field(discriminator="type")])

TOPIC_OF_TYPE: Final = {
    "lead.created.v1": "lead-created",
    "lead.updated.v1": "lead-outcome",
    "lead.handed_off.v1": "handed-off",
    "lead.reassigned.v1": "handed-off",
    "lead.recycled.v1": "handed-off",
    "lead.contact_attempted.v1": "contact-attempt",
    "lead.accepted.v1": "lead-outcome",
    "lead.rejected.v1": "lead-outcome",
    "lead.connected.v1": "lead-outcome",
    "lead.converted.v1": "lead-outcome",
    "lead.disqualified.v1": "lead-outcome",
    "lead.reopened.v1": "lead-outcome",
    "lead.paused.v1": "lead-outcome",
    "lead.resumed.v1": "lead-outcome",
    "lead.excused.v1": "lead-outcome",
    "lead.merged.v1": "lead-outcome",
    "lead.deleted.v1": "lead-outcome",
    "lead.corrected.v1": "lead-outcome",
    "deal.closed.v1": "deal-closed",
    "deliverable.confirmed.v1": "deliverable",
    "remedy.confirmed.v1": "deliverable",
}


class AboutSomething(Protocol):
    """Whatever says what it is about."""

    @property
    def subject(self) -> str:
        """The lead, the ticket, the delivery."""


def key_of(event: AboutSomething) -> str:
    """The Kafka key: the lead whose facts the event joins (the deal or the obligation where there is no lead)."""
    if isinstance(event, DealWasClosed):
        return event.data.lead_ids[0] if event.data.lead_ids else event.data.deal_id
    if isinstance(event, DeliverableWasConfirmed | RemedyWasConfirmed):
        return f"{event.data.agreement}:{event.data.obligation}"
    return event.subject
