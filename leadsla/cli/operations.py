"""Who runs the service, as options: where alerts on the service itself go."""

from typing import Annotated

import typer

OpsWebhooks = Annotated[
    list[str] | None,
    typer.Option(
        "--ops-webhook",
        envvar="LEADSLA_OPS_WEBHOOK",
        help="Where alerts on the service itself go; may be given several times.",
        show_default="nobody hears of them",
    ),
]
OpsEmails = Annotated[
    list[str] | None,
    typer.Option(
        "--ops-email",
        envvar="LEADSLA_OPS_EMAIL",
        help="Who hears of them by e-mail, which needs a mail server; may be given several times.",
    ),
]
