"""What an obligation says of one cycle: what it contributes to the figures, when to look again, and what to publish."""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.contributions import Contribution
from sla_rules.evaluation.notices import DEADLINE_TIER, MessageName, Notice, name_of_message, notice_key
from sla_rules.evaluation.open_clock import OpenClock
from sla_rules.instants import Duration, Instant
from sla_rules.lead.cycle import CREATION, Cycle
from sla_rules.time.calendar import Calendar
from sla_rules.time.intervals import FOREVER, Interval
from sla_rules.time.stopwatch import CalendarChange, Stopwatch


class Turn(NamedTuple):
    """An owner has the lead since an instant, until another one takes it over."""

    since: Instant
    until: Instant


class Milestone(NamedTuple):
    """An instant at which something is published unless what was promised has come: a warning, the breach, an escalation."""

    tier: str
    at: Instant
    turn: Turn | None = None
    """Of a reassignment that is due, whose time it is that has run out."""


_at: Final = attrgetter("at")


class CycleEvaluation(NamedTuple):
    """One cycle under one term; `cycle` is as its terms see it."""

    term: Term
    segment: str
    lead: str
    cycle: Cycle
    historic_after: Duration

    def stopwatch(self, clock: str, *, pauses: bool) -> Stopwatch:
        """The clock agreed for this cycle: in the hours of whichever team has the lead, of its segment, or of the agreement.

        The lead's own clock, from its creation, is no team's.
        """
        stood: Sequence[Interval] = self.cycle.pauses if pauses else ()
        if self.cycle.closed_for:
            stood = sorted([*stood, *self.cycle.closed_for])
        if clock != "working":
            return Stopwatch(None, stood)
        term, cycle = self.term, self.cycle
        if not term.by_team or cycle.number == CREATION:
            return Stopwatch(term.calendar_of(self.segment, None), stood)
        calendar = term.calendar_of(self.segment, cycle.owners[0].team)
        return Stopwatch(calendar, stood, self._calendar_changes(calendar) if len(cycle.owners) > 1 else ())

    def _calendar_changes(self, calendar: Calendar) -> Sequence[CalendarChange]:
        """Where the lead went to a team with other hours than those before it; of two in one instant the later has it."""
        by_instant = {owner.since: self.term.calendar_of(self.segment, owner.team) for owner in self.cycle.owners}
        found: list[CalendarChange] = []
        for since, other in by_instant.items():
            if other is not calendar:
                found.append(CalendarChange(since, other))
                calendar = other
        return found

    def is_historic(self, deadline: Instant | None) -> bool:
        """Whether the deadline had passed before the service listened, or long before the hand-off arrived: nobody is paged."""
        if deadline is None:
            return False
        return deadline <= self.term.listening_since or self.cycle.arrival - deadline > self.historic_after

    def conclude(
        self,
        contribution: Contribution,
        milestones: Iterable[Milestone],
        now: Instant,
        resolved_at: Instant | None,
        ended_at: Instant | None = None,
        clock: OpenClock | None = None,
    ) -> "Assessment":
        """The assessment of a contribution whose promise is settled at an instant, or whose cycle ended unsettled.

        Its `clock` is open while something is still to be done. Of an excused cycle nothing is published.

        A response exactly at the deadline is in time, so that each milestone passes one microsecond after itself. Facts
        from after a milestone prove nothing: one from before it may still be on its way. Time alone decides.
        """
        if self.cycle.excused:
            return Assessment(contribution)
        stop = FOREVER if resolved_at is None else resolved_at
        if ended_at is not None and ended_at < stop:
            stop = ended_at
        passed: list[Milestone] = []
        ahead: list[Milestone] = []
        for milestone in milestones:
            if milestone.at < stop:
                (passed if milestone.at < now else ahead).append(milestone)
        next_due = min(map(_at, ahead)) + 1 if ahead else None
        return Assessment(contribution, next_due, self, passed, ahead, resolved_at, clock)

    def lose(
        self, contribution: Contribution, at: Instant, now: Instant, resolved_at: Instant | None = None
    ) -> "Assessment":
        """The assessment of a contribution whose promise an event broke at an instant, and whether another put it right.

        It is published as soon as the event is known and its instant has passed, and retracted where the event is. The contribution has
        that instant for its deadline, so that it is seen that before it nothing was lost.
        """
        return self.conclude(contribution, [Milestone(DEADLINE_TIER, at)], now, resolved_at)

    def key(self, milestone: Milestone) -> str:
        """The name under which a milestone is published."""
        term, _, lead, cycle, _ = self
        tier, _, turn = milestone
        if turn is not None:
            tier = f"{tier} {turn.since}"
        agreement, message = term.agreement, cycle.message
        which = cycle.number if message is None else name_of_message(message)
        return notice_key(agreement.agreement, agreement.version, term.obligation.id, lead, which, tier)

    def notice(self, milestone: Milestone, resolved_at: Instant | None) -> Notice:
        """What is published of a milestone that passed."""
        obligation, message = self.term.obligation, self.cycle.message
        owner = self.cycle.owner_at(milestone.at)
        if milestone.turn is not None:
            ends = (resolved_at, self.cycle.end, None if milestone.turn.until == FOREVER else milestone.turn.until)
            resolved_at = min((end for end in ends if end is not None), default=None)
        has_ended = resolved_at is None and self.cycle.end is not None
        return Notice(
            key=self.key(milestone),
            tier=milestone.tier,
            agreement=self.term.agreement.agreement,
            version=self.term.agreement.version,
            obligation=obligation.id,
            kind=obligation.kind,
            segment=self.segment,
            provider=obligation.provider,
            lead=self.lead,
            cycle=self.cycle.number,
            message=None if message is None else MessageName(message.source, message.id),
            rep=owner.rep,
            team=owner.team,
            deadline=milestone.at,
            resolved_at=resolved_at,
            ended_at=self.cycle.end if has_ended else None,
            ended_by=self.cycle.ended_by if has_ended else None,
            historic=self.is_historic(milestone.at),
        )


class Assessment(NamedTuple):
    """`next_due` is the first instant at which time alone changes the verdict.

    Notices and keys are made when they are asked for: of most cycles nothing is ever published.
    """

    contribution: Contribution
    next_due: Instant | None = None
    evaluation: CycleEvaluation | None = None
    passed: Sequence[Milestone] = ()
    ahead: Sequence[Milestone] = ()
    resolved_at: Instant | None = None
    clock: OpenClock | None = None
    """That of what is still to be done; None where nothing is, or nobody can do anything about it."""

    @property
    def notices(self) -> Iterator[Notice]:
        """What is to be published of the milestones that passed."""
        if self.evaluation is not None:
            for milestone in self.passed:
                yield self.evaluation.notice(milestone, self.resolved_at)

    @property
    def undecided(self) -> Iterator[tuple[str, Instant]]:
        """What time may yet publish, and when."""
        if self.evaluation is not None:
            for milestone in self.ahead:
                yield self.evaluation.key(milestone), milestone.at


def looked_at_again(contributions: Iterable[Contribution], at: Instant | None) -> Iterator[Assessment]:
    """Assessments of contributions that publish nothing, of which the last says when time changes any of them."""
    found = [Assessment(contribution) for contribution in contributions]
    if found:
        found[-1] = found[-1]._replace(next_due=at)
    return iter(found)
