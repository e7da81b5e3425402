"""How results are written: by the units that their types declare, and in the order of their fields."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import Struct, field

from sla_rules.figures import units
from sla_rules.figures.units import Unit
from sla_rules.instants import HOUR, SECOND
from sla_rules.reports.encode import document, encode
from sla_rules.reports.json_form import UNITS, form_of
from sla_rules.reports.schema import descriptions_of, schema_of
from tests.sla_rules.clocks import at


class Inner(Struct, frozen=True):
    """What stands inside."""

    since: units.Time
    """When it began; None never."""
    took: units.Duration = field(name="took_seconds")
    """How long it took."""


class Outer(Struct, frozen=True):
    """What holds others."""

    first: str
    """Comes first."""
    inner: units.Inline[Inner]
    others: tuple[Inner, ...]
    """More of them."""
    sums: Mapping[str, units.Money]
    """By name."""
    last: Inner | None
    """Comes last."""


INNER = Inner(at("2026-03-02 10:00"), HOUR + SECOND // 2)
WRITTEN = {"since": "2026-03-02T09:00:00Z", "took_seconds": 3600.5}


@pytest.mark.parametrize(
    ("unit", "value", "written"),
    [
        (Unit.COUNT, 7, 7),
        (Unit.INSTANT, at("2026-03-02 10:00") + 1, "2026-03-02T09:00:00.000001Z"),
        (Unit.DAY, date(2026, 3, 2), "2026-03-02"),
        (Unit.SECONDS, 2 * SECOND, 2.0),
        (Unit.SECONDS, Fraction(SECOND, 3), SECOND / 3 / SECOND),
        (Unit.SECONDS, 0.5 * SECOND, 0.5),
        (Unit.WHOLE_SECONDS, Fraction(2 * SECOND), 2),
        (Unit.WHOLE_SECONDS, Fraction(SECOND, 2), 0.5),
        (Unit.NUMBER, Fraction(100), 100),
        (Unit.NUMBER, Fraction(1, 3), 1 / 3),
        (Unit.RATIO, Fraction(1), 1.0),
        (Unit.MONEY, 4_880_125_000, "4880.125"),
        (Unit.MONEY, -500_000, "-0.50"),
        (Unit.RATE, Fraction(2, 3), "0.666667"),
        (Unit.DECIMAL, Decimal("1E+2"), "100"),
        (Unit.LOCAL, datetime(2026, 3, 2, 17, tzinfo=ZoneInfo("Europe/Madrid")), "2026-03-02T17:00:00+01:00"),
    ],
)
def test_a_unit_says_how_a_value_is_written(unit: Unit, value: Any, written: Any) -> None:
    found = UNITS[unit].write(value, None)

    assert (type(found), found) == (type(written), written)


def test_every_unit_has_a_form() -> None:
    assert UNITS.keys() == set(Unit)


def test_a_result_is_an_object_with_inline_ones_among_its_keys_in_order() -> None:
    found = Outer("a", INNER, (INNER, INNER), {"EUR": 1_000_000}, None)

    assert document(found) == {
        "first": "a",
        **WRITTEN,
        "others": [WRITTEN, WRITTEN],
        "sums": {"EUR": "1.00"},
        "last": None,
    }
    assert encode(Outer("ü", INNER, (), {}, INNER)) == (
        '{"first": "ü", "since": "2026-03-02T09:00:00Z", "took_seconds": 3600.5, "others": [], "sums": {},'
        ' "last": {"since": "2026-03-02T09:00:00Z", "took_seconds": 3600.5}}'
    )


def test_the_schema_is_made_from_the_same_declaration() -> None:
    found: Any = schema_of(Outer)
    outer = found["$defs"]["Outer"]

    assert found["anyOf"] == [{"$ref": "#/$defs/Outer"}]
    assert list(found["$defs"]) == ["Inner", "Outer"]
    assert outer["description"] == "What holds others."
    assert outer["required"] == ["first", "since", "took_seconds", "others", "sums", "last"]
    assert outer["properties"]["since"]["description"] == "When it began; null never."
    assert outer["properties"]["last"]["anyOf"] == [{"$ref": "#/$defs/Inner"}, {"type": "null"}]
    assert descriptions_of(Inner) == {"since": "When it began; None never.", "took": "How long it took."}


@pytest.mark.parametrize("declared", [Fraction, dict[str, int], list[int], Inner | int, bytes])
def test_a_type_that_nobody_knows_how_to_write_is_refused(declared: Any) -> None:
    with pytest.raises(TypeError, match="a result may not hold"):
        form_of(declared)
