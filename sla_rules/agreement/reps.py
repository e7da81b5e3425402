"""Who serves the leads, how many of them each may have, and how long that takes, as it stands in an agreement."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from sla_rules.agreement.goals import Amount
from sla_rules.agreement.parties import Person
from sla_rules.fitting import Misfit, fits
from sla_rules.notation import Duration, Frozen, Identifier, Line, Name, Share

Leads = Annotated[int, Field(ge=1, le=1_000_000)]


class Limits(Frozen):
    """How many leads one rep may have at most; None for no limit."""

    open_leads: Leads | None = None
    """At the same time. How many that is in a month follows from `open_for` of the capacity."""
    leads_a_month: Leads | None = None
    """Handed over in one month of the calendar."""


class Rep(Person):
    """Somebody whom leads are handed to."""

    id: Name
    """As events name the rep."""
    team: Line | None = None
    """One of `teams`, whose contacts hear of it too."""
    limits: Limits = Limits()
    """Of this rep; what it leaves out is that of `capacity`."""


class Capacity(Frozen):
    """The reps who serve the leads of an obligation of volume, and what one lead takes of their time."""

    obligation: Identifier
    """Whose leads they serve."""
    reps: Annotated[int, Field(ge=1, le=1_000_000)]
    time_per_attempt: Duration
    """Working time of one attempt, with what comes before and after it."""
    attempts_per_lead: Annotated[Amount, Field(ge=Decimal("0.01"), le=1_000)]
    """On average."""
    open_for: Duration | None = None
    """How long a lead stays with a rep on average; without it, `open_leads` does not limit how many are served."""
    share_for_marketing: Share = Decimal(1)
    """Share of their working time that goes into these leads."""
    share_for_own: Share | None = None
    """Share that goes into leads they find themselves; what is left is for everything else."""
    calendar: Identifier | None = None
    """Which of `calendars` they keep; None for the agreement's own."""
    limits: Limits = Limits()
    """Of each rep, unless `reps` says otherwise of one."""

    @fits
    def _have_one_working_time(self) -> Iterator[Misfit]:
        if self.share_for_own is not None and self.share_for_marketing + self.share_for_own > 1:
            yield ("share_for_own",), "share_for_marketing and share_for_own are more than all of the time"
