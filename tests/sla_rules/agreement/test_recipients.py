"""To whom a deliverable goes, as an agreement file has it: names, or a quantity for each."""

from decimal import Decimal

import pytest

from sla_rules.agreement.file import AgreementErrors
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Deliverable
from sla_rules.agreement.rulebook import digest_of
from tests.sla_rules.rules import agreement

BODY = """
calendar: {{time_zone: Europe/Berlin, weekly_hours: {{mon: [["09:00", "17:00"]]}}}}
obligations:
  - {{id: paper, kind: deliverable, provider: sales, recipient: marketing, due: {{weekdays: [mon], at: "16:00"}}, {terms}}}
"""


def paper(terms: str) -> Agreement:
    return agreement(BODY.format(terms=terms))


def wanted(terms: str) -> Decimal:
    (found,) = paper(terms).obligations
    assert isinstance(found, Deliverable)
    return found.wanted


def test_the_quantity_is_for_all_together_or_the_sum_of_what_each_gets() -> None:
    assert wanted("to: [A, B]") == 1
    assert wanted("to: [A, B], quantity: 50") == 50
    assert wanted("to: {A: 30, B: 20}") == wanted("to: {A: 30, B: 20}, quantity: 50") == 50
    assert wanted("to: {A: 0.1, B: 0.2}") == Decimal("0.3")


def test_the_same_recipients_are_the_same_terms_in_whatever_order() -> None:
    assert digest_of([paper("to: {A: 30, B: 20}")]) == digest_of([paper("to: {B: 20.0, A: 30}")])


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ("to: {A: 30, B: 20}, quantity: 40", "leave quantity out, or make it 50: that is what its recipients get together"),
        ("to: {A: 0}", "to.A: should be more than 0, found 0"),
        ("to: {A: all}", "to.A: should be a number, found 'all'"),
        ("to: {}", "to: is empty; write at least one"),
        ('to: {"A\\nB": 1}', "has to be one line of text"),
        ("to: A", "to: write a list: [A]"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_recipients_is_named(terms: str, expected: str) -> None:
    with pytest.raises(AgreementErrors) as wrong:
        paper(terms)

    (error,) = map(str, wrong.value.errors)
    assert expected in error
