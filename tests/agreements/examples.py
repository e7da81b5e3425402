"""The agreements that ship, each as a story of facts and what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.evaluation.notices import Notice
from sla_rules.evaluation.tallies import Tally
from sla_rules.figures.windows import WindowKey
from sla_rules.instants import iso
from sla_rules.lead.facts import Confirmed, Fact
from sla_rules.names import ALL_SEGMENTS
from sla_rules.notation import Granularity
from sla_rules.reports.encode import document
from sla_rules.reports.replay import Outcome, replay, watched
from sla_rules.reports.report import Scope, report
from sla_rules.time.periods import start_of
from tests.sla_rules.clocks import at
from tests.sla_rules.explained import differences

PROJECT: Final = Path(__file__).parents[2]
FOLDER: Final = PROJECT / "agreements"
FILES: Final = sorted(FOLDER.rglob("*.yaml"))


@cache
def example(name: str) -> RuleBook:
    """One of them, by the name of its file."""
    (file,) = (file for file in FILES if file.stem == name)
    return RuleBook(load_agreements([file]))


@dataclass(frozen=True)
class Story:
    """What the facts come to under one agreement at an instant."""

    agreement: Agreement
    outcome: Outcome
    rules: RuleBook
    scope: Scope

    def figures(
        self, obligation: str, first: str, interval: Granularity = "month", segment: str = ALL_SEGMENTS
    ) -> Tally:
        key = WindowKey(self.agreement.agreement, obligation, segment, interval, date.fromisoformat(first))
        return self.outcome.current.get(key, {})

    def attainment(self, obligation: str, first: str, interval: Granularity = "month") -> Fraction | None:
        """The share that was met of what was decided, or the time up of the time available; of nothing it is undefined."""
        tally = self.figures(obligation, first, interval)
        met = tally.get("met", 0) + tally.get("available", 0) - tally.get("down", 0)
        decided = tally.get("met", 0) + tally.get("breached", 0) + tally.get("available", 0)
        return Fraction(met, decided) if decided else None

    def credit(self, obligation: str, first: str) -> Decimal:
        """The share of the month's fee that is due."""
        (terms,) = (one for one in self.agreement.credits if one.obligation == obligation)
        return terms.credit(self.attainment(obligation, first))

    def consequences(self, obligation: str, first: str, interval: Granularity = "month") -> dict[str, Any]:
        """What a report says of a period of an obligation."""
        found = self._consequences()
        zone = self.rules.zone_of(self.agreement.agreement)
        start = iso(start_of(date.fromisoformat(first), zone))
        (period,) = [
            one
            for one in found["periods"]
            if (one["obligation"], one["interval"], one["start"]) == (obligation, interval, start)
        ]
        return dict(period)

    def cancellation(self) -> dict[str, Any]:
        """Whether the agreement may be ended."""
        return dict(self._consequences()["cancellation"])

    def _consequences(self) -> Any:
        return document(report(self.rules, self.agreement.agreement, self.outcome, self.scope).consequences)

    def notices(self, obligation: str) -> list[Notice]:
        """Those that page somebody: what had passed long before anybody watched is history."""
        return [notice for notice in self.outcome.notices if notice.obligation == obligation and not notice.historic]


def told(name: str, facts: Mapping[str, Sequence[Fact]], until: str, since: str = "2026-03-01 00:00") -> Story:
    """The facts by lead, ticket or deliverable, told to an agreement that is watched from an instant on.

    Whatever the story, what is explained of each is what is said of it.
    """
    rules = example(name)
    (versions,) = rules.versions.values()
    all_of_it = watched(rules, facts, at(since))
    outcome = replay(rules, all_of_it, at(until))
    assert differences(rules, all_of_it, at(until), outcome.notices) == []
    return Story(versions[-1].agreement, outcome, rules, Scope(at(since), at(until)))


def confirmed(when: str, quantity: float = 1, to: str | None = None, due: str | None = None) -> Fact:
    """A delivery, told as it happens."""
    time = at(when)
    return Confirmed(time=time, arrival=time, source="/store", id=f"{when} {to}", quantity=quantity, to=to, due=due)
