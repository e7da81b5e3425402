"""YAML as Prometheus and Alertmanager read it: block style, no folding, long expressions as they are written."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

_WIDER_THAN_ANY_LINE: Final = 1_000_000
_KEPT: Final = 10_000
_PLAIN: Final = re.compile(r"(?!(?:true|false|null)$)(?!.*(?:: | #|[ :]$))[a-z_(][ -~]*", re.IGNORECASE)
"""Surely a text without quotes: no word that means something else, and nothing in it that ends a key or begins a comment."""
_BEFORE, _BEHIND = "before", "behind"


def yaml_text(document: Mapping[str, Any], comment: str) -> str:
    """The document under a comment line, keys in the order given, texts of many lines as blocks.

    A key is a word on one line; a list holds no lists.
    """
    return "".join(f"{line}\n" for line in (f"# {comment}", *_lines(document)))


def _lines(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping) and node:
        for key, value in node.items():
            [name] = _text(key)
            first, *rest = _lines(value)
            if value and isinstance(value, Mapping | list | tuple):
                yield f"{name}:"
                yield f"  {first}"
            else:
                yield f"{name}: {first}"
            yield from map(_further_in, rest)
    elif isinstance(node, list | tuple) and node:
        for value in node:
            first, *rest = _lines(value)
            yield f"- {first}"
            yield from map(_further_in, rest)
    elif isinstance(node, Mapping | list | tuple):
        yield "{}" if isinstance(node, Mapping) else "[]"
    else:
        yield from _text(node) if isinstance(node, str) else _scalar(node)


def _further_in(line: str) -> str:
    return f"  {line}" if line else line


@lru_cache(_KEPT)
def _text(text: str) -> list[str]:
    """A text's lines. How to quote it is asked once: a file says the same few thousands of times."""
    return [text] if _PLAIN.fullmatch(text) else _scalar(LiteralScalarString(text) if "\n" in text else text)


def _scalar(value: object) -> list[str]:
    writer = YAML(typ="rt")
    writer.width = _WIDER_THAN_ANY_LINE
    text = StringIO()
    # What stands behind it keeps empty lines at its end from being the document's.
    writer.dump({_BEFORE: value, _BEHIND: 0}, text)
    written = text.getvalue().removeprefix(f"{_BEFORE}: ").partition(f"\n{_BEHIND}: ")[0]
    return [line.removeprefix("  ") for line in written.split("\n")]
