import subprocess
from pathlib import Path, PurePosixPath
from shutil import copy

import pytest
from typer.testing import CliRunner

from leadsla.cli.generated import GENERATED
from leadsla.main import app
from tests.compose.stack import DEPLOY, PROJECT, in_volume, load, mounts, option, services
from tests.real_parts.prometheus import StartPrometheus
from tests.real_parts.tools import tool


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the one-shot of the compose file writes into its volume, by the same command line."""
    volume = tmp_path_factory.mktemp("compose") / "generated"
    places = {
        str(mount.target): volume if mount.named else PROJECT / mount.source for mount in mounts(services()["build"])
    }
    words = list(services()["build"]["command"])
    for inside, outside in places.items():
        words = [word.replace(inside, str(outside)) for word in words]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return volume


def checked(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def prometheus_config(generated: Path, tmp_path: Path) -> Path:
    """Prometheus' configuration beside the generated files, as the mounts lay them."""
    service = services()["prometheus"]
    places = {mount.source: mount.target for mount in mounts(service)}
    config = places["./deploy/prometheus.yml"]
    assert option(service, "config.file") == str(config)
    (tmp_path / places["generated"].relative_to(config.parent)).symlink_to(generated)
    return Path(copy(DEPLOY / "prometheus.yml", tmp_path))


@pytest.mark.tools
def test_prometheus_accepts_its_configuration_and_finds_the_rules(prometheus_config: Path, generated: Path) -> None:
    told = checked(tool("promtool"), "check", "config", prometheus_config)

    assert f"{len(list((generated / 'prometheus/rules').iterdir()))} rule files found" in told


@pytest.mark.tools
def test_a_real_prometheus_starts_with_it_and_loads_every_group(
    prometheus_config: Path, generated: Path, start_prometheus: StartPrometheus
) -> None:
    prometheus = start_prometheus(prometheus_config)

    groups = [group["name"] for path in (generated / "prometheus/rules").iterdir() for group in load(path)["groups"]]
    assert sorted(group["name"] for group in prometheus.get("rules")["groups"]) == sorted(groups)


@pytest.mark.tools
def test_alertmanager_accepts_the_configuration_it_is_started_with(generated: Path) -> None:
    service = services()["alertmanager"]
    config = in_volume(service, option(service, "config.file"), "generated")

    assert "SUCCESS" in checked(tool("amtool"), "check-config", generated / config)


def test_prometheus_scrapes_the_workers_and_calls_the_alertmanager() -> None:
    config = load(DEPLOY / "prometheus.yml")
    (job,), (alertmanagers,) = config["scrape_configs"], config["alerting"]["alertmanagers"]
    (lookup,) = job["dns_sd_configs"]

    assert lookup["names"] == ["worker"]
    assert str(lookup["port"]) == services()["worker"]["environment"]["LEADSLA_METRICS_PORT"]
    assert alertmanagers["static_configs"] == [{"targets": ["alertmanager:9093"]}]


def test_grafana_gets_prometheus_as_its_one_source() -> None:
    provisioned = load(DEPLOY / "grafana/provisioning/datasources/prometheus.yaml")
    (source,) = provisioned["datasources"]

    assert provisioned["apiVersion"] == 1
    assert (source["type"], source["url"], source["isDefault"]) == ("prometheus", "http://prometheus:9090", True)
    assert source["jsonData"]["timeInterval"] == load(DEPLOY / "prometheus.yml")["global"]["scrape_interval"]


def test_grafana_reads_boards_where_the_build_writes_them() -> None:
    provisioned = load(DEPLOY / "grafana/provisioning/dashboards/leadsla.yaml")
    (provider,) = provisioned["providers"]
    folder = in_volume(services()["grafana"], provider["options"]["path"], "generated")

    assert (provisioned["apiVersion"], provider["type"]) == (1, "file")
    assert folder in {PurePosixPath(pattern).parent for pattern in GENERATED}


def test_grafana_finds_both_files_where_it_looks_for_them() -> None:
    (mount,) = (mount for mount in mounts(services()["grafana"]) if not mount.named)

    assert str(mount.target) == "/etc/grafana/provisioning"
    assert {path.parent.name for path in (PROJECT / mount.source).rglob("*.yaml")} == {"datasources", "dashboards"}
