"""When the periods of a partition are published: those that are over, and those of history that facts have come for since.

One look through all leads at a time, whatever it is for.
"""

from collections.abc import Mapping

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.late_history import LateHistory
from sla_rules.engine.publication import Publishing, next_after
from sla_rules.figures.windows import Windows
from sla_rules.instants import Instant
from sla_rules.time.intervals import BEGINNING, Interval, hull


class PeriodEnds:
    """Looks through leads for what is to be published, and publishes it in the windows."""

    def __init__(self, rules: RuleBook, windows: Windows, leads: Mapping[bytes, bytes]) -> None:
        self.late_history = LateHistory(rules)
        self._rules, self._windows, self._leads = rules, windows, leads
        self._publishing: Publishing | None = None
        self._publishes_at: Instant | None = BEGINNING
        self._decided: Instant = BEGINNING
        """Up to when every figure that was to be published is, as far as is known here."""
        self._deciding: Instant = BEGINNING
        self._came_meanwhile: Interval | None = None
        """Where history came for while all leads were looked at."""

    @property
    def is_looking(self) -> bool:
        """Whether leads are being looked at."""
        return self._publishing is not None

    def set_back(self) -> None:
        """Find anew what is to be published: time has run back."""
        self._publishing, self._publishes_at, self._decided = None, BEGINNING, BEGINNING

    def fall_behind(self) -> None:
        """See which published figures the history that came is missing in."""
        span = self.late_history.take_span()
        if span is not None:
            self._windows.fall_behind(span)
            if self._publishing is not None:
                self._came_meanwhile = hull(self._came_meanwhile, span)

    def pass_time(self, now: Instant, stands_until: Instant | None, scan_budget: int | None) -> Mapping[bytes, str]:
        """Look at more leads; those that cannot be judged as of a period's end, and why: they are not in what is published.

        While history is being loaded, for some leads time `stands_until` an instant.
        """
        self.late_history.pass_time(now)
        if self._publishing is None:
            self._publishing = self._begun(now, stands_until)
        if self._publishing is None:
            return {}
        publishing = self._publishing
        if publishing.go_on(self._leads, scan_budget):
            self._publish(publishing)
        return publishing.take_failed()

    def next_due(self, now: Instant, stands_until: Instant | None) -> Instant | None:
        """When to begin to look next; None while leads are being looked at, or if never."""
        if self._publishing is not None:
            return None
        ahead = [self._publishes_at, self._quiet_at(now, stands_until) if self._windows.behind else None]
        return min((at for at in ahead if at is not None), default=None)

    def _begun(self, now: Instant, stands_until: Instant | None) -> Publishing | None:
        """The look for the periods that are over, or for history that has come since, if its time has come."""
        is_over = self._publishes_at is not None and self._publishes_at <= now
        is_quiet = bool(self._windows.behind) and self._quiet_at(now, stands_until) <= now
        if not (is_over or is_quiet):
            return None
        behind = self._windows.behind if is_quiet else ()
        publishing = Publishing(now, self._windows, self._rules, self._leads, self._decided, behind)
        if is_quiet:
            self.late_history.looked_again()
        if is_over:
            self._deciding, self._publishes_at = now, next_after(now, self._rules)
        return publishing

    def _quiet_at(self, now: Instant, stands_until: Instant | None) -> Instant:
        """When leads are looked at again for what was published of history: not while more is being loaded."""
        return max(self.late_history.quiet_at(now), BEGINNING if stands_until is None else stands_until)

    def _publish(self, publishing: Publishing) -> None:
        history = publishing.history
        for key, tally in publishing.sums.items():
            self._windows.publish(key, tally, history=key in history)
        self._publishing, self._decided = None, self._deciding
        if self._came_meanwhile is not None:
            self._windows.fall_behind(self._came_meanwhile)
            self._came_meanwhile = None
