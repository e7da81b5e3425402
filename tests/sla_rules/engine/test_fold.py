"""What a step hands on because of a merge."""

from sla_rules.engine.fold import step
from sla_rules.lead import facts
from sla_rules.lead.facts import merge
from tests.sla_rules.rules import wall

MERGED = facts.Merged(30, 30, "/crm", "m", into="lead-2")


def test_a_merged_lead_sends_on_all_it_knows_with_its_name_on_it() -> None:
    first = step(wall(), "lead-1", None, [facts.Recycled(10, 10, "/crm", "a")], 40)
    merged = step(wall(), "lead-1", first.state, [MERGED], 40)

    assert first.forwards == {}
    assert [(fact.id, fact.origin) for fact in merged.forwards["lead-2"]] == [("a", "lead-1"), ("m", "lead-1")]


def test_what_was_sent_on_is_not_sent_again_until_something_is_new() -> None:
    merged = step(wall(), "lead-1", None, [MERGED], 40)

    assert step(wall(), "lead-1", merged.state, [MERGED], 50).forwards == {}


def test_a_content_that_python_takes_for_the_same_is_news_all_the_same() -> None:
    contents = [facts.Created(10, 10, "/crm", "a", fields={"attributes.vip": vip}) for vip in (True, 1)]
    (winner,), _ = merge((), contents)
    loser = next(content for content in contents if repr(content) != repr(winner))
    before = step(wall(), "lead-1", None, [loser, MERGED], 40)
    after = step(wall(), "lead-1", before.state, [winner], 40)

    assert winner == loser
    assert [repr(fact.fields) for fact in after.forwards["lead-2"] if isinstance(fact, facts.Created)] == [
        repr(winner.fields)
    ]
