"""Flagged attempts as figures: read from a tally by team and flag, and bounded in records."""

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.flags import FLAGS
from sla_rules.evaluation.flags import FLAGGED, figure_of
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.flags import by_team, flagged_in, within_bounds
from sla_rules.figures.obligation_figures import TeamFlags
from tests.laws import LAWS

COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(FLAGS), st.sampled_from(["a", "b", "c:d", "other", "unassigned", ""])), st.integers(1, 9)
)


def tally(counts: dict[tuple[object, str], int]) -> Tally:
    found = {figure_of(flag, team): count for (flag, team), count in counts.items()}  # type: ignore[arg-type]
    return {"leads": 7, **({FLAGGED: 99} if found else {}), **found}


def test_a_team_has_a_row_of_all_flags_whatever_its_name() -> None:
    found = by_team({"flagged": 3, "flagged:bulk:East: nights": 3, "flagged:backdated:East: nights": 1, "leads": 9})

    assert found == (TeamFlags(team="East: nights", bulk=3, backdated=1, zero_seconds=0, outside_hours=0),)
    assert by_team({"leads": 9}) == ()


@given(COUNTS, st.integers(1, 6))
@LAWS
def test_a_record_tells_so_many_teams_apart_and_loses_no_flag(counts: dict[tuple[object, str], int], most: int) -> None:
    whole = tally(counts)
    bounded = within_bounds(whole, most)

    def sums(of: Tally) -> dict[str, int]:
        return {flag: sum(one.attempts for one in flagged_in(of) if one.flag == flag) for flag in FLAGS}

    def teams(of: Tally) -> set[str]:
        return {one.team for one in flagged_in(of)}

    assert sums(bounded) == sums(whole)
    assert len(teams(bounded) - {"other"}) <= most
    assert teams(bounded) <= teams(whole) | {"other"}
    assert {name: bounded.get(name) for name in ("leads", FLAGGED)} == {
        name: whole.get(name) for name in ("leads", FLAGGED)
    }
    if len(teams(whole)) <= most:
        assert bounded == whole
