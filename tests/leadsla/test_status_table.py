"""How each promise stands, on a screen of 80 columns."""

from fractions import Fraction

from rich.console import Console
from sla_rules.reports.service_status import AgreementStatus, PromiseStatus, ServiceStatus

from leadsla.tables.status import show_status
from sla_rules.reports.calendar_period import CalendarPeriod
from sla_rules.reports.consequences import Target
from tests.sla_rules.clocks import at
from tests.sla_rules.rules import company_x
from wording.voice import Voice


def shown(found: Fraction) -> list[str]:
    promise = PromiseStatus(
        obligation="first-touch-of-many",
        kind="speed",
        provider="sales",
        recipient="marketing",
        period=CalendarPeriod("month", at("2026-03-01 00:00"), at("2026-04-01 00:00")),
        standing="at_risk",
        targets=(Target("share", Fraction(9, 10), found, "missed"),),
        goal_to_date=None,
    )
    agreement = AgreementStatus(
        agreement="company-x", version="2026-01", listening_since=None, partitions=1, promises=(promise,)
    )
    status = ServiceStatus(
        at=at("2026-03-06 09:00"), partitions=1, records=10, latest=at("2026-03-06 08:59"), agreements=(agreement,)
    )
    console = Console(width=80, record=True)
    show_status(console, status, company_x(), Voice("en"))
    return console.export_text().splitlines()


def test_what_came_of_a_share_fits_its_column() -> None:
    assert any("first-touch-of-many" in line and "80.916 %" in line for line in shown(Fraction(106, 131)))


def test_a_share_that_is_just_missed_does_not_look_like_what_was_agreed() -> None:
    assert any("90 %" in line and "89.999 %" in line for line in shown(Fraction(8_999_999, 10_000_000)))
