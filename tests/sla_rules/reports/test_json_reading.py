"""What is written as JSON is read back as what it was, to the last digit that was written."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, field

from sla_rules.figures import units
from sla_rules.instants import SECOND
from sla_rules.reports.encode import document
from sla_rules.reports.json_reading import read_result
from sla_rules.reports.ledger_reasons import FewCustomers, LedgerRemark, NoCurrency, OfSegment, OfSegments
from tests.laws import examples
from tests.sla_rules.clocks import at

EXACT: Final = st.fractions(min_value=0, max_value=10**6, max_denominator=10**6)
WHOLE: Final = st.integers(0, 10**12)
PARTS: Final = st.sampled_from((NoCurrency(), FewCustomers("lead", 2, 53, 30)))
REMARKS: Final = PARTS | st.builds(lambda one: OfSegments((OfSegment("north", one),)), PARTS)


class Inner(Struct, frozen=True):
    """What stands among the keys of another."""

    begins: units.Time
    took: units.Duration = field(name="took_seconds")


class Everything(Struct, frozen=True, kw_only=True):
    """A field of every kind that is read."""

    inner: units.Inline[Inner]
    name: str
    is_it: bool
    count: units.Count | None
    day: units.Day
    attainment: units.Number
    load: units.Ratio
    cycle: units.AverageCycle
    amount: units.Money
    rate: units.Rate
    fee: units.Exact
    sums: Mapping[str, units.Money]
    others: tuple[Inner, ...]
    status: Literal["open", "published"]
    remark: LedgerRemark | None
    later: bool = False


INNERS: Final = st.builds(Inner, st.just(at("2026-03-01 09:00")), st.integers(0, 10**9).map(lambda n: n * SECOND // 8))


@examples(60)
@given(
    st.builds(
        Everything,
        inner=INNERS,
        name=st.text(max_size=5),
        is_it=st.booleans(),
        count=st.none() | WHOLE,
        day=st.dates(date(2020, 1, 1)),
        attainment=EXACT,
        load=EXACT,
        cycle=EXACT.map(lambda n: n * SECOND),
        amount=WHOLE,
        rate=EXACT.map(lambda n: Fraction(round(n * 10**6), 10**6)),
        fee=st.decimals(0, 10**6, places=2),
        sums=st.dictionaries(st.text(max_size=3), WHOLE, max_size=2),
        others=st.lists(INNERS, max_size=2).map(tuple),
        status=st.sampled_from(("open", "published")),
        remark=st.none() | REMARKS,
        later=st.booleans(),
    )
)
def test_what_is_read_back_is_written_the_same_again(one: Everything) -> None:
    said = document(one)

    found = read_result(Everything, said)

    assert document(found) == said
    exact = ("inner", "name", "count", "day", "amount", "rate", "sums", "others", "remark")
    assert [getattr(found, name) for name in exact] == [getattr(one, name) for name in exact]


SAID: Final = {
    "begins": "2026-03-01T09:00:00Z",
    "took_seconds": 1.5,
    "name": "x",
    "is_it": True,
    "count": None,
    "day": "2026-03-01",
    "attainment": 0.9,
    "load": 1.0,
    "cycle": 3,
    "amount": "1.50",
    "rate": "0.333333",
    "fee": "10.0",
    "sums": {},
    "others": [],
    "status": "open",
    "remark": None,
}


def test_what_is_new_is_passed_over_and_what_is_missing_is_as_it_is_without_it() -> None:
    found = read_result(Everything, {**SAID, "unheard_of": 1})

    assert (found.later, found.attainment, found.fee) == (False, Fraction(9, 10), Decimal("10.0"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("begins", "yesterday"),
        ("begins", "2026-03-01T09:00:00"),
        ("took_seconds", "1"),
        ("name", 1),
        ("is_it", "yes"),
        ("count", 1.5),
        ("day", 20260301),
        ("amount", "much"),
        ("rate", "1/0"),
        ("sums", []),
        ("others", {}),
        ("others", [{}]),
        ("status", "else"),
        ("remark", {"code": "unheard-of"}),
        ("remark", {}),
    ],
)
def test_what_is_none_of_this_type_is_refused(key: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_result(Everything, {**SAID, key: value})


@pytest.mark.parametrize("found", [None, [], "text", {}])
def test_what_is_no_object_of_this_type_is_refused(found: Any) -> None:
    with pytest.raises(ValueError, match="not a"):
        read_result(Everything, found)
