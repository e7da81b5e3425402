"""When something last arrived is known of each topic, and of the sources that were heard of last."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.instants import EARLIEST, LATEST
from streams.partitions.last_arrivals import LONGEST_SOURCE, MOST_SOURCES, LastArrivals
from tests.laws import LAWS

BATCHES = st.lists(st.dictionaries(st.integers(0, 80).map("/crm/{}".format), st.integers(1, 200), max_size=60))


@LAWS
@given(batches=BATCHES)
def test_the_sources_heard_of_last_are_kept_each_with_its_latest_arrival(batches: list[dict[str, int]]) -> None:
    latest: dict[str, int] = {}
    arrivals = LastArrivals()
    for batch in batches:
        arrivals.take({}, batch)
        for source, at in batch.items():
            latest[source] = max(at, latest.get(source, 0))

    kept = sorted(latest, key=lambda source: (latest[source], source), reverse=True)[:MOST_SOURCES]
    assert arrivals.sources == {source: latest[source] for source in kept}
    let_go = [at for source, at in latest.items() if source not in kept]
    assert (arrivals.others is None) == (not let_go)
    assert arrivals.others is None or arrivals.others >= max(let_go)


def test_what_a_former_owner_knew_moves_nothing_back() -> None:
    arrivals = LastArrivals()
    arrivals.take({"a": 5}, {"/crm": 5})

    arrivals.take({"a": 3, "b": 3}, {"/crm": 3, "/forms": 3}, others=2)

    assert arrivals == LastArrivals({"a": 5, "b": 3}, {"/crm": 5, "/forms": 3}, 2)


def test_whatever_a_source_is_called_it_is_short_and_can_be_written_down() -> None:
    arrivals = LastArrivals()

    arrivals.take({}, {"x" * 10_000: 1, "\ud800half": 2})

    assert list(arrivals.sources) == ["x" * LONGEST_SOURCE, "\\ud800half"]
    json.dumps(arrivals.sources, ensure_ascii=False).encode()


def test_a_stamp_of_a_year_that_there_is_not_is_the_last_that_there_is() -> None:
    arrivals = LastArrivals()

    arrivals.take({"a": 2**63, "b": -(2**63)}, {})

    assert arrivals.topics == {"a": LATEST, "b": EARLIEST}
