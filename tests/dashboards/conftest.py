"""Agreements to generate from, and the tools that judge the result."""

import os
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from dashboards.generate import generate
from dashboards.settings import Settings, Smtp, operators
from sla_rules.agreement.file import load_agreements, parse_agreement
from sla_rules.agreement.model import Agreement
from tests.real_parts.tools import tool

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 28)
COMPANY_X = ROOT / "agreements" / "company-x.yaml"

RICH = """
agreement: acme-by-priority
version: "2"
effective_from: 2026-07-01
type: multilevel
title: Leads of Acme, {{ by priority }}
parties:
  agency:
    name: Agency "North"
    contacts: [{name: Ada, webhook: "http://127.0.0.1:9/ada"}, {name: Night desk, email: desk@agency.example}]
  sales:
    name: Sales
    contacts: [{name: Sue, webhook: "http://127.0.0.1:9/sue"}, {name: Silent, webhook: "http://x.example", pages: false}]
  service:
    name: Customer service
    contacts: [{name: Joanna, email: joanna@acme.example}]
calendar:
  time_zone: America/New_York
  weekly_hours: {mon: [["22:00", "06:00"]], tue: [["22:00", "06:00"]], sat: [["00:00", "24:00"]]}
capacity: {obligation: heads, reps: 3, time_per_attempt: 12m, attempts_per_lead: 4.5, share_for_marketing: 60%}
calendars:
  round-the-clock: {time_zone: UTC, weekly_hours: {sun: [["00:00", "24:00"]]}}
teams:
  night-desk: {calendar: round-the-clock}
  "Night \\"B\\" {{ x }}": {contacts: [{name: Nora, webhook: "http://127.0.0.1:9/nora"}]}
reps: [{id: rita, name: Rita, team: night-desk, webhook: "http://127.0.0.1:9/rita", limits: {open_leads: 20}}]
notify: {breaches: [team], goals: [provider, recipient], always: [escalations], reports: [Ada, sales]}
legal: ["The agency {{ owns }} *nothing* of it."]
reports: [{id: weekly, due: {weekdays: [mon], at: "09:00"}, language: es, to: [heads, Sue]}]
year_begins: february
minimum_quality: {score: {at_least: 60, below: 99.5}, region: [EMEA, APAC], attributes.consent: true}
segments:
  - {id: ceo, when: {role: ceo}, value: 100, calendar: round-the-clock}
  - {id: other}
obligations:
  - {id: urgent, kind: speed, title: "Urgent {{ leads }}", provider: sales, recipient: agency, intervals: [week, quarter],
     deadline: {within: 15m, clock: wall, warnings: [10m, 5m], escalations: [1h]}, pauses: true, reassignment: restarts, reassign_after: 10m,
     target: {average: 90s, share: "99.5%"}, bands: [90s, 15m], notify: {always: [breaches, goals]}}
  - {id: to-the-lead, kind: speed, provider: sales, recipient: agency, starts: created, deadline: {within: 1h},
     target: {average: 10m, share: "95%"}, counted_by: followed_up}
  - {id: all-leads, kind: speed, provider: service, recipient: sales, deadline: {within: 2d}, intervals: [day]}
  - {id: certain, kind: speed, provider: sales, recipient: agency, deadline: {within: 1d}, target: {share: "100%"}}
  - {id: tries, kind: depth, provider: sales, recipient: agency, attempts: 1, deadline: {within: 7d},
     target: {average: 4.2, share: "50%"}, closed_leads: counted, intervals: [month, year]}
  - {id: worth, kind: volume, provider: agency, recipient: sales, goal: 12500.5, measure: value, interval: quarter,
     intervals: [month, quarter], goal_line: working_days}
  - {id: heads, kind: volume, provider: agency, recipient: sales, goal_from: {
     ceo: {revenue: 50000, average_deal: 1000, close_rate: "20%", marketing_share: "60%"},
     other: {revenue: 1000, average_deal: 300, close_rate: 0.5}}}
  - {id: lists, kind: deliverable, title: "List {{ clean }}", provider: agency, recipient: sales, quantity: 2,
     due: {days_of_month: [1, 15, 31], at: "24:00", until: 2030-12-31}, by: "Ada {{ A }}", to: [Sue, Joanna, "#sales"],
     intervals: [month, year]}
"""

