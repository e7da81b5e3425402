"""Where in the text of an agreement file something stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from sla_rules.fitting import Place


def existing(tree: object, location: Place) -> Place:
    """The part of pydantic's location that stands in the file: names of union members and validators are left out."""
    place: list[int | str] = []
    node = tree
    for step in location:
        key = _key(node, step)
        if key is not None:
            place.append(step)
            node = node[key]  # type: ignore[index]
    return tuple(place)


def line_of(tree: CommentedMap, place: Place) -> int:
    """The line of a part, counted from 1; of one that is not there, that of what it belongs in."""
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


def dotted(place: Place) -> str:
    """As `obligations.0.deadline`."""
    return ".".join(str(step) for step in place) or "agreement"


def _key(node: object, step: int | str) -> Any:
    """The key in the file that a step stands for; it names every key by its text, dates too."""
    if isinstance(node, Mapping):
        return next((key for key in node if str(key) == str(step)), None)
    if isinstance(node, Sequence) and not isinstance(node, str) and isinstance(step, int) and step < len(node):
        return step
    return None
