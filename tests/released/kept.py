"""What a release writes, kept as a file: bytes of states and forwarded facts, and what they mean, in words and numbers.

Meanings go by names and leave out what stands at its default, so that a later release which knows more still finds
the same.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgspec

from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.codec import FORMAT, decode, decode_fact, encode, encode_fact
from sla_rules.engine.fold import step
from tests.released import stories

FOLDER: Final = Path(__file__).parent
CHANGELOG: Final = FOLDER.parents[1] / "CHANGELOG.md"


class Kept(msgspec.Struct):
    """One file. `leads` and `forwarded` pair bytes, in base64, with what they mean."""

    agreements: list[str]
    judged_at: int
    leads: dict[str, tuple[str, Any]]
    forwarded: list[tuple[str, Any]]


def files() -> list[Path]:
    """Every file, by format and release."""
    return sorted(FOLDER.glob("format-*/*.json"))


def rules_of(agreements: Iterable[str]) -> RuleBook:
    """The rule book of agreements as they stand in files."""
    return RuleBook([parse_agreement(text) for text in agreements])


def file_of(release: str) -> Path:
    """Where what a release writes is kept."""
    return FOLDER / f"format-{FORMAT.hex()}" / f"{release}.json"


def is_released(release: str) -> bool:
    """Whether the changelog has it under its own heading."""
    return any(
        line.startswith(f"## {release} ") or line == f"## {release}" for line in CHANGELOG.read_text().split("\n")
    )


def read(file: Path) -> Kept:
    """What a file holds."""
    return msgspec.json.decode(file.read_bytes(), type=Kept)


def read_back(kept: Kept) -> Kept:
    """The same as it comes back from a file."""
    return msgspec.json.decode(msgspec.json.encode(kept), type=Kept)


def written() -> Kept:
    """What this release writes of the stories."""
    rules = rules_of(stories.AGREEMENTS)
    states = {
        lead: encode(step(rules, lead, None, told, stories.JUDGED_AT).state) for lead, told in stories.LEADS.items()
    }
    return Kept(
        list(stories.AGREEMENTS),
        stories.JUDGED_AT,
        {
            lead: (b64encode(data).decode(), meaning(rules, lead, data, stories.JUDGED_AT))
            for lead, data in states.items()
        },
        [(b64encode(data).decode(), named(decode_fact(data))) for data in map(encode_fact, stories.FORWARDED)],
    )


def meanings(kept: Kept) -> Iterator[tuple[str, Any, Any]]:
    """Of every record: its name, what it means to this release, and what it meant to its own."""
    rules = rules_of(kept.agreements)
    for lead, (data, wanted) in kept.leads.items():
        yield lead, meaning(rules, lead, b64decode(data), kept.judged_at), wanted
    for number, (data, wanted) in enumerate(kept.forwarded):
        yield f"forwarded {number}", named(decode_fact(b64decode(data))), wanted


def meaning(rules: RuleBook, lead: str, data: bytes, now: int) -> Any:
    """What a state says, and what follows from its facts when it is judged anew."""
    state = decode(data)
    anew = step(rules, lead, state, (), now)
    return plain(
        {
            "facts": [named(fact) for fact in state.facts],
            "contributions": [named(contribution) for contribution in state.contributions],
            "next_due": state.next_due,
            "revised": state.revised,
            "as_of": state.as_of,
            "last_time": state.last_time,
            "last_arrival": state.last_arrival,
            "anew": [named(contribution) for contribution in anew.state.contributions],
            "standing": sorted(f"{one.obligation} {one.tier} {one.deadline}" for one in anew.standing.values()),
        }
    )


def named(struct: Any) -> Any:
    """Type and fields by name, without those that stand at their default."""
    if not isinstance(struct, msgspec.Struct):
        return plain(struct)
    told = {
        field.name: named(getattr(struct, field.name))
        for field in msgspec.structs.fields(struct)
        if field.required or getattr(struct, field.name) != field.default
    }
    return {"type": type(struct).__name__, **told}


def plain(value: Any) -> Any:
    """As it comes back from JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))


def keep() -> Path:
    """Keep what this release writes.

    Raises:
        SystemExit: it has been released, and what was released stays as it is.

    """
    release = version("leadsla")
    if is_released(release):
        message = f"{release} is released: what it wrote stays as it is; raise the version first"
        raise SystemExit(message)
    file = file_of(release)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(written()), indent=1) + b"\n")
    return file
