"""YAML text -> a tree that knows its lines, or the first place at which it is more than an agreement can be.

A text of a few kilobytes can stand for gigabytes (aliases of aliases), for itself (an alias inside what it stands for), for
numbers of a million digits, or for a nesting that no reader survives. So everything is counted while it is composed, aliases
with all that they stand for, before anything is made of it.
"""

import re
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode
from ruamel.yaml.scanner import RoundTripScanner

MOST_BYTES: Final = 128 * 1024
"""Of a file."""
MOST_PARTS: Final = 10_000
"""Keys and values, each alias with all that it stands for; a long text counts once more for each hundred characters."""
DEEPEST: Final = 32
LONGEST_TEXT: Final = 10_000
LONGEST_NUMBER: Final = 40

_OF_A_PART: Final = 100
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control characters but tab and line feed, other ends of lines, what turns the direction of writing, halves of characters."""
_NUMBERS: Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class TooMuchError(MarkedYAMLError):
    """More than an agreement can be; `problem` says what, `problem_mark` where."""

    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem=problem, problem_mark=mark)


def read_yaml(text: str) -> Any:
    """The tree of the one document in a text.

    Raises:
        TooMuchError: it is more than an agreement can be.
        ruamel.yaml.error.YAMLError: it is no YAML.

    """
    reader = YAML(typ="rt")
    reader.Scanner = _Scanner
    reader.Composer = _Composer
    reader.Constructor = _DatesAsText
    return reader.load(text)


class _Scanner(RoundTripScanner):
    """Sees brackets before the composer does, which asks for one when many have been read, in time of their square."""

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803 - the name is the base class's
        if self.flow_level >= DEEPEST:
            raise TooMuchError(_TOO_DEEP, self.reader.get_mark())
        super().fetch_flow_collection_start(TokenClass, to_push)


class _Composer(Composer):
    """Counts what it composes. An anchor is known by how much it stands for, and how deep that goes."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self._parts = 0
        self._level = 0
        self._deepest = 0
        self._open: set[str] = set()
        self._stands_for: dict[str, tuple[int, int]] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        node = self._taken(event, parent, index) if isinstance(event, AliasEvent) else self._made(event, parent, index)
        is_key = isinstance(parent, MappingNode) and index is None
        if is_key and not isinstance(node, ScalarNode):
            message = "a key that is no text"
            raise TooMuchError(message, event.start_mark)
        return node

    def _made(self, event: Any, parent: Any, index: Any) -> Any:
        self._count(1, 0, event.start_mark)
        _check_tag(event)
        parts, deepest = self._parts, self._deepest
        self._level += 1
        self._deepest = self._level
        if event.anchor is not None:
            self._open.add(event.anchor)
        node = super().compose_node(parent, index)
        if event.anchor is not None:
            self._open.discard(event.anchor)
            self._stands_for[event.anchor] = self._parts - parts + 1, self._deepest - self._level + 1
        self._level -= 1
        self._deepest = max(deepest, self._deepest)
        return node

    def compose_scalar_node(self, anchor: Any) -> Any:
        node = super().compose_scalar_node(anchor)
        value, mark = node.value, node.start_mark
        if len(value) > LONGEST_TEXT:
            message = f"a text of more than {LONGEST_TEXT:,} characters"
            raise TooMuchError(message, mark)
        if str(node.tag) in _NUMBERS and len(value) > LONGEST_NUMBER:
            message = f"a number of more than {LONGEST_NUMBER} digits"
            raise TooMuchError(message, mark)
        # The reader takes no control character as it is; in a folded text the scanner marks folds by one.
        if found := _UNPRINTABLE.search(value if node.style != ">" else value.replace("\a", "")):
            message = f"a text with the character U+{ord(found[0]):04X}"
            raise TooMuchError(message, mark)
        self._count(len(value) // _OF_A_PART, 0, mark)
        return node

    def _taken(self, event: AliasEvent, parent: Any, index: Any) -> Any:
        if event.anchor in self._open:
            message = f"the alias {event.anchor!r} stands inside of what it stands for"
            raise TooMuchError(message, event.start_mark)
        parts, depth = self._stands_for.get(event.anchor, (0, 0))
        self._count(parts, depth, event.start_mark)
        self._deepest = max(self._deepest, self._level + depth)
        return super().compose_node(parent, index)

    def _count(self, parts: int, depth: int, mark: Any) -> None:
        self._parts += parts
        if self._parts > MOST_PARTS:
            message = f"more than {MOST_PARTS:,} keys and values, aliases counted with what they stand for"
            raise TooMuchError(message, mark)
        if self._level + depth > DEEPEST:
            raise TooMuchError(_TOO_DEEP, mark)


_TOO_DEEP: Final = f"nested more than {DEEPEST} deep"


def _check_tag(event: Any) -> None:
    """Tags make something else of a value than what it looks like, and some name code."""
    tag = event.ctag
    if tag is not None:
        name = str(tag).removeprefix("tag:yaml.org,2002:")
        message = f"the tag {name[:LONGEST_NUMBER]!r}; write the value without it"
        raise TooMuchError(message, event.start_mark)


class _DatesAsText(RoundTripConstructor):
    """Leaves dates to the models, so that a month 13 is an error with its place like any other."""

    def construct_plain_text(self, node: ScalarNode) -> str:
        return str(node.value)


_DatesAsText.add_constructor("tag:yaml.org,2002:timestamp", _DatesAsText.construct_plain_text)
