import json
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from streams.settings import Settings
from tests.compose.stack import ONCE, PROJECT, compose, mounts, services
from tests.real_parts.kafka import VERSION

LASTING = [name for name in services() if name not in ONCE]


def specification() -> Any:
    path = distribution("check-jsonschema").locate_file("check_jsonschema/builtin_schemas/vendor/compose-spec.json")
    return json.loads(Path(str(path)).read_text())


def test_the_file_keeps_to_the_compose_specification() -> None:
    schema = specification()

    jsonschema.Draft7Validator(schema).validate(compose())


def test_the_schema_would_notice_a_mistake() -> None:
    schema = specification()
    wrong = {"services": {"kafka": {"image": "apache/kafka", "port": ["9092"]}}}

    with pytest.raises(jsonschema.ValidationError, match="'port' does not match"):
        jsonschema.Draft7Validator(schema).validate(wrong)


@pytest.mark.parametrize("name", services())
def test_ports_are_published_to_this_machine_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in services()[name].get("ports", ()))


@pytest.mark.parametrize("name", services())
def test_what_is_mounted_is_there(name: str) -> None:
    for mount in mounts(services()[name]):
        if mount.named:
            assert mount.source in compose()["volumes"]
        else:
            assert (PROJECT / mount.source).exists()
            assert mount.read_only


def test_only_the_build_writes_what_is_generated() -> None:
    writers = [
        name
        for name, service in services().items()
        for mount in mounts(service)
        if mount.source == "generated" and not mount.read_only
    ]
    assert writers == ["build"]
    for name, service in services().items():
        if name != "build" and any(mount.source == "generated" for mount in mounts(service)):
            assert service["depends_on"]["build"] == {"condition": "service_completed_successfully"}


def test_every_volume_is_used() -> None:
    used = {mount.source for service in services().values() for mount in mounts(service) if mount.named}

    assert used == set(compose()["volumes"])


@pytest.mark.parametrize("name", LASTING)
def test_a_service_that_lasts_is_watched_and_comes_back(name: str) -> None:
    assert services()[name]["restart"] == "unless-stopped"
    assert services()[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", ONCE)
def test_what_is_done_once_is_waited_for(name: str) -> None:
    waiting = [service.get("depends_on", {}).get(name) for service in services().values()]

    assert services()[name]["restart"] == "no"
    assert {"condition": "service_completed_successfully"} in waiting


@pytest.mark.parametrize("name", services())
def test_nothing_gains_rights_and_nothing_is_secret(name: str) -> None:
    service = services()[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    for variable in service.get("environment", {}):
        assert not any(word in variable for word in ("PASSWORD", "SECRET", "TOKEN", "KEY"))


@pytest.mark.parametrize("name", [name for name in services() if "build" in services()[name]])
def test_our_own_containers_write_nothing_but_scratch(name: str) -> None:
    assert services()[name]["read_only"] is True
    assert services()[name]["tmpfs"] == ["/tmp"]  # noqa: S108 - inside the container


@pytest.mark.parametrize("name", services())
def test_images_are_pinned(name: str) -> None:
    _, _, tag = services()[name]["image"].partition(":")

    assert tag == "local" if "build" in services()[name] else any(character.isdigit() for character in tag)


def test_the_broker_is_the_one_of_the_tests() -> None:
    assert services()["kafka"]["image"] == f"apache/kafka:{VERSION}"


@pytest.mark.parametrize("name", ["worker", "topics"])
def test_the_workers_variables_are_settings(name: str) -> None:
    given = {variable.removeprefix("LEADSLA_").lower() for variable in services()[name]["environment"]}

    assert given <= Settings.model_fields.keys()


def test_the_broker_is_advertised_where_the_worker_looks_for_it() -> None:
    advertised = services()["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]

    assert f"INSIDE://{services()['worker']['environment']['LEADSLA_BROKER']}," in advertised
    assert services()["topics"]["environment"]["LEADSLA_BROKER"] == "kafka:19092"
