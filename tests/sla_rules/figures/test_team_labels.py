"""A bounded number of teams has series of their own; the rest are summed, and nothing is shown in two places."""

from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.evaluation.contributions import SpeedContribution
from sla_rules.figures.open_work import OpenWork
from sla_rules.figures.team_labels import COUNTED, LONGEST, TeamLabels
from sla_rules.names import NO_TEAM, OTHER
from tests.sla_rules.rules import agreement, wall
from tests.sla_rules.story import handed_off

TEAMS = st.sampled_from([None, "", *"abcdefgh", OTHER, NO_TEAM])
NAMED = frozenset({"a", "b"})
LIMIT = 3
Story = tuple[list[SpeedContribution], list[tuple[SpeedContribution | None, SpeedContribution | None]]]


def owed(team: str | None, deadline: int = 60) -> SpeedContribution:
    return SpeedContribution(0, "ceo", team, 0, deadline, "open", None, None, None, True, False, False, False)  # noqa: FBT003


@st.composite
def comings_and_goings(draw: st.DrawFn) -> Story:
    """Shares that are there at first, then one in place of another: what is gone was there."""
    there = [owed(team) for team in draw(st.lists(TEAMS, max_size=12))]
    first = list(there)
    steps: list[tuple[SpeedContribution | None, SpeedContribution | None]] = []
    for _ in range(draw(st.integers(0, 30))):
        gone = there.pop(draw(st.integers(0, len(there) - 1))) if bool(there) and draw(st.booleans()) else None
        came = owed(draw(TEAMS)) if gone is None or draw(st.booleans()) else None
        if came is not None:
            there.append(came)
        steps.append((gone, came))
    return first, steps


@given(st.lists(comings_and_goings(), min_size=1, max_size=2))
def test_sums_stay_exact_no_team_moves_and_no_more_than_the_limit_are_shown(
    partitions: list[Story],
) -> None:
    teams = TeamLabels(NAMED, LIMIT)
    labels: defaultdict[str, set[str]] = defaultdict(set)
    shown: set[str] = set()

    for first, steps in partitions:
        there = Counter(contribution.team or NO_TEAM for contribution in first)
        open_work = OpenWork(wall(), teams)
        for contribution in first:
            open_work.put_in(contribution)
        open_work.settle()
        for gone, came in [(None, None), *steps]:
            open_work.replace(gone, came)
            there.update([came.team or NO_TEAM] if came else [])
            there.subtract([gone.team or NO_TEAM] if gone else [])

            expected: Counter[str] = Counter()
            for team, count in there.items():
                if count:
                    labels[team].add(teams.of(team))
                    expected[teams.of(team)] += count
            assert {group.team: count for group, count in open_work.waiting.items()} == expected
            shown |= expected.keys()

    assert all(len(values) == 1 for values in labels.values())
    assert all(labels[team] == {team} for team in NAMED & labels.keys())
    assert len(shown - NAMED - {NO_TEAM, OTHER}) <= LIMIT
    assert teams.in_other == len({team for team, values in labels.items() if values == {OTHER} and team != OTHER})


def test_nothing_of_a_team_is_left_when_its_last_lead_is_gone() -> None:
    open_work = OpenWork(wall(), TeamLabels((), 2))
    open_work.settle()

    for number in range(1_000):
        open_work.replace(None, owed(f"team {number}", number * 60_000_000))
        open_work.replace(owed(f"team {number}", number * 60_000_000), None)

    assert not [*open_work.waiting, *open_work.attempted, *open_work.overdue]
    assert not open_work.oldest_deadlines()
    assert len(open_work._groups) <= 3  # noqa: SLF001
    assert all(len(minutes._heap) < 100 for minutes in open_work._deadlines.values())  # noqa: SLF001


def test_of_the_leads_that_a_worker_takes_over_the_largest_teams_are_shown() -> None:
    rules = RuleBook([agreement(DESKS)])
    before = PartitionState(rules, {})
    for number, team in enumerate(["small", "large", "large", "middle", "large", "desk: nights", "middle", "zero"]):
        before.fold({f"lead-{number}".encode(): [handed_off("2026-03-02 09:00", team=team)]})
    after = PartitionState(rules, before.leads, TeamLabels(rules.teams, 2))

    after.load()

    counts = {group.team: count for group, count in after.open_work.waiting.items()}
    assert counts == {"large": 3, "middle": 2, "desk: nights": 1, OTHER: 2}


DESKS = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
calendars: {nights: {time_zone: UTC, weekly_hours: {mon: [["00:00", "24:00"]]}}}
teams: {"desk: nights": {calendar: nights}}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h, clock: wall}}
"""


def test_names_are_shown_without_what_a_reader_would_stumble_over() -> None:
    teams = TeamLabels(["named \x00\n"], 10)

    assert teams.of("named \x00\n") == "named \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"
    assert teams.of("\ud800 sales\x85") == "\N{REPLACEMENT CHARACTER} sales\N{REPLACEMENT CHARACTER}"
    assert teams.of('Ünïcode "\\ 東') == 'Ünïcode "\\ 東'
    assert teams.of("x" * 1_000) == "x" * LONGEST


def test_counting_what_is_not_shown_takes_a_bounded_memory() -> None:
    teams = TeamLabels((), 0)

    assert {teams.of(str(number)) for number in range(2 * COUNTED)} == {OTHER}
    assert teams.in_other == COUNTED
