"""Instants written as wall times."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sla_rules.instants import Instant, instant


def at(text: str, zone: str = "Europe/Berlin") -> Instant:
    """`2026-03-02 09:00` on the clocks of a zone; with an offset (`...+02:00`), by that."""
    read = datetime.fromisoformat(text)
    return instant(read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone)))
