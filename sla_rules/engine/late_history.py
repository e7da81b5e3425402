"""What comes of the time before the service listened, and when the windows that it is about are looked at again.

What was published of history follows the facts by looking through all leads again, a few at a time. That is not done for each
batch that brings some, but once no more has come for a while, or after a minute at the latest.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.places import Places
from sla_rules.instants import MINUTE, SECOND, Duration, Instant
from sla_rules.lead.facts import Asked, Fact, Forwarded
from sla_rules.time.intervals import BEGINNING, Interval, hull

QUIET: Final[Duration] = 5 * SECOND
"""How long nothing more has to have come."""
LONGEST: Final[Duration] = MINUTE
"""How long what came first waits at most."""


class LateHistory:
    """Takes note of facts from before the service listened, of one partition."""

    def __init__(self, rules: RuleBook) -> None:
        self._since: Final = max(rules.listening_since.values(), default=BEGINNING)
        self._places = Places(rules)
        self._span: Interval | None = None
        self._more_came = False
        self._waits_since: Instant | None = None
        self._quiet_at: Instant = BEGINNING

    def is_in(self, facts: Iterable[Forwarded]) -> bool:
        """Whether any of the facts that arrived is of history."""
        since = self._since
        for fact in facts:  # noqa: SIM110 - asked for every fact that arrives: a generator takes longer
            if fact.time <= since and type(fact) is not Asked:
                return True
        return False

    def learn(self, lead: str, before: Sequence[Fact], after: Sequence[Fact]) -> None:
        """Take note of what is known of a lead that history came for, and was known before."""
        places = set(self._places.of(lead, before, self._since)) | set(self._places.of(lead, after, self._since))
        if not places:
            return
        self._more_came = True
        self._span = hull(self._span, Interval(min(places), max(places) + 1))

    def take_span(self) -> Interval | None:
        """Where leads may have a part in figures that history came for since this was asked last."""
        span, self._span = self._span, None
        return span

    def pass_time(self, now: Instant) -> None:
        """Wait from now on, if more has come since time passed last."""
        if self._more_came:
            self._waits_since = now if self._waits_since is None else self._waits_since
            self._quiet_at = min(now + QUIET, self._waits_since + LONGEST)
            self._more_came = False

    def looked_again(self) -> None:
        """Forget how long it has been waited for: the leads are being looked at again."""
        self._waits_since = None

    def quiet_at(self, now: Instant) -> Instant:
        """When the leads are to be looked at again, as far as is known at `now`."""
        return now if self._more_came else self._quiet_at
