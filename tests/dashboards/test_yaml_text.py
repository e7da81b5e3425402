"""Files are written by us, and what they say by ruamel's rules, which takes twenty times as long."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from dashboards.yaml_text import yaml_text

MEANS_MORE = (
    "true",
    "False",
    "NULL",
    "~",
    "yes",
    "1",
    "-1.5",
    "0x1f",
    "1e3",
    ".inf",
    "12:30",
    "2026-03-02",
    "=",
    "<<",
    "-",
)
SIGNS = "aB1 ()[]{}:#-?'\"|>%@`&*!,\\é\t"
WORDS = (
    st.sampled_from(MEANS_MORE)
    | st.text(SIGNS, max_size=8)
    | st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12)
)
SCALARS = WORDS | st.text(f"{SIGNS}\n", max_size=12) | st.booleans() | st.integers()
DOCUMENTS = st.dictionaries(
    WORDS,
    st.recursive(
        SCALARS,
        lambda inner: (
            st.dictionaries(WORDS, inner, max_size=4)
            | st.lists(inner.filter(lambda node: node == [] or not isinstance(node, list)), max_size=3)
        ),
        max_leaves=12,
    ),
    min_size=1,
    max_size=4,
)


@given(DOCUMENTS)
def test_what_is_written_is_what_a_library_for_yaml_writes(document: Mapping[str, Any]) -> None:
    expected = f"# why\n{by_ruamel(document)}"

    # With empty lines kept at its end, a document is closed, which nobody needs who reads a file.
    assert yaml_text(document, "why") in {expected, expected.removesuffix("...\n")}


@given(DOCUMENTS)
def test_what_is_written_is_read_as_what_it_was(document: Mapping[str, Any]) -> None:
    assert YAML(typ="safe", pure=True).load(yaml_text(document, "why")) == document


def by_ruamel(document: Mapping[str, Any]) -> str:
    writer = YAML(typ="rt")
    writer.width = 1_000_000
    writer.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    writer.dump(with_blocks(document), text)
    return text.getvalue()


def with_blocks(node: Any) -> Any:
    """Texts of many lines as blocks."""
    match node:
        case dict():
            return {key: with_blocks(value) for key, value in node.items()}
        case list():
            return [with_blocks(value) for value in node]
        case str() if "\n" in node:
            return LiteralScalarString(node)
    return node
