"""Samples of agreements as a whole: what was decided of their periods, and how near anything is that follows.

By the owner of each agreement alone, so that none is there twice, and none once ownership has gone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from sla_rules.instants import SECOND
from sla_rules.reports.consequences import CancellationStatus, SettledGoal
from sla_rules.whole_agreement.records import AgreementData, RunningPromise
from sla_rules.whole_agreement.whole import WholeAgreement
from streams.agreement_owner.owned_agreements import ShownAgreement
from streams.monitoring.exposed_kinds import Sample

_MILLION: Final = 1_000_000
"""Money is in millionths."""


def agreement_samples(shown: Iterable[ShownAgreement]) -> Iterator[Sample]:
    """Of every agreement that is owned here; figures only of those of which all is known."""
    for name, is_ready, whole in shown:
        yield "leadsla_agreement_owned", (name,), int(is_ready)
        if is_ready:
            yield from _whole(name, whole)


def _whole(name: str, whole: WholeAgreement) -> Iterator[Sample]:
    latest = {(goal.obligation, goal.period.interval): goal for goal in whole.periods}
    for (obligation, interval), goal in latest.items():
        yield from _decided(goal, (name, obligation, interval))
    yield from _remedies(name, whole.periods)
    if whole.agreement is not None:
        yield from _standing(name, whole.agreement)


def _decided(goal: SettledGoal, labels: tuple[str, ...]) -> Iterator[Sample]:
    """Of the last period that is decided."""
    yield "leadsla_decided_start_timestamp_seconds", labels, goal.period.start / SECOND
    judged = goal.published
    if judged is not None and judged.result is not None:
        yield "leadsla_decided_met", labels, int(judged.result == "met")
    if judged is not None and judged.attainment is not None:
        yield "leadsla_decided_attainment_ratio", labels, float(judged.attainment)
    due = [(credit, credit.published) for credit in goal.credits if credit.published is not None]
    if due:
        yield "leadsla_decided_credit_ratio", labels, float(sum(one.credit for _, one in due))
    for credit, one in due:
        if one.amount is not None and credit.currency is not None:
            yield "leadsla_decided_credit_amount", (*labels, credit.currency), one.amount / _MILLION


def _remedies(name: str, goals: Iterable[SettledGoal]) -> Iterator[Sample]:
    found = Counter(remedy.status for goal in goals if not goal.history for remedy in goal.remedies)
    yield "leadsla_open_remedies", (name,), found["due"]
    yield "leadsla_overdue_remedies", (name,), found["overdue"]


def _standing(name: str, agreement: AgreementData) -> Iterator[Sample]:
    yield "leadsla_agreement_as_of_timestamp_seconds", (name,), agreement.as_of / SECOND
    if agreement.cancellation is not None:
        yield from _cancellation(name, agreement.cancellation)
    for promise in agreement.promises:
        status = promise.status
        yield from _running(promise, (name, status.obligation, status.period.interval))
    for goal in agreement.next_goals:
        if goal.next_goal is not None:
            yield "leadsla_next_goal_leads", (name, goal.obligation), goal.next_goal


def _cancellation(name: str, cancellation: CancellationStatus) -> Iterator[Sample]:
    yield "leadsla_missed_in_a_row", (name,), len(cancellation.in_a_row)
    yield "leadsla_missed_in_a_row_for_cancellation", (name,), cancellation.missed_in_a_row


def _running(promise: RunningPromise, labels: tuple[str, ...]) -> Iterator[Sample]:
    if promise.budget is not None:
        yield "leadsla_budget_left_leads", labels, promise.budget.left
    if promise.downtime_budget is not None:
        yield "leadsla_budget_left_seconds", labels, promise.downtime_budget.left / SECOND
    if promise.projection is not None:
        yield "leadsla_projected_leads", labels, float(promise.projection)
