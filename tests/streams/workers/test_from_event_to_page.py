"""The whole way with real parts: Kafka, the worker, Prometheus, Alertmanager, and a webhook that is paged."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from dashboards.generate import generate
from dashboards.settings import Settings
from sla_rules.agreement.file import load_agreements
from sla_rules.agreement.rulebook import digest_of
from sla_rules.instants import SECOND, moment
from streams.clock import wall_clock
from tests.events import Crm
from tests.real_parts.alertmanager import StartAlertmanager
from tests.real_parts.kafka import RealKafka
from tests.real_parts.prometheus import Prometheus, StartPrometheus
from tests.real_parts.service import Worker, send
from tests.real_parts.webhook import Body, Webhook
from tests.streams.agreements import quick_agreement

pytestmark = [pytest.mark.kafka, pytest.mark.tools]


@pytest.fixture
def worker(service_kafka: RealKafka, agreement: Path, tmp_path: Path) -> Iterator[Worker]:
    with Worker(service_kafka.bootstrap, agreement, tmp_path) as running:
        yield running


@pytest.fixture
def agreement(tmp_path: Path, webhook: Webhook) -> Path:
    return quick_agreement(tmp_path, within="6s", webhook=webhook.url)


@pytest.fixture
def prometheus(
    worker: Worker,
    agreement: Path,
    start_prometheus: StartPrometheus,
    start_alertmanager: StartAlertmanager,
    tmp_path: Path,
) -> Prometheus:
    """Prometheus and Alertmanager, both with what `leadsla build` generates from the agreement."""
    agreements = load_agreements([agreement])
    settings = Settings(
        moment(wall_clock()).date(),
        digest=digest_of(agreements),
        group_wait=SECOND // 10,
        evaluation_interval=SECOND,
        keep_firing=SECOND,
    )
    for name, text in generate(agreements, settings).items():
        file = tmp_path / "generated" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    alertmanager = start_alertmanager(tmp_path / "generated/alertmanager/alertmanager.yaml")
    config = tmp_path / "prometheus.yaml"
    config.write_text(
        dedent(
            f"""\
            global: {{scrape_interval: 1s, evaluation_interval: 1s}}
            rule_files: ["generated/prometheus/rules/*.yaml"]
            scrape_configs:
              - job_name: leadsla
                static_configs: [{{targets: ["{worker.address}"]}}]
            alerting:
              alertmanagers:
                - static_configs: [{{targets: ["{alertmanager.address}"]}}]
            """
        )
    )
    return start_prometheus(config)


def is_page(body: Body) -> bool:
    return (body["status"], body["commonLabels"].get("alertname")) == ("firing", "LeadSLAOverdueLeads")


async def test_a_lead_that_nobody_calls_pages_the_points_of_contact(
    service_kafka: RealKafka, worker: Worker, prometheus: Prometheus, webhook: Webhook
) -> None:
    crm = Crm()
    await send(service_kafka.bootstrap, [crm.created("L-1"), crm.handed_off("L-1", team="inside")])

    page = await asyncio.to_thread(webhook.wait_for, is_page)

    assert page["commonLabels"]["agreement"] == "company-x"
    assert page["commonLabels"]["obligation"] == "first-touch"
    assert page["commonLabels"]["team"] == "inside"
    assert page["commonLabels"]["party"] == "sales"
    assert page["commonAnnotations"]["dashboard_url"].startswith("http://localhost:3000/d/")
    assert worker.total("leadsla_overdue_leads", obligation="first-touch") == 1
    assert not [alert for alert in prometheus.alerts() if alert["labels"]["alertname"] == "LeadSLARulesDrift"]


async def test_a_lead_that_is_called_in_time_pages_nobody(
    service_kafka: RealKafka, worker: Worker, prometheus: Prometheus, webhook: Webhook
) -> None:
    crm = Crm()
    await send(
        service_kafka.bootstrap,
        [crm.created("L-2"), crm.handed_off("L-2"), crm.called("L-2", 1), crm.handed_off("L-3")],
    )

    page = await asyncio.to_thread(webhook.wait_for, is_page)

    overdue = prometheus.query('sum(leadsla_overdue_leads{obligation="first-touch"})')
    assert [sample.value for sample in overdue] == [1.0], "L-3, the control that nobody called, alone is overdue"
    assert "1" in page["commonAnnotations"]["summary"]
    assert worker.total("leadsla_window_within_target_leads", obligation="first-touch", window="day") == 1


async def test_the_page_ends_when_somebody_calls_after_all(
    service_kafka: RealKafka, worker: Worker, prometheus: Prometheus, webhook: Webhook
) -> None:
    crm = Crm()
    await send(service_kafka.bootstrap, [crm.handed_off("L-4")])
    await asyncio.to_thread(webhook.wait_for, is_page)

    await send(service_kafka.bootstrap, [crm.called("L-4", 12)])

    worker.wait_for("leadsla_window_follow_ups", 1, obligation="first-touch", window="day")
    assert worker.total("leadsla_overdue_leads") == 0
    assert prometheus.wait_for("sum(leadsla_overdue_leads) == 0")
