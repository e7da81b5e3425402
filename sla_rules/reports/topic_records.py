"""Records of `sla-breaches` and `sla-periods` as others read them, and their JSON Schemas.

The types only say how records look; the topics' own writers write them, and tests hold every record published to the
schemas.
"""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from sla_rules.evaluation.notices import ENDED
from sla_rules.figures.figure_names import FIGURE_NAMES, FigureName
from sla_rules.figures.obligation_figures import Kind
from sla_rules.figures.units import Count, Day, Number, Time
from sla_rules.notation import Granularity
from sla_rules.reports.explained_events import EventName
from sla_rules.reports.json_form import Json, JsonObject
from sla_rules.reports.reasons import EndedBy
from sla_rules.reports.schema import object_in, schema_of


class BreachData(Struct, frozen=True, kw_only=True):
    """What passed, of which promise, to whom."""

    key: str
    """The same for the same promise to the same lead; also the record's key."""
    tier: str
    """`deadline`, `warning-15m` before it, `escalation-1h` after it; `reassignment-15m` after its owner took it over."""
    agreement: str
    """Identifier of the agreement."""
    version: str
    """Version of the agreement that the clock ran by."""
    obligation: str
    """Identifier of the obligation."""
    kind: Kind
    """What kind of obligation it is."""
    segment: str
    """Segment of the lead; `all` where the agreement has none."""
    provider: str
    """The party that owes it."""
    lead: str
    """Identifier of the lead; `agreement:obligation` of a delivery."""
    cycle: int
    """Which hand-off of the lead; 0 for its creation."""
    message: EventName | None = None
    """Which message of that cycle waited for its answer; left out where something else was promised."""
    rep_id: str | None
    """Who owes it."""
    team: str | None
    """Their team."""
    deadline: Time
    """The instant that passed."""
    resolved_at: Time | None
    """When what was owed came after all; of a reassignment that was due, also when another owner took it over or it was closed."""
    late_by_seconds: Number | None
    """From the deadline to then; None while it is still owed, and where it never came."""
    historic: bool
    """Its deadline had long passed when its hand-off arrived."""
    ended_at: Time | None = None
    """Since when nobody can act on it any more, although what was owed never came; left out of what is owed, resolved or
    retracted.
    """
    ended_by: EndedBy | None = None
    """What ended it: the lead was recycled or closed, or lost with its deal; left out where `ended_at` is."""


class BreachRecord(Struct, frozen=True, kw_only=True):
    """A CloudEvent: a warning, a breach, an escalation or a reassignment that is due, as it stands.

    The topic is compacted by `data.key`.
    """

    specversion: Literal["1.0"]
    """Of CloudEvents."""
    id: str
    """The key and what became of it."""
    source: Literal["/leadsla"]
    """Who says so."""
    type: Literal["sla.warning.v1", "sla.breached.v1", "sla.reassignment_due.v1", "sla.resolved.v1", "sla.retracted.v1"]
    """What it amounts to now; retracted where later facts disproved it."""
    subject: str
    """Identifier of the lead."""
    time: Time
    """When it passed: the deadline, not when somebody looked."""
    datacontenttype: Literal["application/json"]
    """Of the data."""
    data: BreachData
    """What passed."""


class ConfirmedRemedyRecord(Struct, frozen=True, kw_only=True):
    """A remedy for the period's goal that was carried out."""

    owner: str | None = None
    """Whose remedy it is, as the agreement names them; left out where all that the period calls for were confirmed at once."""
    at: Time
    """When it was done."""
    by: str
    """Who did it."""


