"""What the benchmark of a takeover prepares does what it is there for, when it is time."""

from pathlib import Path

from bench.open_leads import KEEP_DAYS, MIDNIGHT, PUBLISHED, QUIET, folded, in_utc
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.engine.partition import Partition
from sla_rules.instants import DAY, SECOND


def taken_over(folder: Path) -> Partition:
    """Two leads that fall due around midnight and one that leaves then, all that was due before done."""
    agreement = in_utc(folder)
    dues = {b"quiet": QUIET, b"before": MIDNIGHT - SECOND, b"after": MIDNIGHT + SECOND}
    book = Partition(
        RuleBook(load_agreements([agreement]), keep=KEEP_DAYS * DAY), folded(agreement, MIDNIGHT - DAY, dues)
    )
    book.load()
    book.pass_time(MIDNIGHT - 2 * SECOND)
    book.windows.take_changed()
    book.pass_time(MIDNIGHT - 2 * SECOND)
    return book


def test_each_lead_falls_due_when_it_is_said_to(tmp_path: Path) -> None:
    book = taken_over(tmp_path)

    assert not book.pass_time(MIDNIGHT - SECOND).notices
    assert len(book.pass_time(MIDNIGHT - SECOND + 1).notices) == 1
    assert len(book.pass_time(MIDNIGHT + SECOND + 1).notices) == 1


def test_at_midnight_every_lead_is_looked_at_for_a_month_and_one_leaves(tmp_path: Path) -> None:
    book = taken_over(tmp_path)
    book.pass_time(MIDNIGHT - 1)
    assert not book.is_looking
    assert b"quiet" in book.leads

    left = book.pass_time(MIDNIGHT).left

    month = [
        tally
        for key, tally in book.windows.published.items()
        if (key.obligation, key.interval, key.first) == ("first-touch", "month", PUBLISHED)
    ]
    assert sum(tally.get("leads", 0) for tally in month) == 2
    assert left == [b"quiet"]
