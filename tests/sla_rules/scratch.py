"""The oracle of the laws: everything that follows from a history, worked out at once and with nothing kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.clock_records import record
from sla_rules.engine.codec import decode
from sla_rules.engine.published_notices import RETRACTED
from sla_rules.evaluation.contributions import UNFIGURED, Contribution, RetentionContribution
from sla_rules.evaluation.notices import notice_event
from sla_rules.evaluation.tallies import Tally, total
from sla_rules.evaluation.verdicts import assess, tallies_of
from sla_rules.figures.windows import WindowKey, intervals_of
from sla_rules.instants import Instant
from sla_rules.lead.erasure import Gone, deleted, erased, mark
from sla_rules.lead.facts import Fact, Merged, deletes, fingerprint
from sla_rules.lead.history import history as counting
from sla_rules.notation import MONTHS
from sla_rules.time.periods import period_of
from tests.script import History

Figures = dict[WindowKey, Tally]


@dataclass(frozen=True)
class Outcome:
    """What a history comes to: facts, shares and open clocks by lead, figures by window, and the breaches that stand."""

    facts: dict[str, bytes]
    contributions: dict[str, tuple[Contribution, ...]]
    figures: Figures
    standing: dict[str, bytes]
    clocks: dict[str, bytes]


def outcome(rules: RuleBook, history: History, end: Instant) -> Outcome:
    """What the history comes to, by the definitions alone: each lead judged by all that was told of any."""
    own = {lead: facts_of([fact for name, fact in history if name == lead]) for lead, _ in history}
    told = forwarded(own)
    facts = {lead: erased(lead, known, deleted(lead, known), rules.asked) for lead, known in told.items()}
    found = {lead: assess(rules, lead, counting(lead, everything(own, lead)), end) for lead in facts}
    contributions = {
        lead: tuple(assessment.contribution for assessment in assessments) for lead, assessments in found.items()
    }
    notices = [notice for assessments in found.values() for a in assessments for notice in a.notices]
    return Outcome(
        facts={lead: msgspec.msgpack.encode(known) for lead, known in facts.items()},
        contributions=contributions,
        figures=figures_of(rules, (contribution for kept in contributions.values() for contribution in kept)),
        standing={notice.key: notice_event(notice) for notice in notices},
        clocks={
            lead: value for lead in facts if (value := record(lead, found[lead], facts[lead][-1].time)) is not None
        },
    )


def everything(own: Mapping[str, Sequence[Fact]], lead: str) -> tuple[Fact, ...]:
    """All that was told of any lead, as `lead` would know it."""
    return facts_of(
        fact if name == lead else msgspec.structs.replace(fact, origin=name)
        for name, told in own.items()
        for fact in told
    )


def forwarded(own: Mapping[str, tuple[Fact, ...]]) -> dict[str, tuple[Fact, ...]]:
    """The facts by lead once each has reached every lead that mergers, right or wrong, may take it to.

    And once a mark has reached every lead whose data goes with a deletion, and from there what its facts have reached.
    """
    into = {(lead, fact.into) for lead, told in own.items() for fact in told if isinstance(fact, Merged)}
    of_subject = {
        (fact.subject, lead, fact.into) for lead, told in own.items() for fact in told if isinstance(fact, Merged)
    }
    known = {lead: list(told) for lead, told in own.items()}
    reach = closure(into)
    for lead, told in own.items():
        for subject in {fact.subject for fact in told if deletes(fact)}:
            ways = closure({(loser, name) for about, loser, name in of_subject if about == subject})
            for loser in {loser for loser, name in ways if name == lead} - {lead}:
                known[loser].append(mark(Gone(subject, loser)))
    for lead, here in [(lead, list(here)) for lead, here in known.items()]:
        sent = [fact if fact.origin else msgspec.structs.replace(fact, origin=lead) for fact in here]
        for target in {name for loser, name in reach if loser == lead} - {lead}:
            known.setdefault(target, []).extend(sent)
    return {lead: facts_of(told) for lead, told in known.items()}


def closure(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Whoever can be reached from whom, in steps as small as the pairs."""
    while more := {(first, last) for first, middle in pairs for again, last in pairs if middle == again} - pairs:
        pairs = pairs | more
    return pairs


def facts_of(told: Iterable[Fact]) -> tuple[Fact, ...]:
    """Of each id a deletion, else the lowest (time, hash), with the earliest arrival; by time, type, id and source."""
    by_name: dict[tuple[str, str, str | None, str | None], list[Any]] = {}
    for fact in told:
        by_name.setdefault((fact.source, fact.id, fact.origin, fact.subject), []).append(fact)
    kept = []
    for same in by_name.values():
        arrival = min(fact.arrival for fact in same)
        kept.append(arrived(min(same, key=lambda fact: (not deletes(fact), fact.time, fingerprint(fact))), arrival))
    return tuple(sorted(kept, key=_in_order))


def _in_order(fact: Any) -> tuple[Any, ...]:
    return fact.time, fact.rank, fact.id, fact.source, fact.origin or "", fact.subject or ""


def arrived(fact: Any, arrival: Instant) -> Any:
    """The fact with an arrival, and what a correction puts in with the same."""
    instead = getattr(fact, "instead", None)
    inner = {} if instead is None else {"instead": msgspec.structs.replace(instead, arrival=arrival)}
    return msgspec.structs.replace(fact, arrival=arrival, **inner)


def figures_of(rules: RuleBook, contributions: Iterable[Contribution]) -> Figures:
    """The figures of every window that any of the shares adds to; a deal may lie where it adds nothing any more."""
    tallies: dict[WindowKey, list[Tally]] = {}
    for contribution in contributions:
        if isinstance(contribution, UNFIGURED):
            continue
        term = rules.terms[contribution.term]
        year_begins = MONTHS.index(rules.versions[term.name[0]][-1].agreement.year_begins) + 1
        for at, tally in tallies_of(contribution, rules):
            length = contribution.interval if isinstance(contribution, RetentionContribution) else None
            for interval in [one for one in intervals_of(term) if length in {None, one}]:
                first = period_of(interval, at, term.zone, year_begins).first
                key = WindowKey(*term.name, contribution.segment, interval, first)
                tallies.setdefault(key, []).append(tally)
    sums = {key: total(found) for key, found in tallies.items()}
    return {key: tally for key, tally in sums.items() if tally}


def observed(
    states: Mapping[bytes, bytes],
    figures: Mapping[WindowKey, Tally],
    records: Mapping[str, bytes],
    clocks: Mapping[bytes, bytes],
) -> Outcome:
    """The same of what a partition has kept and told; windows that were emptied count as those never filled."""
    kept = {lead.decode(): decode(data) for lead, data in states.items()}
    return Outcome(
        facts={lead: bytes(state.packed) for lead, state in kept.items()},
        contributions={lead: state.contributions for lead, state in kept.items()},
        figures={key: tally for key, tally in figures.items() if tally},
        standing=standing_of(records),
        clocks={lead.decode(): value for lead, value in clocks.items()},
    )


def standing_of(records: Mapping[str, bytes]) -> dict[str, bytes]:
    """The last record of each key, where it is no retraction."""
    return {key: value for key, value in records.items() if msgspec.json.decode(value)["type"] != RETRACTED}
