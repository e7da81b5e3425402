"""What leads have a part in, their contributions counted in the figures and in what is owed: all contributions of a lead or none."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from sla_rules.evaluation.contributions import Contribution
from sla_rules.figures.open_work import OpenWork
from sla_rules.figures.windows import Windows


class Counted(NamedTuple):
    """Counts contributions by window and, where they still owe something, by who owes it."""

    windows: Windows
    open_work: OpenWork

    def put_in(self, contributions: Sequence[Contribution]) -> None:
        """Count the contributions of a lead that has none yet; where one cannot be counted, none is."""
        windows, open_work = self
        done = 0
        try:
            for contribution in contributions:
                windows.put_in(contribution)
                done += 1
        except Exception:
            for contribution in contributions[:done]:
                windows.take_out(contribution)
            raise
        for contribution in contributions:
            open_work.put_in(contribution)

    def replace(self, old: Sequence[Contribution], new: Sequence[Contribution]) -> None:
        """Count contributions of a lead in place of others; where one cannot be counted, the others stay."""
        windows, open_work = self
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
            open_work.replace(gone, came)
            if gone is not None:
                windows.take_out(gone)
