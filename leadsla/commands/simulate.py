"""`leadsla simulate`: days at a house that never was, as a file of events."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.progress import BarColumn, Progress, TextColumn

from crm_simulator import BROKEN_SHARE, Item, Plan, simulate
from leadsla.cli.agreements import agreements_of
from leadsla.cli.exit_codes import UNABLE
from leadsla.cli.terminal import say
from leadsla.console import Console
from leadsla.event_files.lines import writing
from leadsla.event_files.opening import STANDARD_STREAM
from sla_rules.instants import Instant, iso, moment
from sla_rules.time.periods import start_of
from streams.clock import wall_clock

SHOW_EVERY: Final = 1_000
"""Events between two looks at the progress."""


def simulate_days(
    agreement: Annotated[
        list[Path] | None,
        typer.Option(
            "--agreement",
            help="Agreement file or folder; what is made is what it is about: leads, customers, tickets, machines, deliveries.",
            show_default="leads alone",
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, help="How many days.")] = 1,
    leads_per_day: Annotated[
        float | None,
        typer.Option(
            min=0, help="Leads on an average working day.", show_default="100, or what the agreement's goal takes"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and start give the same file.")] = 1,
    start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day.", show_default="so that the last day is yesterday"),
    ] = None,
    out: Annotated[str, typer.Option(help="File to write; packed if it ends in .gz; - is stdout.")] = STANDARD_STREAM,
    *,
    clean: Annotated[bool, typer.Option("--clean", help="Leave broken records out.")] = False,
) -> None:
    """Write what a CRM might have sent: one CloudEvent a line, in the order of arrival (`recordedtime`).

    Of an agreement, what tells of its subject: leads with attempts and deals;
    customers won, greeted, lost and won back, from the month before on; tickets
    with answers, messages, fixes and lowered priorities; machines that go down,
    and their maintenance; reports and shipments, some late, short or missing.

    Duplicates, late and broken records are among them, as with real CRMs; a broken record is a bad line.

    Exit status: 0, 2 if the file cannot be written or an agreement is wrong.
    """
    first = (start or moment(wall_clock()) - timedelta(days=days)).date()
    agreements = agreements_of(agreement) if agreement else ()
    plan = Plan.about(agreements, first, days, seed, 0 if clean else BROKEN_SHARE, leads_per_day)
    try:
        with writing(out) as file, _progress(plan, on_stdout=out == STANDARD_STREAM) as show:
            for number, item in enumerate(simulate(plan), start=1):
                file.write(line_of(item))
                if number % SHOW_EVERY == 0:
                    show(item.arrival, number)
    except BrokenPipeError:
        # Whoever read has seen enough; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as wrong:
        say(f"leadsla simulate: {out}: {wrong.strerror or wrong}", err=True)
        raise typer.Exit(UNABLE) from None


def line_of(item: Item) -> bytes:
    """The item as a line of a file: the event with the stamp of its arrival, or, where it is broken, what there is."""
    if item.value is None:
        return b"null\n"
    try:
        event = json.loads(item.value)
    except ValueError:
        return item.value + b"\n"
    stamped = {**event, "recordedtime": iso(item.arrival)}
    return json.dumps(stamped, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


@contextmanager
def _progress(plan: Plan, *, on_stdout: bool) -> Iterator[Callable[[Instant, int], None]]:
    """A bar on standard error that fills as the simulated days pass; none where events come to the same terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("[bold]simulating"),
        BarColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[events]:,} events"),
    )
    with Progress(
        *columns,
        console=console,
        disable=not console.is_terminal or (on_stdout and sys.stdout.isatty()),
        transient=True,
    ) as progress:
        begins = start_of(plan.begins, plan.calendar.zone)
        task = progress.add_task(f"{plan.begins}", total=plan.end - begins, events=0)

        def show(arrival: Instant, events: int) -> None:
            day = moment(arrival).astimezone(plan.calendar.zone).date()
            progress.update(task, completed=arrival - begins, description=f"{day}", events=events)

        yield show
