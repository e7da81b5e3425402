"""The agreements that the tests of the core run under."""

from functools import cache
from pathlib import Path
from typing import Final

from sla_rules.agreement.file import load_agreements, parse_agreement
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.rulebook import RuleBook

COMPANY_X_FILE: Final = Path(__file__).parents[1] / "company-x.yaml"

HEAD: Final = """
agreement: {name}
version: "{version}"
effective_from: {since}
type: internal
title: Leads
parties:
  marketing: {{name: Marketing, contacts: [{{name: Bruno}}]}}
  sales: {{name: Sales, contacts: [{{name: Ana}}]}}
"""

WALL: Final = """
year_begins: march
calendar:
  time_zone: America/New_York
  weekly_hours: {mon: [["00:00", "24:00"]]}
segments:
  - {id: ceo, when: {role: ceo}, value: 100}
  - {id: vip, when: {attributes.vip: {at_least: 1}}, value: "0.5"}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 30m, clock: wall},
     bands: [5m, 30m, 2h], intervals: [day, week, month, quarter, year]}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 2, closed_leads: counted,
     deadline: {within: 2h, clock: wall}, follow_up: {channels: [phone], directions: [outbound, inbound]}}
  - {id: worth, kind: volume, provider: marketing, recipient: sales, goal: 500, measure: value, interval: month}
remedies: [{obligation: touch, owner: Ana, within: 7d, action: Say why}]
"""

LATER: Final = """
calendar:
  time_zone: America/New_York
  weekly_hours: {fri: [["22:00", "06:00"]], sat: [["09:00", "12:00"], ["13:00", "17:00"]], sun: [["00:00", "24:00"]]}
  breaks: {2026-03-08: [["10:00", "11:00"]]}
calendars: {kolkata: {time_zone: Asia/Kolkata, weekly_hours: {mon: [["09:00", "18:00"]], sat: [["09:00", "18:00"]], sun: [["10:00", "14:00"]]}}}
teams: {ann: {calendar: kolkata}}
segments:
  - {id: ceo, when: {role: ceo}, value: 120}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}, bands: [5m, 1h],
     follow_up: {automation: true, minimum_duration: 30s}, intervals: [day, week]}
  - {id: worth, kind: volume, provider: marketing, recipient: sales, goal: 5, interval: week, intervals: [week]}
"""

PICKY: Final = """
applies_to: {role: [ceo, director]}
calendar:
  time_zone: Asia/Kolkata
  weekly_hours: {mon: [["09:00", "18:00"]], fri: [["09:00", "18:00"]]}
obligations:
  - {id: answer, kind: speed, provider: sales, recipient: marketing, intervals: [day], pauses: true, reassign_after: 20m,
     deadline: {within: {working_days: 1, cut_off: "16:00"}, warnings: [1h]}}
"""

TALKS: Final = """
calendar:
  time_zone: America/New_York
  weekly_hours: {fri: [["09:00", "17:00"]], sat: [["09:00", "17:00"]], sun: [["00:00", "24:00"]]}
teams: {ann: {calendar: nights}}
calendars: {nights: {time_zone: America/New_York, weekly_hours: {fri: [["22:00", "06:00"]]}}}
obligations:
  - {id: first, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}, reopened: continues,
     follow_up: {automation: answers}, reassignment: restarts, intervals: [day]}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 3, closed_leads: counted, reopened: continues,
     deadline: {within: 1d, clock: wall}, pauses: true, intervals: [day]}
  - {id: replies, kind: speed, provider: sales, recipient: marketing, starts: inbound, intervals: [day], pauses: true,
     deadline: {within: 30m, clock: wall, warnings: [15m], escalations: [1h]}, follow_up: {automation: answers}}
  - {id: talk, kind: speed, provider: sales, recipient: marketing, starts: inbound, intervals: [day], reopened: continues,
     deadline: {within: 2h}, counted_by: followed_up}
"""


def agreement(body: str, name: str = "leads", version: str = "1", since: str = "2026-01-01") -> Agreement:
    """An agreement between marketing and sales from the parts that differ."""
    return parse_agreement(HEAD.format(name=name, version=version, since=since) + body)


@cache
def company_x() -> RuleBook:
    """The agreement that ships as an example."""
    return RuleBook(load_agreements([COMPANY_X_FILE]))


@cache
def wall() -> RuleBook:
    """Short deadlines by the wall clock, in segments."""
    return RuleBook([agreement(WALL)])


@cache
def several() -> RuleBook:
    """Two agreements, one of them in two versions, the second in force from 7 March 2026."""
    return RuleBook(
        [agreement(WALL), agreement(LATER, version="2", since="2026-03-07"), agreement(PICKY, name="picky")]
    )


@cache
def talks() -> RuleBook:
    """Answers to messages, automation that answers, and promises that reopenings continue."""
    return RuleBook([agreement(TALKS)])


def rule_books() -> tuple[RuleBook, ...]:
    """All of them."""
    return company_x(), wall(), several(), talks()
