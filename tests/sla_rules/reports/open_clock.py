"""Records of open clocks as tests need them, all of them near one instant."""

from typing import Any, Final

from msgspec.structs import replace

from sla_rules.engine.clock_records import Clock, ClocksData, ClocksRecord, OpeningHours, PublishedAt
from sla_rules.instants import MINUTE, Instant, moment
from tests.script import ORIGIN

NOW: Final = ORIGIN


def clock(now: Instant = NOW, **others: Any) -> Clock:
    """Of a follow-up that is due in half an hour, by the wall, and of which nothing has been heard."""
    plain = Clock(
        key="k-1",
        agreement="company-x",
        version="2026-01",
        obligation="first-touch",
        kind="speed",
        segment="all",
        provider="sales",
        cycle=1,
        message=None,
        rep_id="ann",
        team="inside",
        started=moment(now - 30 * MINUTE),
        deadline=moment(now + 30 * MINUTE),
        historic=False,
        attempted=False,
        so_far=None,
        wanted=None,
        paused_since=None,
        left_seconds=None,
        hours=(),
        milestones=(),
    )
    return replace(plain, **others)


def of(lead: str, *clocks: Clock, left_out: int = 0) -> ClocksRecord:
    """The record of a lead."""
    data = ClocksData(lead=lead, clocks=clocks, left_out=left_out)
    return ClocksRecord("1.0", "1", "/leadsla", "sla.clocks.v1", lead, moment(NOW), "application/json", data)


def open_from(*spans: tuple[int, int]) -> tuple[OpeningHours, ...]:
    """Hours by minutes from now."""
    return tuple(OpeningHours(moment(NOW + opens * MINUTE), moment(NOW + closes * MINUTE)) for opens, closes in spans)


def warned(minutes: int = -1) -> tuple[PublishedAt, ...]:
    """A warning so many minutes from now."""
    return (PublishedAt("warning-1h", moment(NOW + minutes * MINUTE), "w"),)
