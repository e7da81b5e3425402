"""A console that shows what stands in a text, whoever wrote it, and obeys none of it."""

from collections.abc import Iterator
from typing import Any

from rich import console
from rich.segment import Segment
from rich.text import Text

from sla_rules.visible import visible


class Console(console.Console):
    """It obeys the styles it is given apart from the text."""

    def render_str(self, text: str, **options: Any) -> Text:
        """As the console does; what is measured for a table is what is seen."""
        return super().render_str(visible(text), **options)

    def render(self, renderable: Any, options: Any = None) -> Iterator[Segment]:
        """As the console does."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)
