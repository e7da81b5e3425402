"""Agreements to generate from, and the tools that judge the result."""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dashboards.generate import generate
from dashboards.settings import Settings, Smtp
from sla_rules.agreement import Agreement
from sla_rules.agreement_file import load_agreements, parse_agreement
from tests.real_parts.tools import tool

ROOT = Path(__file__).parents[2]
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
segments:
  - {id: ceo, when: {role: ceo}, value: 100}
  - {id: other}
obligations:
  - {id: urgent, kind: speed, title: "Urgent {{ leads }}", provider: sales, recipient: agency, intervals: [week, quarter],
     deadline: {within: 15m, clock: wall}, target: {average: 90s, share: "99.5%"}, bands: [90s, 15m]}
  - {id: all-leads, kind: speed, provider: service, recipient: sales, deadline: {within: 2d}, intervals: [day]}
  - {id: certain, kind: speed, provider: sales, recipient: agency, deadline: {within: 1d}, target: {share: "100%"}}
  - {id: tries, kind: depth, provider: sales, recipient: agency, attempts: 1, deadline: {within: 7d},
     target: {average: 4.2, share: "50%"}, closed_leads: counted, intervals: [month, year]}
  - {id: worth, kind: volume, provider: agency, recipient: sales, goal: 12500.5, measure: value, interval: quarter,
     intervals: [month, quarter], goal_line: working_days}
"""


@pytest.fixture(scope="session")
def company_x() -> Agreement:
    return load_agreements([COMPANY_X])[0]


@pytest.fixture(scope="session")
def rich() -> Agreement:
    """Everything the model can say: segments, three parties, odd intervals, night shifts, braces in texts."""
    return parse_agreement(RICH)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(digest="0123456789ab")


@pytest.fixture(scope="session")
def everything() -> Settings:
    """All that can be set."""
    return Settings(
        digest="0123456789ab",
        ops_webhook="http://127.0.0.1:9/ops",
        watchdog_webhook="http://127.0.0.1:9/dead-man",
        smtp=Smtp("mail.example:587", "sla@acme.example", "sla", "/run/secrets/smtp"),
    )


@pytest.fixture(scope="session")
def files(company_x: Agreement, rich: Agreement, settings: Settings) -> dict[str, str]:
    return generate([company_x, rich], settings)


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

    def program(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [tool(name), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    return program
