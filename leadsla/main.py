"""The `leadsla` command."""

import typer

from leadsla.on_demand import group_of

app = typer.Typer(
    name="leadsla",
    cls=group_of(
        {
            "demo": "leadsla.demo.command:demo",
            "check": "leadsla.check:check",
            "worker": "leadsla.worker:worker",
            "build": "leadsla.build:build",
            "simulate": "leadsla.simulate:simulate_days",
            "publish": "leadsla.publish:publish",
            "replay": "leadsla.replay:replay_file",
            "explain": "leadsla.explain:explain_lead",
            "schema": "leadsla.schema:schema",
            "settings": "leadsla.settings:settings",
            "clock": "leadsla.clock:clock",
            "topics": "leadsla.topics:topics",
            "deadletter": "leadsla.dead_letters.command:dead_letters",
        }
    ),
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.callback()
def leadsla() -> None:
    """Run the service level agreement between marketing and sales."""


def run() -> None:
    """Entry point of the console script."""
    app()
