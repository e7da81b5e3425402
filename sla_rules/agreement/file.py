"""YAML text -> agreements. Every error at once, each with file, line, what is wrong and what would be right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sla_rules.agreement.bounded_yaml import MOST_BYTES, TooMuchError, read_yaml
from sla_rules.agreement.model import Agreement, Misfits
from sla_rules.notation import IN_A_FILE

SUFFIXES: Final = (".yaml", ".yml")
MOST_ERRORS: Final = 100
"""Of a file, after which the rest are counted."""
_LONGEST_VALUE: Final = 80
_LONGEST_MESSAGE: Final = 500


@dataclass(frozen=True, slots=True, order=True)
class AgreementError:
    """One thing wrong in one file; lines count from 1, and 0 is the whole of it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """As editors and terminals link it: `file:line: message`."""
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class AgreementErrors(Exception):
    """All that is wrong with the files given."""

    def __init__(self, errors: Iterable[AgreementError]) -> None:
        self.errors = tuple(sorted(errors))
        super().__init__("\n".join(map(str, self.errors)))


def load_agreements(paths: Sequence[Path]) -> tuple[Agreement, ...]:
    """The agreements of all files and folders named, ordered by id and by the day they take effect.

    Raises:
        AgreementErrors: anything at all is wrong with any of them, or there are none.

    """
    agreements: list[_Loaded] = []
    errors: list[AgreementError] = []
    seen: set[Path] = set()
    for path in paths:
        files = _files(path)
        if not files:
            errors.append(AgreementError(str(path), 0, "no agreement file here; one ends in .yaml"))
        for file in files:
            if file in seen:
                continue
            seen.add(file)
            try:
                agreements.append(_loaded(_text_of(file), str(file)))
            except AgreementErrors as found:
                errors.extend(found.errors)
            except FileNotFoundError:
                errors.append(AgreementError(str(file), 0, "there is no such file or folder"))
            except OSError as unreadable:
                errors.append(AgreementError(str(file), 0, f"cannot be read: {unreadable.strerror or unreadable}"))
            except UnicodeDecodeError as unreadable:
                errors.append(AgreementError(str(file), 0, f"is not UTF-8 from byte {unreadable.start} on"))
    errors.extend(_clashes(agreements))
    errors.extend(_ambiguous_events(agreements))
    if errors:
        raise AgreementErrors(errors)
    return tuple(sorted((one.agreement for one in agreements), key=lambda a: (a.agreement, a.effective_from)))


def parse_agreement(text: str, file: str = "agreement") -> Agreement:
    """One agreement from the text of one file.

    Raises:
        AgreementErrors: the text is no YAML, or no agreement.

    """
    return _loaded(text, file).agreement


class _Loaded(NamedTuple):
    """An agreement, and where its parts stand."""

    file: str
    agreement: Agreement
    tree: CommentedMap


def _text_of(file: Path) -> str:
    """What stands in a file, or as much of it as shows that it is too large."""
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1).decode()


def _loaded(text: str, file: str) -> _Loaded:
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise AgreementErrors([AgreementError(file, 1, f"not taken: more than {MOST_BYTES // 1024} KiB")])
    try:
        tree = read_yaml(text)
    except MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        line = mark.line + 1 if mark else 1
        problem = str(broken.problem).split("\n", maxsplit=1)[0]
        verdict = "not taken" if isinstance(broken, TooMuchError) else "not valid YAML"
        raise AgreementErrors([AgreementError(file, line, _cut(f"{verdict}: {problem}"))]) from None
    except YAMLError as broken:
        problem = str(broken).split("\n", maxsplit=1)[0]
        raise AgreementErrors([AgreementError(file, 1, _cut(f"not valid YAML: {problem}"))]) from None
    if not isinstance(tree, CommentedMap):
        raise AgreementErrors([AgreementError(file, 1, "an agreement is a mapping; start with `agreement: an-id`")])
    try:
        return _Loaded(file, Agreement.model_validate(tree, context=IN_A_FILE), tree)
    except ValidationError as invalid:
        raise AgreementErrors(_first(_located(invalid, tree, file), invalid.error_count(), file)) from None


def _first(errors: Iterable[AgreementError], count: int, file: str) -> Iterable[AgreementError]:
    """As many as somebody will read: each is looked up in the text, and there may be thousands."""
    yield from islice(errors, MOST_ERRORS)
    if count > MOST_ERRORS:
        yield AgreementError(file, 1, f"there is more wrong: {count - MOST_ERRORS} errors are not listed")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
    return [path]


