"""What the benchmark of a takeover prepares does what it is there for, when it is time."""

from pathlib import Path

from bench.open_leads import KEEP_DAYS, MIDNIGHT, PUBLISHED, QUIET, folded, in_utc
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import PartitionState
from sla_rules.instants import DAY, SECOND


def taken_over(folder: Path) -> PartitionState:
    """Two leads that fall due around midnight and one that leaves then, all that was due before done."""
    agreement = in_utc(folder)
    dues = {b"quiet": QUIET, b"before": MIDNIGHT - SECOND, b"after": MIDNIGHT + SECOND}
    state = PartitionState(
        RuleBook(load_agreements([agreement]), keep=KEEP_DAYS * DAY), folded(agreement, MIDNIGHT - DAY, dues)
    )
    state.load()
    state.advance_to(MIDNIGHT - 2 * SECOND)
    state.windows.take_changed()
    state.advance_to(MIDNIGHT - 2 * SECOND)
    return state


def test_each_lead_falls_due_when_it_is_said_to(tmp_path: Path) -> None:
    state = taken_over(tmp_path)

    assert not state.advance_to(MIDNIGHT - SECOND).notices
    assert len(state.advance_to(MIDNIGHT - SECOND + 1).notices) == 1
    assert len(state.advance_to(MIDNIGHT + SECOND + 1).notices) == 1


def test_at_midnight_every_lead_is_looked_at_for_a_month_and_one_leaves(tmp_path: Path) -> None:
    state = taken_over(tmp_path)
    state.advance_to(MIDNIGHT - 1)
    assert not state.is_looking
    assert b"quiet" in state.leads

    state.advance_to(MIDNIGHT)
    state.windows.take_changed()  # what is kept for good is published before anybody leaves
    left = state.advance_to(MIDNIGHT).left

    month = [
        tally
        for key, tally in state.windows.published.items()
        if (key.obligation, key.interval, key.first) == ("first-touch", "month", PUBLISHED)
    ]
    assert sum(tally.get("leads", 0) for tally in month) == 2
    assert left == [b"quiet"]
