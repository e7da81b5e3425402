"""An agreement with something of everything that follows from figures, for the tests of the whole."""

from functools import cache
from typing import Final

from sla_rules.agreement.rulebook import RuleBook
from sla_rules.instants import Instant
from tests.sla_rules.rules import agreement

EVERYTHING: Final = """
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
currency: EUR
obligations:
  - {id: fast, kind: speed, title: First call, provider: sales, recipient: marketing, deadline: {within: 1h},
     target: {share: "50%"}, intervals: [week, month]}
  - {id: leads, kind: volume, provider: marketing, recipient: sales, goal_from: {revenue: 400, average_deal: 100, close_rate: 1},
     intervals: [week, month]}
  - {id: report, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [fri], at: "16:00"},
     intervals: [month]}
capacity: {obligation: leads, reps: 1, time_per_attempt: 1h, attempts_per_lead: 4}
credits:
  - {obligation: fast, interval: month, fee: 1000, tiers: [{below: "50%", credit: "10%"}], claim_within: 30d}
remedies:
  - {obligation: leads, owner: Bruno, within: 7d, action: Say why}
  - {obligation: leads, owner: Ana, within: 40d, action: Make up for it}
cancellation: {missed_in_a_row: 2, interval: month, obligations: [leads, fast]}
"""


@cache
def everything(listening_since: Instant | None = None) -> RuleBook:
    """The agreement, under which the service has listened from an instant on, or nobody remembers."""
    since = {} if listening_since is None else {"leads": listening_since}
    return RuleBook([agreement(EVERYTHING)], listening_since=since)
