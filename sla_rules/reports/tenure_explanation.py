"""What became of a customer from being won to being lost: in which periods it counts, as what, and why."""

from collections.abc import Sequence

from sla_rules.evaluation.assessment import Assessment, CycleEvaluation
from sla_rules.evaluation.contributions import LossContribution, RetentionContribution
from sla_rules.events.vocabulary import LEAD
from sla_rules.reports.explained_head import VerdictHead
from sla_rules.reports.explained_verdicts import CountedPeriod, Status, TenureVerdict
from sla_rules.reports.promise_reasons import LossExcused, Lost, StillThere, TenureReason
from sla_rules.reports.report import breach
from sla_rules.reports.verdict_reasons import local, waiver_of


def explained_tenure(head: VerdictHead, evaluation: CycleEvaluation, found: Sequence[Assessment]) -> TenureVerdict:
    """One tenure under one version."""
    loss = next((one for one in found if isinstance(one.contribution, LossContribution)), None)
    runs = [one.contribution for one in found if isinstance(one.contribution, RetentionContribution)]
    periods = [(run, evaluation.term.period(run.interval, at)) for run in runs for at in run.starts]
    return TenureVerdict(
        head=head,
        periods=tuple(
            CountedPeriod(interval=run.interval, first=period.first, outcome=run.outcome) for run, period in periods
        ),
        status=_status(evaluation, loss),
        verdict=_reason(evaluation, loss),
        notices=() if loss is None else tuple(map(breach, loss.notices)),
    )


def _status(evaluation: CycleEvaluation, loss: Assessment | None) -> Status:
    """Of one that was lost under another version, it stayed as long as this one was in force."""
    if loss is not None and isinstance(loss.contribution, LossContribution):
        return loss.contribution.status
    return "open" if evaluation.cycle.end is None else "met"


def _reason(evaluation: CycleEvaluation, loss: Assessment | None) -> TenureReason:
    tenure, zone = evaluation.cycle, evaluation.term.zone
    about, won_at = tenure.subject or LEAD, local(tenure.start, zone)
    if tenure.end is None:
        return StillThere(about=about, won_at=won_at)
    lost_at = local(tenure.end, zone)
    if tenure.excused:
        waiver = waiver_of(tenure)
        return LossExcused(by=waiver.by, reason=waiver.reason, about=about, lost_at=lost_at)
    back_at = None if loss is None or loss.resolved_at is None else local(loss.resolved_at, zone)
    return Lost(about=about, won_at=won_at, lost_at=lost_at, back_at=back_at)
