"""What a contribution says whatever its kind: by when something is owed under it, and at which instants it counts."""

from typing import Final, assert_never

from sla_rules.evaluation.contributions import (
    AvailabilityContribution,
    Contribution,
    DealContribution,
    DeliverableContribution,
    DepthContribution,
    LossContribution,
    OutageContribution,
    Owing,
    RemedyContribution,
    RetentionContribution,
    SpeedContribution,
    UncoveredContribution,
    UnreadyContribution,
    VolumeContribution,
)
from sla_rules.instants import Instant

OWES: Final = (SpeedContribution, DepthContribution, DeliverableContribution, OutageContribution, LossContribution)
"""The classes of contributions of what is owed by a deadline; whoever is in a hurry asks `isinstance(contribution, OWES)`."""


def owing(contribution: Contribution) -> Owing | None:
    """The contribution as one of what is owed by a deadline; None where nothing ever is."""
    if isinstance(contribution, OWES):
        return contribution
    if isinstance(
        contribution,
        (
            VolumeContribution,
            UnreadyContribution,
            DealContribution,
            AvailabilityContribution,
            RetentionContribution,
            UncoveredContribution,
            RemedyContribution,
        ),
    ):
        return None
    assert_never(contribution)


def deadline_of(contribution: Contribution) -> Instant | None:
    """When what is owed is due; None where nothing is."""
    found = owing(contribution)
    return None if found is None else found.deadline


def instants_of(contribution: Contribution) -> tuple[Instant, ...]:
    """The instants at which it may have a part in figures."""
    if isinstance(contribution, SpeedContribution):
        return (
            (contribution.start,) if contribution.counted_at is None else (contribution.start, contribution.counted_at)
        )
    if isinstance(contribution, DealContribution):
        return (
            (contribution.start, *contribution.before)
            if contribution.delivered_at is None
            else (contribution.start, contribution.delivered_at, *contribution.before)
        )
    if isinstance(
        contribution,
        (
            DepthContribution,
            VolumeContribution,
            UnreadyContribution,
            DeliverableContribution,
            OutageContribution,
            LossContribution,
            UncoveredContribution,
        ),
    ):
        return (contribution.start,)
    if isinstance(contribution, RemedyContribution):
        return ()
    if isinstance(contribution, RetentionContribution):
        return contribution.starts
    if isinstance(contribution, AvailabilityContribution):
        return tuple(contribution.start + day * contribution.length for day in range(contribution.days))
    assert_never(contribution)


def grows(contribution: Contribution) -> bool:
    """Whether it says more as time goes by though no deadline passes: how long what is up or down was, in which periods a customer is there."""
    return isinstance(contribution, (AvailabilityContribution, OutageContribution, RetentionContribution))


def goes_on(contribution: Contribution) -> bool:
    """Whether it is of what had not ended, so that as of an earlier time it was shorter."""
    return isinstance(contribution, OutageContribution) and (contribution.owed or contribution.status == "open")
