from pathlib import Path
from textwrap import dedent

import pytest

from tests.real_parts.alertmanager import StartAlertmanager
from tests.real_parts.program import NotStartedError
from tests.real_parts.prometheus import Sample, StartPrometheus
from tests.real_parts.webhook import Webhook

pytestmark = pytest.mark.tools


def written(path: Path, text: str) -> Path:
    path.write_text(dedent(text))
    return path


@pytest.fixture
def alertmanager_config(tmp_path: Path, webhook: Webhook) -> Path:
    return written(
        tmp_path / "alertmanager.yml",
        f"""\
        route:
          receiver: hook
          group_by: [alertname]
          group_wait: 0s
          group_interval: 1s
        receivers:
          - name: hook
            webhook_configs:
              - url: {webhook.url}
        """,
    )


def test_an_alert_of_a_rule_arrives_at_the_webhook(
    start_prometheus: StartPrometheus,
    start_alertmanager: StartAlertmanager,
    webhook: Webhook,
    alertmanager_config: Path,
    tmp_path: Path,
) -> None:
    alertmanager = start_alertmanager(alertmanager_config)
    written(
        tmp_path / "rules.yml",
        """\
        groups:
          - name: always
            rules:
              - {record: answer, expr: vector(42)}
              - {alert: Always, expr: vector(1), labels: {severity: page}}
        """,
    )
    config = written(
        tmp_path / "prometheus.yml",
        f"""\
        global: {{evaluation_interval: 500ms}}
        rule_files: [rules.yml]
        alerting:
          alertmanagers:
            - static_configs: [{{targets: ["{alertmanager.address}"]}}]
        """,
    )
    prometheus = start_prometheus(config)

    body = webhook.wait_for(lambda body: body["status"] == "firing")

    assert body["commonLabels"] == {"alertname": "Always", "severity": "page"}
    assert prometheus.wait_for("answer") == [Sample({"__name__": "answer"}, 42.0)]
    assert [alert["state"] for alert in prometheus.alerts()] == ["firing"]
    assert [alert["receivers"] for alert in alertmanager.alerts()] == [[{"name": "hook"}]]


def test_an_alert_posted_by_hand_arrives_and_its_end_too(
    start_alertmanager: StartAlertmanager, webhook: Webhook, alertmanager_config: Path
) -> None:
    alertmanager = start_alertmanager(alertmanager_config)
    alert = {"labels": {"alertname": "ByHand"}}

    alertmanager.post([alert])
    webhook.wait_for(lambda body: body["status"] == "firing")
    alertmanager.post([{**alert, "endsAt": "2020-01-01T00:00:00Z"}])

    ended = webhook.wait_for(lambda body: body["status"] == "resolved")
    assert ended["commonLabels"] == {"alertname": "ByHand"}


def test_rules_are_read_again_on_request(start_prometheus: StartPrometheus, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yml"
    config = written(tmp_path / "prometheus.yml", "rule_files: [rules.yml]\n")
    prometheus = start_prometheus(config)
    assert prometheus.get("rules")["groups"] == []

    written(rules, "groups: [{name: one, rules: [{record: answer, expr: vector(42)}]}]\n")
    prometheus.reload()
    assert [group["name"] for group in prometheus.get("rules")["groups"]] == ["one"]

    written(rules, "groups: [{name: one, rules: [{record: answer, expr: 'vector('}]}]\n")
    with pytest.raises(AssertionError, match="500"):
        prometheus.reload()


def test_a_configuration_that_is_wrong_shows_the_log(start_prometheus: StartPrometheus, tmp_path: Path) -> None:
    config = written(tmp_path / "prometheus.yml", "nonsense: true\n")

    with pytest.raises(NotStartedError, match="field nonsense not found"):
        start_prometheus(config)


def test_a_tool_that_is_absent_skips_or_fails_as_agreed(
    start_prometheus: StartPrometheus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    monkeypatch.delenv("LEADSLA_REQUIRE_TOOLS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="prometheus is not on the PATH"):
        start_prometheus(tmp_path)
    monkeypatch.setenv("LEADSLA_REQUIRE_TOOLS", "1")
    with pytest.raises(pytest.fail.Exception, match="LEADSLA_REQUIRE_TOOLS=1"):
        start_prometheus(tmp_path)


def test_a_webhook_that_hears_nothing_says_so(webhook: Webhook) -> None:
    with pytest.raises(AssertionError, match="nothing that was wanted"):
        webhook.wait_for(lambda _: True, timeout=0.1)
    assert webhook.bodies == ()
