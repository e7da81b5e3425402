"""Records of all partitions add up, whatever comes in whichever order and however often."""

from datetime import date
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.evaluation.tallies import total
from sla_rules.figures.windows import Figures, ObligationPeriod, WindowKey
from sla_rules.reports.topic_tallies import TopicTallies
from tests.laws import LAWS
from tests.sla_rules.rules import company_x

WEEKS: Final = [WindowKey("company-x", "first-touch", "all", "week", date(2026, 1, day)) for day in (5, 12)]
PARTITIONS: Final = 3

tallies = st.dictionaries(st.sampled_from(("leads", "met", "breached")), st.integers(1, 3))
done = st.sampled_from((ConfirmedRemedy("Ana", 1, "Eva"), ConfirmedRemedy(None, 2, "Ana")))
confirmed = st.lists(done, max_size=2, unique=True).map(tuple)
said = st.none() | st.builds(Figures, tallies, st.none() | tallies, confirmed=confirmed)
records = st.lists(st.tuples(st.integers(0, PARTITIONS - 1), st.sampled_from(WEEKS), said), max_size=30)


@LAWS
@given(records)
def test_only_what_each_partition_says_last_of_a_window_counts(
    told: list[tuple[int, WindowKey, Figures | None]],
) -> None:
    found, last = TopicTallies(company_x()), dict[tuple[int, WindowKey], Figures | None]()
    for partition, key, figures in told:
        assert found.put(partition, key, figures) == (last.get((partition, key)) != figures)
        last[partition, key] = figures

    for key in WEEKS:
        standing = [one for (_, of), one in last.items() if of == key and one is not None]
        published = [one.published for one in standing if one.published is not None]
        assert found.current.get(key) == (total([one.current for one in standing]) if standing else None)
        assert found.published.get(key) == (total(published) if published else None)
        assert found.publishers(key) == len(published)
        assert set(found.confirmed[ObligationPeriod.of(key)]) == {done for one in standing for done in one.confirmed}
        assert (key in found.by_partition) == bool(standing)
        assert set(found.by_partition.get(key, ())) == {
            partition for (partition, of), one in last.items() if of == key and one is not None
        }
