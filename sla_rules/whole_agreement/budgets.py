"""How much may still be missed in a period that runs: by exact fractions of what is known of it.

Of n that are decided or open, a target of the share s leaves the whole number in n x (1 - s) to be missed. Who comes later adds
to n, so that a budget that is used up may grow again; where all were promised there is none to begin with.
"""

from math import floor

from sla_rules.agreement.obligations import Availability, Obligation, Volume
from sla_rules.evaluation.tallies import Tally
from sla_rules.reports.settlement import targets
from sla_rules.time.periods import Period
from sla_rules.whole_agreement.records import DowntimeBudget, LeadBudget


def lead_budget(terms: Obligation, tally: Tally) -> LeadBudget | None:
    """How many leads, deliveries or customers may still be missed; None without any, without a share, and of other kinds."""
    share = next((part.agreed for part in targets(terms, tally) if part.name == "share"), None)
    used = tally.get("breached", 0)
    count = tally.get("met", 0) + used + tally.get("open", 0)
    if share is None or not count or isinstance(terms, Availability | Volume):
        return None
    allowed = floor(count * (1 - share))
    return LeadBudget(allowed=allowed, used=used, left=max(allowed - used, 0), is_out_of_reach=used > allowed)


def downtime_budget(terms: Obligation, period: Period, tally: Tally) -> DowntimeBudget | None:
    """For how long services may still be down, of the whole period; None while none is watched, and of other kinds."""
    if not isinstance(terms, Availability):
        return None
    (share,) = (part.agreed for part in targets(terms, tally))
    whole = tally.get("available", 0) + tally.get(f"ahead:{period.interval}", 0)
    if not whole:
        return None
    allowed, used = floor(whole * (1 - share)), tally.get("down", 0)
    return DowntimeBudget(allowed=allowed, used=used, left=max(allowed - used, 0), is_out_of_reach=used > allowed)
