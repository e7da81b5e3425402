"""Text of agreements where others would read more into it: Prometheus and its templates, Grafana's variables, Markdown.

Whoever writes an agreement chooses its words and no more: none of them may fill in a value, load a picture, or look like
a part of the board.
"""

import re
from typing import Final

BRACE: Final = '{{"{"}}'
BRACES: Final = '{{"{{"}}'
_VARIABLE: Final = re.compile(r"\$(?=[\w{])|\[(?=\[)")
_WORD_JOINER: Final = "\u2060"
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&$~|#@]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_LIST: Final = re.compile(r"^(\d*)[-+=.)]")


def verbatim(text: str) -> str:
    """For a template of Prometheus, beside whatever else stands in it."""
    text = text.replace("{{", BRACES)
    return f"{text[:-1]}{BRACE}" if text.endswith("{") else text


def quoted(text: str) -> str:
    """For a value in double quotes, in PromQL and in Alertmanager's matchers."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def plain(text: str) -> str:
    """For the title of a panel. Grafana knows no escape there: what is not seen keeps its variables apart."""
    return _VARIABLE.sub(lambda found: found[0] + _WORD_JOINER, text)


def markdown(text: str) -> str:
    """For the middle of a line of Markdown, in which Grafana fills in its variables first; breaks become spaces."""
    return _MARKUP.sub(_entity, " ".join(text.split()))


def paragraphs(text: str) -> str:
    """For lines of Markdown of their own: lines stay lines, and paragraphs paragraphs."""
    return "\n".join(_line(line) for line in text.strip().splitlines())


def _line(line: str) -> str:
    words = markdown(line)
    return _LIST.sub(lambda found: found[1] + _entity(found), words)


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0][-1])};"
