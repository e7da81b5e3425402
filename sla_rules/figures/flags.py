"""Flagged attempts as figures: by team and flag from a tally, and how much of that a record holds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from sla_rules.agreement.flags import FLAGS, Flag
from sla_rules.evaluation.flags import FLAGGED, figure_of, of_figure
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.obligation_figures import TeamFlags
from sla_rules.names import OTHER

MOST_TEAMS: Final = 200
"""Teams that a record of a window tells apart: CRMs may name any number of them, and a record has to stay one."""


class Flagged(NamedTuple):
    """So many attempts of a team have a flag."""

    team: str
    flag: Flag
    attempts: int


def flagged_in(tally: Mapping[str, int]) -> Iterator[Flagged]:
    """What a tally says of flags, by team and flag."""
    if FLAGGED not in tally:
        return
    for name, attempts in tally.items():
        if (counted := of_figure(name)) is not None:
            flag, team = counted
            yield Flagged(team, flag, attempts)


def by_team(tally: Mapping[str, int]) -> tuple[TeamFlags, ...]:
    """A team each, by name, with how many attempts have which flag."""
    teams: defaultdict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FLAGS, 0))
    for team, flag, attempts in flagged_in(tally):
        teams[team][flag] = attempts
    return tuple(TeamFlags(team=team, **counts) for team, counts in sorted(teams.items()))


def within_bounds(tally: Tally, most: int = MOST_TEAMS) -> Tally:
    """The tally itself, or where it tells more teams apart, those with the most flags and all others as one."""
    if FLAGGED not in tally or len(tally) <= most:
        return tally
    flags: defaultdict[str, int] = defaultdict(int)
    found = list(flagged_in(tally))
    for team, _, attempts in found:
        flags[team] += attempts
    if len(flags) <= most:
        return tally
    named = set(sorted(flags, key=lambda team: (-flags[team], team))[:most])
    rest = {name: count for name, count in tally.items() if not name.startswith(f"{FLAGGED}:")}
    for team, flag, attempts in found:
        name = figure_of(flag, team if team in named else OTHER)
        rest[name] = rest.get(name, 0) + attempts
    return rest
