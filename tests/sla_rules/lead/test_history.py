"""Where mergers take leads to, told by walking each way to its end."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.lead import facts
from sla_rules.lead.facts import Fact, Merged, merge
from sla_rules.lead.history import history

NAMES = st.sampled_from("abcdefg")


def end_of(lead: str, into: Mapping[str, str]) -> str:
    """The last lead on the way, or the smallest of the ring that it runs into."""
    way = [lead]
    while (following := into.get(way[-1], way[-1])) not in way:
        way.append(following)
    return min(way[way.index(following) :]) if way[-1] in into and into[way[-1]] != way[-1] else way[-1]


@given(st.dictionaries(NAMES, NAMES), NAMES)
def test_what_was_received_for_a_lead_counts_where_its_way_ends_and_in_a_ring_for_the_smallest(
    into: dict[str, str], lead: str
) -> None:
    told: list[Fact] = [
        facts.Attempted(9, 9, "/crm", "c", None if name == lead else name, "phone") for name in "abcdefg"
    ]
    told += [Merged(9, 9, "/crm", "m", None if name == lead else name, other) for name, other in into.items()]
    known, _ = merge((), told)

    counted = {fact.origin or lead for fact in history(lead, known) if not isinstance(fact, Merged)}

    assert counted == ({name for name in "abcdefg" if end_of(name, into) == lead})


def test_a_merger_into_itself_is_none_and_of_several_the_earliest_holds() -> None:
    late, early = Merged(20, 20, "/crm", "m", into="b"), Merged(10, 30, "/crm", "n", into="c")
    itself = Merged(5, 5, "/crm", "o", into="a")
    call = facts.Attempted(9, 9, "/crm", "c", "a", "phone")
    of_another = [Merged(fact.time, fact.arrival, "/crm", fact.id, "a", fact.into) for fact in (late, early, itself)]

    assert call in history("c", merge((), [call, *of_another])[0])
    assert history("b", merge((), [call, *of_another])[0]) == []


def test_a_correction_voids_the_event_of_its_own_subject_and_leaves_that_of_another_with_the_same_id() -> None:
    of_lead, of_ticket = (facts.Attempted(9, 9, "/crm", "c", None, "phone", subject=one) for one in (None, "ticket"))

    for subject, left in ((None, of_ticket), ("ticket", of_lead)):
        correction = facts.Corrected(20, 20, "/crm", "x", None, "c", subject=subject)
        assert history("a", merge((), [of_lead, of_ticket, correction])[0]) == [left]


def test_a_correction_takes_back_the_correction_of_its_own_subject_alone() -> None:
    calls = [facts.Attempted(9, 9, "/crm", "c", None, "phone", subject=one) for one in (None, "ticket")]
    voiding = [facts.Corrected(20, 20, "/crm", "x", None, "c", subject=one) for one in (None, "ticket")]
    taken_back = facts.Corrected(30, 30, "/crm", "y", None, "x", subject="ticket")

    assert history("a", merge((), [*calls, *voiding, taken_back])[0]) == [calls[1]]
