"""What anybody wrote is shown whole, and nothing in it is obeyed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.visible import one_line, visible, visible_json
from tests.laws import LAWS


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"),
        ("a\rb\x08c\x7f\x9b1A", "a\\rb\\x08c\\x7f\\x9b1A"),
        ("paid \u202eton\u202c", "paid \\u202eton\\u202c"),
        ("ad\u200bmin\ufeff\U000e0041", "ad\\u200bmin\\ufeff\\U000e0041"),
        ("half \ud800", "half \\ud800"),
        ("one\u2028two\x85three", "one\\u2028two\\x85three"),
        ("Zażółć gęślą jaźń, 1\u00a0000 €, می‌خواهم, 👩‍💼", "Zażółć gęślą jaźń, 1\u00a0000 €, می‌خواهم, 👩‍💼"),
        ("lines\nand\tcolumns", "lines\nand\tcolumns"),
    ],
)
def test_what_a_terminal_would_obey_or_an_eye_would_miss_is_spelled_out(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_a_single_line_is_one() -> None:
    assert one_line("rep\nline 4: all is well\tnow") == "rep\\nline 4: all is well\\tnow"


@LAWS
@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_json_says_the_same_and_all_of_it_is_seen(value: object) -> None:
    shown = visible_json(json.dumps(value, ensure_ascii=False))

    assert json.loads(shown) == value
    assert visible(shown) == shown
