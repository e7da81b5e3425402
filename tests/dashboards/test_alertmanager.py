import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from dashboards.alert_names import BY_TEAM, OVERDUE, UNDELIVERED
from dashboards.alert_rules import alert_rules
from dashboards.alertmanager import NOBODY, OPS, WATCHDOGS, NoReceiverError, alertmanager, unreachable
from dashboards.quiet_hours import quiet_hours
from dashboards.quiet_hours_end import quiet_hours_end
from dashboards.service_alerts import BEHIND_TIME, WATCHDOG, service_alerts
from dashboards.settings import Settings, Smtp, UnusableAddressError, operators
from sla_rules.agreement.model import Agreement
from sla_rules.agreement.notify import NotifyOfAll
from sla_rules.agreement.parties import Contact, Party
from sla_rules.time.working_hours import WorkingHours
from tests.dashboards.conftest import TODAY

Run = Callable[..., subprocess.CompletedProcess[str]]
INTEGRATIONS = ("webhook_configs", "email_configs")


def loaded(text: str) -> dict[str, Any]:
    config: dict[str, Any] = YAML(typ="safe").load(text)
    return config


def alerts(agreements: Sequence[Agreement], settings: Settings) -> Iterator[dict[str, str]]:
    for agreement in agreements:
        for alert in alert_rules(agreement, settings):
            yield {"alertname": alert.name, **alert.labels}
            if alert.name in BY_TEAM:
                yield from ({"alertname": alert.name, **alert.labels, "team": team} for team in agreement.teams)
        for alert in quiet_hours_end(agreement, settings):
            yield {"alertname": alert.name, **alert.labels}
    for alert in service_alerts(settings):
        yield {"alertname": alert.name, **alert.labels}


def matches(matchers: Sequence[str], labels: Mapping[str, str]) -> bool:
    for matcher in matchers:
        found = re.fullmatch(r'(\w+)(=~|!=|=)"(.*)"', matcher)
        assert found, matcher
        name, operator, quoted = found.groups()
        value = re.sub(r"\\(.)", r"\1", quoted)
        actual = labels.get(name, "")
        if not {"=": actual == value, "!=": actual != value, "=~": bool(re.fullmatch(value, actual))}[operator]:
            return False
    return True


def receivers(route: Mapping[str, Any], labels: Mapping[str, str], used: list[int], default: str) -> list[str]:
    """Alertmanager's way through its tree; `used` collects the routes that were taken."""
    if not matches(route.get("matchers", ()), labels):
        return []
    used.append(id(route))
    found: list[str] = []
    for child in route.get("routes", ()):
        inner = receivers(child, labels, used, route.get("receiver", default))
        found += inner
        if inner and not child.get("continue"):
            break
    return found or [route.get("receiver", default)]


