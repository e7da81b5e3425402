"""What leads have a part in, their shares counted in the figures and in what is owed: all shares of a lead or none."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from sla_rules.evaluation.shares import Share
from sla_rules.figures.open_work import Live
from sla_rules.figures.windows import Windows


class Counted(NamedTuple):
    """Counts shares by window and, where they still owe something, by who owes it."""

    windows: Windows
    live: Live

    def put_in(self, shares: Sequence[Share]) -> None:
        """Count the shares of a lead that has none yet; where one cannot be counted, none is."""
        windows, live = self
        done = 0
        try:
            for share in shares:
                windows.put_in(share)
                done += 1
        except Exception:
            for share in shares[:done]:
                windows.take_out(share)
            raise
        for share in shares:
            live.put_in(share)

    def replace(self, old: Sequence[Share], new: Sequence[Share]) -> None:
        """Count shares of a lead in place of others; where one cannot be counted, the others stay."""
        windows, live = self
        changed = [pair for pair in zip_longest(old, new) if pair[0] != pair[1]]
        done = 0
        try:
            for _, came in changed:
                if came is not None:
                    windows.put_in(came)
                done += 1
        except Exception:
            for _, came in changed[:done]:
                if came is not None:
                    windows.take_out(came)
            raise
        for gone, came in changed:
            live.replace(gone, came)
            if gone is not None:
                windows.take_out(gone)
