"""The leads of a partition, folded: facts join what is known, each lead is judged, counted and kept, as of any time.

How far time has come is the partition state's to say; here it is an argument.
"""

from collections.abc import MutableMapping, Sequence

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.ahead import Ahead
from sla_rules.engine.changes import Changes
from sla_rules.engine.clock_changes import ClockChanges, ToWrite, may_stand
from sla_rules.engine.codec import SET_ASIDE, UNJUDGED, LeadState, decode
from sla_rules.engine.counted import Counted
from sla_rules.engine.joining import Uncounted, counted_fates, join
from sla_rules.engine.judging import Judged, Judging
from sla_rules.engine.published_notices import PublishedNotices
from sla_rules.engine.quarantine import NEVER_CAUGHT, Guard, Quarantine
from sla_rules.engine.timers import TimerQueue
from sla_rules.figures.open_work import OpenWork
from sla_rules.figures.windows import Windows
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import Instant
from sla_rules.lead.facts import Forwarded
from sla_rules.limits import Limits


class Folding:
    """The leads, in a mapping that the caller gives and keeps durable, with what follows from each.

    Whatever judges leads raises a QuarantineLimitError where too many cannot be; nothing of it may be written then.
    """

    def __init__(
        self,
        rules: RuleBook,
        leads: MutableMapping[bytes, bytes],
        windows: Windows,
        open_work: OpenWork,
        published_notices: PublishedNotices,
        clocks: ClockChanges,
        limits: Limits,
    ) -> None:
        self.leads = leads
        self.quarantine = Quarantine(limits)
        self.timers = TimerQueue()
        self.unreconciled: set[bytes] = set()
        """Leads judged again under other agreements: still to be compared with what was published, and to be written."""
        self.unsent: set[bytes] = set()
        """Those among them that two owners knew, each of whom sent what it knew to be owed: they send everything."""
        self.clocks = clocks
        self._digest = rules.digest
        self._limits = limits
        self._open_work = open_work
        self._counted = Counted(windows, open_work)
        self._judging = Judging(rules, published_notices, self._counted, clocks)

    def index(self, lead: bytes, state: LeadState) -> LeadState:
        """Take a lead in that lies there as it was kept, or under other agreements judged again; its state.

        Raises:
            UnknownFormatError: it is damaged.

        """
        name = lead.decode()
        if state.digest in SET_ASIDE:
            self.quarantine.leads[lead] = ""
            self.unreconciled.add(lead)
            self.clocks.again.add(name)
        elif state.digest != self._digest:
            if state.digest == UNJUDGED:
                self.unsent.add(lead)
            stood, state = may_stand(state), self._judge_anew(lead, name, state).state
            if stood or may_stand(state):
                self.clocks.again.add(name)
        else:
            try:
                self._counted.put_in(state.contributions)
            except NEVER_CAUGHT:
                raise
            except Exception as error:  # noqa: BLE001 - damage is told from a fault by what follows from the facts
                judged = self._judge_anew(lead, name, state)
                if judged.failure is None:
                    message = f"lead state is damaged: {error}"
                    raise UnknownFormatError(message) from None
                state = judged.state
                self.clocks.again.add(name)
        if state.next_due is not None:
            self.timers.put(state.next_due, lead)
        return state

    def _judge_anew(self, lead: bytes, name: str, state: LeadState) -> Judged:
        """Judge a lead that is loaded; with the first passing of time, what follows is published and written."""
        judged = self._judging.judge_anew(name, state)
        self.quarantine.judged += 1
        if judged.failure is not None:
            self.quarantine.put(lead, judged.failure)
            self.quarantine.leads[lead] = ""  # it is judged once more then, and said
        self.leads[lead] = judged.data
        self.unreconciled.add(lead)
        return judged

    def step(
        self,
        lead: bytes,
        facts: Sequence[Forwarded],
        changes: Changes,
        now: Instant,
        ahead: Ahead | None,
        uncounted: Uncounted | None = None,
    ) -> Instant | None:
        """Join facts and judge their lead as of `now`; when time alone changes the verdict next.

        Where time has run ahead, what was known of the lead is set back first. Facts that are `uncounted` leave no fate.
        """
        data = self.leads.get(lead)
        before = None if data is None else decode(data)
        if before is not None and ahead is not None:
            before = ahead.set_back(before, now)
        known, refused = join(before, facts, self._limits)
        for fate in known.fates if uncounted is None else counted_fates(known.fates, refused, uncounted):
            changes.fates[fate] += 1
        if refused:
            changes.refused[lead] = refused
            if not known.facts:
                return None
        self.quarantine.judged += 1
        owes_all = bool(self.unsent) and lead in self.unsent
        judged = self._judging.judge(lead.decode(), before, data or b"", known, now, owes_all=owes_all)
        self._keep(lead, before, judged, changes)
        return judged.state.next_due

    def _keep(self, lead: bytes, before: LeadState | None, judged: Judged, changes: Changes) -> None:
        """Take note of what a lead has come to, and of what is to be written of it."""
        if judged.failure is not None:
            if self.quarantine.put(lead, judged.failure):
                changes.quarantined[lead] = judged.failure
        elif self.quarantine.leads and self.quarantine.leads.pop(lead, None) is not None:
            changes.released.append(lead)
        changes.notices.update(judged.notices)
        for target, forwarded in judged.forwards.items():
            changes.forwards.setdefault(target.encode(), []).extend(forwarded)
        for record in judged.clocks:
            changes.clocks[lead] = record
        state = judged.state
        if lead in self.unreconciled:
            self.clocks.again.discard(lead.decode())
            self.unreconciled.discard(lead)
            self.unsent.discard(lead)
            changes.states[lead] = judged.kept
        if state is before:
            return
        self.leads[lead], changes.states[lead] = judged.data, judged.kept
        looked_at_by = None if before is None else before.next_due
        if state.next_due is not None and (looked_at_by is None or state.next_due < looked_at_by):
            self.timers.put(state.next_due, lead)

    def wake(self, lead: bytes, changes: Changes, now: Instant, ahead: Ahead | None) -> bool:
        """Judge a lead whose time has come, or let it wait on where that has moved; whether it was judged."""
        data = self.leads.get(lead)
        next_due = None if data is None else decode(data).next_due
        has_come = next_due is not None and next_due <= now
        if has_come:
            next_due = self.step(lead, (), changes, now, ahead)
        if next_due is not None:
            self.timers.put(next_due, lead)
        return has_come

    def clocks_of(self, lead: bytes) -> bytes | None:
        """The record that has to stand of a lead's open clocks; None where there is to be none.

        A lead whose clocks cannot be said is judged again with the next passing of time, and set aside if that is so then.
        """
        data = self.leads.get(lead)
        if data is None:
            return None
        name, failures = lead.decode(), list[str]()
        with Guard(failures):
            return self.clocks.standing(name, decode(data))
        self.clocks.again.add(name)
        self.unreconciled.add(lead)
        return None

    def drop(self, lead: bytes) -> ToWrite:
        """Let a lead go: it is owed nothing any more, and stays in the figures. What to write of its open clocks."""
        state = decode(self.leads.pop(lead))
        for contribution in state.contributions:
            self._open_work.replace(contribution, None)
        gone = self.clocks.without(lead.decode(), state)
        self.unreconciled.discard(lead)
        self.clocks.again.discard(lead.decode())
        self.quarantine.leads.pop(lead, None)
        return gone
