"""The figures of one obligation as a board asks for them: of all its segments, or of those the reader has chosen."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboards.burn import PERIODS
from dashboards.escaping import plain
from dashboards.panels import Query
from dashboards.queries import recorded
from dashboards.wording import CURRENT, party, title
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Obligation, OfLeads

CHOSEN = "$window"


@dataclass(frozen=True, slots=True)
class Figures:
    """Queries for one obligation of one agreement."""

    agreement: Agreement
    obligation: Obligation

    @property
    def heading(self) -> str:
        """What is owed, by whom, to whom."""
        provider, recipient = self.obligation.provider, self.obligation.recipient
        parties = f"{party(self.agreement, provider)} for {party(self.agreement, recipient)}"
        return plain(f"{title(self.obligation)} · {parties}")

    @property
    def where(self) -> dict[str, str]:
        """Matchers of the obligation."""
        return {"agreement": self.agreement.agreement, "obligation": self.obligation.id}

    def each_window(self, figure: Callable[[str], str]) -> list[Query]:
        """The same figure for every window agreed, the shortest first."""
        windows = sorted(self.obligation.intervals, key=lambda one: PERIODS[one])
        return [Query(figure(window), CURRENT[window]) for window in windows]

    def window(self, figure: str, window: str = CHOSEN, *left: str) -> str:
        """A figure of the current window; further labels can be left, as `le` of the bands."""
        metric = f"leadsla_window_{figure}"
        return self._added("sum", metric, ("window", *left), window=window)

    def average(self, window: str = CHOSEN) -> str:
        """Seconds to the first follow-up."""
        return self._ratio(("follow_up_duration_seconds",), ("follow_ups",), window)

    def share(self, window: str = CHOSEN) -> str:
        """Share of the decided leads that met the obligation."""
        return self._ratio(("within_target_leads",), ("within_target_leads", "breached_leads"), window)

    def attempts(self, window: str = CHOSEN) -> str:
        """Attempts on each lead that was not connected."""
        return self._ratio(("unconnected_attempts",), ("unconnected_leads",), window)

    def automated(self, window: str = CHOSEN) -> str:
        """Share of the contact attempts that automation made."""
        every = ("leadsla_window_contact_attempts", ("window", "actor"))
        made, of_all = self._chosen(*every, window=window, actor="automation"), self._chosen(*every, window=window)
        return f"sum by (window) ({made}) / (sum by (window) ({of_all}) > 0)"

    def oldest(self) -> str:
        """The earliest deadline of what is still owed."""
        name = "leadsla_oldest_open_deadline_timestamp_seconds"
        return recorded(name, "obligation", operation="min", **self.where)

    def target(self, name: str, **matchers: str) -> str:
        """An agreed target; of a window where it has one."""
        labels = ("obligation", "window") if "window" in matchers else ("obligation",)
        return recorded(f"leadsla_target_{name}", *labels, operation="max", **self.where, **matchers)

    def now(self, metric: str, *left: str) -> str:
        """What is open now, by the labels left."""
        every = {"leadsla_open_leads": ("team", "state"), "leadsla_overdue_leads": ("team",)}[metric]
        return (
            f"sum by ({', '.join(left)}) ({self._chosen(metric, every)})"
            if left
            else (f"sum({self._chosen(metric, every)})")
        )

    def by_day(self) -> str:
        """What was delivered on each day of the month."""
        return self._added("sum", "leadsla_delivered_by_day_leads", ("day",))

    def _ratio(self, above: tuple[str, ...], below: tuple[str, ...], window: str) -> str:
        numerator = " + ".join(self.window(figure, window) for figure in above)
        denominator = " + ".join(self.window(figure, window) for figure in below)
        return f"{numerator} / ({denominator} > 0)"

    def _added(self, operation: str, metric: str, labels: tuple[str, ...], **matchers: str) -> str:
        chosen = self._chosen(metric, labels, **matchers)
        return f"{operation} by ({', '.join(labels)}) ({chosen})"

    def _chosen(self, metric: str, labels: tuple[str, ...], **matchers: str) -> str:
        if self.agreement.segments and isinstance(self.obligation, OfLeads):
            return recorded(metric, "obligation", "segment", *labels, **self.where, segment="~$segment", **matchers)
        return recorded(metric, "obligation", *labels, **self.where, **matchers)
