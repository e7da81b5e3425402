"""The `leadsla` command."""

import typer

from leadsla.build import build
from leadsla.check import check
from leadsla.clock import clock
from leadsla.dead_letters.command import dead_letters
from leadsla.demo.command import demo
from leadsla.explain import explain_lead
from leadsla.publish import publish
from leadsla.replay import replay_file
from leadsla.schema import schema
from leadsla.settings import settings
from leadsla.simulate import simulate_days
from leadsla.topics import topics
from leadsla.worker import worker

app = typer.Typer(
    name="leadsla",
    help="Run the service level agreement between marketing and sales.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(check)
app.command()(worker)
app.command()(build)
app.command("simulate")(simulate_days)
app.command()(publish)
app.command("replay")(replay_file)
app.command("explain")(explain_lead)
app.add_typer(clock, name="clock")
app.command()(schema)
app.command()(settings)
app.add_typer(topics, name="topics")
app.add_typer(dead_letters, name="deadletter")


def run() -> None:
    """Entry point of the console script."""
    app()
