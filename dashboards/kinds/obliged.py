"""What all alerts on one obligation have in common: whom they name, where they link to, and how they ask for figures."""

from dataclasses import dataclass
from typing import Final, Literal

from dashboards.alert import Alert
from dashboards.escaping import verbatim
from dashboards.settings import Settings
from dashboards.uids import board_uid
from dashboards.wording import party, title
from sla_rules.agreement.judged_intervals import judged_intervals
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Obligation

Severity = Literal["page", "notice"]

ON_OBLIGATION: Final = "on (agreement, obligation)"
ON_WINDOW: Final = "on (agreement, obligation, window)"


@dataclass(frozen=True, slots=True)
class Obliged:
    """One obligation of one agreement, with whoever owes it."""

    agreement: Agreement
    obligation: Obligation
    settings: Settings

    def alert(
        self,
        name: str,
        expr: str,
        severity: Severity,
        summary: str,
        description: str,
        *,
        settle: bool = False,
        labels: dict[str, str] | None = None,
    ) -> Alert:
        """An alert on it; one on figures is to `settle` before it fires, any other goes on for a while when it is over."""
        named = {
            **self.own,
            "party": self.obligation.provider,
            "recipient": self.obligation.recipient,
            "severity": severity,
            **(labels or {}),
        }
        return Alert(
            name,
            expr,
            named,
            summary,
            description,
            hold=self.settings.figures_hold if settle else 0,
            keep=0 if settle else self.settings.keep_firing,
            links={
                "dashboard_url": verbatim(self.settings.board(board_uid(self.agreement.agreement))),
                "runbook_url": verbatim(self.settings.runbook(name)),
            },
        )

    @property
    def own(self) -> dict[str, str]:
        """Matchers of its series, and labels of its alerts."""
        return {"agreement": self.agreement.agreement, "obligation": self.obligation.id}

    @property
    def windows(self) -> dict[str, str]:
        """Matchers of its series by window."""
        return {**self.own, "window": f"~{'|'.join(self.obligation.intervals)}"}

    @property
    def judged_windows(self) -> dict[str, str]:
        """Those of the windows that the promise is judged by: a day is soon below what is agreed for a month."""
        return {**self.own, "window": f"~{'|'.join(judged_intervals(self.agreement, self.obligation))}"}

    @property
    def title(self) -> str:
        """As the agreement calls it."""
        return verbatim(title(self.obligation))

    @property
    def provider(self) -> str:
        """Who owes it."""
        return verbatim(party(self.agreement, self.obligation.provider))

    @property
    def recipient(self) -> str:
        """Whom it is owed to."""
        return verbatim(party(self.agreement, self.obligation.recipient))
