"""Plans for tests: small enough to be quick, large enough that everything happens in them."""

from datetime import date

from hypothesis import strategies as st

from crm_simulator import Plan

A_MONDAY = date(2026, 3, 2)

small_plans = st.builds(
    Plan,
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    days=st.integers(1, 4),
    leads_per_day=st.floats(0, 15),
    seed=st.integers(0, 2**32),
)


def a_fortnight(seed: int = 1, broken_share: float = 0.01) -> Plan:
    """Two weeks of fifty leads a day."""
    return Plan(A_MONDAY, days=14, leads_per_day=50, seed=seed, broken_share=broken_share)
