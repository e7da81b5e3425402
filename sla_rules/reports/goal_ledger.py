"""The ledger of an obligation of volume in a report: by what is known now, and beside it by what was known at each end."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from sla_rules.agreement.rulebook import RuleBook, Term
from sla_rules.evaluation.remedies import ConfirmedRemedy
from sla_rules.evaluation.tallies import Tally, add
from sla_rules.figures.windows import ObligationPeriod, WindowKey
from sla_rules.instants import Instant
from sla_rules.reports.ledger import Entry, known_at_end, ledger
from sla_rules.reports.ledger_rows import KnownAtEnd, LedgerRow
from sla_rules.reports.period_figures import PeriodFigures
from sla_rules.reports.window import Window
from sla_rules.time.periods import Period


class _Then(NamedTuple):
    """What windows had come to at the end of a period."""

    current: Mapping[WindowKey, Tally]
    published: Mapping[WindowKey, Tally]
    published_by_day: Mapping[WindowKey, Mapping[date, Tally]]
    confirmed: Mapping[ObligationPeriod, Collection[ConfirmedRemedy]]


def goal_ledger(
    rules: RuleBook, terms: Sequence[Term], windows: Sequence[Window], figures: PeriodFigures, until: Instant
) -> tuple[LedgerRow, ...]:
    """A row for each period of the goal's own interval, which versions may differ in."""
    entries = entries_of(windows)
    agreed = terms[-1].agreement
    rows = ledger(entries, agreed.currency, until, agreed.subject)
    at_ends = _at_ends(rules, terms, [entry.period for entry in entries], figures, until)
    return tuple(replace(row, at_end=at_ends.get(entry.period)) for row, entry in zip(rows, entries, strict=True))


def _at_ends(
    rules: RuleBook, terms: Sequence[Term], periods: Sequence[Period], figures: PeriodFigures, until: Instant
) -> dict[Period, KnownAtEnd]:
    """What was known at the end of each period that is over; nothing where nobody can tell."""
    if figures.learned is None:
        return {}
    learned = sorted(figures.learned.items(), reverse=True)
    current: dict[WindowKey, Tally] = {}
    found = {}
    for number, last in enumerate(periods, start=1):
        if last.end > until:
            continue
        while learned and learned[-1][0] <= last.end:
            for key, tally in learned.pop()[1].items():
                add(current.setdefault(key, {}), tally)
        then = _Then(current, figures.published, figures.published_by_day, figures.confirmed)
        known = [term for term in terms if term.since <= last.end]
        windows = [Window(rules, known, then, period, last.end) for period in periods[:number]]
        agreed = known[-1].agreement
        found[last] = known_at_end(entries_of(windows), agreed.currency, agreed.subject)
    return found


def entries_of(windows: Iterable[Window]) -> list[Entry]:
    """Those of the goal's own interval, the earliest first."""
    found = (window.entry() for window in windows)
    return sorted((entry for entry in found if entry is not None), key=lambda entry: entry.period.end)
