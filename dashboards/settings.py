"""What the generators need to know besides the agreements: addresses to link to, and how alerts behave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sla_rules.agreement.addresses import email_address, web_address
from sla_rules.agreement.parties import Person
from sla_rules.instants import DAY, MINUTE, SECOND, Duration

GRAFANA_URL: Final = "http://localhost:3000"
PROMETHEUS_URL: Final = "http://localhost:9090"
RUNBOOK_URL: Final = "docs/runbook.md"


class UnusableAddressError(ValueError):
    """An address that Alertmanager cannot use, or would take for a template."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """The server that Alertmanager hands e-mail to; the password stays in a file on its machine."""

    smarthost: str
    sender: str
    username: str | None = None
    password_file: str | None = None
    require_tls: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything but the day has a default, so that the agreements alone give a working set of files."""

    today: date
    """Quiet hours are worked out for the years around it."""
    digest: str | None = None
    """Of the agreements generated from; without it no alert compares it with what the workers run."""
    grafana_url: str = GRAFANA_URL
    prometheus_url: str = PROMETHEUS_URL
    runbook_url: str = RUNBOOK_URL
    """Alerts link to the heading named like them."""
    operations: tuple[Person, ...] = ()
    """Who runs the service, and so hears of alerts on it; without them nobody does."""
    watchdog_webhook: str | None = None
    """A dead man's switch, which pages by itself when the watchdog stops calling."""
    smtp: Smtp | None = None
    """Without it no contact is reached by e-mail."""
    group_wait: Duration = 10 * SECOND
    repeat_pages: Duration = 60 * MINUTE
    repeat_notices: Duration = DAY
    evaluation_interval: Duration = 10 * SECOND
    figures_hold: Duration = 5 * MINUTE
    """How long a figure has to miss its target before anybody is told."""
    keep_firing: Duration = 2 * MINUTE
    """Bridges a partition's change of hands, so that nobody is paged twice for one lead."""
    minimum_decided: int = 5
    """Averages and shares of fewer leads tell nobody anything."""
    goal_tolerance: Decimal = Decimal("0.9")
    """Share of the goal line below which a delivery counts as behind."""
    silent_after: Duration = 3 * DAY
    """Longer than a weekend."""

    def __post_init__(self) -> None:
        """See to it that addresses are such.

        Raises:
            UnusableAddressError: one is not, or there is no mail server for that of an operator.

        """
        if self.smtp is None and any(person.webhook is None for person in self.operations):
            message = "operations are to be reached by e-mail, and no mail server is given"
            raise UnusableAddressError(message)
        try:
            if self.watchdog_webhook is not None:
                web_address(self.watchdog_webhook)
            if self.smtp is not None:
                email_address(self.smtp.sender)
        except ValueError as wrong:
            raise UnusableAddressError(str(wrong)) from None

    def runbook(self, heading: str) -> str:
        """Where to read what to do about an alert."""
        return f"{self.runbook_url}#{heading.lower()}"

    def board(self, uid: str) -> str:
        """Address of a board by its uid."""
        return f"{self.grafana_url.rstrip('/')}/d/{uid}"


def operators(webhooks: Iterable[str] = (), emails: Iterable[str] = ()) -> tuple[Person, ...]:
    """Who runs the service, by their addresses.

    Raises:
        UnusableAddressError: one is none.

    """
    try:
        return (
            *(Person(name="operations", webhook=web_address(url)) for url in webhooks),
            *(Person(name="operations", email=email_address(to)) for to in emails),
        )
    except ValueError as wrong:
        raise UnusableAddressError(str(wrong)) from None
