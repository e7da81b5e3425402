"""What somebody gives on the command line to plan by: numbers for all leads, and others for segments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from sla_rules.agreement.goals import Quota
from sla_rules.agreement.segments import Segment
from sla_rules.agreement.sentences import sentence
from sla_rules.notation import IN_A_FILE
from sla_rules.spelling import unknown

FIELDS: Final[Mapping[str, str]] = {
    "quota": "revenue",
    "share": "marketing_share",
    "deal": "average_deal",
    "close-rate": "close_rate",
}
"""What numbers are called on the command line, and in an agreement."""
WORTH: Final = "value"
EXAMPLE: Final = "north:quota=3000,deal=100,close-rate=40%"
WANTED: Final[Mapping[str, str]] = {
    "revenue": "what sales has to sell in one interval, as --quota 5000",
    "average_deal": "what one customer brings, as --deal 100",
    "close_rate": "which share of the leads become customers, as --close-rate 50%",
}


class GivenError(ValueError):
    """Something given is wrong; `option` says what."""

    def __init__(self, option: str, message: str) -> None:
        self.option = option
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Given:
    """Numbers as they were written, by their names in an agreement."""

    of_all: Mapping[str, str] = field(default_factory=dict)
    """What holds for every segment that does not say otherwise."""
    by_segment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    worth: Mapping[str, str] = field(default_factory=dict)
    """What a lead is worth, by segment."""

    def quotas(self, base: Mapping[str | None, Quota] | None) -> dict[str | None, Quota]:
        """The quotas that are meant, laid over those of an agreement, if there are any.

        Raises:
            GivenError: a number is wrong or missing, or of a segment that the agreement has no quota for.

        """
        if base is None:
            base_fields: dict[str | None, dict[str, object]] = (
                {name: {} for name in self.by_segment} if self.by_segment else {None: {}}
            )
        else:
            base_fields = {name: quota.model_dump() for name, quota in base.items()}
        self._check_segments(base_fields)
        return {
            name: _quota({**fields, **self.of_all, **self.by_segment.get(name or "", {})}, name)
            for name, fields in base_fields.items()
        }

    def _check_segments(self, known: Mapping[str | None, object]) -> None:
        if None in known and self.by_segment:
            message = "the goal follows from one quota for all leads; say --quota, --share, --deal and --close-rate"
            raise GivenError("--segment", message)
        names = [name for name in known if name is not None]
        for name in (*self.by_segment, *self.worth):
            if name not in names:
                raise GivenError("--segment", unknown("quota for the segment", name, names))
        if names and "revenue" in self.of_all:
            message = f"each segment has a quota of its own; say --segment {names[0]}:quota={self.of_all['revenue']}"
            raise GivenError("--quota", message)


def given(of_all: Mapping[str, str | None], segments: Sequence[str]) -> Given:
    """What was given: numbers for all leads by their option, and texts as `north:quota=3000,deal=100,close-rate=40%,value=50`.

    Raises:
        GivenError: such a text cannot be read, or a segment is there twice.

    """
    by_segment: dict[str, Mapping[str, str]] = {}
    worth: dict[str, str] = {}
    for text in segments:
        name, parts = _segment(text)
        if name in by_segment:
            raise GivenError("--segment", f"{name!r} is there twice; write all of it in one")
        if WORTH in parts:
            worth[name] = parts.pop(WORTH)
        by_segment[name] = {FIELDS[key]: value for key, value in parts.items()}
    return Given({FIELDS[key]: value for key, value in of_all.items() if value is not None}, by_segment, worth)


def _segment(text: str) -> tuple[str, dict[str, str]]:
    name, colon, listed = text.partition(":")
    if not colon or not name:
        raise GivenError("--segment", f"{text!r} names no segment; write for example {EXAMPLE}")
    parts: dict[str, str] = {}
    for part in listed.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            message = f"{part!r} in {text!r} is no part=number; write numbers without separators, as {EXAMPLE}"
            raise GivenError("--segment", message)
        if key not in {*FIELDS, WORTH}:
            raise GivenError("--segment", f"{text!r}: {unknown('part', key, (*FIELDS, WORTH))}")
        if key in parts:
            raise GivenError("--segment", f"{text!r} says {key} twice")
        parts[key] = value
    return name.strip(), parts


def segment_of(name: str, value: str | None) -> Segment:
    """A segment of its own for the leads of that name, and what one is worth.

    Raises:
        GivenError: its name or what a lead is worth is not what it has to be.

    """
    try:
        return Segment.model_validate({"id": name, "when": {"attributes.segment": name}, "value": value})
    except ValidationError as wrong:
        error = wrong.errors(include_url=False)[0]
        part = WORTH if error["loc"] == (WORTH,) else "its name"
        raise GivenError("--segment", f"{name}: {part} {sentence(error, ())}") from None


def _quota(fields: Mapping[str, object], segment: str | None) -> Quota:
    try:
        return Quota.model_validate(fields, context=IN_A_FILE)
    except ValidationError as wrong:
        # What is missing is said once all that is there is right.
        errors = sorted(wrong.errors(include_url=False), key=lambda error: error["type"] == "missing")
        error = errors[0]
    name = str(error["loc"][0]) if error["loc"] else ""
    option = _option_of(name)
    if error["type"] == "missing":
        missing = [WANTED[str(one["loc"][0])] for one in errors]
        if segment is None:
            raise GivenError(option, f"wanted: {'; '.join(missing)}")
        raise GivenError("--segment", f"{segment}: {option.removeprefix('--')} is missing; write for example {EXAMPLE}")
    said = sentence(error, ())
    raise GivenError(
        option if segment is None else "--segment",
        said if segment is None else f"{segment}: {option.removeprefix('--')} {said}",
    )


def _option_of(name: str) -> str:
    return next((f"--{option}" for option, known in FIELDS.items() if known == name), "--quota")
