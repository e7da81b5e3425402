"""Exact numbers as they are written for others: numbers of JSON, and decimal text."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from sla_rules.evaluation.tallies import VALUE_UNIT

CENTS: Final = Decimal("0.01")


def number(of: Fraction) -> int | float:
    """Whole numbers as such, others in floating point."""
    return int(of) if of.denominator == 1 else float(of)


def money(millionths: int) -> str:
    """With two decimals, with more where there are more."""
    value = Decimal(millionths) / VALUE_UNIT
    cents = value.quantize(CENTS)
    return str(cents) if cents == value else f"{value.normalize():f}"