class PeriodRecord(Struct, frozen=True, kw_only=True):
    """The figures of one window, as far as one partition's leads go; partitions add up, figure by figure.

    The topic is compacted by agreement, obligation, segment, interval, first day and partition, joined by slashes.
    """

    agreement: str
    """Identifier of the agreement."""
    obligation: str
    """Identifier of the obligation."""
    segment: str
    """Segment of the leads; `all` where the agreement has none."""
    interval: Granularity
    """Which calendar window it is."""
    first: Day
    """First day of the period, in the agreement's zone."""
    start: Time
    """When the period begins."""
    end: Time
    """When it ends; the next begins then."""
    partition: Count
    """Of the event topics: whose leads these are."""
    status: Literal["open", "published", "restated"]
    """Restated where other figures are known now than were published."""
    figures: Mapping[str, Count]
    """As known now; what is zero is left out."""
    published: Mapping[str, Count] | None
    """As of the end of the period, on what had arrived when its grace was over; None until then."""
    frozen: bool = False
    """Whether the figures stay as they are, since leads have left; left out where they may change."""
    history: bool = False
    """Whether the period was over when the service began to listen, so that what is published follows the facts."""
    behind: bool = False
    """Whether facts have come of such a period that are not in what is published yet."""
    remedies_confirmed: tuple[ConfirmedRemedyRecord, ...] = ()
    """Of the first segment, in one partition: the remedies carried out for the period, all segments together; left out where
    there are none.
    """


OPTIONAL: Final = frozenset(("frozen", "history", "behind", "remedies_confirmed"))
"""Fields of a period that are left out where they say nothing."""
EXAMPLE: Final[JsonObject] = {
    "agreement": "company-x",
    "obligation": "first-touch",
    "segment": "all",
    "interval": "week",
    "first": "2026-10-19",
    "start": "2026-10-18T22:00:00Z",
    "end": "2026-10-25T23:00:00Z",
    "partition": 7,
    "status": "restated",
    "figures": {
        "breached": 1,
        "followed_up": 1,
        "leads": 2,
        "met": 1,
        "untouched": 1,
        "wall_bucket_to:420000000": 1,
        "wall_sum": 420000000,
        "wall_within:1h": 1,
        "wall_within:24h": 1,
        "working_bucket_to:420000000": 1,
        "working_sum": 420000000,
        "working_within:1h": 1,
        "working_within:24h": 1,
    },
    "published": {"breached": 2, "leads": 2, "untouched": 2},
}
"""Of two leads one was called after seven minutes, which was told after the week had been published."""


_OPTIONAL_OF_BREACH: Final = frozenset(("message", *ENDED))
"""Fields of a breach that are left out where they say nothing."""


def breach_schema() -> JsonObject:
    """What a record of `sla-breaches` looks like."""
    found = schema_of(BreachRecord)
    data = object_in(object_in(found["$defs"])["BreachData"])
    data["required"] = [name for name in object_in(data["properties"]) if name not in _OPTIONAL_OF_BREACH]
    return found


def period_schema() -> JsonObject:
    """What a record of `sla-periods` looks like; its figures are those of one kind of obligation."""
    found = schema_of(PeriodRecord)
    definitions = object_in(found["$defs"])
    record = object_in(definitions["PeriodRecord"])
    properties = object_in(record["properties"])
    kinds: list[Json] = [{"$ref": f"#/$defs/{_tally_of(kind)}"} for kind in FIGURE_NAMES]
    properties["figures"] = {**_described(properties["figures"]), "anyOf": kinds}
    properties["published"] = {**_described(properties["published"]), "anyOf": [*kinds, {"type": "null"}]}
    record["required"] = [name for name in properties if name not in OPTIONAL]
    remedy = object_in(definitions["ConfirmedRemedyRecord"])
    remedy["required"] = [name for name in object_in(remedy["properties"]) if name != "owner"]
    record["examples"] = [EXAMPLE]
    tallies: JsonObject = {_tally_of(kind): _tally(kind, names) for kind, names in FIGURE_NAMES.items()}
    return {**found, "$defs": {**definitions, **tallies}}


def _tally_of(kind: str) -> str:
    return f"{kind.capitalize()}Tally"


def _tally(kind: str, names: tuple[FigureName, ...]) -> JsonObject:
    return {
        "type": "object",
        "description": f"Figures of an obligation of {kind}: whole numbers.",
        "properties": {name.name: _figure(name) for name in names if name.by is None},
        "patternProperties": {f"^{name.name}{name.by}$": _figure(name) for name in names if name.by is not None},
        "additionalProperties": False,
    }


def _figure(name: FigureName) -> JsonObject:
    unit = "" if name.unit == "count" else f" In {name.unit}."
    return {"type": "integer", "minimum": 1, "description": f"{name.says}{unit}"}


def _described(schema: Json) -> JsonObject:
    return {"description": object_in(schema)["description"]}
