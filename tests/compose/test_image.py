import shlex
import tomllib
from fnmatch import fnmatch

from tests.compose.stack import DEPLOY, PROJECT, services

DOCKERFILE = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
INSTRUCTIONS = [shlex.split(line) for line in DOCKERFILE.splitlines() if line[:1].isupper()]
COPIED = [
    source
    for name, *words in INSTRUCTIONS
    if name == "COPY" and not words[0].startswith("--from")
    for source in words[:-1]
]


def test_what_is_copied_is_there_and_reaches_the_builder() -> None:
    ignored, *allowed = (DEPLOY / "Dockerfile.dockerignore").read_text().split()

    assert ignored == "*"
    assert {f"!{source}" for source in COPIED} == {line for line in allowed if line.startswith("!")}
    assert all((PROJECT / source).exists() for source in COPIED)


def test_every_package_of_the_wheel_is_copied() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())

    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= set(COPIED)
    assert project["project"]["readme"] in COPIED
    assert all(any(fnmatch(source, pattern) for source in COPIED) for pattern in project["project"]["license-files"])


def test_it_runs_the_command_and_not_as_root() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())

    assert ["USER", "leadsla"] in INSTRUCTIONS
    assert "leadsla" in project["project"]["scripts"]
    assert ["ENTRYPOINT", "[leadsla]"] in INSTRUCTIONS


def test_it_holds_no_secret() -> None:
    for name, *words in INSTRUCTIONS:
        assert name not in {"ARG", "ADD"}
        assert not any(secret in word.upper() for word in words for secret in ("PASSWORD", "SECRET", "TOKEN"))


def test_the_compose_file_builds_it() -> None:
    for name in ("topics", "build", "worker"):
        assert services()[name]["build"] == {"context": ".", "dockerfile": "deploy/Dockerfile"}
