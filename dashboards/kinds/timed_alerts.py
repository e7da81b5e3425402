"""Alerts of the kinds whose clock runs to a deadline: who is overdue, and which share is in time."""

from collections.abc import Iterator
from decimal import Decimal

from dashboards.alert import COUNT, SHARE, Alert, label
from dashboards.alert_names import BURN, OVERDUE, SHARE_LOW
from dashboards.burn import Burn, burns
from dashboards.kinds.obliged import ON_OBLIGATION, ON_WINDOW, Obliged
from dashboards.promises import begun, counted, started, told_besides
from dashboards.queries import GUARD, recorded, selector
from dashboards.wording import deadline, number, percentage, spoken
from sla_rules.agreement.obligations import Depth, Speed


def overdue(obliged: Obliged, terms: Speed | Depth, what: str) -> Alert:
    """Leads whose deadline has passed without `what` they were to get."""
    leads = recorded("leadsla_overdue_leads", "obligation", "team", **obliged.own)
    # Said only where it is not the hand-off, which everybody takes for granted.
    clock = "" if terms.judges == "hand_offs" else f"from {started(terms)} "
    return obliged.alert(
        OVERDUE,
        f"{leads} > 0\n{GUARD}",
        "page",
        f"Overdue leads: {COUNT} with {label('team')} ({obliged.title})",
        f"The deadline of {deadline(terms.deadline)} {clock}has passed without {what}. "
        + " ".join(
            (f"{obliged.provider} owes it to {obliged.recipient}; these leads still wait.", *told_besides(terms))
        ),
    )


def shares(obliged: Obliged, terms: Speed | Depth) -> Iterator[Alert]:
    """Too few leads in time, in a window or at the pace of late; none where no share is agreed."""
    share = terms.share_in_time
    if share is not None:
        yield _share_low(obliged, terms, share)
        for burn in burns(obliged.obligation):
            yield _burning(obliged, terms, share, burn)


def _share_low(obliged: Obliged, terms: Speed | Depth, share: Decimal) -> Alert:
    ratio = recorded("leadsla_within_target", "obligation", "window", operation="ratio", **obliged.windows)
    target = recorded("leadsla_target_within_ratio", "obligation", operation="max", **obliged.own)
    within = recorded("leadsla_window_within_target_leads", "obligation", "window", **obliged.windows)
    late = recorded("leadsla_window_breached_leads", "obligation", "window", **obliged.windows)
    return obliged.alert(
        SHARE_LOW,
        f"{ratio} < {ON_OBLIGATION} group_left () {target}\n"
        f"and {ON_WINDOW} ({within} + {late}) >= {obliged.settings.minimum_decided}\n{GUARD}",
        "notice",
        f"Share in time is low this {label('window')}: {SHARE} ({obliged.title})",
        f"Agreed are {percentage(share)} of the {counted(terms)} within {deadline(terms.deadline)}; "
        f"{obliged.provider} is below that for the {counted(terms)} {begun(terms)} this {label('window')}. "
        "Leads that still have time are not counted.",
        settle=True,
    )


def _burning(obliged: Obliged, terms: Speed | Depth, share: Decimal, burn: Burn) -> Alert:
    least = obliged.settings.minimum_decided
    long, short = (selector(burn.late(span), **obliged.own) for span in (burn.long, burn.short))
    decided, just_decided = (selector(burn.decided(span), **obliged.own) for span in (burn.long, burn.short))
    return obliged.alert(
        BURN,
        f"{long} / {decided} > {number(burn.threshold)}\n"
        f"and {ON_OBLIGATION} {decided} >= {least}\n"
        f"and {ON_OBLIGATION} {short} / {just_decided} > {number(burn.threshold)}\n{GUARD}",
        "notice",
        f"Leads run late at a {burn.tier.name} pace: {SHARE} within {spoken(burn.long)} ({obliged.title})",
        f"Agreed are {percentage(share)} within {deadline(terms.deadline)}. With so many of the leads decided "
        f"lately being late, {percentage(burn.tier.spent)} of the late leads that a {burn.interval} allows are used "
        f"up within {spoken(burn.long)}.",
        labels={"pace": burn.tier.name},
    )
