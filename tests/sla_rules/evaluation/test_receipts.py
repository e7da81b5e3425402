"""How much of what was confirmed counts: of all together, or of each recipient what was agreed for it."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement.obligations import Deliverable
from sla_rules.evaluation.receipts import counted
from sla_rules.lead.facts import Confirmed
from tests.laws import LAWS
from tests.sla_rules.clocks import at

REPORT = {
    "id": "paper",
    "kind": "deliverable",
    "provider": "a",
    "recipient": "b",
    "due": {"weekdays": ["mon"], "at": "17:00"},
}
EACH = Deliverable.model_validate({**REPORT, "to": {"Address 1": 30, "Address 2": 20}})
TOGETHER = Deliverable.model_validate({**REPORT, "to": ["Address 1", "Address 2"], "quantity": 50})


def confirmed(*parts: tuple[str | None, float]) -> list[Confirmed]:
    return [
        Confirmed(
            at("2026-03-02 09:00") + number,
            at("2026-03-02 09:00") + number,
            "/store",
            str(number),
            quantity=quantity,
            to=to,
        )
        for number, (to, quantity) in enumerate(parts)
    ]


def amounts(terms: Deliverable, *parts: tuple[str | None, float]) -> list[str]:
    return [str(amount) for amount in counted(confirmed(*parts), terms)]


def test_what_one_recipient_gets_beyond_its_quantity_counts_for_nobody() -> None:
    assert amounts(EACH, ("Address 1", 20), ("Address 1", 20), ("Address 2", 20)) == ["20", "10", "20"]
    assert amounts(EACH, ("Address 1", 30), ("Address 1", 30)) == ["30", "0"]


def test_a_confirmation_that_names_nobody_is_for_whoever_still_lacks_something() -> None:
    assert amounts(EACH, (None, 20), ("Address 1", 30)) == ["20", "30"]
    assert amounts(EACH, (None, 40), ("Address 1", 30)) == ["40", "10"]
    assert amounts(EACH, ("Address 1", 30), (None, 40)) == ["30", "20"]


def test_one_that_names_somebody_else_counts_for_nothing_and_names_are_compared_to_the_letter() -> None:
    assert amounts(EACH, ("Address 3", 20), ("address 1", 30), ("Address 1 ", 30)) == ["0", "0", "0"]


def test_a_quantity_for_all_together_is_divided_among_them_as_they_like_and_may_be_exceeded() -> None:
    assert amounts(TOGETHER, ("Address 1", 40), ("Address 1", 20), (None, 1)) == ["40", "20", "1"]


@pytest.mark.parametrize("terms", [EACH, TOGETHER])
def test_parts_are_added_exactly(terms: Deliverable) -> None:
    assert sum(counted(confirmed(*[("Address 1", 0.1)] * 3), terms)) == Decimal("0.3")


PARTS = st.lists(
    st.tuples(st.sampled_from(["Address 1", "Address 2", "Address 3", None]), st.integers(0, 60).map(float)), max_size=8
)


@given(PARTS, st.randoms(use_true_random=False))
@LAWS
def test_what_counts_of_all_is_what_each_has_up_to_its_quantity_in_any_order(
    parts: Sequence[tuple[str | None, float]], random: Random
) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)

    def had(to: str | None) -> float:
        return sum(quantity for name, quantity in parts if name == to)

    wanted = min(min(had("Address 1"), 30) + min(had("Address 2"), 20) + had(None), 50)

    for told in (parts, shuffled):
        found = counted(confirmed(*told), EACH)
        assert sum(found) == wanted
        assert all(0 <= amount <= quantity for amount, (_, quantity) in zip(found, told, strict=True))
