"""A mapping as YAML text: read with every error at its line, and written as somebody would write it."""

from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from leadsla.importing.mapping import EventOf, Origin, TableMapping, as_tree
from sla_rules.agreement.file import AgreementError, AgreementErrors, tree_of
from sla_rules.agreement.places import dotted, existing, line_of
from sla_rules.agreement.sentences import cut, sentence
from sla_rules.notation import IN_A_FILE
from sla_rules.spelling import meant

MOST_ERRORS: Final = 100
_PARTS: Final[Sequence[type[BaseModel]]] = (TableMapping, EventOf, Origin)


def parse_mapping(text: str, file: str = "mapping") -> TableMapping:
    """The mapping in the text of a file.

    Raises:
        AgreementErrors: it is none; each error with its line.

    """
    tree = tree_of(text, file, "a mapping begins with `row: lead` or `row: event`")
    try:
        return TableMapping.model_validate(tree, context=IN_A_FILE)
    except ValidationError as invalid:
        raise AgreementErrors(_errors(invalid, tree, file)) from None


def wrong_place(file: str, text: str, place: Sequence[int | str], message: str) -> AgreementError:
    """An error of ours at a part of a mapping's text."""
    tree = tree_of(text, file, "")
    return AgreementError(file, line_of(tree, tuple(place)), message)


def written(mapping: TableMapping, remarks: Mapping[str, str] | None = None) -> str:
    """The mapping as YAML; a remark on one of its keys stands beside it."""
    tree = CommentedMap(as_tree(mapping))
    for key, remark in (remarks or {}).items():
        if key in tree:
            tree.yaml_add_eol_comment(remark, key)
    yaml = YAML(typ="rt")
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 200
    text = StringIO()
    yaml.dump(tree, text)
    return text.getvalue()


def _errors(invalid: ValidationError, tree: CommentedMap, file: str) -> Iterator[AgreementError]:
    for error in invalid.errors(include_url=False)[:MOST_ERRORS]:
        if error["type"] == "too_short" and error["input"]:
            continue  # its items are there, and wrong: they have errors of their own
        place = existing(tree, error["loc"])
        said = _unknown_key(error["loc"]) if error["type"] == "extra_forbidden" else sentence(error, ())
        yield AgreementError(file, line_of(tree, place), cut(f"{_dotted(place)}: {said}"))


def _dotted(place: Sequence[int | str]) -> str:
    return dotted(tuple(place)) if place else "mapping"


def _unknown_key(location: Sequence[Any]) -> str:
    known = {name for part in _PARTS for name in part.model_fields} - {str(location[-1])}
    close = meant(location[-1], sorted(known))
    return f"unknown key; did you mean {close!r}?" if close is not None else "unknown key"
