"""All that the owner of one partition knows: its leads, their deadlines, the figures, and what has been published.

No I/O: the leads lie in a mapping that the caller gives and keeps durable; what has to be written comes back as
`Changes`. Between `Changes` of one call and the next nothing may be lost, so the caller writes them before it goes on.
"""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.ahead import TOLERATED, Ahead
from sla_rules.engine.backfill import STANDING, Backfill
from sla_rules.engine.changes import Changes
from sla_rules.engine.clock_changes import ClockChanges
from sla_rules.engine.codec import SET_ASIDE, decode, encode
from sla_rules.engine.expiry import ExpiryScan, first_after, horizon_at
from sla_rules.engine.folding import Folding
from sla_rules.engine.joining import Uncounted
from sla_rules.engine.period_ends import PeriodEnds
from sla_rules.engine.publication import published_never_before
from sla_rules.engine.published_notices import PublishedNotices
from sla_rules.engine.rewriting import Rewriting
from sla_rules.figures.open_work import OpenWork
from sla_rules.figures.team_labels import TeamLabels
from sla_rules.figures.windows import Figures, WindowKey, Windows
from sla_rules.formats import UnknownFormatError
from sla_rules.instants import Duration, Instant
from sla_rules.lead.facts import Fact, Forwarded, Watched
from sla_rules.limits import DEFAULT, Limits

ALL: Final[Mapping[bytes, Uncounted]] = {}
"""Of all facts their fates are counted."""
BEFORE_ALL: Instant = -(2**62)
AFTER_ALL: Instant = 2**62


