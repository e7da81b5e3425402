"""Every verdict on one lead: a pure function of its facts, the agreements in force, and now."""

from collections.abc import Sequence
from typing import Any

from sla_rules.agreement import Depth, Speed
from sla_rules.cycles import cycles
from sla_rules.figures import Tally
from sla_rules.instants import Instant
from sla_rules.obligations import depth, speed, volume
from sla_rules.obligations.assessment import Assessment, Case
from sla_rules.obligations.shares import DepthShare, Share, SpeedShare
from sla_rules.rulebook import RuleBook


def assess(rules: RuleBook, lead: str, facts: Sequence[Any], now: Instant) -> list[Assessment]:
    """What every obligation says of every cycle of a lead. Speed and depth judge cycles; volume counts a lead once."""
    found: list[Assessment] = []
    delivered: set[tuple[str, str]] = set()
    for cycle in cycles(facts):
        for version, segment in rules.applying(cycle.fields, cycle.start):
            for term in version.terms:
                case = Case(term, segment, lead, cycle, rules.historic_after)
                terms = term.obligation
                if isinstance(terms, Speed):
                    found.append(speed.assess(case, terms, now))
                elif isinstance(terms, Depth):
                    found.append(depth.assess(case, terms, now))
                elif term.name not in delivered:
                    delivered.add(term.name)
                    found.append(volume.assess(case))
    return found


def tally_of(share: Share, rules: RuleBook) -> Tally:
    """What a share adds to the figures of each of its periods."""
    if isinstance(share, SpeedShare):
        terms = rules.terms[share.term].obligation
        return speed.tally(share, terms) if isinstance(terms, Speed) else {}
    if isinstance(share, DepthShare):
        return depth.tally(share)
    return volume.tally(share)
