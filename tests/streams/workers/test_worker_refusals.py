"""What keeps a worker from starting is said in one clear text, and nothing is read."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sla_rules.names import AGREEMENTS_TOPIC
from streams.kafka.embedded_broker import EmbeddedBroker
from streams.kafka.topics import plan
from streams.settings import Settings
from tests.real_parts.kafka import RealKafka
from tests.real_parts.loopback import AT_MOST
from tests.streams.agreements import EXAMPLE


def run(command: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": "",
        "LEADSLA_METRICS_PORT": "0",
        **{f"LEADSLA_{name.upper()}": value for name, value in settings.items()},
    }
    return subprocess.run(
        [sys.executable, "-m", "leadsla", command, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=AT_MOST,
        check=False,
        cwd=EXAMPLE.parents[1],
    )


@pytest.fixture
def wrong_agreement(tmp_path: Path) -> Path:
    file = tmp_path / "wrong.yaml"
    file.write_text(
        EXAMPLE.read_text().replace("kind: speed", "kind: sped").replace("recipient: sales", "recipient: hr")
    )
    return file


def test_a_wrong_agreement_stops_the_worker_with_the_text_of_the_check(wrong_agreement: Path) -> None:
    check = run("check", str(wrong_agreement))
    worker = run("worker", agreements=str(wrong_agreement))

    assert check.returncode == worker.returncode == 2
    assert worker.stderr == check.stderr
    assert "wrong.yaml:46: obligations.0: unknown kind 'sped'" in check.stderr


def test_no_broker_stops_the_worker_with_its_address() -> None:
    worker = run("worker", broker="127.0.0.1:1")

    assert worker.returncode == 1
    assert worker.stderr.splitlines()[-1].startswith("leadsla worker: 127.0.0.1:1: ")
    assert "Traceback" not in worker.stderr


def test_a_taken_metrics_port_stops_the_worker_before_it_reads(embedded_broker: EmbeddedBroker) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        worker = run("worker", broker=embedded_broker.bootstrap, metrics_port=port)

    assert worker.returncode == 1
    assert f"127.0.0.1:{port}" in worker.stderr
    assert "LEADSLA_METRICS_PORT" in worker.stderr


def test_a_wrong_setting_is_named_as_it_is_written_in_the_environment() -> None:
    worker = run("worker", batch_records="many", metrics_port="-1")

    assert worker.returncode == 2
    assert "LEADSLA_BATCH_RECORDS: " in worker.stderr
    assert "LEADSLA_METRICS_PORT: " in worker.stderr


@pytest.mark.kafka
def test_missing_topics_are_named_with_the_command_that_creates_them(real_kafka: RealKafka) -> None:
    worker = run("worker", broker=real_kafka.bootstrap, group="nobody")

    assert worker.returncode == 1
    assert "nobody-leads-changelog" in worker.stderr
    assert "leadsla topics create" in worker.stderr


@pytest.mark.kafka
def test_a_topic_that_a_release_adds_is_created_with_as_many_partitions_as_the_others_have(
    real_kafka: RealKafka,
) -> None:
    real_kafka.create_planned(plan(Settings()), 6)
    real_kafka.delete_topics([AGREEMENTS_TOPIC])

    created = run("topics", "create", "--broker", real_kafka.bootstrap)
    checked = run("topics", "check", "--broker", real_kafka.bootstrap)

    assert created.stdout == f"created: {AGREEMENTS_TOPIC}\n"
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.kafka
def test_topics_that_are_kept_otherwise_are_named_with_what_would_be_right(service_kafka: RealKafka) -> None:
    right = run("topics", "check", "--broker", service_kafka.bootstrap)
    service_kafka.create_topics(["handed-off"], 4, message_timestamp_type="CreateTime")
    service_kafka.create_topics(["sla-breaches"], 4, cleanup_policy="delete")
    service_kafka.create_topics(["sla-periods"], 4, cleanup_policy="compact,delete")
    service_kafka.create_topics(
        ["deal-closed"], 4, message_timestamp_type="LogAppendTime", max_message_bytes="10485760"
    )
    service_kafka.create_topics(["leadsla-rejected"], 4)
    wrong = run("topics", "check", "--broker", service_kafka.bootstrap)

    assert (right.returncode, right.stderr) == (0, "")
    assert wrong.returncode == 1
    assert wrong.stderr.splitlines() == [
        "deal-closed: max.message.bytes should be at most 1048588, found 10485760",
        "handed-off: message.timestamp.type should be LogAppendTime, found CreateTime",
        "leadsla-rejected: max.message.bytes should be at least 1114124, found 1048588",
        "leadsla-rejected: retention.ms should be at least 2592000000, found 604800000",
        "sla-breaches: cleanup.policy should be compact, found delete",
        "sla-periods: cleanup.policy should be compact, found compact,delete",
    ]


@pytest.mark.kafka
def test_topics_that_would_not_take_what_may_have_to_be_written_are_refused(service_kafka: RealKafka) -> None:
    service_kafka.alter_topic("sla-periods", max_message_bytes="300000")
    service_kafka.alter_topic("leadsla-forwarded", max_message_bytes="1000")

    worker = run("worker", broker=service_kafka.bootstrap)

    assert worker.returncode == 1
    assert worker.stderr.splitlines()[-1] == (
        "leadsla worker: topics would not take all that belongs there; raise it: leadsla-forwarded: max.message.bytes is "
        "1000, and 1048588 may have to be written to it; sla-periods: max.message.bytes is 300000, and 1048588 may have to "
        "be written to it"
    )


@pytest.mark.kafka
def test_topics_with_unequal_partition_counts_are_refused(real_kafka: RealKafka) -> None:
    real_kafka.create_topics(["uneven-leads-changelog"], 5)
    created = run("topics", "create", "--broker", real_kafka.bootstrap, "--partitions", "4", group="uneven")
    assert created.returncode == 0, created.stderr

    worker = run("worker", broker=real_kafka.bootstrap, group="uneven")

    assert worker.returncode == 1
    assert "uneven-leads-changelog has 5" in worker.stderr
