"""Whom the demo is played to: a terminal, a file of lines, or a script that wants the summary alone."""

import asyncio
import re
from io import StringIO
from pathlib import Path
from typing import Final, Protocol

from rich.live import Live
from rich.markup import escape

from leadsla.console import Console
from leadsla.demo import phrases
from leadsla.demo.agreement_events import ToldEvent
from leadsla.demo.breaches import Breach
from leadsla.demo.screen import screen
from leadsla.demo.stage import Stage
from sla_rules.instants import moment

_FRAMES_A_SECOND: Final = 8
_PICTURE_WIDTH: Final = 120
_PICTURE_HEIGHT: Final = 36


class Output(Protocol):
    """Sees the demo until its end; hears of each breach and agreement event as it is published."""

    def hear(self, stage: Stage, news: Breach | ToldEvent) -> None:
        """A breach or an agreement event was published."""

    async def watch(self, stage: Stage, end: asyncio.Event) -> None:
        """Watch until the end."""

    def farewell(self, stage: Stage) -> None:
        """What there is to say when all is over."""


class Script:
    """Waits for the summary."""

    def hear(self, stage: Stage, news: Breach | ToldEvent) -> None:
        """Leave it to the summary."""

    async def watch(self, stage: Stage, end: asyncio.Event) -> None:  # noqa: ARG002 - one of several audiences
        """Wait for the end."""
        await end.wait()

    def farewell(self, stage: Stage) -> None:
        """Leave it to the summary."""


class Lines(Script):
    """Reads a line for each breach and agreement event: where the output is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def hear(self, stage: Stage, news: Breach | ToldEvent) -> None:
        """Print it."""
        if isinstance(news, Breach):
            at, line = news.deadline, f"{news.lead}  {news.rep}  {news.obligation} breached"
        else:
            at, line = news.told_at, f"{phrases.EVENT_NAMES[news.type]}: {phrases.said(news)}"
        local = moment(at).astimezone(stage.office.zone)
        self._console.print(f"{local:%a %H:%M}  {escape(line)}", highlight=False, soft_wrap=True)

    def farewell(self, stage: Stage) -> None:
        """Say what happened, and what it means."""
        summary = stage.summary()
        first = summary["seconds_to_first_breach"]
        self._console.print(
            f"[bold]{summary['events']:,}[/bold] events of {summary['leads']:,} leads; "
            f"[bold]{summary['breaches']}[/bold] breaches in {summary['seconds']:.0f} s"
            + (f", the first after {first:.0f} s" if first is not None else "")
            + f"; {summary['rejected']} records rejected.",
            highlight=False,
            soft_wrap=True,
        )
        for figure in stage.figures:
            colour = {None: "white", True: "green3", False: "red1"}[figure.met]
            self._console.print(
                f"  {escape(figure.title)}, {phrases.NAMES[figure.name]}: [{colour}]{phrases.value(figure.month, figure.unit)}[/] "
                f"this month, agreed {phrases.agreed(figure)}",
                highlight=False,
                soft_wrap=True,
            )
        if stage.boards_written:
            self._console.print(
                f"Boards, rules and alerts: {escape(str(stage.boards))}", highlight=False, soft_wrap=True
            )


class Terminal(Lines):
    """Sees the screen, and the lines of the farewell when it has gone."""

    def hear(self, stage: Stage, news: Breach | ToldEvent) -> None:
        """It is on the screen."""

    async def watch(self, stage: Stage, end: asyncio.Event) -> None:
        """Draw the screen until the end."""
        with Live(console=self._console, screen=True, auto_refresh=False) as live:
            while not end.is_set():
                live.update(screen(stage, *self._console.size), refresh=True)
                await asyncio.sleep(1 / _FRAMES_A_SECOND)


def save_picture(stage: Stage, file: Path) -> None:
    """Save the screen as it is, as SVG.

    Raises:
        OSError: the file cannot be written.

    """
    console = Console(
        record=True, file=StringIO(), width=_PICTURE_WIDTH, height=_PICTURE_HEIGHT, force_terminal=True,
        color_system="truecolor",
    )  # fmt: skip
    console.print(screen(stage, _PICTURE_WIDTH, _PICTURE_HEIGHT))
    picture = console.export_svg(title="leadsla demo", unique_id="demo")
    # A picture fetches no fonts from the network: the reader's own will do.
    file.write_text(re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", picture, flags=re.DOTALL), encoding="utf-8")
