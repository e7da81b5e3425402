r"""Text that anybody may have written, where people read it: what a terminal would obey, or an eye would miss, is spelled out.

Control characters move cursors and hide lines, marks of direction turn text round (CVE-2021-42574), and signs of no width make
two names look alike. They are written as Python has them: `\x1b`, `\u202e`.
"""

import json
import re
import unicodedata
from typing import Final

_JOINERS: Final = "\u00ad\u200c\u200d"
"""Signs of no width that words of many languages, and emoji, are written with."""
_HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"))
_PLAIN: Final = re.compile(r"[\n\t -~\u00a0-\u00ac\u00ae-\u02ff]*")


def visible(text: str) -> str:
    """The text with everything in it visible; lines and columns stay."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(sign if sign in "\n\t" or _is_seen(sign) else _spelled(sign) for sign in text)


def one_line(text: str) -> str:
    """The same as a single line, so that nothing in it can pass for a line of ours."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def visible_json(text: str) -> str:
    """JSON that says the same, with everything in it visible."""
    return "".join(sign if sign == "\n" or _is_seen(sign) else json.dumps(sign)[1:-1] for sign in text)


def _is_seen(sign: str) -> bool:
    return sign in _JOINERS or unicodedata.category(sign) not in _HIDDEN


def _spelled(sign: str) -> str:
    return sign.encode("unicode_escape", "backslashreplace").decode()
