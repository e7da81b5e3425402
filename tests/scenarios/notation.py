"""How a scenario file is written: what stands in it, and where each expectation stands, so that a miss can be found."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.nodes import ScalarNode

from sla_rules.events.schema import TOPIC_OF_TYPE, Event
from sla_rules.instants import parse_duration
from sla_rules.names import ALL_SEGMENTS
from sla_rules.notation import Granularity

DATA_OF_TYPE: Final[dict[str, type[BaseModel]]] = {
    name: event.model_fields["data"].annotation
    for event in get_args(Event)
    for name in get_args(event.model_fields["type"].annotation)
}
"""What each type of event may carry."""

VERSION: Final = ".v1"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Changed(_Strict):
    """An agreement from a file, but with other parts."""

    file: str
    but: dict[str, Any]


class Told(_Strict):
    """An event: when it happened and when it arrived, at once unless said. Every other key is a field of its data."""

    model_config = ConfigDict(extra="allow")

    at: str
    arrives: str | None = None
    type: str
    lead: str | None = None
    id: str | None = None
    source: str = "/crm"

    @model_validator(mode="after")
    def _is_of_the_contract(self) -> Self:
        kind = f"{self.type}{VERSION}"
        if kind not in DATA_OF_TYPE and self.type.partition(".")[0] not in {"lead", "deal", "deliverable", "remedy"}:
            return self  # one that an agreement names
        if kind not in DATA_OF_TYPE:
            message = f"no event is called {self.type!r}; known: {', '.join(TOPIC_OF_TYPE)}"
            raise ValueError(message)
        if unknown := self.data.keys() - DATA_OF_TYPE[kind].model_fields.keys():
            message = f"{self.type} carries no {', '.join(sorted(unknown))}"
            raise ValueError(message)
        return self

    @property
    def data(self) -> dict[str, Any]:
        """What the event carries."""
        return self.model_extra or {}


class Raw(_Strict):
    """A record as it lies in the topic, for what is no event at all."""

    arrives: str
    topic: str = "lead-outcome"
    key: str | None = None
    raw: str | None
    headers: dict[str, str] = Field(default_factory=dict)


def _kind_of_record(found: Any) -> str:
    return "raw" if "raw" in found else "told"


Record = Annotated[Annotated[Told, Tag("told")] | Annotated[Raw, Tag("raw")], Discriminator(_kind_of_record)]


class _Expected(_Strict):
    line: int
    agreement: str | None = None
    """Needed only where there are several."""
    obligation: str


class FollowUp(_Strict):
    """How long it took, by the wall and in working time."""

    wall: str
    working: str


class Verdict(_Expected):
    """What the agreement says of one cycle of a lead (0 is the lead's own, from its creation), or of one delivery."""

    lead: str | None = None
    cycle: int = 1
    due: str | None = None
    """For a deliverable, which one."""
    message: str | None = None
    """For the answer to a message, the id of the message."""
    status: Literal["met", "breached", "open", "closed", "excused", "connected", "delivered", "unready", "not measured"]
    deadline: str | None = None
    follow_up: FollowUp | Literal["none"] | None = None
    attempts: int | None = None
    segment: str | None = None
    team: str | None = None
    anomaly: bool | None = None
    historic: bool | None = None


class Breach(_Expected):
    """A record that stands in the end."""

    lead: str | None = None
    """For a deliverable, none."""
    cycle: int = 1
    message: str | None = None
    """Of an answer, the id of the message."""
    tier: str = "deadline"
    kind: Literal["warning", "breached", "reassignment_due", "resolved"]
    deadline: str
    late_by: str | None = None
    ended_at: str | None = None
    """When its cycle ended without what was owed."""
    ended_by: Literal["recycled", "closed", "lost"] | None = None
    rep: str | None = None
    historic: bool = False


class Figures(_Expected):
    """Some of the figures of one period; `published` null says that they are not published yet."""

    interval: Granularity
    first: str
    segment: str = ALL_SEGMENTS
    published: dict[str, Any] | None = None
    restated: dict[str, Any] | None = None


class Remedy(_Expected):
    """What is to be done for a period whose goal was missed, and what became of it."""

    period: str
    """By its name; of the only agreement."""
    owner: str
    by: str
    status: Literal["due", "confirmed", "overdue"]
    confirmed_at: str | None = None
    confirmed_by: str | None = None
    late_by: str | None = None


class Goal(_Expected):
    """What follows from one period of an obligation that its goal is judged by, by the figures published."""

    interval: Granularity = "month"
    first: str
    published: Literal["met", "missed"] | None
    """None where nothing was due."""
    restated: Literal["met", "missed"] | None = None
    """By what is known in the end, where that is another result."""
    attainment: str | None = None
    """As a fraction, `29/31`."""
    credit: str | None = None
    """The amount that is due, where credits are agreed."""
    claim_until: str | None = None


class Cancellation(_Strict):
    """How near the right to end the agreement is: the first days of the latest periods, all missed."""

    in_a_row: tuple[str, ...] = Field(strict=False)
    is_reached: bool = False


class Expectations(_Strict):
    """What holds in the end. Of breaches and rejected records: these and no others."""

    verdicts: tuple[Verdict, ...] = Field(default=(), strict=False)
    breaches: tuple[Breach, ...] = Field(default=(), strict=False)
    figures: tuple[Figures, ...] = Field(default=(), strict=False)
    remedies: tuple[Remedy, ...] | None = Field(default=None, strict=False)
    """All that periods call for; None where nobody asks."""
    goals: tuple[Goal, ...] = Field(default=(), strict=False)
    """Some of the periods that are decided."""
    cancellation: Cancellation | None = None
    events: tuple[str, ...] | None = Field(default=None, strict=False)
    """All applause and trouble, in any order: `2026-03-23 00:00 goal_reached leads-delivered`."""
    rejected: dict[str, int] = Field(default_factory=dict)
    uncovered: int | None = None
    """How many cycles no agreement applies to."""
    told: tuple[str, ...] | None = Field(default=None, strict=False)
    """All that was told on the way, in order: `lead obligation [tier] kind`."""
    fates: dict[str, int] = Field(default_factory=dict)
    """How many facts were duplicates or conflicts."""


class Scenario(_Strict):
    """One story, from its agreements to what follows."""

    file: Path
    title: str
    story: str
    zone: str | None = None
    """Local times are of this zone; unless said, that of the first agreement."""
    agreements: tuple[str | Changed, ...] = Field(min_length=1, strict=False)
    watched_from: str | None = None
    """When the service began to watch deliverables, unless with the first record."""
    timeline: tuple[Record, ...] = Field(strict=False)
    until: str
    expect: Expectations

    @property
    def name(self) -> str:
        """The file without its ending."""
        return self.file.stem


class ScenarioError(Exception):
    """All that is wrong with one file, each with its line."""


class _DatesAsText(RoundTripConstructor):
    """Leaves dates and times as they are written."""

    def construct_plain_text(self, node: ScalarNode) -> str:
        return str(node.value)


_DatesAsText.add_constructor("tag:yaml.org,2002:timestamp", _DatesAsText.construct_plain_text)


def reader() -> YAML:
    """What reads the files, and keeps lines."""
    yaml = YAML(typ="rt")
    yaml.Constructor = _DatesAsText
    return yaml


@cache
def read_scenario(file: Path) -> Scenario:
    """The scenario of a file.

    Raises:
        ScenarioError: it is none.

    """
    tree = reader().load(file.read_text(encoding="utf-8"))
    found = _plain(tree)
    expectations = found.get("expect", {})
    for part in ("verdicts", "breaches", "figures", "goals", "remedies"):
        for number, expected in enumerate(expectations.get(part, ())):
            expected["line"] = tree["expect"][part].lc.item(number)[0] + 1
        if part in expectations:
            expectations[part] = [one for expected in expectations[part] for one in _numbered(expected)]
    found["timeline"] = [one for told in found.get("timeline", ()) for one in _numbered(told)]
    try:
        return Scenario.model_validate({**found, "file": file})
    except ValidationError as invalid:
        wrong = (f"{file}:{_line(tree, error['loc'])}: {error['msg']} ({error['loc']})" for error in invalid.errors())
        raise ScenarioError("\n".join(wrong)) from None


def _numbered(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is written once and meant of many: `numbers: 1-25` for as many, `every: 1m` between them, `#` for the number."""
    if "numbers" not in item:
        yield item
        return
    first, _, last = str(item["numbers"]).partition("-")
    apart = parse_duration(item["every"]) if "every" in item else 0
    plain = {name: value for name, value in item.items() if name not in {"numbers", "every"}}
    for number in range(int(first), int(last) + 1):
        yield {name: _of_number(name, value, number, apart * (number - int(first))) for name, value in plain.items()}


def _of_number(name: str, value: Any, number: int, later: int) -> Any:
    if isinstance(value, list):
        return [_of_number(name, one, number, later) for one in value]
    if isinstance(value, str) and name in _TIMES:
        at = datetime.fromisoformat(value) + timedelta(microseconds=later)
        return f"{at:%Y-%m-%d %H:%M:%S}"
    return value.replace("#", str(number)) if isinstance(value, str) else value


_TIMES: Final = ("at", "arrives", "deadline", "ended_at")


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(item) for item in node]
    return str(node) if isinstance(node, str) else node


def _line(tree: Any, place: tuple[int | str, ...]) -> int:
    node, line = tree, 0
    for step in place:
        if isinstance(node, CommentedMap) and step in node:
            line = node.lc.key(step)[0]
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            line = node.lc.item(step)[0]
        else:
            continue
        node = node[step]
    return line + 1
