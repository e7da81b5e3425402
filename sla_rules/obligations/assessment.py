"""What an obligation says of one cycle: its share in the figures, when to look again, and what to tell."""

from typing import NamedTuple

from sla_rules.agreement import FollowUp
from sla_rules.cycles import Cycle
from sla_rules.effects import Notice, notice_key
from sla_rules.facts import Attempted
from sla_rules.instants import Duration, Instant
from sla_rules.obligations.shares import DepthShare, Share, SpeedShare
from sla_rules.rulebook import Term


class Assessment(NamedTuple):
    """`wake` is the first instant at which time alone changes the verdict; `key` names what may still be told."""

    share: Share
    wake: Instant | None = None
    key: str | None = None
    notice: Notice | None = None


class Case(NamedTuple):
    """One cycle under one term."""

    term: Term
    segment: str
    lead: str
    cycle: Cycle
    historic_after: Duration

    def is_historic(self, deadline: Instant) -> bool:
        """Whether the deadline had long passed when the hand-off arrived: history that was loaded, not lived."""
        return self.cycle.arrival - deadline > self.historic_after

    def deadline(self) -> Instant:
        """When what is owed is due."""
        deadline = self.term.obligation.deadline  # type: ignore[union-attr]
        if deadline.clock == "wall":
            return self.cycle.start + deadline.within
        return self.term.calendar.add(self.cycle.start, deadline.within)

    def key(self) -> str:
        """The name under which a breach is told."""
        agreement, obligation = self.term.name
        return notice_key(agreement, self.term.agreement.version, obligation, self.lead, self.cycle.number)

    def notice(self, deadline: Instant, settled_at: Instant | None) -> Notice:
        """The breach as it stands."""
        obligation = self.term.obligation
        owner = self.cycle.owner_at(deadline)
        return Notice(
            key=self.key(),
            status="breached" if settled_at is None else "resolved",
            agreement=self.term.agreement.agreement,
            version=self.term.agreement.version,
            obligation=obligation.id,
            kind=obligation.kind,
            segment=self.segment,
            provider=obligation.provider,
            lead=self.lead,
            cycle=self.cycle.number,
            rep=owner.rep,
            team=owner.team,
            deadline=deadline,
            settled_at=settled_at,
            historic=self.is_historic(deadline),
        )

    def conclude(self, share: SpeedShare | DepthShare, deadline: Instant, settled_at: Instant | None) -> Assessment:
        """The assessment of a share with a deadline: open ones are looked at again, breached ones told.

        A response exactly at the deadline is in time, so that the verdict falls one microsecond later.
        """
        if share.status == "open":
            return Assessment(share, wake=deadline + 1, key=self.key())
        if share.status == "breached":
            notice = self.notice(deadline, settled_at)
            return Assessment(share, key=notice.key, notice=notice)
        return Assessment(share)


def qualifies(attempt: Attempted, terms: FollowUp) -> bool:
    """Whether the agreement lets the attempt count."""
    return (
        (terms.automation or attempt.actor == "human")
        and attempt.direction in terms.directions
        and (terms.channels is None or attempt.channel in terms.channels)
        and (attempt.duration is None or attempt.duration >= terms.minimum_duration)
    )
