"""YAML text -> agreements. Every error at once, each with file, line, what is wrong and what would be right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sla_rules.agreement.bounded_yaml import MOST_BYTES, TooMuchError, read_yaml
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.places import dotted, existing, line_of
from sla_rules.agreement.sentences import cut, sentence
from sla_rules.fitting import MADE
from sla_rules.notation import IN_A_FILE

SUFFIXES: Final = (".yaml", ".yml")
MOST_ERRORS: Final = 100
"""Of a file, after which the rest are counted."""


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
    read: list[_Read] = []
    errors: list[AgreementError] = []
    seen: set[Path] = set()
    for path in paths:
        files = files_of(path)
        if not files:
            errors.append(AgreementError(str(path), 0, "no agreement file here; one ends in .yaml"))
        for file in files:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                one = _read_file(file)
                read.append(one)
                errors.extend(one.errors)
    errors.extend(_clashes(read))
    errors.extend(_ambiguous_events(read))
    if errors:
        raise AgreementErrors(errors)
    agreements = (one.agreement for one in read if one.agreement is not None)
    return tuple(sorted(agreements, key=lambda a: (a.agreement, a.effective_from)))


def parse_agreement(text: str, file: str = "agreement") -> Agreement:
    """One agreement from the text of one file.

    Raises:
        AgreementErrors: the text is no YAML, or no agreement.

    """
    read = _read(text, file)
    if read.errors or read.agreement is None:
        raise AgreementErrors(read.errors)
    return read.agreement


class _Read(NamedTuple):
    """What one file came to: an agreement or, where anything is wrong with it, a draft of one; and where its parts stand."""

    file: str
    errors: Sequence[AgreementError] = ()
    agreement: Agreement | None = None
    tree: CommentedMap | None = None


def _read_file(file: Path) -> _Read:
    try:
        return _read(text_of(file), str(file))
    except AgreementErrors as wrong:
        return _Read(str(file), wrong.errors)


def text_of(file: Path) -> str:
    """What stands in a file, or as much of it as shows that it is too large.

    Raises:
        AgreementErrors: it cannot be read, or is not UTF-8.

    """
    line = 0
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1).decode()
    except FileNotFoundError:
        problem = "there is no such file or folder"
    except UnicodeDecodeError as undecodable:
        line = undecodable.object[: undecodable.start].count(b"\n") + 1
        problem = f"is not UTF-8 from byte {undecodable.start} on; save it as such"
    except OSError as unreadable:
        problem = f"cannot be read: {unreadable.strerror or unreadable}"
    raise AgreementErrors([AgreementError(str(file), line, problem)])


def tree_of(text: str, file: str, otherwise: str) -> CommentedMap:
    """The mapping that a text of YAML is.

    Raises:
        AgreementErrors: it is more than is taken, or no YAML; or no mapping, of which `otherwise` is said.

    """
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise AgreementErrors([AgreementError(file, 1, f"not taken: more than {MOST_BYTES // 1024} KiB")])
    try:
        tree = read_yaml(text)
    except MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        line = mark.line + 1 if mark else 1
        problem = str(broken.problem).split("\n", maxsplit=1)[0]
        verdict = "not taken" if isinstance(broken, TooMuchError) else "not valid YAML"
        raise AgreementErrors([AgreementError(file, line, cut(f"{verdict}: {problem}"))]) from None
    except YAMLError as broken:
        problem = str(broken).split("\n", maxsplit=1)[0]
        raise AgreementErrors([AgreementError(file, 1, cut(f"not valid YAML: {problem}"))]) from None
    if not isinstance(tree, CommentedMap):
        raise AgreementErrors([AgreementError(file, 1, otherwise)])
    return tree


def _read(text: str, file: str) -> _Read:
    try:
        tree = tree_of(text, file, "an agreement is a mapping; start with `agreement: an-id`")
    except AgreementErrors as wrong:
        return _Read(file, wrong.errors)
    made: dict[int, Agreement] = {}
    try:
        return _Read(file, (), Agreement.model_validate(tree, context={**IN_A_FILE, MADE: made}), tree)
    except ValidationError as invalid:
        errors = _first(_located(invalid, tree, file), invalid.error_count(), file)
        return _Read(file, errors, made.get(id(tree)), tree)


def _first(errors: Iterable[AgreementError], count: int, file: str) -> Sequence[AgreementError]:
    """As many as somebody will read: each is looked up in the text, and there may be thousands."""
    listed = list(dict.fromkeys(islice(errors, MOST_ERRORS)))
    if count > MOST_ERRORS:
        listed.append(AgreementError(file, 0, f"there is more wrong: {count - MOST_ERRORS} errors are not listed"))
    return listed


def files_of(path: Path) -> list[Path]:
    """The agreement files that a path stands for: itself, or all of a folder."""
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
    return [path]


def _clashes(read: Sequence[_Read]) -> Iterable[AgreementError]:
    for what in ("version", "effective_from"):
        first: dict[tuple[str, object], str] = {}
        for file, _, agreement, tree in read:
            name, value = getattr(agreement, "agreement", None), getattr(agreement, what, None)
            if name is not None and value is not None and tree is not None:
                other = first.setdefault((name, value), file)
                if other != file:
                    message = f"agreement {name!r} with {what} {value} stands in {other} already"
                    yield AgreementError(file, line_of(tree, (what,)), message)


def _ambiguous_events(read: Sequence[_Read]) -> Iterable[AgreementError]:
    """To one subject a type can stand for one event only, whoever names it."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for file, _, agreement, tree in read:
        subject = getattr(agreement, "subject", None)
        for part, kinds in getattr(agreement, "events", {}).items():
            for number, kind in enumerate(kinds):
                if tree is None or subject is None:
                    continue
                other, meant = first.setdefault((kind, subject), (file, part))
                if meant != part:
                    place = ("events", part, number)
                    message = f"{kind!r} stands for {meant!r} of a {subject} in {other} already"
                    yield AgreementError(file, line_of(tree, place), f"{dotted(place)}: {message}")


def _located(invalid: ValidationError, tree: CommentedMap, file: str) -> Iterable[AgreementError]:
    for error in invalid.errors(include_url=False):
        if error["type"] == "too_short" and error["input"]:
            continue  # its items are there, and wrong: they have errors of their own
        place = existing(tree, error["loc"])
        yield AgreementError(file, line_of(tree, place), f"{dotted(place)}: {sentence(error, place)}")
