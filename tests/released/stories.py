"""Leads whose states are kept as each release writes them: every type of fact and of share is among them."""

from typing import Any, Final

import msgspec

from sla_rules.instants import HOUR, Instant
from sla_rules.lead import facts
from sla_rules.lead.facts import Fact
from tests.sla_rules.clocks import at

LEADS_AGREEMENT: Final = """
agreement: leads
version: "1"
effective_from: 2026-01-01
type: internal
title: Leads
parties:
  marketing: {name: Marketing, contacts: [{name: Bruno}]}
  sales: {name: Sales, contacts: [{name: Ana}]}
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]]}
applies_to: {role: [ceo, manager]}
minimum_quality: {score: {at_least: 10}}
segments:
  - {id: ceo, when: {role: ceo}, value: 100}
obligations:
  - {id: touch, kind: speed, provider: sales, recipient: marketing, deadline: {within: 1h}}
  - {id: tries, kind: depth, provider: sales, recipient: marketing, attempts: 3, closed_leads: counted,
     deadline: {within: 2d, clock: wall}}
  - {id: worth, kind: volume, provider: marketing, recipient: sales, goal: 10, interval: month}
  - {id: report, kind: deliverable, provider: marketing, recipient: sales, due: {weekdays: [mon], at: "16:00"}}
"""

MACHINES_AGREEMENT: Final = """
agreement: machines
version: "1"
effective_from: 2026-01-01
type: customer
title: Machines
parties:
  host: {name: Host, contacts: [{name: Olga}]}
  guest: {name: Guest, contacts: [{name: Gus}]}
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]]}
subject: machine
events: {down: [machine.down.v1], up: [machine.up.v1], excused: [machine.excused.v1]}
obligations:
  - {id: reachable, kind: availability, provider: host, recipient: guest, target: {share: 99.5%}}
"""

CUSTOMERS_AGREEMENT: Final = """
agreement: customers
version: "1"
effective_from: 2026-01-01
type: internal
title: Customers
parties:
  service: {name: Service, contacts: [{name: Joanna}]}
  sales: {name: Sales, contacts: [{name: Ana}]}
calendar:
  time_zone: Europe/Berlin
  weekly_hours: {mon: [["09:00", "17:00"]], tue: [["09:00", "17:00"]]}
subject: customer
events: {handed_off: [customer.won.v1], closed: [customer.lost.v1]}
obligations:
  - {id: kept, kind: retention, provider: service, recipient: sales, target: {share: 90%}, intervals: [week, month]}
"""

AGREEMENTS: Final = (LEADS_AGREEMENT, MACHINES_AGREEMENT, CUSTOMERS_AGREEMENT)

JUDGED_AT: Final[Instant] = at("2026-03-11 12:00")


def _stamps(when: str, name: str, **more: Any) -> dict[str, Any]:
    return {"time": at(when), "arrival": at(when) + 7, "source": "/crm", "id": name, **more}


_READY: Final[facts.Fields] = {"attributes.vip": True, "role": "ceo", "score": 42.5}

LEADS: Final[dict[str, list[Fact]]] = {
    "served": [
        facts.Created(**_stamps("2026-03-02 08:00", "a"), fields=_READY),
        facts.HandedOff(**_stamps("2026-03-02 09:00", "b"), rep="ann", team="north", fields={"role": "ceo"}),
        facts.StatusChanged(**_stamps("2026-03-02 09:05", "c"), status="accepted", reason="fits"),
        facts.Attempted(
            **_stamps("2026-03-02 09:30", "d"), channel="phone", outcome="no_answer", duration=HOUR, rep="ann"
        ),
        facts.Updated(**_stamps("2026-03-02 09:40", "u"), fields={"attributes.vip": False, "score": 50.0}),
        facts.Attempted(**_stamps("2026-03-02 10:00", "e"), channel="email", inbound=True, automated=True),
        facts.Reassigned(**_stamps("2026-03-02 11:00", "f"), rep="bob", team="south", reason="ill"),
        facts.StatusChanged(**_stamps("2026-03-02 12:00", "g"), status="connected"),
        facts.DealClosed(
            **_stamps("2026-03-09 12:00", "h"), amount="1200.50", currency="EUR", deal="D-1", leads=("served",)
        ),
    ],
    "late": [
        facts.HandedOff(**_stamps("2026-03-02 09:00", "a"), fields=_READY),
        facts.Recycled(**_stamps("2026-03-04 09:00", "b"), reason="too early"),
        facts.HandedOff(**_stamps("2026-03-09 09:00", "c")),
        facts.Excused(**_stamps("2026-03-09 10:30", "d"), reason="strike", by="ana"),
        facts.Corrected(
            **_stamps("2026-03-09 11:00", "e"),
            replaces="c",
            instead=facts.HandedOff(**_stamps("2026-03-09 09:30", "c"), rep="bob"),
        ),
    ],
    "gone": [
        facts.HandedOff(**_stamps("2026-03-02 09:00", "a"), fields=_READY),
        facts.Merged(**_stamps("2026-03-02 10:00", "b"), into="served"),
    ],
    "erased": [
        facts.HandedOff(**_stamps("2026-03-02 09:00", "a"), rep="ann", fields=_READY),
        facts.StatusChanged(**_stamps("2026-03-03 09:00", "b"), status="deleted"),
    ],
    "unready": [facts.HandedOff(**_stamps("2026-03-02 09:00", "a"), fields={"role": "ceo", "score": 1})],
    "uncovered": [facts.HandedOff(**_stamps("2026-03-02 09:00", "a"), fields={"role": "intern"})],
    "open": [facts.HandedOff(**_stamps("2026-03-11 11:59", "a"), fields=_READY)],
    "ticket": [facts.HandedOff(**_stamps("2026-03-02 09:00", "a", subject="ticket"))],
    "machine": [
        facts.HandedOff(**_stamps("2026-03-02 09:00", "a", subject="machine"), team="east"),
        facts.StatusChanged(**_stamps("2026-03-02 09:30", "b", subject="machine"), status="connected"),
        facts.ExcusedSpan(
            **_stamps("2026-03-03 09:00", "c", subject="machine"),
            since=at("2026-03-04 02:00"),
            until=at("2026-03-04 03:00"),
            reason="patches",
            by="olga",
        ),
        facts.HandedOff(**_stamps("2026-03-11 11:00", "d", subject="machine")),
    ],
    "customer": [
        facts.HandedOff(**_stamps("2026-01-20 09:00", "a", subject="customer"), team="south"),
        facts.StatusChanged(**_stamps("2026-03-05 09:00", "b", subject="customer"), status="converted"),
    ],
    "leads:report": [
        facts.Watched(**_stamps("2026-03-01 00:00", "a")),
        facts.Confirmed(**_stamps("2026-03-02 15:00", "b"), quantity=2.5, by="bruno", to="ana", due="2026-03-02"),
    ],
    "leads:touch": [
        facts.RemedyConfirmed(**_stamps("2026-03-10 09:00", "a"), period="2026-02", by="bruno", owner="Ana"),
        facts.RemedyConfirmed(**_stamps("2026-03-11 09:00", "b"), period="2026-03", by="ana"),
    ],
}

FORWARDED: Final[list[Fact]] = [
    msgspec.structs.replace(fact, origin=lead) for lead, told in LEADS.items() for fact in told
] + [msgspec.structs.replace(LEADS["served"][0], erased=b"\x00\xff", fields={})]