class PartitionState:
    """One partition's leads under one rule book. `now` is how far its time has come; only `set_back` lets it run back.

    Records of open clocks are among what follows unless `clocks` says otherwise.
    Whatever judges leads raises a QuarantineLimitError where too many cannot be; nothing of it may be written then.
    """

    def __init__(
        self,
        rules: RuleBook,
        leads: MutableMapping[bytes, bytes],
        teams: TeamLabels | None = None,
        limits: Limits = DEFAULT,
        *,
        clocks: bool = True,
    ) -> None:
        self.rules = rules
        self.leads = leads
        self.now: Instant = BEFORE_ALL
        self.windows = Windows(rules)
        self.open_work = OpenWork(rules, teams)
        self.published_notices = PublishedNotices()
        self._folding = Folding(
            rules,
            leads,
            self.windows,
            self.open_work,
            self.published_notices,
            ClockChanges(rules, wanted=clocks),
            limits,
        )
        self._period_ends = PeriodEnds(rules, self.windows, leads)
        self.backfill = Backfill()
        self._expiry: ExpiryScan | None = None
        self._freezes_at: Instant | None = BEFORE_ALL if rules.keep is not None else None
        self._rewriting = Rewriting()
        self._inactive_since: Instant = BEFORE_ALL
        """Since when at the earliest any lead may have been inactive."""
        self._reached: Instant = BEFORE_ALL
        """How far the time of former owners had come, by what they left."""
        self._ahead: Ahead | None = None

    def load(
        self,
        notices: Iterable[bytes] = (),
        figures: Mapping[WindowKey, Figures] | None = None,
        *,
        notices_lost: bool = False,
        clocks: Iterable[bytes] | None = None,
        taken_over_at: Instant | None = None,
    ) -> None:
        """Take the partition over: index the leads that lie in the mapping, and read back what has been published.

        Leads kept under other agreements are judged again, as of the time they had reached. Where notices are known to be
        lost, or nothing was ever published though there were breaches, each lead is compared with what was published. Where records
        of open clocks may be lost, or stand that should not, all are written again; `clocks` are the leads that have one now. What had
        arrived when it was `taken_over_at` from somebody may have had such records written that nobody knows of.

        Raises:
            UnknownFormatError: what lies there is none of ours, or damaged.

        """
        if taken_over_at is not None:
            self._folding.clocks.taken_over_at = taken_over_at
        self._inactive_since = AFTER_ALL if self.leads else BEFORE_ALL
        standing: list[Instant] = []
        for lead, data in self.leads.items():
            try:
                state = self._folding.index(lead, decode(data))
            except (LookupError, OverflowError, UnicodeDecodeError) as broken:
                message = f"lead state is damaged: {broken}"
                raise UnknownFormatError(message) from None
            self._inactive_since = min(self._inactive_since, state.last_arrival)
            self._reached = max(self._reached, state.as_of)
            if state.as_of == STANDING and state.next_due is not None:
                standing.append(state.last_arrival)
        if standing:
            self.backfill.take_over(min(standing), max(standing))
        self.open_work.settle()
        for value in notices:
            self.published_notices.read_back(value)
        self.windows.read_back(figures or {})
        if notices_lost or (not self.published_notices.leads and self.windows.has_breaches):
            self._folding.unreconciled.update(self.leads)
        if clocks is not None:
            self._rewriting.begin_clocks(self.leads, clocks)
        published = (published_never_before(key, self.rules) for key in self.windows.published)
        self._reached = max(self._reached, self.published_notices.latest or BEFORE_ALL, *published)

    def is_ahead_of(self, now: Instant) -> bool:
        """Whether anything was decided here as of a time that, by the broker's clock at `now`, had not come."""
        return max(self.now, self._reached) > now + TOLERATED

    def set_back(self, now: Instant) -> Changes:
        """Where time has run ahead of the broker's clock, set it back to `now` and retract what was published of it.

        Notices of deadlines that have not passed and figures of periods that are not over are retracted at once, and
        published again when their time comes. Leads that were judged too early are looked for a few at a time once time has
        come to anything here (`is_looking`); one that something comes of before is set back then. What left, has left.
        """
        changes = Changes()
        if not self.is_ahead_of(now):
            return changes
        self.now, self._reached = min(self.now, now), now
        self._ahead = Ahead(now, self.leads)
        changes.notices.update(self.published_notices.take_back_from(now))
        for key in [key for key in self.windows.published if published_never_before(key, self.rules) > now]:
            self.windows.withdraw(key)
        self._period_ends.set_back()
        if self.rules.keep is not None:
            self._expiry, self._freezes_at = None, BEFORE_ALL
        return changes

    def watch(self, keys: Iterable[bytes], now: Instant) -> Changes:
        """Watch deliverables, that no event may ever come for, since `now` or since they have been watched before that."""
        fresh = {key: [Watched(now, now, "/leadsla", "watched")] for key in keys if not self._is_watched(key, now)}
        return self.fold(fresh)

    def _is_watched(self, key: bytes, now: Instant) -> bool:
        data = self.leads.get(key)
        facts = () if data is None else decode(data).facts
        return data is not None and not any(isinstance(fact, Watched) and fact.time > now for fact in facts)

    def absorb_foreign_writes(
        self,
        states: Iterable[tuple[bytes, bytes | None]],
        notices: Iterable[tuple[str, bytes | None]],
        figures: Iterable[WindowKey],
        clocks: Iterable[bytes] = (),
    ) -> Changes:
        """Make good what a former owner wrote after the partition had been taken over, or took out of a topic.

        Its facts join; with the next passing of time, its leads are compared with what was published and written again, and
        so are the figures and the open clocks of leads, so that the last record of each key is ours.
        """
        facts: dict[bytes, list[Fact]] = {}
        touched: set[bytes] = set()
        for lead, data in states:
            touched.add(lead)
            if data is not None:
                facts.setdefault(lead, []).extend(decode(data).facts)
        for key, value in notices:
            about = self.published_notices.wiped(key) if value is None else self.published_notices.overwritten(value)
            touched |= set() if about is None else {about}
        self._reached = max(self._reached, self.published_notices.latest or BEFORE_ALL)
        changes = self.fold(facts)
        told = set(clocks)
        known = (touched | told) & self.leads.keys()
        self._folding.unreconciled |= known
        self._folding.clocks.again.update(lead.decode() for lead in known)
        changes.clocks |= dict.fromkeys(told - known)
        self.windows.changed.update(key for key in figures if key.agreement in self.rules.versions)
        return changes

    def write_again(
        self,
        *,
        states: bool = False,
        notices: bool = False,
        figures: bool = False,
        forwards: bool = False,
        clocks: bool = False,
    ) -> None:
        """Have written again, as time passes, what a topic no longer holds: a few leads at a time, figures at once."""
        if states:
            self._rewriting.begin_states(self.leads)
        if notices:
            self._rewriting.begin_notices(self.published_notices)
        if forwards:
            self._rewriting.begin_forwards(self.leads)
        if clocks:
            self._rewriting.begin_clocks(self.leads)
        if figures:
            self.windows.tell_all()

    @property
    def is_whole(self) -> bool:
        """Whether the topics hold what they have to, but for figures."""
        return self._rewriting.is_over and not self._folding.unreconciled

    def fold(self, arrived: Mapping[bytes, Sequence[Forwarded]], uncounted: Mapping[bytes, Uncounted] = ALL) -> Changes:
        """Join facts, by lead, to what is known; time stays where it is. Those `uncounted` leave no fate."""
        changes = Changes()
        for lead, facts in arrived.items():
            before = self._facts_of(lead) if self._period_ends.late_history.is_in(facts) else None
            now = self.now if self.backfill.until is None else self._time_of(lead, facts)
            self._folding.step(lead, facts, changes, now, self._ahead, uncounted.get(lead) if uncounted else None)
            if before is not None:
                self._period_ends.late_history.learn(lead.decode(), before, self._facts_of(lead))
        self._period_ends.fall_behind()
        return changes

    def _time_of(self, lead: bytes, arrived: Sequence[Forwarded]) -> Instant:
        """What time it is for a lead that facts arrived for while history is being loaded."""
        data = self.leads.get(lead)
        holds = self.backfill.holds(None if data is None else decode(data), arrived)
        return STANDING if holds else self.now

    def _facts_of(self, lead: bytes) -> Sequence[Fact]:
        data = self.leads.get(lead)
        return () if data is None else decode(data).facts

    def advance_to(self, now: Instant, max_leads: int | None = None, scan_budget: int | None = None) -> Changes:
        """Let time come to `now`: judge every lead whose verdict that changes, publish every period that it ends.

        `max_leads` bounds how many leads are judged; while `next_due` is not after `now`, there are more. `scan_budget` bounds how
        many are looked at beside, for what is published and who leaves, 0 none; while `is_looking`, there are more.
        """
        self.now = max(self.now, now)
        changes = Changes()
        steps = 0
        if self._ahead is not None and self.now > BEFORE_ALL:
            self._find_ahead(self._ahead, scan_budget)
        for lead in self._rewriting.merged(self.leads, scan_budget):
            self._folding.unsent.add(lead)
            self._folding.unreconciled.add(lead)
        while self._folding.unreconciled and steps != max_leads:
            self._folding.step(next(iter(self._folding.unreconciled)), (), changes, self.now, self._ahead)
            steps += 1
        for lead in self.backfill.pass_time(self.now):
            self._folding.timers.put(self.now, lead)
        while steps != max_leads and (due := self._folding.timers.take(self.now)) is not None:
            steps += self._wake(due[1], changes)
        changes.states.update(self._rewriting.states(self.leads, scan_budget))
        changes.notices.update(self._rewriting.notices(self.published_notices, scan_budget))
        changes.clocks.update(self._rewriting.clocks(self._folding.clocks_of, scan_budget))
        if self.now == BEFORE_ALL:  # what was lost may have to be written again before any time has come
            return changes
        for lead, why in self._period_ends.pass_time(self.now, self.backfill.until, scan_budget).items():
            if decode(self.leads[lead]).digest not in SET_ASIDE:
                self._folding.quarantine.count(lead, why)
                changes.unpublished[lead] = why
        if self.rules.keep is not None and not self._period_ends.is_looking and not self.windows.behind:
            self._expire(self.rules.keep, changes, scan_budget)
        return changes

    def _wake(self, lead: bytes, changes: Changes) -> bool:
        """Judge a lead whose time has come, or let it wait; whether that took as long as a verdict."""
        if self.backfill.until is not None:
            data = self.leads.get(lead)
            if data is not None and self.backfill.is_standing(decode(data)):
                self.backfill.waiting.append(lead)
                return True
        return self._folding.wake(lead, changes, self.now, self._ahead)

    def _find_ahead(self, ahead: Ahead, scan_budget: int | None) -> None:
        """Have leads that were judged too early judged again, compared with what was published and written."""
        for lead, state in ahead.go_on(self.leads, self.now, scan_budget):
            self.leads[lead] = encode(state)
            self._folding.unreconciled.add(lead)
        if ahead.is_over:
            self._ahead = None

    def _expire(self, keep: Duration, changes: Changes, scan_budget: int | None) -> None:
        """Freeze the periods that begin to lose leads; once that has been published, let leads go."""
        if self._expiry is None and self._freezes_at is not None and self._freezes_at <= self.now:
            horizon = horizon_at(self.now, keep)
            self.windows.freeze(horizon)
            self._freezes_at = first_after(self.now, 0)
            if self._inactive_since < horizon:
                self._expiry = ExpiryScan(horizon, self.leads, self.published_notices.leads)
        if self._expiry is None or self.windows.owes_frozen:
            return
        for lead in self._expiry.go_on(self.leads, scan_budget):
            for record in self._folding.drop(lead):
                changes.clocks[lead] = record
            changes.left.append(lead)
            changes.forgotten += self.published_notices.forget(lead.decode())
        for name in self.published_notices.left_over(
            self._expiry.published_of(scan_budget), self.leads, self._expiry.horizon
        ):
            changes.forgotten += self.published_notices.forget(name)
        if self._expiry.is_over:
            since = self._expiry.inactive_since
            self._inactive_since, self._expiry = self.now if since is None else min(self.now, since), None

    @property
    def is_looking(self) -> bool:
        """Whether all leads are being looked at: who is ahead, what is published, who leaves if nothing is to be published first."""
        return (
            self._period_ends.is_looking
            or not self._rewriting.is_over
            or (self._ahead is not None and self.now > BEFORE_ALL)
            or (self._expiry is not None and not self.windows.owes_frozen)
        )

    @property
    def next_due(self) -> Instant | None:
        """When there is next something for time to decide; it may turn out that an event has decided it already."""
        if self._folding.unreconciled:
            return self.now
        until = self.backfill.until
        ahead = [self._folding.timers.next, until, self._period_ends.next_due(self.now, until)]
        if not self._period_ends.is_looking and not self.windows.behind and self._expiry is None:
            ahead.append(self._freezes_at)
        return min((at for at in ahead if at is not None), default=None)

    @property
    def next_timer(self) -> Instant | None:
        """When time has to pass next, for something to decide or to look on."""
        return self.now if self.is_looking else self.next_due

    @property
    def quarantined(self) -> int:
        """How many leads are set aside, since they cannot be judged."""
        return len(self._folding.quarantine.leads)
