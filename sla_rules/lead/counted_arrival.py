"""When does a fact count as arrived? History was not told late: before the service listened, nobody was there to be told."""

from sla_rules.instants import Instant
from sla_rules.lead.facts import Fact


def counted_arrival(fact: Fact, listening_since: Instant) -> Instant:
    """When a fact counts as arrived: at its own time if that lies before the service listened, else when it came."""
    return fact.time if fact.time <= listening_since else fact.arrival
