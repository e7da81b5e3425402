"""What is said of a lead by the terms agreed, and by others beside them."""

from collections.abc import Sequence
from typing import NamedTuple

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import Instant, iso
from sla_rules.lead.counted_arrival import counted_arrival
from sla_rules.lead.facts import Fact
from sla_rules.reports.explained import Explanation
from sla_rules.time.intervals import BEGINNING
from wording.voice import Voice


class NothingKnown(Exception):
    """Nothing had been received for a lead; the message says so in words."""


class Answer(NamedTuple):
    """An explanation, and by which rules."""

    rules: RuleBook
    found: Explanation


def before_first(about: str, lead: str, facts: Sequence[Fact], until: Instant, voice: Voice) -> NothingKnown:
    """Why nothing can be said of a lead as of an instant before the first of its facts came."""
    first = min(counted_arrival(fact, BEGINNING) for fact in facts)
    said = voice.text("explain-before-first", about=about, lead=repr(lead), until=iso(until), first=iso(first))
    return NothingKnown(said)
