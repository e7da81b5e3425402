"""Judge a lead, or set it aside where that cannot be done, with nothing half published and nothing half counted."""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.clock_changes import ClockChanges, ToWrite
from sla_rules.engine.clock_records import record
from sla_rules.engine.codec import QUARANTINED, UNJUDGED, UNSENT, LeadState, as_kept, encode, pack_facts
from sla_rules.engine.counted import Counted
from sla_rules.engine.fold import NOBODY, Known, gather, judge, says_the_same, standing_of, undecided_of
from sla_rules.engine.forwarding import Owed
from sla_rules.engine.published_notices import PublishedNotices
from sla_rules.engine.quarantine import NEVER_CAUGHT, Guard, last_line, set_aside
from sla_rules.evaluation.notices import notice_event
from sla_rules.figures.windows import parts_of
from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact


class Judged(msgspec.Struct, frozen=True, gc=False):
    """The state that a lead has come to, as it was where only time went by, and its bytes.

    `notices` are taken as published one by one, as they are read; `clocks` is what to write of its open clocks. `failure` says why
    the lead could not be judged.
    """

    state: LeadState
    data: bytes
    notices: Iterable[tuple[str, bytes]] = ()
    forwards: Owed = NOBODY
    clocks: ToWrite = ()
    failure: str | None = None

    @property
    def kept(self) -> bytes:
        """What a successor finds of it."""
        return as_kept(self.data, self.state)


class Judging(NamedTuple):
    """Judges the leads of one partition by one rule book."""

    rules: RuleBook
    published_notices: PublishedNotices
    counted: Counted
    clocks: ClockChanges

    def judge(
        self, lead: str, before: LeadState | None, data: bytes, known: Known, now: Instant, *, owes_all: bool = False
    ) -> Judged:
        """Judge a lead by all that has joined, and count its contributions in place of those `before`, whose bytes are `data`.

        It sends on what it owes to others by what is new, or by all that is known where it `owes_all`.
        """
        digest = UNSENT
        try:
            owes_all = owes_all or (before is not None and before.digest == UNSENT)
            known = gather(self.rules, lead, before, known, owes_all=owes_all)
            digest = QUARANTINED
            state, assessments = judge(self.rules, lead, before, known, now)
            standing = standing_of(assessments)
            notices: Iterable[tuple[str, bytes]] = ()
            if standing or lead in self.published_notices:
                notices = self.published_notices.difference(lead, standing, undecided_of(assessments))
            clocks = self.clocks.of(lead, before, state, assessments)
            if state is not before:
                data = encode(state)
                self.counted.replace(() if before is None else before.contributions, state.contributions)
            return Judged(state, data, notices, known.forwards, clocks)
        except NEVER_CAUGHT:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the lead cannot be judged
            return self._set_aside(lead, before, known, now, last_line(error), digest)

    def judge_anew(self, lead: str, state: LeadState) -> Judged:
        """Judge a lead by these rules, whose contributions by others are counted nowhere."""
        unjudged = msgspec.structs.replace(state, digest=UNJUDGED, next_due=None, contributions=())
        facts = state.facts
        return self.judge(lead, unjudged, b"", Known(facts, state.packed, []), state.as_of)

    def _set_aside(
        self, lead: str, before: LeadState | None, known: Known, now: Instant, failure: str, digest: str
    ) -> Judged:
        state = set_aside(before, known, now, digest)
        if before is not None:
            self.counted.replace(before.contributions, ())
            state = before if says_the_same(before, state) else state
        return Judged(state, encode(state), (), known.forwards, self.clocks.without(lead, before), failure)


def failure_of(rules: RuleBook, lead: str, facts: tuple[Fact, ...], now: Instant) -> str | None:
    """Why a lead cannot be judged by some facts; None if it can."""
    failures: list[str] = []
    with Guard(failures):
        known = gather(rules, lead, None, Known(facts, pack_facts(facts), []))
        state, assessments = judge(rules, lead, None, known, now)
        record(lead, assessments, state.last_time)
        for notice in standing_of(assessments).values():
            notice_event(notice)
        for assessment in assessments:
            deque(parts_of(assessment.contribution, rules), maxlen=0)
    return failures[0] if failures else None
