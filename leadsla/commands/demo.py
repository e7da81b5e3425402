"""`leadsla demo`: from nothing to the first breach on screen, without installing anything."""

import asyncio
import json
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer

import leadsla.demo
from leadsla.cli.agreements import agreements_of
from leadsla.cli.exit_codes import FAILED
from leadsla.cli.terminal import say, say_json
from leadsla.console import Console
from leadsla.demo.demo_run import WorkerFailedError
from leadsla.demo.output import Lines, Script, Terminal
from leadsla.demo.performance import Performance, perform
from leadsla.demo.story import story_of

BRIGHTLEAD: Final = Path(leadsla.demo.__file__).with_name("agreements")
"""The agreement that is played, unless somebody has one of their own: on that day a goal is reached and a credit falls due."""
SPEED: Final = 120.0
"""A working day passes in less than five minutes, an hour's deadline in half of one."""


def demo(
    agreement: Annotated[
        Path,
        typer.Argument(metavar="AGREEMENT", help="Agreement file, or a folder of them.", show_default="the demo's own"),
    ] = BRIGHTLEAD,
    *,
    speed: Annotated[float, typer.Option(min=1, max=3600, help="How much faster than usual time passes.")] = SPEED,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="End after so many seconds.", show_default="at Ctrl-C")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another day.")] = 21,
    out: Annotated[Path, typer.Option(help="Folder for boards, rules and alerts.")] = Path("generated"),
    as_json: Annotated[bool, typer.Option("--json", help="Show nothing; print a summary as JSON at the end.")] = False,
    picture: Annotated[Path | None, typer.Option(hidden=True, help="Save the last screen as SVG.")] = None,
) -> None:
    """Show the service at work: a simulated CRM, a broker in memory, the real worker, and a clock that runs fast.

    Exit status: 0 at its end or at Ctrl-C, 1 if the worker fails, 2 if an agreement is wrong or there is none.
    """
    agreements = agreements_of([agreement])
    console = Console()
    output = Script() if as_json else Terminal(console) if console.is_terminal else Lines(console)
    with TemporaryDirectory(prefix="leadsla-demo-") as private:
        # Whatever clients log would tear the screen.
        logging.basicConfig(filename=Path(private) / "demo.log", level=logging.WARNING)
        performance = Performance(
            agreements,
            agreement.resolve(),
            story_of(agreements, seed),
            speed,
            seconds,
            output,
            out.resolve(),
            picture,
            Path(private),
        )
        try:
            stage = asyncio.run(perform(performance))
        except WorkerFailedError as failed:
            say(f"leadsla demo: {failed}", err=True)
            raise typer.Exit(FAILED) from None
    output.farewell(stage)
    if as_json:
        say_json(json.dumps(stage.summary()))
