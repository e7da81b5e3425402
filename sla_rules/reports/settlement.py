"""What a period entails: was the goal met, what credit is due, who does what by when, may the agreement be ended?

Published figures decide and nothing else: they are the same whoever asks, and kept for good. What is known now is judged
beside them, so that a late event can be seen to have changed the answer; a period not yet published has no consequence
yet. Shares are compared exactly.

A goal is judged by the interval it is agreed for: volume by its own, other obligations by the month (or, if they are not
counted by month, by their longest interval), and by those that credits or the cancellation name.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Final, Literal, NamedTuple, get_args

from sla_rules.agreement.consequences import Cancellation, ServiceCredits
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.obligations import Deliverable, Depth, Obligation, Speed, Volume
from sla_rules.agreement.rulebook import Term
from sla_rules.evaluation.tallies import VALUE_UNIT, Tally
from sla_rules.figures.summary import Document, money, number
from sla_rules.instants import SECOND, Instant, iso
from sla_rules.notation import Granularity
from sla_rules.time.periods import Period

INTERVALS: Final[tuple[Granularity, ...]] = get_args(Granularity)
Result = Literal["met", "missed"]


class Settled(NamedTuple):
    """The figures of one period under the terms in force at its end, all segments together.

    `published` is None until `published_at`.
    """

    term: Term
    period: Period
    published_at: Instant
    published: Tally | None
    known: Tally


class Target(NamedTuple):
    """One part of what was agreed, and what came of it; `result` is None where there was nothing to judge."""

    name: Literal["share", "average_seconds", "average_attempts", "delivered", "value"]
    agreed: Fraction
    found: Fraction | None
    result: Result | None


def judged_intervals(agreement: Agreement, terms: Obligation) -> tuple[Granularity, ...]:
    """The intervals that the goal of an obligation is judged by, shortest first."""
    if isinstance(terms, Volume):
        return (terms.interval,)
    named = {credit.interval for credit in agreement.credits if credit.obligation == terms.id}
    if agreement.cancellation is not None and terms.id in agreement.cancellation.obligations:
        named.add(agreement.cancellation.interval)
    longest = max(terms.intervals, key=INTERVALS.index)
    named.add("month" if "month" in terms.intervals else longest)
    return tuple(interval for interval in INTERVALS if interval in named)


def attainment(terms: Obligation, tally: Tally) -> Fraction | None:
    """What was met of what was decided, of a volume what was delivered of the goal; None where nothing was due."""
    if isinstance(terms, Volume):
        return _delivered(terms, tally) / Fraction(terms.agreed)
    decided = tally.get("met", 0) + tally.get("breached", 0)
    return Fraction(tally.get("met", 0), decided) if decided else None


def targets(terms: Obligation, tally: Tally) -> list[Target]:
    """Every part of what was agreed; a promise without a target is one about each lead or delivery."""
    share = attainment(terms, tally)
    if isinstance(terms, Volume):
        goal, came = Fraction(terms.agreed), _delivered(terms, tally)
        return [Target("value" if terms.measure == "value" else "delivered", goal, came, _result(came >= goal))]
    if isinstance(terms, Deliverable):
        return [_share(Decimal(1), share)]
    parts = []
    agreed = terms.target
    if agreed.share is not None or agreed.average is None:
        parts.append(_share(agreed.share or Decimal(1), share))
    if isinstance(terms, Speed) and terms.target.average is not None:
        parts.append(_average_time(terms, terms.target.average, tally))
    elif isinstance(terms, Depth) and terms.target.average is not None:
        which = "" if terms.closed_leads == "counted" else "_open"
        found = _ratio(tally.get(f"attempts{which}", 0), tally.get(f"unconnected{which}", 0))
        least = Fraction(terms.target.average)
        parts.append(Target("average_attempts", least, found, None if found is None else _result(found >= least)))
    return parts


def result(parts: Sequence[Target]) -> Result | None:
    """Missed if any part is, met if every part that could be judged is."""
    results = {part.result for part in parts}
    return "missed" if "missed" in results else "met" if "met" in results else None


def settlement(agreement: Agreement, settled: Sequence[Settled]) -> Document:
    """All consequences of an agreement, periods of the same obligation together; `agreement` is its latest version."""
    chosen = [
        one for one in settled if one.period.interval in judged_intervals(one.term.agreement, one.term.obligation)
    ]
    cancellation = agreement.cancellation
    return {
        "periods": [_period(one) for one in chosen],
        "cancellation": None if cancellation is None else _cancellation(cancellation, settled),
    }


def _period(one: Settled) -> Document:
    terms, agreement = one.term.obligation, one.term.agreement
    published = None if one.published is None else _judged(terms, one.published)
    is_missed = published is not None and published["result"] == "missed"
    return {
        "obligation": terms.id,
        "kind": terms.kind,
        "version": agreement.version,
        "provider": terms.provider,
        "recipient": terms.recipient,
        "interval": one.period.interval,
        "start": iso(one.period.start),
        "end": iso(one.period.end),
        "status": "open" if published is None else "published" if one.published == one.known else "restated",
        "published_at": iso(one.published_at),
        "published": published,
        "restated": _judged(terms, one.known),
        "credits": [
            _credit(credit, one)
            for credit in agreement.credits
            if (credit.obligation, credit.interval) == (terms.id, one.period.interval)
        ],
        "remedies": [
            {"owner": remedy.owner, "action": remedy.action, "by": iso(one.published_at + remedy.within)}
            for remedy in agreement.remedies
            if remedy.obligation == terms.id and is_missed
        ],
    }


def _judged(terms: Obligation, tally: Tally) -> Document:
    parts = targets(terms, tally)
    share = attainment(terms, tally)
    return {
        "result": result(parts),
        "attainment": None if share is None else number(share),
        "targets": [
            {
                "target": part.name,
                "agreed": number(part.agreed),
                "found": None if part.found is None else number(part.found),
                "result": part.result,
            }
            for part in parts
        ],
    }


def _credit(terms: ServiceCredits, one: Settled) -> Document:
    claim = terms.claim_within
    return {
        "fee": None if terms.fee is None else f"{terms.fee:f}",
        "currency": one.term.agreement.currency,
        "cap": f"{terms.cap:f}",
        "claim_until": None if claim is None else iso(one.period.end + claim),
        "exclusions": list(terms.exclusions),
        "published": None if one.published is None else _due(terms, attainment(one.term.obligation, one.published)),
        "restated": _due(terms, attainment(one.term.obligation, one.known)),
    }


def _due(terms: ServiceCredits, share: Fraction | None) -> Document:
    tier = next((tier for tier in reversed(terms.tiers) if share is not None and share < Fraction(tier.below)), None)
    credit = terms.credit(share)
    return {
        "tier": None if tier is None else {"below": f"{tier.below:f}", "credit": f"{tier.credit:f}"},
        "credit": f"{credit:f}",
        "is_capped": tier is not None and tier.credit > terms.cap,
        "amount": None if terms.fee is None else money(round(Fraction(terms.fee) * Fraction(credit) * VALUE_UNIT)),
    }


def _cancellation(terms: Cancellation, settled: Sequence[Settled]) -> Document:
    """Of the published periods; one is missed if any of the goals named was."""
    periods: dict[Period, bool] = {}
    ends: dict[Period, Instant] = {}
    for one in settled:
        if one.published is None or one.period.interval != terms.interval:
            continue
        obligation = one.term.obligation
        if obligation.id in terms.obligations and not (
            isinstance(obligation, Volume) and obligation.interval != terms.interval
        ):
            is_missed = result(targets(obligation, one.published)) == "missed"
            periods[one.period] = periods.get(one.period, False) or is_missed
            ends[one.period] = one.published_at
    ordered = sorted(periods, key=lambda period: period.start)
    rows = [list(row) for is_missed, row in groupby(ordered, key=periods.__getitem__) if is_missed]
    latest = rows[-1] if rows and rows[-1][-1] == ordered[-1] else []
    return {
        "missed_in_a_row": terms.missed_in_a_row,
        "interval": terms.interval,
        "obligations": list(terms.obligations),
        "in_a_row": [iso(period.start) for period in latest],
        "is_reached": terms.is_reached(periods[period] for period in ordered),
        "reached": [
            {
                "at": iso(ends[row[terms.missed_in_a_row - 1]]),
                "periods": [iso(period.start) for period in row],
            }
            for row in rows
            if len(row) >= terms.missed_in_a_row
        ],
    }


def _share(agreed: Decimal, found: Fraction | None) -> Target:
    least = Fraction(agreed)
    return Target("share", least, found, None if found is None else _result(found >= least))


def _average_time(terms: Speed, most: int, tally: Tally) -> Target:
    """Where leads were breached and none was followed up there is no average, and nothing to be proud of."""
    clock = "working" if terms.deadline.clock == "working" else "wall"
    found = _ratio(tally.get(f"{clock}_sum", 0), tally.get("followed_up", 0) * SECOND)
    agreed = Fraction(most, SECOND)
    if found is None:
        return Target("average_seconds", agreed, None, "missed" if tally.get("breached", 0) else None)
    return Target("average_seconds", agreed, found, _result(found <= agreed))


def _delivered(terms: Volume, tally: Tally) -> Fraction:
    if terms.measure == "value":
        return Fraction(tally.get("value", 0), VALUE_UNIT)
    return Fraction(tally.get("delivered", 0))


def _ratio(above: int, below: int) -> Fraction | None:
    return Fraction(above, below) if below else None


def _result(is_met: bool) -> Result:  # noqa: FBT001 - a verdict in a word
    return "met" if is_met else "missed"
