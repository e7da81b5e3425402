"""What stands of the agreements that ship by the events that are kept of them, and the events themselves."""

from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from leadsla.event_files.evidence import evidence_of
from sla_rules.instants import DAY, Instant
from sla_rules.reports.replay import watched
from sla_rules.whole_agreement.agreement_state import AgreementState
from sla_rules.whole_agreement.known_agreements import KnownAgreement, KnownAgreements
from tests.agreements.examples import example
from tests.leadsla.golden_replays import FOLDER, UNTIL
from tests.sla_rules.clocks import at
from tests.sla_rules.reports.test_period_figures import PARTITIONS, from_topics
from tests.sla_rules.whole_agreement.test_agreement_state import records_of

__all__ = ["UNTIL", "events_of", "standing"]

_HOUR: Final = "12:00"


def events_of(name: str) -> Path:
    """The file of events."""
    return FOLDER / name / "events.jsonl"


@cache
def standing(name: str, days: int = 0) -> tuple[Instant, KnownAgreement]:
    """What an owner would have written so many days after the kept replay, and when that is."""
    rules, now = example(name), at(f"{UNTIL[name]} {_HOUR}") + days * DAY
    evidence = evidence_of(str(events_of(name)), rules.vocabulary, rules)
    first = min(fact.time for fact in chain.from_iterable(evidence.facts.values()))
    facts = {
        key: [fact for fact in told if fact.arrival <= now]
        for key, told in watched(rules, evidence.facts, first).items()
    }
    (agreement,) = rules.versions
    state, known = AgreementState(rules, agreement, PARTITIONS), KnownAgreements()
    for one in records_of(rules, from_topics(rules, facts, now)):
        state.take(*one)
    for key, value in state.changes(now).items():
        known.take(0, key, value)
    (found,) = known.by_name().values()
    return now, found
