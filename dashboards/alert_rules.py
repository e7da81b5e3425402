"""Alerts on what one agreement promises. Each names the party that owes and the one that is owed, for the routes.

Texts are for people in marketing and sales. Comparisons are strict: exactly at the target is met. Targets are read from
the workers' own series, so a version that takes effect tonight is judged from tonight on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from dashboards.alert import COUNT, SHARE, TENTHS, TIME, Alert, label
from dashboards.burn import Burn, burns
from dashboards.escaping import verbatim
from dashboards.promises import averaged, begun, delivery, remarks, started, told_besides
from dashboards.queries import GUARD, recorded, selector
from dashboards.settings import Settings
from dashboards.uids import board_uid
from dashboards.wording import deadline, due_times, number, owed, party, percentage, spoken, title
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Deliverable, Depth, Obligation, Speed, Volume
from sla_rules.instants import Duration

Severity = Literal["page", "notice"]

OVERDUE: Final = "LeadSLAOverdueLeads"
SLOW: Final = "LeadSLAFollowUpSlow"
SHARE_LOW: Final = "LeadSLAShareBelowTarget"
SHALLOW: Final = "LeadSLAAttemptsBelowTarget"
UNDELIVERED: Final = "LeadSLADeliveryOverdue"
BEHIND: Final = "LeadSLABehindGoal"
BURN: Final = "LeadSLAAllowanceBurning"

_ON_OBLIGATION: Final = "on (agreement, obligation)"
_ON_WINDOW: Final = "on (agreement, obligation, window)"


def alert_rules(agreement: Agreement, settings: Settings) -> Iterator[Alert]:
    """All alerts of an agreement, the page first."""
    for obligation in agreement.obligations:
        yield from _Obliged(agreement, obligation, settings).alerts()


@dataclass(frozen=True, slots=True)
class _Obliged:
    agreement: Agreement
    obligation: Obligation
    settings: Settings

    def alerts(self) -> Iterator[Alert]:
        match self.obligation:
            case Speed() as speed:
                yield self._overdue(speed)
                if speed.target.average is not None:
                    yield self._slow(speed, speed.target.average)
                yield from self._shares(speed)
            case Depth() as depth:
                yield self._overdue(depth)
                if depth.target.average is not None:
                    yield self._shallow(depth, depth.target.average)
                yield from self._shares(depth)
            case Volume() as volume:
                yield self._behind(volume)
            case Deliverable() as deliverable:
                yield self._undelivered(deliverable)

    def _shares(self, obligation: Speed | Depth) -> Iterator[Alert]:
        share = obligation.target.share
        if share is not None:
            yield self._share_low(obligation, share)
            for burn in burns(obligation):
                yield self._burning(obligation, share, burn)

    def _overdue(self, obligation: Speed | Depth) -> Alert:
        leads = recorded("leadsla_overdue_leads", "obligation", "team", **self._is)
        return self._alert(
            OVERDUE,
            f"{leads} > 0\n{GUARD}",
            "page",
            f"Overdue leads: {COUNT} with {label('team')} ({self._title})",
            f"The deadline of {deadline(obligation.deadline)} {_clock(obligation)}has passed without {owed(obligation)}. "
            + " ".join(
                (f"{self._provider} owes it to {self._recipient}; these leads still wait.", *told_besides(obligation))
            ),
        )

    def _slow(self, speed: Speed, agreed: Duration) -> Alert:
        average = recorded("leadsla_follow_up_seconds", "obligation", "window", operation="avg", **self._windows)
        target = recorded("leadsla_target_follow_up_seconds", "obligation", operation="max", **self._is)
        counted = recorded("leadsla_window_follow_ups", "obligation", "window", **self._windows)
        return self._alert(
            SLOW,
            f"{average} > {_ON_OBLIGATION} group_left () {target}\n"
            f"and {_ON_WINDOW} {counted} >= {self.settings.minimum_decided}\n{GUARD}",
            "notice",
            f"Follow-up is slow this {label('window')}: {TIME} on average ({self._title})",
            f"Agreed are {spoken(agreed)} on average from {started(speed)}; {self._provider} is slower than that "
            f"for the {averaged(speed)} this {label('window')}.",
            settle=True,
        )

    def _share_low(self, obligation: Speed | Depth, share: Decimal) -> Alert:
        ratio = recorded("leadsla_within_target", "obligation", "window", operation="ratio", **self._windows)
        target = recorded("leadsla_target_within_ratio", "obligation", operation="max", **self._is)
        return self._alert(
            SHARE_LOW,
            f"{ratio} < {_ON_OBLIGATION} group_left () {target}\n"
            f"and {_ON_WINDOW} {self._decided} >= {self.settings.minimum_decided}\n{GUARD}",
            "notice",
            f"Share in time is low this {label('window')}: {SHARE} ({self._title})",
            f"Agreed are {percentage(share)} of the leads within {deadline(obligation.deadline)}; "
            f"{self._provider} is below that for the leads {begun(obligation)} this {label('window')}. "
            "Leads that still have time are not counted.",
            settle=True,
        )

    def _shallow(self, depth: Depth, average: Decimal) -> Alert:
        """Attempts take days, so a young window is always low: told is only what the open leads cannot repair."""
        attempts = recorded("leadsla_window_unconnected_attempts", "obligation", "window", **self._windows)
        leads = recorded("leadsla_window_unconnected_leads", "obligation", "window", **self._windows)
        undecided = recorded("leadsla_window_open_leads", "obligation", "window", **self._windows)
        target = recorded("leadsla_target_attempts", "obligation", operation="max", **self._is)
        each = number(max(Decimal(depth.attempts), average))
        return self._alert(
            SHALLOW,
            f"({attempts} + {each} * {undecided}) / ({leads} > 0) < {_ON_OBLIGATION} group_left () {target}\n"
            f"and {_ON_WINDOW} {leads} >= {self.settings.minimum_decided}\n{GUARD}",
            "notice",
            f"Too few attempts this {label('window')}: {TENTHS} per lead at best ({self._title})",
            f"Agreed are {number(average)} attempts on average on leads that were not connected. Even if every lead "
            f"that still has time gets its {depth.attempts}, {self._provider} stays below that for the leads handed off "
            f"this {label('window')}.",
            settle=True,
        )

    def _behind(self, volume: Volume) -> Alert:
        window = {**self._is, "window": volume.interval}
        delivered = recorded("leadsla_window_leads", "obligation", "window", **window)
        line = recorded("leadsla_target_leads_to_date", "obligation", "window", operation="max", **window)
        what = "leads" if volume.measure == "leads" else "value of leads"
        return self._alert(
            BEHIND,
            f"{delivered} < {_ON_WINDOW} {number(self.settings.goal_tolerance)} * {line}\n{GUARD}",
            "notice",
            f"Behind the goal line this {volume.interval}: {COUNT} delivered ({self._title})",
            f"{self._provider} promised {self._recipient} {number(volume.agreed)} {what} this {volume.interval}; "
            f"delivered are less than {percentage(self.settings.goal_tolerance)} of what the goal line asks for by now."
            + "".join(f" {sentence}" for sentence in remarks(volume)),
            settle=True,
        )

    def _undelivered(self, deliverable: Deliverable) -> Alert:
        """Of no team: what falls due is handed to nobody."""
        overdue = recorded("leadsla_overdue_leads", "obligation", "team", **self._is)
        how = "".join(f", {part}" for part in map(verbatim, delivery(deliverable)))
        return self._alert(
            UNDELIVERED,
            f"sum by (agreement, obligation) ({overdue}) > 0\n{GUARD}",
            "page",
            f"A delivery is due: {COUNT} not confirmed ({self._title})",
            f"A delivery is due {due_times(deliverable.due)}{how}; its time has passed and nothing confirms it. "
            f"{self._provider} owes it to {self._recipient}, until a confirmation names the day it was due.",
        )

    def _burning(self, obligation: Speed | Depth, share: Decimal, burn: Burn) -> Alert:
        long, short = (selector(burn.late(span), **self._is) for span in (burn.long, burn.short))
        decided, just_decided = (selector(burn.decided(span), **self._is) for span in (burn.long, burn.short))
        return self._alert(
            BURN,
            f"{long} / {decided} > {number(burn.threshold)}\n"
            f"and {_ON_OBLIGATION} {decided} >= {self.settings.minimum_decided}\n"
            f"and {_ON_OBLIGATION} {short} / {just_decided} > {number(burn.threshold)}\n{GUARD}",
            "notice",
            f"Leads run late at a {burn.tier.name} pace: {SHARE} within {spoken(burn.long)} ({self._title})",
            f"Agreed are {percentage(share)} within {deadline(obligation.deadline)}. With so many of the leads decided "
            f"lately being late, {percentage(burn.tier.spent)} of the late leads that a {burn.interval} allows are used "
            f"up within {spoken(burn.long)}.",
            labels={"pace": burn.tier.name},
        )

    def _alert(
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
        named = {
            **self._is,
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
    def _is(self) -> dict[str, str]:
        return {"agreement": self.agreement.agreement, "obligation": self.obligation.id}

    @property
    def _windows(self) -> dict[str, str]:
        return {**self._is, "window": f"~{'|'.join(self.obligation.intervals)}"}

    @property
    def _decided(self) -> str:
        within = recorded("leadsla_window_within_target_leads", "obligation", "window", **self._windows)
        late = recorded("leadsla_window_breached_leads", "obligation", "window", **self._windows)
        return f"({within} + {late})"

    @property
    def _title(self) -> str:
        return verbatim(title(self.obligation))

    @property
    def _provider(self) -> str:
        return verbatim(party(self.agreement, self.obligation.provider))

    @property
    def _recipient(self) -> str:
        return verbatim(party(self.agreement, self.obligation.recipient))


def _clock(obligation: Speed | Depth) -> str:
    """Said only where it is not the hand-off, which everybody takes for granted."""
    own = isinstance(obligation, Speed) and obligation.starts == "created"
    return "from the lead's creation " if own else ""