def routes(route: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield route
    for child in route.get("routes", ()):
        yield from routes(child)


@pytest.fixture(params=["settings", "everything"])
def chosen(request: pytest.FixtureRequest) -> Settings:
    chosen: Settings = request.getfixturevalue(request.param)
    return chosen


@pytest.mark.tools
def test_amtool_accepts_the_configuration(
    company_x: Agreement, rich: Agreement, reports: Agreement, chosen: Settings, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "alertmanager.yaml"
    path.write_text(alertmanager([company_x, rich, reports], chosen))

    result = run("amtool", "check-config", path)

    assert result.returncode == 0, result.stdout + result.stderr


def written(label: tuple[str, str]) -> str:
    """A label as amtool takes it."""
    return f"{label[0]}={json.dumps(label[1])}"


@pytest.mark.tools
def test_amtool_sends_every_alert_where_we_do(
    company_x: Agreement, rich: Agreement, reports: Agreement, everything: Settings, tmp_path: Path, run: Run
) -> None:
    text = alertmanager([company_x, rich, reports], everything)
    path = tmp_path / "alertmanager.yaml"
    path.write_text(text)
    told = {tuple(sorted(labels.items())) for labels in alerts([company_x, rich, reports], everything)}

    for labels in sorted(told):
        result = run("amtool", "config", "routes", "test", f"--config.file={path}", *map(written, labels))

        expected = receivers(loaded(text)["route"], dict(labels), [], OPS)
        assert result.stdout.strip().split(",") == expected, labels


@pytest.mark.tools
def test_amtool_sends_alerts_on_the_service_to_nobody_where_operations_have_no_address(
    company_x: Agreement, settings: Settings, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "alertmanager.yaml"
    path.write_text(alertmanager([company_x], settings))

    for name in (BEHIND_TIME, WATCHDOG):
        result = run("amtool", "config", "routes", "test", f"--config.file={path}", f"alertname={name}")

        assert result.stdout.strip() == NOBODY


def told_of(agreement: Agreement, settings: Settings, labels: Mapping[str, str]) -> list[str]:
    """The receivers of an alert of the agreement with these labels."""
    return receivers(loaded(alertmanager([agreement], settings))["route"], labels, [], OPS)


def overdue_of(agreement: Agreement, settings: Settings, obligation: str = "first-touch") -> Mapping[str, str]:
    return next(
        alert.labels
        for alert in alert_rules(agreement, settings)
        if (alert.name, alert.labels["obligation"]) == (OVERDUE, obligation)
    )


def test_the_side_that_owes_hears_of_an_overdue_lead_and_the_other_does_not(
    company_x: Agreement, settings: Settings
) -> None:
    assert told_of(company_x, settings, overdue_of(company_x, settings)) == ["company-x/sales/provider"]


def test_the_side_that_owes_hears_of_an_overdue_delivery(reports: Agreement, settings: Settings) -> None:
    told = [alert for alert in alert_rules(reports, settings) if alert.labels["obligation"] == "monthly"]

    assert [alert.name for alert in told] == [UNDELIVERED]
    assert [told_of(reports, settings, one.labels) for one in told] == [["reports/marketing/provider"]]


def test_every_route_is_taken_and_every_receiver_reached_by_some_alert(
    company_x: Agreement, rich: Agreement, reports: Agreement, chosen: Settings
) -> None:
    config = loaded(alertmanager([company_x, rich, reports], chosen))
    used: list[int] = []
    reached = {
        name
        for labels in alerts([company_x, rich, reports], chosen)
        for name in receivers(config["route"], labels, used, OPS)
    }

    assert {id(route) for route in routes(config["route"])} == set(used)
    assert {receiver["name"] for receiver in config["receivers"]} == reached


def test_no_receiver_but_nobody_is_without_an_integration(
    company_x: Agreement, rich: Agreement, reports: Agreement, chosen: Settings
) -> None:
    for receiver in loaded(alertmanager([company_x, rich, reports], chosen))["receivers"]:
        assert any(receiver.get(kind) for kind in INTEGRATIONS) is not (receiver["name"] == NOBODY), receiver


def test_alerts_on_the_service_go_to_operations_alone(company_x: Agreement, everything: Settings) -> None:
    config = loaded(alertmanager([company_x], everything))

    for alert in (*service_alerts(everything), *quiet_hours_end(company_x, everything)):
        labels = {"alertname": alert.name, "agreement": "company-x", **alert.labels}
        expected = WATCHDOGS if alert.name.endswith("Watchdog") else OPS
        assert receivers(config["route"], labels, [], OPS) == [expected]


def test_where_operations_have_no_address_nobody_whom_an_agreement_names_stands_in_for_them(
    company_x: Agreement, rich: Agreement, settings: Settings
) -> None:
    config = loaded(alertmanager([company_x, rich], settings))

    for alert in service_alerts(settings):
        assert receivers(config["route"], {"alertname": alert.name, **alert.labels}, [], OPS) == [NOBODY]
    assert {"name": NOBODY} in config["receivers"]
    assert OPS not in {receiver["name"] for receiver in config["receivers"]}


def test_all_who_run_the_service_hear_of_it(company_x: Agreement) -> None:
    several = operators(["http://127.0.0.1:9/one", "http://127.0.0.1:9/other"], ["ops@acme.example"])
    chosen = Settings(TODAY, operations=several, smtp=Smtp("mail.example:25", "sla@acme.example"))

    found = {one["name"]: one for one in loaded(alertmanager([company_x], chosen))["receivers"]}

    assert [hook["url"] for hook in found[OPS]["webhook_configs"]] == [one.webhook for one in several[:2]]
    assert [mail["to"] for mail in found[OPS]["email_configs"]] == ["ops@acme.example"]


def test_people_who_run_the_service_get_no_watchdog_messages_and_their_webhooks_do(company_x: Agreement) -> None:
    smtp = Smtp("mail.example:25", "sla@acme.example")
    told = {
        webhooks: loaded(
            alertmanager([company_x], Settings(TODAY, operations=operators(webhooks, ["a@x.example"]), smtp=smtp))
        )
        for webhooks in ((), ("http://127.0.0.1:9/ops",))
    }

    watchdog = {"alertname": WATCHDOG}
    assert [receivers(config["route"], watchdog, [], OPS) for config in told.values()] == [[NOBODY], [WATCHDOGS]]
    (hooks,) = (one for one in told["http://127.0.0.1:9/ops",]["receivers"] if one["name"] == WATCHDOGS)
    assert "email_configs" not in hooks


def test_operations_by_e_mail_need_a_mail_server() -> None:
    with pytest.raises(UnusableAddressError, match="no mail server"):
        Settings(TODAY, operations=operators([], ["ops@acme.example"]))


def test_alerts_wait_for_the_hours_of_the_promise_unless_they_may_wake_people(
    company_x: Agreement, settings: Settings
) -> None:
    for always, waiting in ({}, {"page", "notice"}), ({"always": ["breaches"]}, {"notice"}):
        agreement = company_x.model_copy(update={"notify": NotifyOfAll.model_validate(always)})
        told = loaded(alertmanager([agreement], settings))["route"]["routes"][1]["routes"]

        assert {severity_of(route) for route in told if "mute_time_intervals" in route} == waiting
        assert {severity_of(route) for route in told} == {"page", "notice"}


def severity_of(route: Mapping[str, Any]) -> str:
    (found,) = (matcher for matcher in route["matchers"] if matcher.startswith("severity"))
    return str(found.partition('"')[2].rstrip('"'))


def test_addresses_are_used_only_with_a_mail_server_and_contacts_that_want_no_pages_never(
    rich: Agreement, settings: Settings, everything: Settings
) -> None:
    without, with_mail = alertmanager([rich], settings), alertmanager([rich], everything)

    assert "email_configs" not in without
    assert "joanna@acme.example" in with_mail
    assert "smtp_auth_password_file: /run/secrets/smtp" in with_mail
    assert "x.example" not in without + with_mail


def test_a_provider_who_cannot_be_reached_is_named_and_operations_are_paged(
    rich: Agreement, settings: Settings
) -> None:
    operated = replace(settings, operations=operators(["http://127.0.0.1:9/ops"]))
    assert [warning.split(";")[0] for warning in unreachable([rich], settings)] == [
        "acme-by-priority: no alert reaches Customer service"
    ]
    labels = {"agreement": "acme-by-priority", "party": "service", "recipient": "sales", "severity": "page"}
    found = [receivers(loaded(alertmanager([rich], one))["route"], labels, [], OPS) for one in (operated, settings)]
    assert found == [[OPS], [NOBODY]]


def test_a_configuration_that_reaches_nobody_is_refused(company_x: Agreement, settings: Settings) -> None:
    mute = Party(name="Mute", contacts=(Contact(name="No address"),))
    agreement = company_x.model_copy(update={"parties": {"sales": mute, "marketing": mute}, "teams": {}})

    with pytest.raises(NoReceiverError, match="webhook"):
        alertmanager([agreement], settings)


def test_a_longer_window_silences_the_shorter_ones_and_a_lost_partition_all_figures(
    company_x: Agreement, settings: Settings
) -> None:
    rules = loaded(alertmanager([company_x], settings))["inhibit_rules"]

    assert {
        "source_matchers": ['window="month"'],
        "target_matchers": ['window=~"day|week"'],
        "equal": ["alertname", "agreement", "obligation"],
    } in rules
    assert {
        "source_matchers": ['alertname="LeadSLAPartitionUnowned"'],
        "target_matchers": ['party!=""'],
        "equal": [],
    } in rules


def test_quiet_hours_are_what_the_week_leaves_open_night_shifts_included() -> None:
    hours = WorkingHours.model_validate(
        {
            "time_zone": "Europe/Berlin",
            "weekly_hours": {"mon": [["22:00", "06:00"]], "wed": [["09:00", "12:00"], ["13:00", "24:00"]]},
        }
    )

    spans = {
        tuple(interval["weekdays"]): [(span["start_time"], span["end_time"]) for span in interval["times"]]
        for interval in quiet_hours(hours, date(2026, 1, 1))
    }

    assert spans == {
        ("monday",): [("00:00", "22:00")],
        ("tuesday",): [("06:00", "24:00")],
        ("wednesday",): [("00:00", "09:00"), ("12:00", "13:00")],
        ("thursday", "friday", "saturday", "sunday"): [("00:00", "24:00")],
    }


def test_whoever_always_works_has_no_quiet_hours() -> None:
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    hours = WorkingHours.model_validate({"time_zone": "UTC", "weekly_hours": always})

    assert quiet_hours(hours, date(2026, 1, 1)) == []


def test_holidays_are_quiet_in_the_zone_of_the_agreement(company_x: Agreement) -> None:
    days = [interval for interval in quiet_hours(company_x.calendar, date(2026, 1, 1)) if "years" in interval]

    assert {
        "years": ["2026"],
        "months": ["12"],
        "days_of_month": ["24", "25", "31"],
        "location": "Europe/Berlin",
    } in days
    assert {interval["years"][0] for interval in days} == {"2025", "2026", "2027", "2028"}
