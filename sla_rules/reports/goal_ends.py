"""What was known of a goal's leads and deals at the end of each of its periods, by what had been received until then.

A customer who is won in March makes a lead of January a conversion of January. Who looked at the end of January did not
know of it, and neither does the row of the ledger that says what was known then.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sla_rules.agreement.obligations import Volume
from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.engine.quarantine import Guard
from sla_rules.evaluation.tallies import Tally, add, subtract
from sla_rules.evaluation.verdicts import assess
from sla_rules.figures.windows import WindowKey, parts_of
from sla_rules.instants import Instant
from sla_rules.lead.counted_arrival import counted_arrival
from sla_rules.lead.facts import Fact
from sla_rules.lead.history import history
from sla_rules.notation import Granularity
from sla_rules.reports.facts_by_key import Facts, connected, known_by, propagate_merges

_Windows = dict[WindowKey, Tally]


class _Goal(NamedTuple):
    """An interval that an obligation has a goal for, under any of its versions."""

    agreement: str
    obligation: str
    interval: Granularity


def learned_by_goal_ends(rules: RuleBook, facts: Facts, until: Instant) -> dict[Instant, _Windows]:
    """By the end of a goal's period, what the goal's windows had come to since the end of the period before.

    What had arrived by an end counts, judged as of it. An end by which nothing had arrived since the one before is left out.
    """
    found: defaultdict[Instant, _Windows] = defaultdict(dict)
    volumes = _of_volume(rules)
    for since, goals in _goals(rules).items():
        for keys in connected(facts):
            told = {key: facts[key] for key in keys}
            before: defaultdict[_Goal, _Windows] = defaultdict(dict)
            for end, ending in sorted(_ends(goals, told, until, since).items()):
                known = _known(volumes, told, end, since)
                for goal in ending:
                    windows = {key: tally for key, tally in known.items() if _is_of(key, goal)}
                    _add_difference(found[end], before[goal], windows)
                    before[goal] = windows
    return found


def _goals(rules: RuleBook) -> dict[Instant, dict[_Goal, Term]]:
    """By since when the service listens, each with a term that knows its periods: all versions have the same."""
    found: defaultdict[Instant, dict[_Goal, Term]] = defaultdict(dict)
    for term in rules.terms:
        if isinstance(term.obligation, Volume):
            found[term.listening_since][_Goal(*term.name, term.obligation.interval)] = term
    return found


def _of_volume(rules: RuleBook) -> RuleBook:
    """The same agreements, of which nothing but volume is judged."""
    return RuleBook(
        [
            version.agreement.model_copy(
                update={"obligations": tuple(one for one in version.agreement.obligations if isinstance(one, Volume))}
            )
            for versions in rules.versions.values()
            for version in versions
        ],
        listening_since=rules.listening_since,
    )


def _ends(goals: Mapping[_Goal, Term], told: Facts, until: Instant, since: Instant) -> dict[Instant, list[_Goal]]:
    """The ends of periods by which more was known than by the end before, and whose they are."""
    found: defaultdict[Instant, list[_Goal]] = defaultdict(list)
    arrivals = {counted_arrival(fact, since) for facts in told.values() for fact in facts}
    for goal, term in goals.items():
        for end in {term.period(goal.interval, arrival - 1).end for arrival in arrivals}:
            if end <= until:
                found[end].append(goal)
    return found


def _known(rules: RuleBook, told: Facts, end: Instant, since: Instant) -> _Windows:
    found: _Windows = {}
    for lead, known in propagate_merges(known_by(told, end, since)).items():
        with Guard([]):  # a lead that cannot be judged has no part in anything
            for key, tally in list(_parts(rules, lead, known, end)):
                add(found.setdefault(key, {}), tally)
    return found


def _parts(rules: RuleBook, lead: str, known: tuple[Fact, ...], end: Instant) -> Iterator[tuple[WindowKey, Tally]]:
    for assessment in assess(rules, lead, history(lead, known), end):
        yield from parts_of(assessment.contribution, rules)


def _is_of(key: WindowKey, goal: _Goal) -> bool:
    return (key.agreement, key.obligation, key.interval) == goal


def _add_difference(to: _Windows, before: _Windows, now: _Windows) -> None:
    for key in before.keys() | now.keys():
        gained = dict(now.get(key, {}))
        subtract(gained, before.get(key, {}))
        if gained:
            add(to.setdefault(key, {}), gained)