def _clashes(agreements: Sequence[_Loaded]) -> Iterable[AgreementError]:
    for what in ("version", "effective_from"):
        first: dict[tuple[str, object], str] = {}
        for file, agreement, _ in agreements:
            value = getattr(agreement, what)
            other = first.setdefault((agreement.agreement, value), file)
            if other != file:
                message = f"agreement {agreement.agreement!r} with {what} {value} stands in {other} already"
                yield AgreementError(file, 1, message)


def _ambiguous_events(agreements: Sequence[_Loaded]) -> Iterable[AgreementError]:
    """One type can stand for one event about one subject only, whoever names it."""
    first: dict[str, tuple[str, str, str]] = {}
    for file, agreement, tree in agreements:
        for part, kinds in agreement.events.items():
            for number, kind in enumerate(kinds):
                other, subject, meant = first.setdefault(kind, (file, agreement.subject, part))
                if (subject, meant) != (agreement.subject, part):
                    place = ("events", part, number)
                    message = f"{kind!r} stands for {meant!r} of a {subject} in {other} already"
                    yield AgreementError(file, _line(tree, place), f"{_dotted(place)}: {message}")


def _located(invalid: ValidationError, tree: CommentedMap, file: str) -> Iterable[AgreementError]:
    for error in invalid.errors(include_url=False):
        cause = error.get("ctx", {}).get("error")
        if error["type"] == "too_short" and error["input"]:
            continue  # its items are there, and wrong: they have errors of their own
        if isinstance(cause, Misfits):
            for place, message in cause.misfits:
                yield AgreementError(file, _line(tree, place), _cut(f"{_dotted(place)}: {message}"))
        else:
            place = _existing(tree, error["loc"])
            yield AgreementError(file, _line(tree, place), _cut(f"{_dotted(place)}: {_sentence(error, place)}"))


def _existing(tree: object, location: Sequence[int | str]) -> tuple[int | str, ...]:
    """The part of pydantic's location that stands in the file: names of union members and validators are left out."""
    place: list[int | str] = []
    node = tree
    for step in location:
        key = _key(node, step)
        if key is not None:
            place.append(step)
            node = node[key]  # type: ignore[index]
    return tuple(place)


def _key(node: object, step: int | str) -> Any:
    """The key in the file that pydantic's step stands for; it names every key by its text, dates too."""
    if isinstance(node, Mapping):
        return next((key for key in node if str(key) == str(step)), None)
    if isinstance(node, Sequence) and not isinstance(node, str) and isinstance(step, int) and step < len(node):
        return step
    return None


def _line(tree: CommentedMap, place: Sequence[int | str]) -> int:
    node: Any = tree
    line = 0
    for step in place:
        key = _key(node, step)
        if key is None:
            break
        if isinstance(node, CommentedMap | CommentedSeq) and key in (places := node.lc.data or {}):
            line = places[key][0]  # what a merge key brought in stands elsewhere
        node = node[key]
    return line + 1


def _dotted(place: Sequence[int | str]) -> str:
    return ".".join(str(step) for step in place) or "agreement"


_SENTENCES: Final = {
    "missing": "{name!r} is missing",
    "string_pattern_mismatch": "{input} does not have the form {pattern}",
    "string_type": "should be text, found {input}; put it in quotes",
    "too_short": "needs at least {min_length}",
    "union_tag_invalid": "unknown kind {tag!r}; known: {expected_tags}",
    "union_tag_not_found": "'kind' is missing",
    "value_error": "{error}",
}


def _sentence(error: Mapping[str, Any], place: Sequence[int | str]) -> str:
    kind, name = error["type"], error["loc"][-1] if error["loc"] else ""
    if kind == "extra_forbidden":
        close = get_close_matches(str(name), _fields_beside(place), n=1)
        return f"unknown key; did you mean {close[0]!r}?" if close else "unknown key"
    value = error["input"]
    if kind in _SENTENCES:
        sentence = _SENTENCES[kind].format(name=name, input=_shown(value), **error.get("ctx", {}))
        return sentence.replace(repr(value), _shown(value)) if isinstance(value, str) else sentence
    found = f", found {_shown(value)}" if isinstance(value, str | int | float) else ""
    return f"should be {error['msg'].removeprefix('Input should be ')}{found}"


def _shown(value: object) -> str:
    """A value as it was written, as far as it helps."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]!r}..."
    if isinstance(value, Mapping | Sequence):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    return repr(value)


def _cut(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}..."


def _fields_beside(place: Sequence[int | str]) -> list[str]:
    """Names of fields that any part of an agreement has: near enough to guess what a misspelt key was to be."""
    known: set[str] = set()
    pending: list[type[BaseModel]] = [Agreement]
    while pending:
        model = pending.pop()
        for name, field in model.model_fields.items():
            if name not in known:
                known.add(name)
            pending.extend(_models_in(field.annotation))
    return sorted(known - {str(place[-1])} if place else known)


def _models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)
