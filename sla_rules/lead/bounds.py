"""What of a fact no event could have said: facts that come from elsewhere than `sla_rules.events.decode` are held to this."""

from datetime import date
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Final

from sla_rules.currencies import CURRENCIES
from sla_rules.instants import DAY, EARLIEST, LATEST
from sla_rules.lead.facts import Confirmed, Corrected, DealClosed, ExcusedSpan, Forwarded, Merged, RemedyConfirmed
from sla_rules.time.period_names import named_period

LONGEST_TEXT: Final = 512
"""Characters of an identifier, a name or a reason; those of events are half as long at most, keys of leads as long."""
_LARGEST_AMOUNT: Final = Decimal(10**12)
_EARLIEST_ARRIVAL: Final = EARLIEST - DAY
"""A record without a stamp arrived just before 1970."""


def out_of_bounds(fact: Forwarded) -> str | None:
    """What is wrong with a fact; None if an event could have said it."""
    for name in fact.__struct_fields__:
        value = getattr(fact, name)
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            return f"{name} has {len(value)} characters"
    if not (EARLIEST <= fact.time <= LATEST and _EARLIEST_ARRIVAL <= fact.arrival <= LATEST):
        return f"time {fact.time} and arrival {fact.arrival} do not both lie between {EARLIEST} and {LATEST}"
    if isinstance(fact, Corrected) and fact.instead is not None:
        if isinstance(fact.instead, Corrected | Merged):
            return "a correction puts in another correction or a merge"
        return out_of_bounds(fact.instead)
    return _wrong_content(fact)


def _wrong_content(fact: Forwarded) -> str | None:
    match fact:
        case Confirmed():
            return _wrong_confirmation(fact)
        case DealClosed():
            return _wrong_deal(fact)
        case ExcusedSpan(since=since, until=until) if not EARLIEST <= since < until <= LATEST:
            return f"since {since} and until {until} are no span between {EARLIEST} and {LATEST}"
        case RemedyConfirmed(period=period):
            return _wrong_period(period)
        case _:
            return None


def _wrong_period(name: str) -> str | None:
    try:
        named_period(name)
    except ValueError as none_such:
        return str(none_such)
    return None


def _wrong_confirmation(fact: Confirmed) -> str | None:
    if not isfinite(fact.quantity) or fact.quantity < 0:
        return f"quantity {fact.quantity} is none"
    try:
        date.fromisoformat(fact.due or "2026-03-06")
    except ValueError:
        return f"due {fact.due!r} is no date"
    return None


def _wrong_deal(fact: DealClosed) -> str | None:
    if any(len(lead) > LONGEST_TEXT for lead in fact.leads):
        return "a lead's name is too long"
    try:
        amount = Decimal(fact.amount)
    except InvalidOperation:
        return f"amount {fact.amount!r} is no number"
    if not amount.is_finite() or not 0 <= amount < _LARGEST_AMOUNT:
        return f"amount {fact.amount} is no sum of money"
    return None if fact.currency in CURRENCIES else f"currency {fact.currency!r} is none"
