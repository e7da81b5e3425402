"""YAML as Prometheus and Alertmanager read it: block style, no folding, long expressions as they are written."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

_WIDER_THAN_ANY_LINE = 1_000_000


def yaml_text(document: Mapping[str, Any], comment: str) -> str:
    """The document under a comment line, keys in the order given."""
    writer = YAML(typ="rt")
    writer.width = _WIDER_THAN_ANY_LINE
    writer.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    writer.dump(_readable(document), text)
    return f"# {comment}\n{text.getvalue()}"


def _readable(node: Any) -> Any:
    """Plain lists and dicts (aliases of shared ones would make the file hard to read), many lines as blocks."""
    if isinstance(node, Mapping):
        return {key: _readable(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_readable(value) for value in node]
    if isinstance(node, str) and "\n" in node:
        return LiteralScalarString(node)
    return node
