"""What a partition gets to see in a test: facts of some leads, and time."""

from datetime import UTC, datetime
from typing import Final

from sla_rules.instants import Instant, instant
from sla_rules.lead.facts import Fact

History = list[tuple[str, Fact]]
"""Facts with the leads they are about."""

Script = list[History | Instant]
"""What one partition gets to see: batches of facts, and ticks."""

ORIGIN: Final = instant(datetime(2026, 3, 6, 13, tzinfo=UTC))
"""A Friday afternoon; two days on, the clocks of New York go forward."""
