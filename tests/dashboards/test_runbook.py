"""Every alert links to a section of the runbook that is there."""

import re
from pathlib import Path

import pytest

from dashboards import alert_names as of_agreements
from dashboards import service_alerts as of_service
from dashboards.alert_rules import alert_rules
from dashboards.quiet_hours_end import quiet_hours_end
from dashboards.settings import Settings
from sla_rules.agreement.model import Agreement

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"
PARTS = ("Means", "Look at", "Do")


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """Text by heading, the heading as an address spells it: in lower case."""
    _, *sections = re.split(r"^## (.+)\n", RUNBOOK.read_text(), flags=re.MULTILINE)
    return {heading.lower(): text for heading, text in zip(sections[::2], sections[1::2], strict=True)}


@pytest.fixture(scope="module")
def linked(
    company_x: Agreement, rich: Agreement, reports: Agreement, machines: Agreement, settings: Settings
) -> set[str]:
    """Where the alerts that can be generated link to."""
    agreements = (company_x, rich, reports, machines)
    told = [alert for rules in (alert_rules, quiet_hours_end) for one in agreements for alert in rules(one, settings)]
    return {alert.links["runbook_url"] for alert in (*told, *of_service.service_alerts(settings))}


def test_every_alert_has_its_section_and_every_section_its_alert(linked: set[str], sections: dict[str, str]) -> None:
    of_alerts = {heading for heading in sections if heading.startswith("leadsla")}
    assert linked == {f"docs/runbook.md#{heading}" for heading in of_alerts}


def test_every_section_says_what_it_means_what_to_look_at_and_what_to_do(sections: dict[str, str]) -> None:
    for heading, text in sections.items():
        assert re.findall(r"^\*\*(.+)\.\*\*", text, flags=re.MULTILINE) == list(PARTS), heading


def test_no_alert_of_an_agreement_goes_without_an_example_that_raises_it(linked: set[str]) -> None:
    names = {value for module in (of_agreements, of_service) for value in vars(module).values() if _is_name(value)}

    assert {link.split("#")[1] for link in linked} == {name.lower() for name in names}


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.startswith("LeadSLA")
