"""Marketing's side of a lead: it is created, written to by automation, and handed off where it is good enough."""

from collections.abc import Iterator
from random import Random
from typing import Final

from crm_simulator.chance import around, happens
from crm_simulator.item import Happening
from crm_simulator.leads.forms import Lead
from sla_rules.instants import DAY, HOUR, MINUTE, SECOND, Instant
from sla_rules.time.calendar import Calendar

QUALIFIED_SCORE: Final = 60
"""Leads from this score on are handed off."""

_ROUTED_BY_RULE: Final = 0.7
"""Share of hand-offs that a rule makes within minutes, day and night; the others somebody looks at first."""


def welcome(lead: Lead, rng: Random) -> Iterator[Happening]:
    """The lead's creation, and the automatic answer to its form."""
    yield Happening(lead.created, "lead.created.v1", lead.id, lead.fields)
    yield automatic_email(lead.id, lead.created + round(around(25 * SECOND, 0.5, rng)), rng)


def hand_off_time(lead: Lead, calendar: Calendar, rng: Random) -> Instant | None:
    """When marketing hands the lead off; None where it keeps it."""
    if lead.score < QUALIFIED_SCORE:
        return None
    if happens(_ROUTED_BY_RULE, rng):
        return lead.created + round(around(80 * SECOND, 0.6, rng))
    return calendar.add(lead.created, round(around(25 * MINUTE, 0.6, rng)))


def nurture(lead: Lead, rng: Random) -> Iterator[Happening]:
    """What becomes of a lead that is not handed off: more e-mails, and sometimes an end."""
    at = lead.created
    for _ in range(rng.randint(0, 3)):
        at += round(around(2 * DAY, 0.5, rng))
        yield automatic_email(lead.id, at, rng)
    if happens(0.15, rng):
        reason = rng.choice(("student", "competitor", "spam", "no_budget"))
        at = lead.created + round(around(5 * HOUR, 0.8, rng))
        yield Happening(at, "lead.disqualified.v1", lead.id, {"reason_code": reason})


def automatic_email(lead: str, at: Instant, rng: Random) -> Happening:
    """An e-mail that no human wrote: it looks like a follow-up and is none."""
    data: dict[str, object] = {"channel": "email", "direction": "outbound", "actor": "automation"}
    if happens(0.03, rng):
        data["outcome"] = "bounced"
    return Happening(at, "lead.contact_attempted.v1", lead, data)
