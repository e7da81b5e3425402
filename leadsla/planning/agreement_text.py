"""The text of an agreement file with another version, first day and quota: everything else stays to the letter, comments too.

Values are replaced where they stand. Whether that has come to the agreement that is meant is not for here to say: the text is read
again by whoever asked for it.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from sla_rules.agreement.goals import Quota
from sla_rules.notation import shortest

_PERCENT: Final = 100
_SHARES: Final = frozenset(("close_rate", "marketing_share"))


class Edit(NamedTuple):
    """A stretch of the text, by offsets, and what stands there instead."""

    start: int
    end: int
    text: str


def with_goal(text: str, version: str, first: date, obligation: str, quotas: Mapping[str | None, Quota]) -> str | None:
    """The text of a new version; None where the agreement has no place for it.

    Args:
        text: YAML that has been read as an agreement.
        version: its name.
        first: the day from which it is in force.
        obligation: the one of volume whose goal follows from the quotas.
        quotas: by segment, or under None.

    """
    tree = YAML(typ="rt").compose(text)
    place, of_version, of_day = _obligation(tree, obligation), _value(tree, "version"), _value(tree, "effective_from")
    if place is None or of_version is None or of_day is None:
        return None
    edits = [
        _in_place(of_version, json.dumps(version, ensure_ascii=False)),
        _in_place(of_day, first.isoformat()),
    ]
    goal_from = _value(place, "goal_from")
    if goal_from is None:
        edits += _in_place_of_a_number(place, quotas)
    for segment, quota in quotas.items() if goal_from is not None else ():
        edits += _numbers(text, goal_from if segment is None else _value(goal_from, segment), quota)
    for edit in sorted(edits, reverse=True):
        text = f"{text[: edit.start]}{edit.text}{text[edit.end :]}"
    return text


def _in_place_of_a_number(place: MappingNode, quotas: Mapping[str | None, Quota]) -> Iterator[Edit]:
    """The quota of all leads where the goal was agreed as a number."""
    for key, value in place.value:
        if key.value == "goal" and None in quotas:
            quota = quotas[None]
            numbers = [f"{name}: {_written(name, quota)}" for name in Quota.model_fields if getattr(quota, name) != 1]
            yield Edit(key.start_mark.index, value.end_mark.index, f"goal_from: {{{', '.join(numbers)}}}")


def _numbers(text: str, place: Node | None, quota: Quota) -> Iterator[Edit]:
    """The numbers of a quota where they stand; a share of all is left out where nothing is said of it."""
    if not isinstance(place, MappingNode):
        return
    for name in Quota.model_fields:
        node = _value(place, name)
        if node is not None:
            if _read(name, node.value) != getattr(quota, name):
                yield _in_place(node, _written(name, quota))
        elif getattr(quota, name) != 1:
            last_key, last = place.value[-1]
            at = last.end_mark.index
            if place.flow_style:
                yield Edit(at, at, f", {name}: {_written(name, quota)}")
            else:
                line = text.rfind("\n", 0, last_key.start_mark.index) + 1
                indent = " " * (last_key.start_mark.index - line)
                end = "\r\n" if "\r\n" in text else "\n"
                yield Edit(line, line, f"{indent}{name}: {_written(name, quota)}{end}")


def _written(name: str, quota: Quota) -> str:
    number = getattr(quota, name)
    return f"{shortest(number * _PERCENT)}%" if name in _SHARES else f"{number}"


def _read(name: str, text: str) -> Any:
    """The number that stands there; None where it is none, and has to be replaced."""
    try:
        return Quota.model_validate({"revenue": 1, "average_deal": 1, "close_rate": 1, name: text}).model_dump()[name]
    except ValueError:
        return None


def _in_place(node: Node, text: str) -> Edit:
    return Edit(node.start_mark.index, node.end_mark.index, text)


def _obligation(tree: Node, name: str) -> MappingNode | None:
    listed = _value(tree, "obligations")
    if not isinstance(listed, SequenceNode):
        return None
    return next((one for one in listed.value if (found := _value(one, "id")) is not None and found.value == name), None)


def _value(node: Node | None, name: str) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)
