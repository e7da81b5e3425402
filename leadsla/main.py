"""The `leadsla` command."""

import typer

from leadsla.on_demand import group_of

app = typer.Typer(
    name="leadsla",
    cls=group_of(
        {
            "demo": "leadsla.commands.demo:demo",
            "check": "leadsla.commands.check:check",
            "plan": "leadsla.commands.plan:plan",
            "worker": "leadsla.commands.worker:worker",
            "build": "leadsla.commands.build:build",
            "simulate": "leadsla.commands.simulate:simulate_days",
            "publish": "leadsla.commands.publish:publish",
            "import": "leadsla.commands.import_table:import_table",
            "confirm": "leadsla.commands.confirm:confirm",
            "excuse": "leadsla.commands.excuse:excuse",
            "attempt": "leadsla.commands.attempt:attempt",
            "close-deal": "leadsla.commands.close_deal:close_deal",
            "replay": "leadsla.commands.replay:replay_file",
            "explain": "leadsla.commands.explain:explain_lead",
            "status": "leadsla.commands.status:status",
            "ledger": "leadsla.commands.ledger:ledger",
            "overdue": "leadsla.commands.overdue:overdue",
            "schema": "leadsla.commands.schema:schema",
            "settings": "leadsla.commands.settings:settings",
            "clock": "leadsla.commands.clock:clock",
            "topics": "leadsla.commands.topics:topics",
            "deadletter": "leadsla.commands.deadletter:dead_letters",
        }
    ),
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.callback()
def leadsla() -> None:
    """Run the service level agreement between marketing and sales.

    Exit status of every command: 0 if all is well, 1 if not all is as it should be, 2 if it could not begin.
    """


def run() -> None:
    """Entry point of the console script."""
    app()
