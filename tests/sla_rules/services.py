"""Services that are watched: an agreement on their availability, what monitors say of them, and what it comes to."""

from functools import cache
from typing import Any, Final

from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from tests.sla_rules.clocks import at

UPTIME: Final = """
agreement: uptime
version: "{version}"
effective_from: {since}
type: customer
title: Uptime
parties:
  host: {{name: Host, contacts: [{{name: Olga}}]}}
  guest: {{name: Guest, contacts: [{{name: Gus}}]}}
subject: {subject}
events:
  created: [{subject}.watched.v1]
  down: [{subject}.down.v1]
  up: [{subject}.up.v1]
  paused: [{subject}.serviced.v1]
  resumed: [{subject}.back.v1]
  closed: [{subject}.removed.v1]
  excused: [{subject}.maintained.v1]
calendar:
  time_zone: {zone}
  weekly_hours: {{fri: [["09:00", "17:00"]], sat: [["10:00", "12:00"]], sun: [["22:00", "06:00"]], mon: [["09:00", "17:00"]]}}
grace: {grace}
obligations:
  - {{id: up, kind: availability, provider: host, recipient: guest, target: {{share: 99.5%}},
     intervals: [day, week, month]}}
  - {{id: office, kind: availability, provider: host, recipient: guest, target: {{share: 99%}}, clock: working,
     pauses: true, announced: 2h, intervals: [day, month]}}
"""


def uptime(
    zone: str = "Europe/Berlin",
    subject: str = "machine",
    since: str = "2026-01-01",
    version: str = "1",
    grace: str = "24h",
    more: str = "",
) -> RuleBook:
    """Two promises over the same events: at any time, and in office hours, with maintenance announced two hours before."""
    return RuleBook([parse_agreement(UPTIME.format(**locals()) + more)])


@cache
def tickets() -> RuleBook:
    """The same of what the histories of leads are about beside leads, in a zone whose clocks go forward meanwhile."""
    return uptime("America/New_York", "ticket")


def told(kind: type[Any], when: str, name: str | None = None, *, arrived: str | None = None, **more: Any) -> Fact:
    """A fact about a machine, by the clocks of Berlin."""
    found: Fact = kind(
        time=at(when),
        arrival=at(arrived or when),
        source="/monitor",
        id=name or f"{kind.__name__} {when} {more.get('status', '')}",
        subject="machine",
        **more,
    )
    return found


def watched(when: str, **more: Any) -> Fact:
    return told(facts.Created, when, **more)


def down(when: str, **more: Any) -> Fact:
    return told(facts.HandedOff, when, **more)


def up(when: str, **more: Any) -> Fact:
    return told(facts.StatusChanged, when, status="connected", **more)


def removed(when: str, **more: Any) -> Fact:
    return told(facts.StatusChanged, when, status="converted", **more)


def paused(when: str, **more: Any) -> Fact:
    return told(facts.StatusChanged, when, status="paused", **more)


def resumed(when: str, **more: Any) -> Fact:
    return told(facts.StatusChanged, when, status="resumed", **more)


def maintained(when: str, since: str, until: str, **more: Any) -> Fact:
    return told(facts.ExcusedSpan, when, since=at(since), until=at(until), reason="patches", by="olga", **more)


def waived(when: str, **more: Any) -> Fact:
    return told(facts.Excused, when, reason="fire", by="olga", **more)