MACHINES = """
agreement: machines
version: "1"
effective_from: 2026-07-01
type: customer
title: Machines that are up
parties:
  host: {name: Host, contacts: [{name: Olga, webhook: "http://127.0.0.1:9/olga"}]}
  guest: {name: Guest, contacts: [{name: Gus, webhook: "http://127.0.0.1:9/gus"}]}
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
subject: machine
events: {down: [machine.down.v1], up: [machine.up.v1], paused: [machine.paused.v1], excused: [machine.excused.v1],
  closed: [machine.given_back.v1]}
segments: [{id: large, when: {attributes.size: large}}]
obligations:
  - {id: always, kind: availability, title: "Up {{ always }}", provider: host, recipient: guest, target: {share: 99.95%},
     announced: 3d, intervals: [day, week, month]}
  - {id: office, kind: availability, provider: host, recipient: guest, target: {share: 100%}, clock: working,
     pauses: true, intervals: [week]}
  - {id: rented, kind: retention, title: "Rented {{ on }}", provider: host, recipient: guest, target: {share: 92.5%},
     intervals: [month, quarter]}
credits: [{obligation: always, interval: week, tiers: [{below: 99.9%, credit: 10%}]}]
"""

REPORTS = """
agreement: reports
version: "1"
effective_from: 2026-07-01
type: internal
title: Reports alone
parties:
  marketing: {name: Marketing, contacts: [{name: Mo, webhook: "http://127.0.0.1:9/mo"}]}
  sales: {name: Sales, contacts: [{name: Sue, webhook: "http://127.0.0.1:9/sue"}]}
calendar: {time_zone: Europe/Berlin, weekly_hours: {mon: [["09:00", "17:00"]]}}
segments: [{id: ceo, when: {role: ceo}}]
obligations:
  - {id: weekly, kind: deliverable, provider: sales, recipient: marketing, due: {weekdays: [mon, thu, fri], at: "16:00"}}
  - {id: monthly, kind: deliverable, provider: marketing, recipient: sales, due: {days_of_month: [31], at: "09:00"},
     intervals: [quarter]}
"""


@pytest.fixture(scope="session")
def company_x() -> Agreement:
    return load_agreements([COMPANY_X])[0]


@pytest.fixture(scope="session")
def rich() -> Agreement:
    """Everything the model can say: segments, three parties, odd intervals, night shifts, braces in texts."""
    return parse_agreement(RICH)


@pytest.fixture(scope="session")
def reports() -> Agreement:
    """Nothing but deliverables, in an agreement that has segments for others."""
    return parse_agreement(REPORTS)


@pytest.fixture(scope="session")
def machines() -> Agreement:
    """Nothing but what is to be up."""
    return parse_agreement(MACHINES)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(TODAY, digest="0123456789ab")


@pytest.fixture(scope="session")
def everything() -> Settings:
    """All that can be set."""
    return Settings(
        TODAY,
        digest="0123456789ab",
        operations=operators(["http://127.0.0.1:9/ops"], ["ops@acme.example"]),
        watchdog_webhook="http://127.0.0.1:9/dead-man",
        smtp=Smtp("mail.example:587", "sla@acme.example", "sla", "/run/secrets/smtp"),
    )


@pytest.fixture(scope="session")
def files(
    company_x: Agreement, rich: Agreement, reports: Agreement, machines: Agreement, settings: Settings
) -> dict[str, str]:
    return generate([company_x, rich, reports, machines], settings)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    def written(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return written


@pytest.fixture(scope="session")
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs promtool or amtool; where it is missing the test is skipped, or fails if the tools are required."""
    environment = {**os.environ, "GOGC": "400"}  # they collect garbage for a quarter of their time

    def program(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [tool(name), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, env=environment)

    return program
