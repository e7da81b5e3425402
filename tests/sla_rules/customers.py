"""Customers who are to stay: an agreement on their retention, and what a CRM says of them."""

from functools import cache
from typing import Any, Final

from sla_rules.agreement.file import parse_agreement
from sla_rules.agreement.rulebook import RuleBook
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from tests.sla_rules.clocks import at

KEPT: Final = """
agreement: kept
version: "{version}"
effective_from: {since}
type: internal
title: Customers stay
parties:
  service: {{name: Service, contacts: [{{name: Joanna}}]}}
  sales: {{name: Sales, contacts: [{{name: Ana}}]}}
subject: {subject}
events:
  handed_off: [{subject}.won.v1]
  reassigned: [{subject}.reassigned.v1]
  closed: [{subject}.lost.v1]
  reopened: [{subject}.returned.v1]
  excused: [{subject}.excused.v1]
calendar:
  time_zone: {zone}
  weekly_hours: {{mon: [["09:00", "17:00"]]}}
obligations:
  - {{id: kept, kind: retention, provider: service, recipient: sales, target: {{share: 90%}},
     intervals: [day, week, month, quarter]}}
"""


@cache
def kept(
    zone: str = "Europe/Berlin",
    subject: str = "customer",
    since: str = "2026-01-01",
    version: str = "1",
    more: str = "",
) -> RuleBook:
    """One promise, by periods of four lengths."""
    return RuleBook([parse_agreement(KEPT.format(**locals()) + more)])


@cache
def tickets() -> RuleBook:
    """The same of what the histories of leads are about beside leads, in a zone whose clocks go forward meanwhile."""
    return kept("America/New_York", "ticket")


def told(kind: type[Any], when: str, name: str | None = None, *, arrived: str | None = None, **more: Any) -> Fact:
    """A fact about a customer, by the clocks of Berlin."""
    found: Fact = kind(
        time=at(when),
        arrival=at(arrived or when),
        source="/crm",
        id=name or f"{kind.__name__} {when} {more.get('status', '')}",
        subject="customer",
        **more,
    )
    return found


def won(when: str, **more: Any) -> Fact:
    return told(facts.HandedOff, when, **more)


def lost(when: str, **more: Any) -> Fact:
    return told(facts.StatusChanged, when, status="converted", **more)


def returned(when: str, **more: Any) -> Fact:
    return told(facts.StatusChanged, when, status="reopened", **more)


def reached(when: str, **more: Any) -> Fact:
    return told(facts.StatusChanged, when, status="connected", **more)


def waived(when: str, **more: Any) -> Fact:
    return told(facts.Excused, when, reason="insolvent", by="ana", **more)
